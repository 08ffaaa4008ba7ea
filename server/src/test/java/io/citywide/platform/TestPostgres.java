package io.citywide.platform;

import io.citywide.platform.internal.postgres.Credentials;
import io.citywide.platform.internal.postgres.DatabaseRoles;
import io.citywide.platform.internal.postgres.DatabaseUnavailableException;
import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;

/**
 * The real PostgreSQL of a test run: one server per JVM, started at the first use and ended with it, and as many
 * databases as the tests like. A fresh database is a copy of a template and costs some tens of milliseconds.
 */
public final class TestPostgres {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final String FOLDER = "test-postgres-";
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Map<String, String> TEMPLATES = new HashMap<>();
  private static EmbeddedPostgres server;

  private TestPostgres() {}

  /** A database of a test's own, with the logins of the two roles that share it. */
  public record TestDatabase(String jdbcUrl, Credentials owner, Credentials app) {
    public Connection connectAsOwner() throws SQLException {
      return DriverManager.getConnection(jdbcUrl, owner.user(), owner.password());
    }

    public Connection connectAsApp() throws SQLException {
      return DriverManager.getConnection(jdbcUrl, app.user(), app.password());
    }
  }

  /** An empty database, roles and default privileges prepared. */
  public static TestDatabase freshDatabase() {
    return freshDatabase("empty", database -> {});
  }

  /**
   * A copy of a prepared database. The preparation (such as the migrations) runs once per JVM and template name,
   * and must leave no connection open.
   */
  public static synchronized TestDatabase freshDatabase(String template, Consumer<TestDatabase> preparation) {
    String source = TEMPLATES.get(template);
    if (source == null) {
      source = create("template0");
      TestDatabase made = database(source);
      DatabaseRoles.prepare(made.jdbcUrl, made.owner, made.app);
      preparation.accept(made);
      TEMPLATES.put(template, source);
    }
    return database(create(source));
  }

  /** The server itself, for tests that look after it; never stop it. */
  public static synchronized EmbeddedPostgres server() {
    if (server == null) {
      removeLeftBehind();
      Path folder = TARGET.resolve(FOLDER + ProcessHandle.current().pid());
      server = EmbeddedPostgres.start(folder, new EmbeddedPostgres.Options(binaries(),
          Map.of("shared_buffers", "64MB", "max_connections", "200"), Duration.ofMinutes(2)));
      // Spring runs these after it has closed its contexts; a plain hook would race them, and a scheduler without a
      // database keeps the JVM for half a minute.
      SpringApplication.getShutdownHandlers().add(() -> {
        server.close();
        delete(folder);
      });
    }
    return server;
  }

  /** Unpacked programs, shared by all data folders of this JVM. */
  public static Path binaries() {
    return TARGET.resolve("test-postgres-binaries");
  }

  private static String create(String template) {
    String name = "test_" + COUNT.incrementAndGet();
    EmbeddedPostgres postgres = server();
    Credentials superuser = postgres.superuser();
    try (Connection connection =
            DriverManager.getConnection(postgres.jdbcUrl("postgres"), superuser.user(), superuser.password());
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " OWNER " + EmbeddedPostgres.OWNER + " TEMPLATE " + template);
      return name;
    } catch (SQLException e) {
      throw new IllegalStateException("cannot create a test database from " + template, e);
    }
  }

  private static TestDatabase database(String name) {
    return new TestDatabase(server().jdbcUrl(name), server().owner(), server().app());
  }

  /** Data folders of test runs that were killed before they could clean up. */
  private static void removeLeftBehind() {
    if (!Files.isDirectory(TARGET)) return;
    try (Stream<Path> entries = Files.list(TARGET)) {
      List<Path> old = entries.filter(p -> p.getFileName().toString().matches(FOLDER + "\\d+")).toList();
      for (Path folder : old) {
        long pid = Long.parseLong(folder.getFileName().toString().substring(FOLDER.length()));
        if (ProcessHandle.of(pid).isEmpty() || pid == ProcessHandle.current().pid()) deleteUnlessAnotherDoes(folder);
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot list " + TARGET, e);
    }
  }

  /** Two JVMs of a run begin at the same time. */
  private static void deleteUnlessAnotherDoes(Path folder) {
    try {
      delete(folder);
    } catch (DatabaseUnavailableException e) {
      // The other one holds its lock, and deletes it.
    }
  }

  private static void delete(Path folder) {
    try {
      EmbeddedPostgres.delete(folder);
      Files.deleteIfExists(folder.resolve("citywide.lock"));
      Files.delete(folder);
    } catch (IOException e) {
      throw new IllegalStateException("cannot delete " + folder, e);
    }
  }
}
