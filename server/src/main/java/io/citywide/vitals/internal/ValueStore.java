package io.citywide.vitals.internal;

import io.citywide.vitals.internal.FigureSource.Looked;
import io.citywide.vitals.internal.Period.Span;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Rows of {@code vitals_value} and {@code vitals_reckoned}. Within a transaction; row-level security decides what is seen. */
@Component
class ValueStore {

  private static final int BATCH = 20_000;

  /** @param above and {@code below}: NaN where there is none; {@code grade} {@code null}: not judged */
  record Made(String area, double above, double below, double value, Grade grade, Double score) {}

  /**
   * A stored value.
   *
   * @param asOf up to when it speaks
   * @param version of the indicator
   */
  record Stored(String indicator, String area, Span span, Double above, Double below, double value, Grade grade, Double score, Instant asOf, int version) {

    /** Whether it is of an earlier definition than the one in force. */
    boolean isEarlierThan(Indicator indicator) {
      return version < indicator.defined();
    }

    /** Begin of the first of the periods, newest first, that are out of order without interruption; {@code fallback} where the newest is in order. */
    static Instant wrongSince(List<Stored> newestFirst, Instant fallback) {
      Instant since = fallback;
      for (Stored s : newestFirst) {
        if (!Grade.isWrong(s.grade())) {
          break;
        }
        since = s.span().from();
      }
      return since;
    }
  }

  private final JdbcClient jdbc;

  ValueStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Lets one computation write at a time, until the end of the transaction. */
  void lock() {
    jdbc.sql("SELECT pg_advisory_xact_lock(hashtext('citywide.vitals'))").query((row, n) -> 0).single();
  }

  /** Makes these all the values of the indicator in the span; what says the same already is left as it is. */
  void put(Indicator indicator, Span span, Instant now, List<Made> values) {
    for (int i = 0; i < values.size(); i += BATCH) {
      List<Made> some = values.subList(i, Math.min(values.size(), i + BATCH));
      jdbc.sql("""
              INSERT INTO vitals_value AS v (indicator, area_code, period_from, period_to, above, below, value, grade, score, version)
              SELECT :indicator, area, :from, :to, above, below, value, grade, score, :version
              FROM unnest(:areas::text[], :above::float8[], :below::float8[], :values::float8[], :grades::smallint[], :scores::real[]) AS n (area, above, below, value, grade, score)
              ON CONFLICT (area_code, indicator, period_from) DO UPDATE
                SET above = excluded.above, below = excluded.below, value = excluded.value, grade = excluded.grade, score = excluded.score, version = excluded.version
                WHERE (v.above, v.below, v.value, v.grade, v.score, v.version)
                  IS DISTINCT FROM (excluded.above, excluded.below, excluded.value, excluded.grade, excluded.score, excluded.version)""")
          .param("indicator", indicator.code()).param("version", indicator.version()).param("from", utc(span.from())).param("to", utc(span.to()))
          .param("areas", some.stream().map(Made::area).toArray(String[]::new))
          .param("above", some.stream().map(m -> number(m.above())).toArray(Double[]::new))
          .param("below", some.stream().map(m -> number(m.below())).toArray(Double[]::new))
          .param("values", some.stream().map(Made::value).toArray(Double[]::new))
          .param("grades", some.stream().map(m -> m.grade() == null ? null : (short) m.grade().ordinal()).toArray(Short[]::new))
          .param("scores", some.stream().map(m -> m.score() == null ? null : m.score().floatValue()).toArray(Float[]::new))
          .update();
    }
    Set<String> there = new HashSet<>(jdbc.sql("SELECT area_code FROM vitals_value WHERE indicator = :indicator AND period_from = :from")
        .param("indicator", indicator.code()).param("from", utc(span.from())).query(String.class).list());
    values.forEach(m -> there.remove(m.area()));
    if (!there.isEmpty()) {
      jdbc.sql("DELETE FROM vitals_value WHERE indicator = :indicator AND period_from = :from AND area_code = ANY (:gone)")
          .param("indicator", indicator.code()).param("from", utc(span.from())).param("gone", there.toArray(String[]::new)).update();
    }
    jdbc.sql("""
            INSERT INTO vitals_reckoned (indicator, period_from, at, version, areas) VALUES (:indicator, :from, :at, :version, :areas)
            ON CONFLICT (indicator, period_from) DO UPDATE SET at = excluded.at, version = excluded.version, areas = excluded.areas""")
        .param("indicator", indicator.code()).param("from", utc(span.from())).param("at", utc(now)).param("version", indicator.version()).param("areas", values.size()).update();
  }

  /** The begins of the periods of these indicators that were computed, no older than {@code since}. */
  Map<String, Set<Instant>> reckoned(Instant since) {
    Map<String, Set<Instant>> reckoned = new HashMap<>();
    jdbc.sql("SELECT indicator, period_from FROM vitals_reckoned WHERE period_from >= :since").param("since", utc(since)).query(row -> {
      reckoned.computeIfAbsent(row.getString(1), i -> new HashSet<>()).add(row.getObject(2, OffsetDateTime.class).toInstant());
    });
    return reckoned;
  }

