package io.citywide.cli;

import io.citywide.CitywideApplication;
import io.citywide.identity.FirstAccounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.ContextClosedEvent;

/** A server that answers, in this process. */
record RunningServer(ConfigurableApplicationContext context, String address, Map<String, String> firstPasswords) implements AutoCloseable {

  /** {@code null} if it did not start, after its reason was logged in words. */
  static RunningServer start(Path data, List<String> arguments) {
    AtomicReference<Map<String, String>> first = new AtomicReference<>(Map.of());
    SpringApplication application = new SpringApplication(CitywideApplication.class);
    application.setLogStartupInfo(false);
    application.addListeners((ApplicationListener<ApplicationEvent>) event -> {
      if (event instanceof PayloadApplicationEvent<?> wrapped && wrapped.getPayload() instanceof FirstAccounts accounts) {
        first.set(accounts.passwords());
      }
    });
    try {
      ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
      String address = "http://127.0.0.1:" + ((WebServerApplicationContext) context).getWebServer().getPort();
      RunningAddress.write(data, address);
      RunningServer server = new RunningServer(context, address, first.get());
      server.beforeStop(() -> forgetAddress(data));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      return null; // the framework has logged it in words (see StartFailures and the embedded database's messages)
    }
  }

  private static void forgetAddress(Path data) {
    try {
      RunningAddress.delete(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs at the beginning of the stop. */
  void beforeStop(Runnable last) {
    context.addApplicationListener((ApplicationListener<ContextClosedEvent>) closed -> last.run());
  }

  void printFirstPasswords() {
    firstPasswords.forEach((login, password) -> System.out.printf("First start: account %-9s one-time password %s%n", login, password));
  }

  @Override
  public void close() {
    context.close();
  }
}
