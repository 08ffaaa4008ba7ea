package io.citywide.identity.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.platform.DatabaseSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Asking the database who somebody is. */
class LookupsTest {

  private final DatabaseSettings settings = new Binder(new MapConfigurationPropertySource()).bindOrCreate("citywide.database", DatabaseSettings.class);
  private final Lookups lookups = new Lookups(Clock.fixed(Instant.parse("2026-05-11T04:00:00Z"), ZoneOffset.UTC), settings);
  private final AtomicInteger asked = new AtomicInteger();

  private Optional<String> find(String hash, String answer) {
    return lookups.find(hash, Optional::empty, () -> {
      asked.incrementAndGet();
      return Optional.ofNullable(answer);
    });
  }

  @Test
  void anUnknownSecretIsLookedUpOnceAndAKnownOneFound() {
    for (int i = 0; i < 100; i++) {
      assertThat(find("unknown", null)).isEmpty();
    }
    assertThat(asked).hasValue(1);
    assertThat(find("known", "viewer")).contains("viewer");
  }

  @Test
  void whatIsRememberedIsBounded() {
    for (int i = 0; i < Lookups.REMEMBERED_AT_MOST + 100; i++) {
      find("unknown-" + i, null);
    }
    assertThat(lookups.remembered()).isEqualTo(Lookups.REMEMBERED_AT_MOST);
  }
}
