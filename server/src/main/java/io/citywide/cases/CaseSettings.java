package io.citywide.cases;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Rules of the life cycle that a city may set.
 *
 * @param photoRequiredChannels channels whose cases need a photo before they are filed; a hotline cannot send one
 * @param reopenDays days after its end in which a case may be reopened, 0..365
 * @param maxExtensions extensions one case may get, 0..10
 * @param soon a case whose time left is less than this is shown as due soon
 * @param overdueCheck how often newly overdue cases are looked for
 */
@Validated
@ConfigurationProperties("citywide.cases")
public record CaseSettings(
    @DefaultValue("COLLECTOR") Set<String> photoRequiredChannels,
    @DefaultValue("15") @Min(0) @Max(365) int reopenDays,
    @DefaultValue("2") @Min(0) @Max(10) int maxExtensions,
    @DefaultValue("1h") Duration soon,
    @DefaultValue("15s") Duration overdueCheck) {}
