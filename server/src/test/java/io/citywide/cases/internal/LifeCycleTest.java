package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseStage;
import io.citywide.cases.Cases;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** The life cycle, against a matrix written by hand. */
@ServerTest
class LifeCycleTest {

  /** action | stages it starts from | roles that take it | where it leads. Written apart from the table in the code. */
  private static final String MATRIX = """
      OPEN                   | -                                                                              | -                                          | REPORTED
      IMPORT                 | -                                                                              | -                                          | stays
      ACCEPT                 | REPORTED                                                                       | ACCEPTOR SHIFT_LEADER                      | ACCEPTED
      DECLINE                | REPORTED ACCEPTED VERIFIED                                                     | ACCEPTOR SHIFT_LEADER                      | NOT_ACCEPTED
      REQUEST_VERIFICATION   | ACCEPTED VERIFIED                                                              | ACCEPTOR SHIFT_LEADER                      | VERIFYING
      VERIFY                 | VERIFYING                                                                      | COLLECTOR VERIFIER                         | EXISTS:VERIFIED NOT_EXISTS:VERIFIED UNABLE:ACCEPTED
      FILE                   | ACCEPTED VERIFIED                                                              | ACCEPTOR SHIFT_LEADER                      | FILED
      DISPATCH               | FILED                                                                          | DISPATCHER                                 | DISPATCHED
      RECEIVE                | DISPATCHED                                                                     | HANDLER                                    | RECEIVED
      RETURN                 | DISPATCHED RECEIVED                                                            | HANDLER DISPATCHER                         | FILED
      ASSIGN                 | DISPATCHED RECEIVED                                                            | HANDLER                                    | stays
      DISPOSE                | DISPATCHED RECEIVED                                                            | HANDLER                                    | DISPOSED
      CHECK                  | DISPOSED                                                                       | COLLECTOR VERIFIER                         | PASS:CHECKED FAIL:DISPATCHED UNABLE:DISPOSED
      CLOSE                  | CHECKED                                                                        | ACCEPTOR SHIFT_LEADER                      | CLOSED
      EVALUATE               | CLOSED                                                                         | EVALUATOR                                  | EVALUATED
      REQUEST_EXTENSION      | DISPATCHED RECEIVED                                                            | HANDLER                                    | stays
      DECIDE_EXTENSION       | DISPATCHED RECEIVED                                                            | DISPATCHER SHIFT_LEADER                    | stays
      SUSPEND                | DISPATCHED RECEIVED                                                            | HANDLER                                    | stays
      DECIDE_SUSPENSION      | DISPATCHED RECEIVED                                                            | SHIFT_LEADER LEADER                        | stays
      RESUME                 | DISPATCHED RECEIVED                                                            | HANDLER DISPATCHER SHIFT_LEADER            | stays
      SUPERVISE              | REPORTED ACCEPTED VERIFYING VERIFIED FILED DISPATCHED RECEIVED DISPOSED CHECKED | SHIFT_LEADER LEADER                       | stays
      URGE                   | REPORTED ACCEPTED VERIFYING VERIFIED FILED DISPATCHED RECEIVED DISPOSED CHECKED | ACCEPTOR SHIFT_LEADER DISPATCHER LEADER   | stays
      VOID                   | REPORTED ACCEPTED VERIFYING VERIFIED FILED DISPATCHED RECEIVED                 | SHIFT_LEADER                               | VOID
      REQUEST_FORCED_CLOSURE | FILED DISPATCHED RECEIVED DISPOSED CHECKED                                     | ACCEPTOR SHIFT_LEADER DISPATCHER           | stays
      DECIDE_FORCED_CLOSURE  | FILED DISPATCHED RECEIVED DISPOSED CHECKED                                     | LEADER                                     | approved:CLOSED
      REOPEN                 | CHECKED CLOSED EVALUATED NOT_ACCEPTED VOID                                     | SHIFT_LEADER                               | from-CHECKED:DISPOSED from-CLOSED:FILED from-EVALUATED:FILED from-NOT_ACCEPTED:ACCEPTED from-VOID:ACCEPTED
      CLASSIFY               | REPORTED ACCEPTED VERIFYING VERIFIED FILED                                     | ACCEPTOR SHIFT_LEADER DISPATCHER           | stays
      RELOCATE               | REPORTED ACCEPTED VERIFYING VERIFIED FILED                                     | ACCEPTOR SHIFT_LEADER DISPATCHER COLLECTOR VERIFIER | stays
      JOIN_SIGNAL            | REPORTED ACCEPTED VERIFYING VERIFIED FILED DISPATCHED RECEIVED DISPOSED CHECKED | -                                         | stays
      SPLIT                  | REPORTED ACCEPTED VERIFYING VERIFIED FILED DISPATCHED RECEIVED DISPOSED CHECKED | ACCEPTOR SHIFT_LEADER DISPATCHER          | stays
      MERGE                  | REPORTED ACCEPTED VERIFYING VERIFIED FILED DISPATCHED RECEIVED DISPOSED CHECKED | ACCEPTOR SHIFT_LEADER DISPATCHER          | stays
      NOTE                   | REPORTED ACCEPTED VERIFYING VERIFIED FILED DISPATCHED RECEIVED DISPOSED CHECKED CLOSED EVALUATED NOT_ACCEPTED VOID | COLLECTOR ACCEPTOR SHIFT_LEADER DISPATCHER HANDLER VERIFIER EVALUATOR LEADER | stays
      """;

  private record Row(Set<CaseStage> from, Set<Role> roles, String to) {}

