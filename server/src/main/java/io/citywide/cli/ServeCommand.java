package io.citywide.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Real use: a server on a data folder or an external PostgreSQL. */
@Command(name = "serve", description = "Runs the server for real use.", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  /** The command has started a server, which goes on. */
  static final int RUNNING = -1;

  @Option(names = "--port", description = "Port on the loopback address (default: 8080, or server.port of the settings file).", paramLabel = "PORT")
  Integer port;

  @Option(names = "--data", description = "Folder for everything the server keeps (default: ${DEFAULT-VALUE}).", paramLabel = "DIR", defaultValue = "data")
  Path data;

  @Option(names = "--db-url", description = "External PostgreSQL 15 or later: jdbc:postgresql://host/db; owner by CITYWIDE_DATABASE_OWNER_USER and _OWNER_PASSWORD.", paramLabel = "URL")
  String dbUrl;

  @Option(names = "--settings", description = "Settings file, YAML or properties (default: DIR/citywide.yaml where it exists).", paramLabel = "FILE")
  Path settings;

  @Option(names = "--exit-when-ready", hidden = true)
  boolean exitWhenReady;

  @Override
  public Integer call() throws Exception {
    if (settings != null && !Files.isReadable(settings)) {
      System.err.println("citywide: there is no settings file " + settings);
      return 2;
    }
    RunningServer server = start(Map.of());
    if (server == null) {
      return 1;
    }
    // The address last: who waits for it has read the passwords by then.
    server.printFirstPasswords();
    System.out.println("Citywide answers at " + server.address() + "  (stop with Ctrl+C)");
    if (exitWhenReady) {
      server.close();
      return 0;
    }
    return RUNNING;
  }

  /**
   * Starts the server; {@code null} if it did not start, after its reason was logged.
   *
   * <p>In a class of its own: picocli looks through every method of a command, and so would load the framework for
   * {@code --help} too.
   */
  RunningServer start(Map<String, String> defaults) {
    List<String> arguments = new ArrayList<>();
    defaults.forEach((name, value) -> arguments.add("--" + name + "=" + value));
    arguments.add("--citywide.data=" + data);
    if (port != null) {
      arguments.add("--server.port=" + port);
    }
    if (dbUrl != null) {
      arguments.add("--citywide.database.url=" + dbUrl);
    }
    Path file = settings != null ? settings : data.resolve("citywide.yaml");
    arguments.add("--spring.config.additional-location=optional:" + file.toAbsolutePath().toUri());
    return RunningServer.start(data, arguments);
  }
}
