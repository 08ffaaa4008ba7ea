package io.citywide.sensing.internal.observations;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Taking and keeping observations.
 *
 * @param waiting values that may wait for the disk before more are refused with 503, 10000..5000000; each takes 20 bytes
 * @param sealAfter how long values stay in the log before they are put into pages, 1 s to 1 h
 * @param sealValues as many values in the log are put into pages at once however young they are, 10000..50000000
 * @param gatherAfter how long values stay in pages before they become chunks of their series, 1 s to 7 d
 * @param ahead values may be so far ahead of the clock; what is further is refused
 */
@Validated
@ConfigurationProperties("citywide.observations")
public record ObservationSettings(
    @DefaultValue("400000") @Min(10_000) @Max(5_000_000) int waiting,
    @DefaultValue("5m") Duration sealAfter,
    @DefaultValue("4000000") @Min(10_000) @Max(50_000_000) int sealValues,
    @DefaultValue("6h") Duration gatherAfter,
    @DefaultValue("5m") Duration ahead) {

  public ObservationSettings {
    if (sealAfter.toSeconds() < 1 || sealAfter.toHours() > 1) {
      throw new IllegalArgumentException("citywide.observations.seal-after must be 1s..1h, was " + sealAfter);
    }
    if (gatherAfter.toSeconds() < 1 || gatherAfter.toDays() > 7) {
      throw new IllegalArgumentException("citywide.observations.gather-after must be 1s..7d, was " + gatherAfter);
    }
    if (ahead.isNegative() || ahead.toHours() > 24) {
      throw new IllegalArgumentException("citywide.observations.ahead must be 0s..24h, was " + ahead);
    }
  }
}
