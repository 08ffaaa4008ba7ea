package io.citywide.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server as an operator runs it: a process of its own, started with {@code serve} and stopped with SIGTERM. */
final class ServerProcess implements AutoCloseable {

  private static final Pattern ANSWERS = Pattern.compile("Citywide answers at (http://\\S+)");
  private static final Pattern PASSWORD = Pattern.compile("First start: account (\\S+)\\s+one-time password (\\S+)");

  final Process process;
  final Map<String, String> firstPasswords = new HashMap<>();
  private final CompletableFuture<URI> address = new CompletableFuture<>();
  private final List<String> output = new ArrayList<>();

  /** Starts and does not wait. */
  ServerProcess(Path data, Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC", "-Xmx256m", "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
        "io.citywide.cli.Citywide", "serve", "--data", data.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    Thread.ofVirtual().start(this::listen);
  }

  private void listen() {
    try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (output) {
          output.add(line);
        }
        Matcher password = PASSWORD.matcher(line);
        if (password.find()) {
          firstPasswords.put(password.group(1), password.group(2));
        }
        Matcher found = ANSWERS.matcher(line);
        if (found.find()) {
          address.complete(URI.create(found.group(1)));
        }
      }
    } catch (IOException e) {
      // It ended.
    }
    address.completeExceptionally(new IllegalStateException("the server ended:\n" + output()));
  }

  String output() {
    synchronized (output) {
      return String.join("\n", output);
    }
  }

  /** Where it answers, waiting for that; a machine with other work to do takes its time. */
  URI address() throws Exception {
    return address.get(5, TimeUnit.MINUTES);
  }

  int port() throws Exception {
    return address().getPort();
  }

  /** SIGTERM, as service managers send it; answers how long it took to end. */
  Duration stop() throws InterruptedException {
    long begin = System.nanoTime();
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the server did not end within 60 s of SIGTERM:\n" + output());
    }
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}
