package io.citywide.cli;

import io.citywide.demo.Account;
import io.citywide.demo.CityData;
import io.citywide.demo.CityPlan;
import io.citywide.demo.DemoCity;
import io.citywide.demo.SensorNet;
import io.citywide.demo.Simulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A living city to look at: a server as {@code serve} starts it, and a client that fills it and works in it. */
@Command(name = "demo", description = "Starts a generated, living city.", mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

  private static final long SEED = 20_261_122;

  /** The system chooses a port. */
  private static final int ANY = 0;

  /** One account per role is shown; the others have the same password. */
  private static final Set<String> SHOWN =
      Set.of("collector", "acceptor", "shift", "dispatcher", "handler", "verifier", "evaluator", "leader", "admin", "security", "audit");

  @Option(names = "--port", description = "Port on the loopback address (default: ${DEFAULT-VALUE}).", paramLabel = "PORT", defaultValue = "8080")
  int port;

  @Option(names = "--data", description = "Folder for everything the city keeps (default: ${DEFAULT-VALUE}).", paramLabel = "DIR", defaultValue = "data/demo")
  Path data;

  @Option(names = "--mqtt-port", description = "Port for devices that speak MQTT, on the loopback address; another where it is taken, 0: none (default: ${DEFAULT-VALUE}).",
      paramLabel = "PORT", defaultValue = "1883")
  int mqttPort;

  @Option(names = "--quiet-city", description = "No simulator, no observations and no watch rules: nothing happens but what you do.")
  boolean quiet;

  @Option(names = "--components", paramLabel = "N",
      description = "Around the city, a metropolis with so many components more, up to 40000000 (default: none; Shanghai has 15000000).")
  Long components;

  @Override
  public Integer call() {
    if (components != null && (components < 1 || components > 40_000_000)) {
      System.err.println("error: --components must be 1..40000000, was " + components);
      return 2;
    }
    ServeCommand serve = new ServeCommand();
    serve.port = port;
    serve.data = data;
    int mqtt = mqttPort == 0 ? 0 : free(mqttPort);
    RunningServer server = serve.start(Map.of("citywide.mqtt.port", String.valueOf(mqtt), "citywide.mqtt.host", "127.0.0.1"));
    if (server == null) {
      return 1;
    }
    if (mqtt != 0) {
      System.out.println("Devices speak MQTT at 127.0.0.1:" + mqtt);
    }
    System.out.println("Citywide answers at " + server.address() + "  (stop with Ctrl+C)");
    URI base = URI.create(server.address());
    Thread life = Thread.ofVirtual().name("demo-city").unstarted(() -> live(base, mqtt, server));
    server.beforeStop(life::interrupt);
    life.start();
    return ServeCommand.RUNNING;
  }

  /** This port, or another where somebody listens there. */
  private static int free(int wanted) {
    try (ServerSocket probe = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    } catch (IOException e) {
      return wanted == ANY ? -1 : free(ANY);
    }
  }

  private void live(URI base, int mqtt, RunningServer server) {
    try {
      CityPlan plan = CityPlan.generate(SEED);
      CityData city = components == null ? CityData.of(plan) : CityData.of(plan, components);
      List<Account> accounts = new DemoCity(base, city, part -> System.out.println("  " + part)).load(server.firstPasswords());
      SensorNet sensors = new SensorNet(base, Math.max(0, mqtt), city, SEED, part -> System.out.println("  " + part));
      sensors.register();
      if (!quiet) {
        sensors.watch();
      }
      System.out.println("The city is there. Sign in with the password " + DemoCity.PASSWORD + " as:");
      accounts.stream().filter(account -> SHOWN.contains(account.login()))
          .forEach(account -> System.out.printf("  %-11s %s, %s%n", account.login(), account.name(), account.role()));
      System.out.println("Citizens report at " + base + "/report without signing in.");
      if (!quiet) {
        server.beforeStop(sensors::close);
        sensors.begin();
        Simulator simulator = new Simulator(base, Simulator.Pace.CALM);
        server.beforeStop(simulator::close);
        simulator.run();
      }
    } catch (RuntimeException e) {
      System.err.println("error: " + e.getMessage());
    }
  }
}
