package io.citywide.place.internal;

import io.citywide.identity.Viewer;
import io.citywide.ledger.Act;
import io.citywide.ledger.Ledger;
import io.citywide.place.Component.State;
import io.citywide.place.ComponentEvent;
import io.citywide.place.ComponentIndex;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The life of components: each change of state with who, when and why, and its entry in the ledger. */
@Component
public class ComponentHistory {

  private static final int LONGEST_REASON = 200;
  private static final int CHUNK = 5_000;
  private static final String COLUMNS = "id, ident, seq, act, from_state, to_state, at, person_id, position_id, actor_name, reason";

  /** A change of state that an import brings. */
  record Change(String ident, State from, State to) {}

  private final JdbcClient jdbc;
  private final Ledger ledger;
  private final Neighbours neighbours;
  private final Clock clock;
  private final ServerSettings server;

  ComponentHistory(JdbcClient jdbc, Ledger ledger, Neighbours neighbours, Clock clock, ServerSettings server) {
    this.jdbc = jdbc;
    this.ledger = ledger;
    this.neighbours = neighbours;
    this.clock = clock;
    this.server = server;
  }

  /** The newest change first. */
  @Transactional(readOnly = true)
  public List<ComponentEvent> list(String ident) {
    return jdbc.sql("SELECT " + COLUMNS + " FROM place_component_event WHERE ident = :ident ORDER BY seq DESC").param("ident", ident)
        .query((row, n) -> event(row)).list();
  }

  /** The states that may follow; none for a removed component. */
  public static List<State> allowed(State state) {
    return StateTable.after(state);
  }

  /**
   * Changes the state.
   *
   * @param from state that the caller saw
   * @param reason 2 to 200 characters
   * @throws ProblemException {@code place.unknown-component} (also beyond the area one administers), {@code place.state-moved-on},
   *     {@code place.state-not-allowed}, {@code place.invalid-state-change}
   */
  @Transactional
  public ComponentEvent change(String ident, State from, State to, String reason) {
    if (from == null || to == null) {
      throw invalid(from == null ? "from" : "to", "say the state that you saw (from) and the new one (to), each one of " + List.of(State.values())).zh("请选择新状态");
    }
    String why = reason(reason);
    State is = lock(ident);
    if (is != from) {
      throw movedOn(ident, is);
    }
    if (!StateTable.allows(is, to)) {
      throw new ProblemException(PlaceProblem.STATE_NOT_ALLOWED, "component " + ident + " is " + is + " and cannot become " + to + "; allowed: " + StateTable.after(is),
          Map.of("state", is.name(), "allowed", StateTable.after(is)))
          .zh("部件现为“" + is.nameZh() + "”，不能改为“" + to.nameZh() + "”；" + (StateTable.after(is).isEmpty() ? "移除的部件不再恢复，重新设置的部件另编新码"
              : "可改为：" + String.join("、", StateTable.after(is).stream().map(State::nameZh).toList())));
    }
    return write(ident, ComponentEvent.Act.CHANGED, is, to, why);
  }

  /**
   * Takes the last change back; one that took another back stays.
   *
   * @param seq of the change that the caller saw last
   * @throws ProblemException {@code place.unknown-component}, {@code place.state-moved-on}, {@code place.nothing-to-take-back}
   */
  @Transactional
  public ComponentEvent takeBack(String ident, int seq, String reason) {
    String why = reason(reason);
    State is = lock(ident);
    ComponentEvent last = jdbc.sql("SELECT " + COLUMNS + " FROM place_component_event WHERE ident = :ident ORDER BY seq DESC LIMIT 1").param("ident", ident)
        .query((row, n) -> event(row)).optional().orElse(null);
    if (last == null || last.act() == ComponentEvent.Act.TAKEN_BACK) {
      throw new ProblemException(PlaceProblem.NOTHING_TO_TAKE_BACK, last == null ? "nothing was ever changed on component " + ident
          : "the last change of component " + ident + " was taken back already").zh(last == null ? "此部件没有状态更改" : "最近一次更改已经撤销");
    }
    if (last.seq() != seq || last.to() != is) {
      throw movedOn(ident, is);
    }
    return write(ident, ComponentEvent.Act.TAKEN_BACK, is, last.from(), why);
  }

