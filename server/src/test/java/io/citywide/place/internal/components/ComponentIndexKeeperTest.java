package io.citywide.place.internal.components;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.citywide.place.Component.State;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** What the index says while it has nothing to answer from: here its database does not answer. */
class ComponentIndexKeeperTest {

  @TempDir Path data;

  @Test
  void asksToComeBackUntilItIsBuiltAndSaysWhyInReadiness() {
    var nowhere = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none?connectTimeout=1", "nobody", "");
    var keeper = new ComponentIndexKeeper(new ServerSettings(data, "", ZoneId.of("Asia/Shanghai")), nowhere, new JdbcTransactionManager(nowhere),
        JdbcClient.create(nowhere), new FollowerInAnotherJvm.Nobody());
    keeper.start();
    try {
      assertThatExceptionOfType(ProblemException.class).isThrownBy(keeper::open).satisfies(refused -> {
        assertThat(refused.problem()).isEqualTo(PlaceProblem.INDEX_BUILDING);
        assertThat(refused.extras()).containsEntry("retryAfterSeconds", 5);
      });
      assertThat(keeper.ready()).isFalse();
      assertThat(keeper.revision()).isEmpty();
      assertThat(keeper.required()).as("everything else works").isFalse();
      assertThat(keeper.fault()).hasValueSatisfying(why -> assertThat(why).contains("does not follow the database"));
    } finally {
      keeper.stop();
    }
  }

  @Test
  void gradesStatesFromIntactToLost() {
    assertThat(ComponentStates.grade(State.INTACT)).isZero();
    assertThat(ComponentStates.grade(State.REMOVED)).as("in no index").isEqualTo(-1);
    for (State state : Set.of(State.INTACT, State.ABANDONED, State.DAMAGED, State.LOST)) {
      assertThat(ComponentStates.ofGrade(ComponentStates.grade(state))).isEqualTo(state);
    }
    assertThat(ComponentStates.grade(State.LOST)).isGreaterThan(ComponentStates.grade(State.DAMAGED));
    assertThat(ComponentStates.grade(State.DAMAGED)).isGreaterThan(ComponentStates.grade(State.ABANDONED));
  }
}
