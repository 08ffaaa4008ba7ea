package io.citywide.intake.internal.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.citywide.intake.internal.IntakeSettings;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** How many reports one address may send without signing in. */
class AddressLimitTest {

  private Instant now = Instant.parse("2026-05-11T04:00:00Z");
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };
  private final AddressLimit limit = new AddressLimit(new IntakeSettings(3, Duration.ofMinutes(9)), clock);

  @Test
  void takesSoManyThenSaysHowLongToWaitThenTakesAgain() {
    for (int i = 0; i < 3; i++) {
      limit.take("10.0.0.1");
    }
    var refused = catchThrowableOfType(ProblemException.class, () -> limit.take("10.0.0.1"));
    assertThat(refused.problem().status()).isEqualTo(429);
    assertThat(refused.extras()).containsEntry("retryAfterSeconds", 180L).containsEntry("bound", 3);
    assertThatCode(() -> limit.take("10.0.0.2")).as("another address").doesNotThrowAnyException();

    now = now.plusSeconds(180);
    assertThatCode(() -> limit.take("10.0.0.1")).doesNotThrowAnyException();
    assertThat(catchThrowableOfType(ProblemException.class, () -> limit.take("10.0.0.1"))).isNotNull();
  }

  @Test
  void remembersABoundedNumberOfAddresses() {
    for (int i = 0; i < AddressLimit.MOST_ADDRESSES + 5; i++) {
      limit.take("address-" + i);
    }
    assertThat(limit.remembered()).isEqualTo(AddressLimit.MOST_ADDRESSES);
  }
}