  /** Writes down what an import has changed. */
  void imported(List<Change> changes, String source) {
    Instant at = now();
    String reason = "import " + (source.length() > 180 ? source.substring(0, 180) : source);
    for (int from = 0; from < changes.size(); from += CHUNK) {
      List<Change> part = changes.subList(from, Math.min(changes.size(), from + CHUNK));
      Viewer by = Viewer.current();
      List<ComponentEvent> written = jdbc.sql("""
          INSERT INTO place_component_event (ident, seq, act, from_state, to_state, at, person_id, position_id, actor_name, reason)
          SELECT c.ident, (SELECT coalesce(max(e.seq), 0) + 1 FROM place_component_event e WHERE e.ident = c.ident), 'IMPORTED', c.was, c.became,
                 :at, :person, :position, :name, :reason
          FROM unnest(:idents::text[], :was::text[], :became::text[]) AS c (ident, was, became)
          RETURNING %s""".formatted(COLUMNS))
          .param("idents", part.stream().map(Change::ident).toArray(String[]::new)).param("was", part.stream().map(c -> c.from().name()).toArray(String[]::new))
          .param("became", part.stream().map(c -> c.to().name()).toArray(String[]::new)).param("at", at.atOffset(ZoneOffset.UTC))
          .param("person", by.personId(), java.sql.Types.BIGINT).param("position", by.positionId(), java.sql.Types.BIGINT).param("name", by.displayName())
          .param("reason", reason)
          .query((row, n) -> event(row)).list();
      ledger.append(written.stream().map(this::act).toList());
    }
  }

  /** The state, its row locked; whoever does not administer the place is told that there is no such component. */
  private State lock(String ident) {
    record Row(State state, String area) {}
    Optional<Row> found = jdbc.sql("SELECT state, area_code FROM place_component WHERE ident = :ident FOR UPDATE").param("ident", ident)
        .query((row, n) -> new Row(State.valueOf(row.getString(1)), row.getString(2))).optional();
    return found.filter(r -> r.area() == null ? Viewer.current().area().low().isEmpty() : Viewer.current().area().covers(r.area())).map(Row::state)
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_COMPONENT, "there is no component '" + ident + "' in the area that you administer").zh("您的管理范围内没有部件“" + ident + "”"));
  }

  private ComponentEvent write(String ident, ComponentEvent.Act act, State from, State to, String reason) {
    Viewer by = Viewer.current();
    Instant at = now();
    jdbc.sql("UPDATE place_component SET state = :state, changed_on = :today WHERE ident = :ident").param("state", to.name())
        .param("today", LocalDate.ofInstant(at, server.zone())).param("ident", ident).update();
    ComponentEvent event = jdbc.sql("""
        INSERT INTO place_component_event (ident, seq, act, from_state, to_state, at, person_id, position_id, actor_name, reason)
        VALUES (:ident, (SELECT coalesce(max(seq), 0) + 1 FROM place_component_event WHERE ident = :ident), :act, :from, :to, :at, :person, :position, :name, :reason)
        RETURNING %s""".formatted(COLUMNS))
        .param("ident", ident).param("act", act.name()).param("from", from.name()).param("to", to.name()).param("at", at.atOffset(ZoneOffset.UTC))
        .param("person", by.personId(), java.sql.Types.BIGINT).param("position", by.positionId(), java.sql.Types.BIGINT).param("name", by.displayName())
        .param("reason", reason)
        .query((row, n) -> event(row)).single();
    ledger.append(act(event));
    neighbours.everywhere(ComponentIndex.CHANGED, Map.of());
    return event;
  }

  private Act act(ComponentEvent event) {
    return new Act("component." + event.act().name().toLowerCase(Locale.ROOT).replace('_', '-'), ComponentSubject.SUBJECT, event.id(), 0, event.at(),
        Act.actor(event.personId(), event.positionId()), ledger.digest(ComponentSubject.canonical(event)), null);
  }

  private static String reason(String reason) {
    String why = reason == null ? "" : reason.strip();
    if (why.length() < 2 || why.length() > LONGEST_REASON || why.chars().anyMatch(Character::isISOControl)) {
      throw invalid("reason", "say in 2 to " + LONGEST_REASON + " characters why, there were " + why.length()).zh("请用 2 至 " + LONGEST_REASON + " 个字说明原因，现有 " + why.length() + " 字");
    }
    return why;
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(PlaceProblem.INVALID_STATE_CHANGE, detail, Map.of("field", field));
  }

  private static ProblemException movedOn(String ident, State is) {
    return new ProblemException(PlaceProblem.STATE_MOVED_ON, "component " + ident + " is " + is + " by now; look at it again", Map.of("state", is.name()))
        .zh("此部件现为“" + is.nameZh() + "”，请重新查看");
  }

  private Instant now() {
    return clock.instant();
  }

  static ComponentEvent event(ResultSet row) throws SQLException {
    return new ComponentEvent(row.getLong("id"), row.getString("ident"), row.getInt("seq"), ComponentEvent.Act.valueOf(row.getString("act")),
        State.valueOf(row.getString("from_state")), State.valueOf(row.getString("to_state")), row.getObject("at", OffsetDateTime.class).toInstant(),
        row.getObject("person_id", Long.class), row.getObject("position_id", Long.class), row.getString("actor_name"), row.getString("reason"));
  }
}
