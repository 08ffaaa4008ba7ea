package io.citywide.cli;

import io.citywide.CitywideApplication;
import io.citywide.identity.FirstAccounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.PayloadApplicationEvent;
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
    System.out.println("Citywide answers at " + server.address() + "  (stop with Ctrl+C)");
    server.printFirstPasswords();
    if (exitWhenReady) {
      server.context().close();
      return 0;
    }
    return RUNNING;
  }

  private void forgetAddress() {
    try {
      RunningAddress.delete(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server that answers. */
  record RunningServer(ConfigurableApplicationContext context, String address, Map<String, String> firstPasswords) {

    void printFirstPasswords() {
      firstPasswords.forEach((login, password) -> System.out.printf("First start: account %-9s one-time password %s%n", login, password));
    }
  }

  /** Starts the server; {@code null} if it did not start, after its reason was logged. */
  RunningServer start(Map<String, String> defaults) {
    AtomicReference<Map<String, String>> first = new AtomicReference<>(Map.of());
    SpringApplication application = new SpringApplication(CitywideApplication.class);
    application.setLogStartupInfo(false);
    application.addListeners((ApplicationListener<ApplicationEvent>) event -> {
      if (event instanceof PayloadApplicationEvent<?> wrapped && wrapped.getPayload() instanceof FirstAccounts accounts) {
        first.set(accounts.passwords());
      }
    });
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
    try {
      ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
      int actual = ((WebServerApplicationContext) context).getWebServer().getPort();
      String address = "http://127.0.0.1:" + actual;
      RunningAddress.write(data, address);
      context.addApplicationListener((ApplicationListener<ContextClosedEvent>) closed -> forgetAddress());
      return new RunningServer(context, address, first.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      return null; // the framework has logged it in words (see SettingsFailure and the embedded database's messages)
    }
  }
}
