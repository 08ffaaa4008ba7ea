package io.citywide.sensing.internal.topics;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The ordinary clients of Debian: {@code mosquitto_sub} for as long as it is open, {@code mosquitto_pub} for a message. */
final class Mosquitto implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What was told: topic and payload. */
  record Told(String topic, JsonNode json) {}

  private final Process process;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

  private Mosquitto(Process process) {
    this.process = process;
    Thread.ofVirtual().start(() -> {
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        lines.lines().forEach(said::add);
      } catch (IOException | java.io.UncheckedIOException e) {
        said.add("closed");
      }
    });
  }

  private static Process start(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort("mosquitto_sub is not installed (Debian: apt-get install mosquitto-clients): the test with an ordinary MQTT client did not run");
      throw new IllegalStateException(e);
    }
  }

  /** Subscribes with quality 1; returns when it was answered. */
  static Mosquitto subscribe(int port, String version, String user, String password, String... topics) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of("stdbuf", "-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", String.valueOf(port), "-V", version, "-u", user, "-P", password,
        "-q", "1", "-d", "-F", "told %t %p"));
    for (String topic : topics) {
      command.addAll(List.of("-t", topic));
    }
    return new Mosquitto(start(command));
  }

  /** What the SUBACK granted: qualities, or from 128 on reasons of refusal. */
  List<Integer> granted() throws InterruptedException {
    String line = line("Subscribed (mid: ");
    return java.util.Arrays.stream(line.substring(line.indexOf("): ") + 3).split(", ")).map(Integer::valueOf).toList();
  }

  Told next() throws InterruptedException {
    String[] parts = line("told ").split(" ", 3);
    return new Told(parts[1], JSON.readTree(parts[2]));
  }

  private String line(String beginning) throws InterruptedException {
    List<String> passed = new ArrayList<>();
    for (String line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS); line != null; line = said.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      if (line.startsWith(beginning)) {
        return line;
      }
      passed.add(line);
    }
    throw new AssertionError("it did not say '" + beginning + "' within " + PATIENCE_SECONDS + " s, but " + passed);
  }

  /** Publishes with quality 1. @return what the client said; begins with its exit code */
  static String publish(int port, String version, String user, String password, String topic, String payload) throws IOException, InterruptedException {
    Process process = start(List.of("mosquitto_pub", "-h", "127.0.0.1", "-p", String.valueOf(port), "-V", version, "-u", user, "-P", password, "-t", topic, "-m", payload, "-q", "1", "-d"));
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return process.exitValue() + " " + said;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
