package io.citywide.bench.map;

import io.citywide.bench.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Samples of what a server holds, read from its embedded database: what to ask for, and how much there is.
 *
 * @param components in the register
 * @param cases all that were ever opened
 * @param idents of some components
 * @param names of some areas and features of the base map
 * @param componentsAt positions of some components, longitude and latitude in degrees
 * @param casesAt positions of some cases that ended
 */
record CityRows(long components, long cases, List<String> idents, List<String> names, List<double[]> componentsAt, List<double[]> casesAt) {

  private static final int SAMPLE = 2_000;

  /** @param data folder of a server that runs, with an embedded database */
  static CityRows read(Path data) throws IOException, SQLException {
    try (Connection connection = EmbeddedDatabase.connect(data); Statement statement = connection.createStatement()) {
      long components = number(statement, "SELECT count(*) FROM place_component WHERE state <> 'REMOVED'");
      long cases = number(statement, "SELECT count(*) FROM case_file");
      List<String> idents = new ArrayList<>();
      List<double[]> componentsAt = new ArrayList<>();
      try (var rows = statement.executeQuery("SELECT ident, lon, lat FROM (SELECT * FROM place_component TABLESAMPLE SYSTEM (%s) REPEATABLE (7)) c WHERE state <> 'REMOVED' ORDER BY md5(ident) LIMIT %d"
          .formatted(Math.min(100, 100.0 * 20 * SAMPLE / Math.max(1, components)), SAMPLE))) {
        while (rows.next()) {
          idents.add(rows.getString(1));
          componentsAt.add(new double[] {rows.getDouble(2), rows.getDouble(3)});
        }
      }
      List<double[]> casesAt = new ArrayList<>();
      try (var rows = statement.executeQuery("SELECT lon, lat FROM case_past WHERE lon IS NOT NULL ORDER BY md5(case_id::text) LIMIT " + SAMPLE)) {
        while (rows.next()) {
          casesAt.add(new double[] {rows.getDouble(1), rows.getDouble(2)});
        }
      }
      List<String> names = new ArrayList<>();
      try (var rows = statement.executeQuery("SELECT name FROM (SELECT name FROM place_feature WHERE name IS NOT NULL UNION SELECT name FROM place_area) n ORDER BY md5(name) LIMIT " + SAMPLE)) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
      return new CityRows(components, cases, idents, names, componentsAt, casesAt);
    }
  }

  /** Cases that ended and are not arranged for the map yet; the server does so in batches behind the steps. */
  static long notArranged(Path data) throws IOException, SQLException {
    try (Connection connection = EmbeddedDatabase.connect(data); Statement statement = connection.createStatement()) {
      return number(statement, "SELECT (SELECT count(*) FROM case_file WHERE NOT open) - (SELECT count(*) FROM case_past)");
    }
  }

  /** @throws IllegalStateException where there is nothing to ask about */
  CityRows checked() {
    if (componentsAt.isEmpty() || casesAt.isEmpty()) {
      throw new IllegalStateException("the server needs components and cases that ended; it holds %,d components and %,d cases".formatted(components, cases));
    }
    return this;
  }

  private static long number(Statement statement, String sql) throws SQLException {
    try (var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
