package io.citywide.place.internal;

import io.citywide.identity.AreaScope;
import io.citywide.place.Component.State;
import io.citywide.place.internal.ComponentReader.Read;
import io.citywide.platform.Words;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * From {@code place_incoming} into the register, by statements over sets: what is new, what changes, and what a look at the
 * register refuses. One import after the other.
 */
final class IncomingMove {

  /** How many rows were added, and how many changed. */
  record Moved(long added, long changed) {}

  private static final int PROBE = 500;

  private static final String INSERT =
      """
      INSERT INTO place_component (ident, kind_id, name, lon, lat, grid_key, area_code, owner_code, state, accuracy, source, recorded_on, changed_on)
      SELECT i.ident, i.kind_id, coalesce(i.name, k.name_zh), i.lon, i.lat, i.grid_key, i.area_code, i.owner_code, coalesce(i.state, 'INTACT'),
             i.accuracy, i.source, coalesce(i.recorded_on, :today), i.changed_on
      FROM place_incoming i JOIN place_kind k ON k.id = i.kind_id
      """;

  private final JdbcClient jdbc;
  private final ComponentHistory history;
  private final AreaScope scope;
  private final LocalDate today;
  private final IncomingRejects rejects;

  /**
   * @param scope what the caller administers
   * @param rejects takes the rows that the register refuses
   */
  IncomingMove(JdbcClient jdbc, ComponentHistory history, AreaScope scope, LocalDate today, IncomingRejects rejects) {
    this.jdbc = jdbc;
    this.history = history;
    this.scope = scope;
    this.today = today;
    this.rejects = rejects;
  }

  /**
   * @param sample some of the rows
   * @param source name of the file, for the history
   * @param read rows of the whole file
   */
  Moved move(List<Read> sample, String source, long read) {
    jdbc.sql("SELECT pg_advisory_xact_lock(:lock)").param("lock", ComponentImport.LOCK).query((row, n) -> 0).list();
    long asNew = insertAsNew(sample);
    if (asNew >= 0) {
      return new Moved(asNew, 0);
    }
    jdbc.sql("ANALYZE place_incoming").update();
    refuseBeyondScope(read);
    List<ComponentHistory.Change> states = changesOfState(read);
    long changed = update();
    long added = insertUnknown();
    history.imported(states, source);
    return new Moved(added, changed);
  }

  /**
   * Where a look at some of the rows finds none that is known, all are most likely new: then one plain INSERT does, which
   * needs no comparison with a register of millions. A row that is known after all makes it start again the long way.
   *
   * @return -1 where some rows are known
   */
  private long insertAsNew(List<Read> sample) {
    String[] probe = sample.stream().limit(PROBE).map(Read::ident).toArray(String[]::new);
    if (jdbc.sql("SELECT EXISTS (SELECT 1 FROM place_component WHERE ident = ANY (:idents))").param("idents", probe).query(Boolean.class).single()) {
      return -1;
    }
    jdbc.sql("SAVEPOINT as_new").update();
    try {
      return jdbc.sql(INSERT).param("today", today).update();
    } catch (DuplicateKeyException e) {
      jdbc.sql("ROLLBACK TO SAVEPOINT as_new").update();
      return -1;
    }
  }

  private record Beyond(long row, String ident, String area) {}

  private void refuseBeyondScope(long read) {
    if (scope.low().isEmpty()) {
      return;
    }
    jdbc.sql("""
        DELETE FROM place_incoming i USING place_component c
        WHERE c.ident = i.ident AND NOT (c.area_code >= :low AND c.area_code < :high)
        RETURNING i.row_no, i.ident, c.area_code""")
        .param("low", scope.low()).param("high", scope.high())
        .query((row, n) -> new Beyond(row.getLong(1), row.getString(2), row.getString(3)))
        .list().forEach(r -> rejects.add(r.row(), "ident", r.ident(), new Words("component " + r.ident() + " stands in area " + r.area() + ", outside the area that you administer",
            "部件 " + r.ident() + " 登记在区域 " + r.area() + "，不在您管理的范围内"), read));
  }

  private List<ComponentHistory.Change> changesOfState(long read) {
    record Row(long number, ComponentHistory.Change change) {}
    List<Row> rows = jdbc.sql("""
        SELECT i.row_no, i.ident, c.state, i.state FROM place_incoming i JOIN place_component c ON c.ident = i.ident
        WHERE i.state <> c.state ORDER BY i.ident FOR UPDATE OF c""")
        .query((row, n) -> new Row(row.getLong(1), new ComponentHistory.Change(row.getString(2), State.valueOf(row.getString(3)), State.valueOf(row.getString(4))))).list();
    List<ComponentHistory.Change> allowed = new ArrayList<>();
    List<Long> refused = new ArrayList<>();
    for (Row row : rows) {
      ComponentHistory.Change change = row.change();
      if (StateTable.allows(change.from(), change.to())) {
        allowed.add(change);
      } else {
        refused.add(row.number());
        rejects.add(row.number(), "state", change.to().name(), new Words("component " + change.ident() + " is " + change.from() + " " + change.from().nameZh() + " and cannot become "
            + change.to() + " " + change.to().nameZh() + "; allowed: " + StateTable.after(change.from()),
            "部件 " + change.ident() + " 现为“" + change.from().nameZh() + "”，不能变为“" + change.to().nameZh() + "”；可变为："
                + StateTable.after(change.from()).stream().map(State::nameZh).collect(Collectors.joining("、"))), read);
      }
    }
    if (!refused.isEmpty()) {
      jdbc.sql("DELETE FROM place_incoming WHERE row_no = ANY (:rows)").param("rows", refused.toArray(Long[]::new)).update();
    }
    return allowed;
  }

  private int update() {
    return jdbc.sql("""
        UPDATE place_component c
        SET kind_id = i.kind_id, name = coalesce(i.name, c.name), lon = i.lon, lat = i.lat, grid_key = i.grid_key, area_code = i.area_code,
            owner_code = coalesce(i.owner_code, c.owner_code), state = coalesce(i.state, c.state), accuracy = coalesce(i.accuracy, c.accuracy),
            source = coalesce(i.source, c.source), recorded_on = coalesce(i.recorded_on, c.recorded_on), changed_on = coalesce(i.changed_on, c.changed_on)
        FROM place_incoming i
        WHERE c.ident = i.ident
          AND (c.kind_id, c.name, c.lon, c.lat, c.area_code, c.owner_code, c.state, c.accuracy, c.source, c.recorded_on, c.changed_on)
            IS DISTINCT FROM (i.kind_id, coalesce(i.name, c.name), i.lon, i.lat, i.area_code, coalesce(i.owner_code, c.owner_code),
              coalesce(i.state, c.state), coalesce(i.accuracy, c.accuracy), coalesce(i.source, c.source), coalesce(i.recorded_on, c.recorded_on),
              coalesce(i.changed_on, c.changed_on))""").update();
  }

  private int insertUnknown() {
    return jdbc.sql(INSERT + " WHERE NOT EXISTS (SELECT 1 FROM place_component c WHERE c.ident = i.ident) ON CONFLICT (ident) DO NOTHING")
        .param("today", today).update();
  }
}
