package io.citywide.vitals.internal;

import io.citywide.identity.Viewer;
import io.citywide.place.AreaCode;
import io.citywide.vitals.internal.FigureBook.Land;
import io.citywide.vitals.internal.Indicator.Ready;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What people entered: rows of {@code vitals_entry}, none of which is ever changed. Within a transaction. */
@Component
class Entries {

  /**
   * What somebody entered.
   *
   * @param value {@code null}: taken back
   * @param base what the value is a mean over, such as answers; {@code null}: nobody said
   */
  record Entry(long id, String area, Double value, Double base, String note, String enteredBy, Instant enteredAt) {}

  private final JdbcClient jdbc;
  private final Clock clock;

  Entries(JdbcClient jdbc, Clock clock) {
    this.jdbc = jdbc;
    this.clock = clock;
  }

  long add(String indicator, String area, Instant from, Double value, Double base, String note) {
    Viewer viewer = Viewer.current();
    return jdbc.sql("""
            INSERT INTO vitals_entry (indicator, area_code, period_from, value, base, note, person_id, entered_by, entered_at)
            VALUES (:indicator, :area, :from, :value, :base, :note, :person, :by, :at) RETURNING id""")
        .param("indicator", indicator).param("area", area).param("from", ValueStore.utc(from)).param("value", value).param("base", base).param("note", note)
        .param("person", viewer.personId()).param("by", viewer.displayName()).param("at", ValueStore.utc(clock.instant())).query(Long.class).single();
  }

  /** What counts of a period, by area. */
  Map<String, Entry> current(String indicator, Instant from) {
    Map<String, Entry> byArea = new HashMap<>();
    jdbc.sql("""
            SELECT DISTINCT ON (area_code) * FROM vitals_entry WHERE indicator = :indicator AND period_from = :from ORDER BY area_code, id DESC""")
        .param("indicator", indicator).param("from", ValueStore.utc(from)).query(Entries::entry).list().stream()
        .filter(e -> e.value() != null).forEach(e -> byArea.put(e.area(), e));
    return byArea;
  }

  /** The values of the entered indicators that these formulas read, in the period that begins so, by the names that formulas have for them. */
  Map<String, double[]> read(List<Ready> formulas, Land land, Instant from) {
    Map<String, double[]> byName = new HashMap<>();
    formulas.stream().flatMap(r -> r.entered().stream()).distinct()
        .forEach(i -> byName.put(IndicatorBook.OTHER + i.code(), Computation.entered(i, land, current(i.code(), from)).value()));
    return byName;
  }

  /** Everything that was entered for an area and period, newest first. */
  List<Entry> list(String indicator, String area, Instant from) {
    return jdbc.sql("SELECT * FROM vitals_entry WHERE indicator = :indicator AND area_code = :area AND period_from = :from ORDER BY id DESC LIMIT 100")
        .param("indicator", indicator).param("area", area).param("from", ValueStore.utc(from)).query(Entries::entry).list();
  }

  /**
   * What the value of an area and period comes from: what was entered for it, newest first; where nothing of that counts, also what counts of the areas below, of
   * each the highest that has one, by their codes.
   */
  List<Entry> behind(String indicator, String area, Instant from) {
    List<Entry> own = list(indicator, area, from);
    if (!own.isEmpty() && own.getFirst().value() != null) {
      return own;
    }
    List<Entry> all = new ArrayList<>(own);
    String last = null;
    for (Entry e : current(indicator, from).values().stream().filter(e -> AreaCode.within(e.area(), area)).sorted(Comparator.comparing(Entry::area)).toList()) {
      if (last == null || !AreaCode.within(e.area(), last)) {
        last = e.area();
        all.add(e);
      }
    }
    return all;
  }

  /** The periods in which anything was entered, newest first. */
  List<Instant> periods(String indicator, int n) {
    return jdbc.sql("SELECT DISTINCT period_from FROM vitals_entry WHERE indicator = :indicator ORDER BY 1 DESC LIMIT :n").param("indicator", indicator).param("n", n)
        .query((row, i) -> row.getObject(1, OffsetDateTime.class).toInstant()).list();
  }

  private static Entry entry(java.sql.ResultSet row, int n) throws java.sql.SQLException {
    return new Entry(row.getLong("id"), row.getString("area_code"), row.getObject("value", Double.class), row.getObject("base", Double.class), row.getString("note"),
        row.getString("entered_by"), row.getObject("entered_at", OffsetDateTime.class).toInstant());
  }
}
