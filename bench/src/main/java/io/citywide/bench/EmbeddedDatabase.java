package io.citywide.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** The database of a server that runs, looked at behind its back. */
public final class EmbeddedDatabase {

  private EmbeddedDatabase() {}

  /**
   * A connection of the superuser, whom row-level security hides nothing.
   *
   * @param data folder of the embedded PostgreSQL, mostly the server's data folder
   */
  public static Connection connect(Path data) throws IOException, SQLException {
    Properties passwords = new Properties();
    try (var reader = Files.newBufferedReader(data.resolve("postgres/credentials.properties"))) {
      passwords.load(reader);
    }
    int port = Integer.parseInt(Files.readString(data.resolve("postgres/run/port")).strip());
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/citywide", "postgres", passwords.getProperty("postgres"));
  }

  /** The one number that a query answers. */
  public static long number(Path data, String sql) throws IOException, SQLException {
    try (Connection connection = connect(data); var statement = connection.createStatement(); var row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }
}
