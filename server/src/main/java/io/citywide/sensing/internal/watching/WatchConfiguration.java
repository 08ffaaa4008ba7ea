package io.citywide.sensing.internal.watching;

import io.citywide.platform.ServerSettings;
import io.citywide.sensing.spi.Workdays;
import io.citywide.watch.DaysOff;
import io.citywide.watch.Settings;
import java.time.Duration;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

  /** The channels refuse values from the future by the clock already, so the engine has no need to. */
  private static final Duration AHEAD = Duration.ofDays(36_500);

  /** For so long the calendar is not asked again about the same day. */
  private static final Duration REMEMBERED = Duration.ofMinutes(1);

  private record Day(LocalDate day, boolean workday, long askedNanos) {}

  @Bean
  Settings watchEngineSettings(ServerSettings server, ObjectProvider<Workdays> workdays) {
    AtomicReference<Day> last = new AtomicReference<>();
    return new Settings(Settings.DEFAULT.lateness(), AHEAD, Settings.DEFAULT.valuesKept(), server.zone(), day -> {
      Day known = last.get();
      if (known == null || !known.day().equals(day) || System.nanoTime() - known.askedNanos() > REMEMBERED.toNanos()) {
        known = new Day(day, ask(workdays, day), System.nanoTime());
        last.set(known);
      }
      return known.workday();
    });
  }

  private static boolean ask(ObjectProvider<Workdays> workdays, LocalDate day) {
    Workdays calendar = workdays.getIfAvailable();
    return calendar == null ? DaysOff.NONE.test(day) : calendar.workday(day);
  }
}
