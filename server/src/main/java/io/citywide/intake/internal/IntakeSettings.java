package io.citywide.intake.internal;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What is taken from people who have not signed in.
 *
 * @param anonymousReports reports and photos taken from one address within the window, 1..100000
 * @param anonymousLooks looks at reports by their tracking codes, right or wrong, from one address within the window, 1..1000000
 * @param anonymousWindow length of the window
 */
@Validated
@ConfigurationProperties("citywide.intake")
public record IntakeSettings(
    @DefaultValue("60") @Min(1) @Max(100_000) int anonymousReports,
    @DefaultValue("1200") @Min(1) @Max(1_000_000) int anonymousLooks, @DefaultValue("10m") Duration anonymousWindow) {}
