package io.citywide.cases.internal.map;

import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.SearchSource;
import io.citywide.place.Places;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Cases by the beginning of their number: a range of the unique index, narrowed by row-level security. A number begins
 * with the district and the day (decision 0006), so whoever types less than the year has not yet said anything. By their
 * title only the newest of the last days, which are what one types of; older ones are found in the lists.
 */
@Component
class CaseSearch implements SearchSource {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{10,19}");

  private static final Duration RECENT = Duration.ofDays(3);

  private final JdbcClient jdbc;
  private final Places places;
  private final Clock clock;

  CaseSearch(JdbcClient jdbc, Places places, Clock clock) {
    this.jdbc = jdbc;
    this.places = places;
    this.clock = clock;
  }

  @Override
  @Transactional(readOnly = true)
  public List<Hit> search(String text, int limit) {
    if (!Viewer.current().may(Permission.CASE_READ)) {
      return List.of();
    }
    return NUMBER.matcher(text).matches() ? byNumber(text, limit) : text.length() > 1 && !text.matches("[0-9]+") ? byTitle(text, limit) : List.of();
  }

  private List<Hit> byNumber(String text, int limit) {
    return jdbc.sql("SELECT id, case_no, title, area_code, lon, lat FROM case_file WHERE case_no >= :from AND case_no < :from || '~' ORDER BY case_no LIMIT :limit")
        .param("from", text).param("limit", limit)
        .query((row, n) -> hit(row, row.getString("case_no").equals(text) ? 1 : 0.5 + text.length() / 40.0)).list();
  }

  private List<Hit> byTitle(String text, int limit) {
    return jdbc.sql(
            """
            SELECT * FROM (SELECT id, case_no, title, area_code, lon, lat FROM case_file WHERE reported_at > :since
                           ORDER BY reported_at DESC, id DESC LIMIT 300) newest
            WHERE title LIKE :part LIMIT :limit
            """)
        .param("since", OffsetDateTime.ofInstant(clock.instant().minus(RECENT), ZoneOffset.UTC))
        .param("part", "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%").param("limit", limit)
        .query((row, n) -> hit(row, 0.55)).list();
  }

  private Hit hit(ResultSet row, double score) throws SQLException {
    String title = row.getString("case_no") + " " + row.getString("title");
    return new Hit("case", Long.toString(row.getLong("id")), title, title, places.describe(row.getString("area_code")), row.getObject("lon", Double.class),
        row.getObject("lat", Double.class), score);
  }
}
