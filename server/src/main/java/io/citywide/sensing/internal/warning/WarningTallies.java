package io.citywide.sensing.internal.warning;

import io.citywide.sensing.WarningCounts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Counts warnings for the rest of the server. */
@Component
class WarningTallies implements WarningCounts {

  private final JdbcClient jdbc;

  WarningTallies(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Override
  public List<Count> live() {
    return jdbc.sql("SELECT area_code, grade, count(*) FROM sensing_warning WHERE state = 'LIVE' GROUP BY 1, 2").query(WarningTallies::count).list();
  }

  @Override
  public List<Count> raised(Instant from, Instant to) {
    return jdbc.sql("SELECT area_code, worst, count(*) FROM sensing_warning WHERE since >= :from AND since < :to GROUP BY 1, 2")
        .param("from", from.atOffset(ZoneOffset.UTC)).param("to", to.atOffset(ZoneOffset.UTC)).query(WarningTallies::count).list();
  }

  private static Count count(ResultSet row, int n) throws SQLException {
    return new Count(row.getString(1), Warning.grade(row.getInt(2)), row.getLong(3));
  }
}
