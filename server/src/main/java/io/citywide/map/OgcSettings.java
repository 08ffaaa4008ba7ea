package io.citywide.map;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.Arrays;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What of the map is published to everybody under {@code /ogc}.
 *
 * @param publicLayers ids of the published layers, separated by commas; empty: none. Only layers of reference data can be
 *     published, such as areas and components; another stops the start
 * @param anonymousReads requests and tiles from one address within ten minutes without signing in, 1..1000000
 */
@Validated
@ConfigurationProperties("citywide.ogc")
public record OgcSettings(
    @DefaultValue("areas,components") String publicLayers,
    @DefaultValue("12000") @Min(1) @Max(1_000_000) int anonymousReads) {

  /** The ids one by one. */
  public List<String> layers() {
    return Arrays.stream(publicLayers.split(",")).map(String::strip).filter(id -> !id.isEmpty()).toList();
  }
}
