package io.citywide.vitals;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How vital signs are computed.
 *
 * @param every how often periods that are not over are computed anew; more often in the first minutes after the start
 * @param late for so long after its end a period is computed anew, for data that come late
 * @param indicators CSV file of a city's own indicators, taken over at the start beside those shipped; empty: none
 */
@Validated
@ConfigurationProperties("citywide.vitals")
public record VitalsSettings(
    @DefaultValue("5m") Duration every,
    @DefaultValue("2d") Duration late,
    @DefaultValue("") String indicators) {}
