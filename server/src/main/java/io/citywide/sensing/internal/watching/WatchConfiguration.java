package io.citywide.sensing.internal.watching;

import io.citywide.platform.ServerSettings;
import io.citywide.sensing.spi.Workdays;
import io.citywide.watch.Settings;
import java.time.DayOfWeek;
import java.time.Duration;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

  /** The channels refuse values from the future by the clock already, so the engine has no need to. */
  private static final Duration AHEAD = Duration.ofDays(36_500);

  @Bean
  Settings watchEngineSettings(ServerSettings server, ObjectProvider<Workdays> workdays) {
    return new Settings(Settings.DEFAULT.lateness(), AHEAD, Settings.DEFAULT.valuesKept(), server.zone(), day -> {
      Workdays known = workdays.getIfAvailable();
      return known == null ? day.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0 : known.workday(day);
    });
  }
}
