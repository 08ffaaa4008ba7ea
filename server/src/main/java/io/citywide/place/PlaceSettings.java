package io.citywide.place;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How exact the areas must be.
 *
 * @param toleranceSquareMeters largest gap, overlap or piece outside the parent that an import of areas forgives, in
 *     square metres, 0..1000
 */
@Validated
@ConfigurationProperties("citywide.place")
public record PlaceSettings(@DefaultValue("1.0") @DecimalMin("0") @DecimalMax("1000") double toleranceSquareMeters) {}
