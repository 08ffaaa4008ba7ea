package io.citywide.sensing.internal.watching;

import io.citywide.sensing.WarningGrade;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The watch over observations.
 *
 * @param patience time by which the watch lags behind the clock, so that values on their way are counted before a duration is full
 * @param oldest values that are older than this when they come are kept, but raise no warning
 * @param saveEvery least time between two saves of what the watch knows; a restart reads the log from the last one on
 * @param lease how long the server that leads the watch may be unheard before another takes over
 * @param sourceSilentAfter a source of values that says nothing for so long is silent, where nothing else is said of it
 * @param silentDevice grade of the warning of a device that is silent
 * @param silentSource grade of the warning of a source that is silent
 * @param rehearsalValues most values one rehearsal reads
 * @param rehearsalTime longest time one rehearsal takes
 */
@Validated
@ConfigurationProperties("citywide.watch")
public record WatchSettings(
    @DefaultValue("1s") Duration patience,
    @DefaultValue("1h") Duration oldest,
    @DefaultValue("60s") Duration saveEvery,
    @DefaultValue("5s") Duration lease,
    @DefaultValue("10m") Duration sourceSilentAfter,
    @DefaultValue("BLUE") WarningGrade silentDevice,
    @DefaultValue("YELLOW") WarningGrade silentSource,
    @DefaultValue("20000000") @Min(1000) @Max(1_000_000_000) long rehearsalValues,
    @DefaultValue("2m") Duration rehearsalTime) {

  public WatchSettings {
    between("patience", patience, Duration.ZERO, Duration.ofMinutes(5));
    between("oldest", oldest, Duration.ofMinutes(1), Duration.ofDays(31));
    between("save-every", saveEvery, Duration.ofSeconds(1), Duration.ofHours(1));
    between("lease", lease, Duration.ofSeconds(2), Duration.ofMinutes(1));
    between("source-silent-after", sourceSilentAfter, Duration.ofSeconds(1), Duration.ofDays(31));
    between("rehearsal-time", rehearsalTime, Duration.ofSeconds(1), Duration.ofMinutes(30));
  }

  private static void between(String key, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException("citywide.watch." + key + " must be " + least + ".." + most + ", was " + value);
    }
  }
}
