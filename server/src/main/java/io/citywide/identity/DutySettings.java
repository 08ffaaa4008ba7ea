package io.citywide.identity;

import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * People on duty and their positions.
 *
 * @param positionsKept positions older than this are deleted
 * @param positionEvery a phone may report its position once in this time
 * @param fresh a position older than this is shown as an old one
 * @param longest who forgot to go off duty is taken off after this long
 */
@Validated
@ConfigurationProperties("citywide.duty")
public record DutySettings(
    @DefaultValue("7d") @NotNull Duration positionsKept,
    @DefaultValue("5s") @NotNull Duration positionEvery,
    @DefaultValue("15m") @NotNull Duration fresh,
    @DefaultValue("14h") @NotNull Duration longest) {

  public DutySettings {
    positive("positions-kept", positionsKept);
    positive("fresh", fresh);
    positive("longest", longest);
    if (positionEvery.isNegative()) {
      throw new IllegalArgumentException("citywide.duty.position-every must not be negative, was " + positionEvery);
    }
  }

  private static void positive(String key, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException("citywide.duty." + key + " must be above zero, was " + value);
    }
  }
}
