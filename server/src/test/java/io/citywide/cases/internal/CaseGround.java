package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.grid.GridCell;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.NewCase;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Makes cases and the people who work them, each set in an area of its own. */
@Component
public class CaseGround {

  private static final AtomicInteger AREAS = new AtomicInteger(100);

  @Autowired TestPeople people;
  @Autowired CaseDesk desk;
  @Autowired Cases cases;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  /** One person of each role, in a district of their own. */
  public final class Crew {
    public final String district = "98" + "%04d".formatted(AREAS.incrementAndGet() + 1000);
    public final UnitRef unit = people.unit("Works " + district, UnitRef.UnitKind.DEPARTMENT, district, null);
    public final UnitRef otherUnit = people.unit("Parks " + district, UnitRef.UnitKind.DEPARTMENT, district, null);
    private final Map<Role, Someone> members = new LinkedHashMap<>();

    public Someone member(Role role) {
      return members.computeIfAbsent(role, r -> people.someone(r, district, r == Role.HANDLER ? unit : null));
    }

    public TestClient as(Role role) {
      return member(role).client();
    }

    /** A reported case of a class and a place. */
    public long report() {
      return report("gb47678.5-M06010", "HOTLINE");
    }

    public long report(String kindId, String channel) {
      return CaseGround.this.report(district + "001001001", kindId, channel);
    }

    /** Takes the steps in order, each by the role that may, with the fields it needs. */
    public long caseAfter(CaseAction... steps) {
      long id = report();
      for (CaseAction action : steps) {
        step(id, action);
      }
      return id;
    }

    public Answer step(long id, CaseAction action) {
      Answer answer = switch (action) {
        case ACCEPT, FILE -> take(Role.ACCEPTOR, id, action);
        case REQUEST_VERIFICATION -> take(Role.ACCEPTOR, id, action);
        case VERIFY -> take(Role.COLLECTOR, id, action, "result", "EXISTS");
        case DECLINE -> take(Role.ACCEPTOR, id, action, "reason", "not a matter of the city");
        case DISPATCH -> take(Role.DISPATCHER, id, action, "leadUnitId", unit.id());
        case RECEIVE -> take(Role.HANDLER, id, action);
        case DISPOSE -> take(Role.HANDLER, id, action, "opinion", "mended");
        case CHECK -> take(Role.VERIFIER, id, action, "result", "PASS");
        case CLOSE -> take(Role.SHIFT_LEADER, id, action);
        case EVALUATE -> take(Role.EVALUATOR, id, action, "result", "5");
        case VOID, REOPEN -> take(Role.SHIFT_LEADER, id, action, "reason", "because");
        case SUSPEND -> take(Role.HANDLER, id, action, "reason", "waiting for the pipe");
        case DECIDE_SUSPENSION -> take(Role.SHIFT_LEADER, id, action, "approve", true);
        case RESUME -> take(Role.HANDLER, id, action);
        case REQUEST_EXTENSION -> take(Role.HANDLER, id, action, "reason", "rain", "minutes", 120);
        case DECIDE_EXTENSION -> take(Role.DISPATCHER, id, action, "approve", true);
        case REQUEST_FORCED_CLOSURE -> take(Role.DISPATCHER, id, action, "reason", "beyond the city's means");
        case DECIDE_FORCED_CLOSURE -> take(Role.LEADER, id, action, "approve", true);
        case OPEN, IMPORT, RETURN, ASSIGN, SUPERVISE, URGE, CLASSIFY, RELOCATE, JOIN_SIGNAL, SPLIT, MERGE, NOTE -> throw new IllegalArgumentException(action.name());
      };
      assertThat(answer.status()).as("%s: %s", action, answer.text()).isEqualTo(200);
      return answer;
    }

    /** Posts a step on the case as it is now. */
    public Answer take(Role role, long id, CaseAction action, Object... fields) {
      return CaseGround.this.take(as(role), id, action, fields);
    }
  }

  public Crew crew() {
    return new Crew();
  }

  public Answer take(TestClient client, long id, CaseAction action, Object... fields) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("action", action);
    body.put("version", file(id).version());
    for (int i = 0; i < fields.length; i += 2) {
      body.put((String) fields[i], fields[i + 1]);
    }
    return client.post("/api/cases/" + id + "/steps", body);
  }

  public CaseView file(long id) {
    return asSystem(() -> cases.findCase(id).orElseThrow());
  }

  public long report(String area, String kindId, String channel) {
    Instant now = Instant.now();
    return asSystem(() -> desk.open(new NewCase(0, kindId, "井盖破损", "路口井盖破损，有人绊倒", 118.11, 32.12, GridCell.of(118.11, 32.12, 9).key(), area, "望江路 3 号",
        null, "NORMAL", channel, now, now, null, null, "热线", List.of(), "话务员给出位置"))).caseId();
  }

  public <T> T asSystem(Callable<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> {
      try {
        return work.call();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }));
  }

  /** Sets columns behind the life cycle's back, such as due times of the past. */
  public void set(long id, String assignments) {
    asSystem(() -> jdbc.sql("UPDATE case_file SET " + assignments + " WHERE id = :id").param("id", id).update());
  }
}
