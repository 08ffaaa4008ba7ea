package io.citywide.cases.internal;

import static io.citywide.cases.CaseAction.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.cases.CaseView;
import io.citywide.cases.StepRecord;
import io.citywide.cases.internal.CaseGround.Crew;
import io.citywide.identity.Role;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.test.annotation.DirtiesContext;

/** The clock of the machine is set back by an hour while people work. */
@DirtiesContext // no other test works in it
@ServerTest
@Import(ClockSetBackTest.Adjustable.class)
class ClockSetBackTest {

  @TestConfiguration
  static class Adjustable {

    private volatile Duration offset = Duration.ZERO;

    @Bean
    @Primary
    Clock adjusted() {
      InstantSource source = () -> Instant.now().plus(offset);
      return Clock.tick(source.withZone(ZoneOffset.UTC), Duration.ofNanos(1_000));
    }

    void set(Duration by) {
      offset = by;
    }
  }

  @Autowired Adjustable clock;
  @Autowired CaseGround ground;
  @Autowired io.citywide.cases.Cases cases;

  @AfterEach
  void right() {
    clock.set(Duration.ZERO);
  }

  @Test
  void stepsFollowOneAnotherAndTheDeadlineCountsFromTheLaterTime() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT, FILE);
    crew.take(Role.DISPATCHER, id, NOTE, "opinion", "looked at the matrix");
    Instant before = Instant.now();

    clock.set(Duration.ofHours(-1));
    crew.step(id, DISPATCH);
    crew.step(id, RECEIVE);
    crew.step(id, DISPOSE);

    List<StepRecord> steps = ground.asSystem(() -> cases.listSteps(id));
    assertThat(steps).extracting(StepRecord::seq).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(steps).extracting(StepRecord::at).isSortedAccordingTo(Comparator.naturalOrder());
    StepRecord dispatch = steps.get(4);
    assertThat(dispatch.at()).isEqualTo(steps.get(3).at());
    assertThat(dispatch.elapsedWorkingMinutes()).isZero();
    assertThat((Number) dispatch.details().get("clockBehindSeconds")).extracting(Number::longValue).satisfies(s -> assertThat((long) s).isBetween(3_500L, 3_700L));
    CaseView file = ground.file(id);
    assertThat(file.dispatchedAt()).isEqualTo(dispatch.at()).isBetween(before.minusSeconds(60), before.plusSeconds(60));
    assertThat(file.disposalStartedAt()).isEqualTo(dispatch.at());
    assertThat(file.disposalDueAt()).isAfter(dispatch.at());
    assertThat(file.disposalLate()).isFalse();
  }

  @Test
  void whatWasDoneBeforeTheClockWentBackIsNotDoneAgainAndGoesOnWhenItHasCaughtUp() {
    Crew crew = ground.crew();
    long id = crew.caseAfter(ACCEPT);
    clock.set(Duration.ofHours(-1));
    crew.step(id, FILE);
    clock.set(Duration.ZERO);

    crew.step(id, DISPATCH);

    List<StepRecord> steps = ground.asSystem(() -> cases.listSteps(id));
    assertThat(steps).extracting(StepRecord::at).isSortedAccordingTo(Comparator.naturalOrder());
    assertThat(steps.getLast().details()).doesNotContainKey("clockBehindSeconds");
    assertThat(steps.getLast().at()).isAfter(steps.get(2).at());
  }

  @Test
  void anEndedSessionDoesNotComeBackToLife() {
    Crew crew = ground.crew();
    var client = crew.as(Role.ACCEPTOR);
    assertThat(client.get("/api/session").status()).isEqualTo(200);
    ground.asSystem(() -> ground.jdbc.sql("DELETE FROM identity_session WHERE person_id = :person").param("person", crew.member(Role.ACCEPTOR).personId()).update());

    clock.set(Duration.ofHours(-1));

    assertThat(client.get("/api/session").status()).as("what was remembered of it is forgotten").isEqualTo(401);
  }
}
