package io.citywide.platform;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Numbers of rows that are about to be written. */
public final class NewIds {

  // The name of the sequence is found once: looked up for each number it cost a tenth of a bulk import.
  private static final String SQL =
      "SELECT nextval(s.name) FROM (SELECT pg_get_serial_sequence(:table, 'id')::regclass AS name OFFSET 0) s, generate_series(1, :count)";

  private NewIds() {}

  /**
   * The next values of the identity column {@code id} of a table, in rising order. One statement.
   *
   * @param table its name
   * @param count how many, 0 or more
   */
  public static List<Long> of(JdbcClient jdbc, String table, int count) {
    return jdbc.sql(SQL).param("table", table).param("count", count).query(Long.class).list();
  }
}