  /** The periods of an indicator that were computed, and by which version of it. */
  Map<Instant, Integer> versions(String indicator) {
    Map<Instant, Integer> versions = new HashMap<>();
    jdbc.sql("SELECT period_from, version FROM vitals_reckoned WHERE indicator = :indicator").param("indicator", indicator).query(row -> {
      versions.put(row.getObject(1, OffsetDateTime.class).toInstant(), row.getInt(2));
    });
    return versions;
  }

  /** Lets go of what versions before this one computed: its periods are others now, and one that begins when an old one did could not stand beside it. */
  void forget(String indicator, int before) {
    jdbc.sql("DELETE FROM vitals_value WHERE indicator = :indicator AND version < :before").param("indicator", indicator).param("before", before).update();
    jdbc.sql("DELETE FROM vitals_reckoned WHERE indicator = :indicator AND version < :before").param("indicator", indicator).param("before", before).update();
  }

  /** How far a source was looked through. */
  Looked looked(String source) {
    return jdbc.sql("SELECT before, mark, seen FROM vitals_looked WHERE source = :source").param("source", source)
        .query((row, n) -> new Looked(row.getLong(1), row.getLong(2), row.getLong(3))).optional().orElse(Looked.NOTHING);
  }

  void looked(String source, Looked looked) {
    jdbc.sql("""
            INSERT INTO vitals_looked (source, before, mark, seen) VALUES (:source, :before, :mark, :seen)
            ON CONFLICT (source) DO UPDATE SET before = excluded.before, mark = excluded.mark, seen = excluded.seen""")
        .param("source", source).param("before", looked.before()).param("mark", looked.mark()).param("seen", looked.seen()).update();
  }

  private static final String SELECT = "SELECT v.*, least(v.period_to, r.at) AS as_of FROM ";

  /** The newest value of each indicator in each area; of the indicators in {@code closed} that of the last period that is over. One statement. */
  List<Stored> latest(Collection<String> areas, Collection<String> indicators, Set<String> closed, Instant now) {
    return jdbc.sql(SELECT + "unnest(:codes::text[], :closed::boolean[]) AS i (code, closed) CROSS JOIN unnest(:areas::text[]) AS a (code)"
            + """
               CROSS JOIN LATERAL (SELECT * FROM vitals_value v WHERE v.area_code = a.code COLLATE "C" AND v.indicator = i.code COLLATE "C"
                 AND v.period_from <= :now AND (NOT i.closed OR v.period_to <= :now) ORDER BY v.period_from DESC LIMIT 1) v
              JOIN vitals_reckoned r ON r.indicator = v.indicator AND r.period_from = v.period_from""")
        .param("codes", indicators.toArray(String[]::new)).param("closed", indicators.stream().map(closed::contains).toArray(Boolean[]::new))
        .param("areas", areas.toArray(String[]::new)).param("now", utc(now)).query(ValueStore::stored).list();
  }

  /** Begin of the period of the value that counts now; {@code now} where there is none. */
  Instant latestFrom(String area, String indicator, boolean closed, Instant now) {
    return latest(List.of(area), List.of(indicator), closed ? Set.of(indicator) : Set.of(), now).stream().findFirst().map(s -> s.span().from()).orElse(now);
  }

  /** The newest values of each indicator in an area, at most {@code n} of each, newest first. */
  List<Stored> history(String area, Collection<String> indicators, Instant until, int n) {
    return jdbc.sql(SELECT + "unnest(:codes::text[]) AS i (code)"
            + """
               CROSS JOIN LATERAL (SELECT * FROM vitals_value v WHERE v.area_code = :area AND v.indicator = i.code COLLATE "C" AND v.period_from <= :until
                 ORDER BY v.period_from DESC LIMIT :n) v
              JOIN vitals_reckoned r ON r.indicator = v.indicator AND r.period_from = v.period_from
              ORDER BY v.indicator, v.period_from DESC""")
        .param("codes", indicators.toArray(String[]::new)).param("area", area).param("until", utc(until)).param("n", n).query(ValueStore::stored).list();
  }

  /** Values of an indicator in these areas in the period that begins so, by area. */
  Map<String, Stored> of(String indicator, Collection<String> areas, Instant from) {
    Map<String, Stored> byArea = new HashMap<>();
    jdbc.sql(SELECT + """
            vitals_value v JOIN vitals_reckoned r ON r.indicator = v.indicator AND r.period_from = v.period_from
            WHERE v.indicator = :indicator AND v.area_code = ANY (:areas) AND v.period_from = :from""")
        .param("indicator", indicator).param("areas", areas.toArray(String[]::new)).param("from", utc(from)).query(ValueStore::stored).list()
        .forEach(s -> byArea.put(s.area(), s));
    return byArea;
  }

  private static Stored stored(ResultSet row, int n) throws SQLException {
    return new Stored(row.getString("indicator"), row.getString("area_code"),
        new Span(row.getObject("period_from", OffsetDateTime.class).toInstant(), row.getObject("period_to", OffsetDateTime.class).toInstant()),
        row.getObject("above", Double.class), row.getObject("below", Double.class), row.getDouble("value"), Grade.of(row.getObject("grade", Integer.class)),
        row.getObject("score") == null ? null : row.getDouble("score"), row.getObject("as_of", OffsetDateTime.class).toInstant(), row.getInt("version"));
  }

  private static Double number(double value) {
    return Double.isNaN(value) ? null : value;
  }

  static OffsetDateTime utc(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }
}
