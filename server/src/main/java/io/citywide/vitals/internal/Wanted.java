package io.citywide.vitals.internal;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is still to be computed after a change or an entry: rows of {@code vitals_wanted} and {@code vitals_came}. Within a transaction. */
@Component
class Wanted {

  /**
   * An indicator whose values are being computed.
   *
   * @param version of the indicator when it was changed last
   * @param anew what versions before computed must go first
   * @param of periods; {@code null}: nobody has counted them yet
   */
  record Order(String indicator, int version, boolean anew, int done, Integer of) {}

  /**
   * Something was entered of an indicator, for the period that begins so; what reads it must follow.
   *
   * @param times raised by each entry
   */
  record Came(String indicator, Instant from, int times) {}

  private final JdbcClient jdbc;
  private final Clock clock;

  Wanted(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  /** In the transaction of the change. */
  void add(String indicator, int version, boolean anew) {
    jdbc.sql("""
            INSERT INTO vitals_wanted AS w (indicator, version, anew, asked_at) VALUES (:indicator, :version, :anew, :at)
            ON CONFLICT (indicator) DO UPDATE SET version = excluded.version, anew = w.anew OR excluded.anew, asked_at = excluded.asked_at, done = 0, of = NULL""")
        .param("indicator", indicator).param("version", version).param("anew", anew).param("at", ValueStore.utc(clock.instant())).update();
  }

  /** Whether nobody else is at it until the end of the transaction, here or on another server. */
  boolean takeTurn() {
    return jdbc.sql("SELECT pg_try_advisory_xact_lock(hashtext('citywide.vitals.wanted'))").query(Boolean.class).single();
  }

  /** Who waits longest comes first. */
  List<String> list() {
    return jdbc.sql("SELECT indicator FROM vitals_wanted ORDER BY asked_at, indicator").query(String.class).list();
  }

  Map<String, Order> byIndicator() {
    Map<String, Order> all = new HashMap<>();
    jdbc.sql("SELECT * FROM vitals_wanted").query(Wanted::order).list().forEach(o -> all.put(o.indicator(), o));
    return all;
  }

  Optional<Order> find(String indicator) {
    return jdbc.sql("SELECT * FROM vitals_wanted WHERE indicator = :indicator").param("indicator", indicator).query(Wanted::order).optional();
  }

  /** Some of it is done; where it was changed again meanwhile, that begins from the start. */
  void advance(Order order, int done, int of) {
    jdbc.sql("UPDATE vitals_wanted SET anew = false, done = :done, of = :of WHERE indicator = :indicator AND version = :version")
        .param("done", done).param("of", of).param("indicator", order.indicator()).param("version", order.version()).update();
  }

  /** All of it is done, unless it was changed again. */
  void finish(Order order) {
    jdbc.sql("DELETE FROM vitals_wanted WHERE indicator = :indicator AND version = :version").param("indicator", order.indicator()).param("version", order.version()).update();
  }

  /** In the transaction of the entry. */
  void addCame(String indicator, Instant from) {
    jdbc.sql("""
            INSERT INTO vitals_came AS c (indicator, period_from) VALUES (:indicator, :from)
            ON CONFLICT (indicator, period_from) DO UPDATE SET times = c.times + 1""")
        .param("indicator", indicator).param("from", ValueStore.utc(from)).update();
  }

  List<Came> listCame() {
    return jdbc.sql("SELECT * FROM vitals_came ORDER BY period_from DESC, indicator")
        .query((row, n) -> new Came(row.getString("indicator"), row.getObject("period_from", OffsetDateTime.class).toInstant(), row.getInt("times"))).list();
  }

  /** What reads it has followed, unless more was entered since. */
  void finish(Came came) {
    jdbc.sql("DELETE FROM vitals_came WHERE indicator = :indicator AND period_from = :from AND times = :times")
        .param("indicator", came.indicator()).param("from", ValueStore.utc(came.from())).param("times", came.times()).update();
  }

  private static Order order(java.sql.ResultSet row, int n) throws java.sql.SQLException {
    return new Order(row.getString("indicator"), row.getInt("version"), row.getBoolean("anew"), row.getInt("done"), row.getObject("of", Integer.class));
  }
}
