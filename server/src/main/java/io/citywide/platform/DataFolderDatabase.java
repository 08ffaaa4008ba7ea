package io.citywide.platform;

import io.citywide.platform.internal.postgres.CredentialFile;
import io.citywide.platform.internal.postgres.Credentials;
import io.citywide.platform.internal.postgres.DatabaseUnavailableException;
import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** The embedded database of a data folder for a command that looks into it: that of the running server, or started for as long as the command looks. */
public final class DataFolderDatabase implements AutoCloseable {

  private final String url;
  private final Credentials owner;
  private final EmbeddedPostgres started;

  private DataFolderDatabase(String url, Credentials owner, EmbeddedPostgres started) {
    this.url = url;
    this.owner = owner;
    this.started = started;
  }

  /**
   * @throws IOException if there is no embedded database in the folder, or it cannot be reached; the message says why
   */
  public static DataFolderDatabase open(Path data) throws IOException {
    if (!Files.isDirectory(data.resolve("postgres/pgdata"))) {
      throw new IOException("there is no embedded database in " + data.toAbsolutePath());
    }
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.start(data);
      return new DataFolderDatabase(postgres.jdbcUrl(), postgres.owner(), postgres);
    } catch (DatabaseUnavailableException inUse) {
      Path port = data.resolve("postgres/run/port");
      if (!Files.isReadable(port)) {
        throw new IOException(inUse.getMessage(), inUse);
      }
      Credentials owner = new CredentialFile(data.resolve("postgres/credentials.properties")).get(EmbeddedPostgres.OWNER);
      DataFolderDatabase running = new DataFolderDatabase("jdbc:postgresql://127.0.0.1:" + Files.readString(port).strip() + "/" + EmbeddedPostgres.DATABASE, owner, null);
      try (Connection connection = running.connect()) {
        return running;
      } catch (SQLException e) {
        throw new IOException(inUse.getMessage(), inUse);
      }
    }
  }

  /** A connection as the owner of the tables. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(url, owner.user(), owner.password());
  }

  /** Whether a server runs on the folder. */
  public boolean running() {
    return started == null;
  }

  @Override
  public void close() {
    if (started != null) {
      started.close();
    }
  }
}