  private static Map<CaseAction, Row> matrix() {
    Map<CaseAction, Row> rows = new EnumMap<>(CaseAction.class);
    for (String line : MATRIX.strip().split("\n")) {
      String[] cells = Arrays.stream(line.split("\\|")).map(String::strip).toArray(String[]::new);
      rows.put(CaseAction.valueOf(cells[0]), new Row(
          cells[1].equals("-") ? Set.of() : Arrays.stream(cells[1].split(" +")).map(CaseStage::valueOf).collect(Collectors.toCollection(() -> EnumSet.noneOf(CaseStage.class))),
          cells[2].equals("-") ? Set.of() : Arrays.stream(cells[2].split(" +")).map(Role::valueOf).collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class))),
          cells[3]));
    }
    return rows;
  }

  @Autowired CaseGround ground;
  @Autowired Cases cases;
  @Autowired TransactionTemplate transaction;
  @Autowired JdbcClient jdbc;

  @Test
  void everyStageActionAndRoleIsAsTheMatrixSays() {
    Map<CaseAction, Row> matrix = matrix();
    assertThat(matrix.keySet()).containsExactlyInAnyOrder(CaseAction.values());
    for (CaseStage stage : CaseStage.values()) {
      for (Role role : Role.values()) {
        Viewer viewer = new Viewer(Viewer.Kind.PERSON, 1L, 1L, "x", role, null, "320100", Set.of(), role.permissions());
        Set<CaseAction> allowed = EnumSet.noneOf(CaseAction.class);
        allowed.addAll(LifeCycle.allowed(stage, viewer));
        Set<CaseAction> wanted = EnumSet.noneOf(CaseAction.class);
        matrix.forEach((action, row) -> {
          if (row.from().contains(stage) && row.roles().contains(role)) {
            wanted.add(action);
          }
        });
        assertThat(allowed).as("%s as %s", stage, role).isEqualTo(wanted);
      }
    }
  }

  @Test
  void takingTheStepObeysTheMatrixForEveryStageActionAndRole() {
    Map<CaseAction, Row> matrix = matrix();
    CaseGround.Crew crew = ground.crew();
    Map<Role, Viewer> viewers = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      viewers.put(role, crew.member(role).viewer());
    }
    long id = crew.report();
    List<String> wrong = new ArrayList<>();
    int tried = 0;
    for (CaseStage stage : CaseStage.values()) {
      ground.set(id, "stage = '" + stage + "', lead_unit_id = " + crew.unit.id());
      for (CaseAction action : CaseAction.values()) {
        for (Role role : Role.values()) {
          Step step = Viewer.callAs(viewers.get(role), () -> transaction.execute(status -> {
            status.setRollbackOnly();
            return cases.take(id, StepCommand.of(action));
          }));
          boolean refusedByTable = step instanceof Step.Refused r && (r.problem() == CaseProblem.ROLE || r.problem() == CaseProblem.NOT_ALLOWED);
          boolean allowed = matrix.get(action).from().contains(stage) && matrix.get(action).roles().contains(role);
          tried++;
          if (allowed == refusedByTable) {
            wrong.add(stage + " " + action + " " + role + ": " + step);
          }
        }
      }
    }
    assertThat(tried).isEqualTo(CaseStage.values().length * CaseAction.values().length * Role.values().length);
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyActionLeadsWhereTheMatrixSays() {
    matrix().forEach((action, row) -> {
      LifeCycle.Rule rule = LifeCycle.rule(action);
      if (row.to().equals("stays")) {
        for (CaseStage stage : CaseStage.values()) {
          assertThat(rule.target(stage, null, true)).as("%s from %s", action, stage).isEqualTo(stage);
        }
      } else if (!row.to().contains(":")) {
        assertThat(rule.target(CaseStage.REPORTED, null, null)).as("%s", action).isEqualTo(CaseStage.valueOf(row.to()));
      } else {
        for (String way : row.to().split(" +")) {
          String[] parts = way.split(":");
          CaseStage goal = CaseStage.valueOf(parts[1]);
          if (parts[0].equals("approved")) {
            assertThat(rule.target(CaseStage.DISPOSED, null, true)).isEqualTo(goal);
            assertThat(rule.target(CaseStage.DISPOSED, null, false)).isEqualTo(CaseStage.DISPOSED);
          } else if (parts[0].startsWith("from-")) {
            assertThat(rule.target(CaseStage.valueOf(parts[0].substring(5)), null, null)).as(way).isEqualTo(goal);
          } else {
            assertThat(rule.target(row.from().iterator().next(), parts[0], null)).as(way).isEqualTo(goal);
          }
        }
      }
    });
  }

  @Test
  void theServerItselfDispatchesNotesAndPassesAProvedCheckAndNothingElseAsAStep() {
    Set<CaseAction> allowed = EnumSet.noneOf(CaseAction.class);
    for (CaseStage stage : CaseStage.values()) {
      allowed.addAll(LifeCycle.allowed(stage, Viewer.system("test")));
    }
    assertThat(allowed).containsExactlyInAnyOrder(CaseAction.DISPATCH, CaseAction.NOTE, CaseAction.CHECK, CaseAction.JOIN_SIGNAL);
  }

  @Test
  void theDatabaseKnowsWhichStagesAreOpenAsTheCodeDoes() {
    CaseGround.Crew crew = ground.crew();
    long id = crew.report();
    for (CaseStage stage : CaseStage.values()) {
      ground.set(id, "stage = '" + stage + "'");
      assertThat(ground.asSystem(() -> jdbc.sql("SELECT open FROM case_file WHERE id = :id").param("id", id).query(Boolean.class).single())).as("%s", stage)
          .isEqualTo(stage.open());
    }
  }
}
