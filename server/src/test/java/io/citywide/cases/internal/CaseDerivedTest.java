package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.cases.CaseStage;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.DataIntegrityViolationException;

/** What the database keeps of a case beside what is written into it, whoever writes. */
@ServerTest
class CaseDerivedTest {

  /** At whose desk it lies, and which of its deadlines counts. */
  private record Derived(String desk, String due) {}

  private static final Map<CaseStage, Derived> EXPECTED = new HashMap<>(Map.of(
      CaseStage.REPORTED, new Derived("accept", "filing_due_at"), CaseStage.ACCEPTED, new Derived("file", "filing_due_at"),
      CaseStage.VERIFYING, new Derived("verify", "filing_due_at"), CaseStage.VERIFIED, new Derived("file", "filing_due_at"),
      CaseStage.FILED, new Derived("dispatch", "dispatch_due_at"), CaseStage.DISPATCHED, new Derived("handle", "disposal_due_at"),
      CaseStage.RECEIVED, new Derived("handle", "disposal_due_at"), CaseStage.DISPOSED, new Derived("check", "check_due_at"),
      CaseStage.CHECKED, new Derived("close", "'infinity'::timestamptz")));

  /** No other test has cases in this community. */
  private static final String AREA = "980131001001";

  @Autowired CaseGround ground;

  private long report() {
    return ground.report(AREA, null, "HOTLINE");
  }

  private String ask(long id, String what) {
    return ground.asSystem(() -> ground.jdbc.sql("SELECT (" + what + ")::text FROM case_file WHERE id = :id").param("id", id).query(String.class).optional().orElse(null));
  }

  @Test
  void eachStageHasItsDeskAndItsDeadline() {
    long id = report();
    ground.set(id, "filing_due_at = '2026-03-01 08:00Z', dispatch_due_at = '2026-03-02 08:00Z', disposal_due_at = '2026-03-03 08:00Z', check_due_at = '2026-03-04 08:00Z'");
    for (CaseStage stage : CaseStage.values()) {
      ground.set(id, "stage = '" + stage + "'");
      Derived expected = EXPECTED.getOrDefault(stage, new Derived(null, "'infinity'::timestamptz"));
      assertThat(ask(id, "open")).as("%s", stage).isEqualTo(String.valueOf(stage.open()));
      assertThat(ask(id, "desk")).as("%s", stage).isEqualTo(expected.desk());
      assertThat(ask(id, "due_at = " + expected.due())).as("%s", stage).isEqualTo("true");
    }
    ground.set(id, "stage = 'FILED', dispatch_due_at = NULL");
    assertThat(ask(id, "due_at")).as("without a deadline").isEqualTo("infinity");
    ground.set(id, "stage = 'DISPATCHED', suspended_at = now()");
    assertThat(ask(id, "due_at")).as("while it is suspended").isEqualTo("infinity");
  }

  @Test
  void nobodyWritesWhatFollowsFromTheStage() {
    long id = report();
    ground.set(id, "open = false, desk = 'close', due_at = now()");
    assertThat(ask(id, "open")).isEqualTo("true");
    assertThat(ask(id, "desk")).isEqualTo("accept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stage = 'NOWHERE'", "urgency = 'HURRY'", "verification_result = 'PERHAPS'", "check_result = 'NEARLY'", "citizen_rating = 'FINE'", "lon = NULL",
      "imported_source = 'x'"})
  void whatIsNoneOfTheWordsIsRefused(String assignment) {
    long id = report();
    assertThatThrownBy(() -> ground.set(id, assignment)).isInstanceOf(DataIntegrityViolationException.class).hasMessageContaining("a case h");
  }
}
