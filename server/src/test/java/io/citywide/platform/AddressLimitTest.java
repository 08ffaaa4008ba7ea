package io.citywide.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** So many acts from one address. */
class AddressLimitTest {

  private final HandClock clock = new HandClock(Instant.parse("2026-05-11T04:00:00Z"));
  private final AddressLimit limit = new AddressLimit(3, Duration.ofMinutes(9), clock);

  @Test
  void takesSoManyThenSaysHowLongToWaitThenTakesAgain() {
    for (int i = 0; i < 3; i++) {
      limit.take("10.0.0.1");
    }
    var refused = catchThrowableOfType(ProblemException.class, () -> limit.require("10.0.0.1"));
    assertThat(refused.problem().status()).isEqualTo(429);
    assertThat(refused.extras()).containsEntry("retryAfterSeconds", 180L);
    assertThatCode(() -> limit.require("10.0.0.2")).as("another address").doesNotThrowAnyException();

    clock.turn(Duration.ofSeconds(180));
    assertThatCode(() -> limit.require("10.0.0.1")).doesNotThrowAnyException();
    assertThat(catchThrowableOfType(ProblemException.class, () -> limit.require("10.0.0.1"))).isNotNull();
  }

  @Test
  void remembersABoundedNumberOfAddresses() {
    for (int i = 0; i < AddressLimit.MOST_ADDRESSES + 5; i++) {
      limit.take("address-" + i);
    }
    assertThat(limit.remembered()).isEqualTo(AddressLimit.MOST_ADDRESSES);
  }

  @Test
  void whatAProviderGivesToOneCustomerCountsAsOneAddress() {
    for (int i = 0; i < 3; i++) {
      assertThat(limit.take("2001:db8:1:2:0:0:0:" + i)).isZero();
    }
    assertThat(limit.take("2001:db8:1:2:aaaa:0:0:9")).isEqualTo(180);
    assertThat(limit.take("2001:db8:1:3:0:0:0:1")).isZero();
  }

  @Test
  void lookingHowLongToWaitCountsNothing() {
    for (int i = 0; i < 9; i++) {
      assertThat(limit.secondsToWait("10.0.0.9")).isZero();
    }
  }

  @Test
  void aClockThatWentBackTakesNothingAway() {
    limit.take("10.0.0.8");
    clock.turn(Duration.ofHours(-1));
    assertThat(limit.take("10.0.0.8")).isZero();
  }
}
