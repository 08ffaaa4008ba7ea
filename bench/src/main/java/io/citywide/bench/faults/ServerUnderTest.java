package io.citywide.bench.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real server in a process of its own, as {@code ./citywide serve} starts it, on one data folder and one port for all its lives. */
final class ServerUnderTest implements AutoCloseable {

  private static final Duration START = Duration.ofMinutes(3);

  private final List<String> command;
  private final Path data;
  private final int port;
  private final Path log;
  private Process process;
  private final Map<String, String> environment = new HashMap<>();
  private Map<String, String> firstPasswords = Map.of();

  /**
   * @param java as of {@link Launch}
   * @param data made where it is missing
   * @param more further arguments of {@code serve}
   */
  ServerUnderTest(List<String> java, Path data, String... more) throws IOException {
    this.data = data;
    this.port = freePort();
    this.log = data.resolveSibling(data.getFileName() + ".out");
    command = new ArrayList<>(java);
    command.addAll(List.of("serve", "--port", Integer.toString(port), "--data", data.toString()));
    command.addAll(List.of(more));
  }

  /** Sets a variable for the next starts. */
  ServerUnderTest with(String name, String value) {
    environment.put(name, value);
    return this;
  }

  URI base() {
    return URI.create("http://127.0.0.1:" + port);
  }

  Path data() {
    return data;
  }

  /** By login; only after the first start of a data folder. */
  Map<String, String> firstPasswords() {
    return firstPasswords;
  }

  boolean runs() {
    return process != null && process.isAlive();
  }

  /**
   * Starts it and returns when it answers.
   *
   * @return how long that took
   * @throws IllegalStateException where it ends instead, with its last words
   */
  Duration start() throws IOException, InterruptedException {
    long from = System.nanoTime();
    boolean first = environment.isEmpty() && !Files.isDirectory(data.resolve("postgres/pgdata"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = builder.start();
    var said = new LinkedBlockingQueue<String>();
    Process started = process;
    Thread.ofVirtual().start(() -> {
      try (BufferedReader lines = started.inputReader()) {
        for (String line; (line = lines.readLine()) != null; ) {
          Files.writeString(log, line + "\n", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
          said.add(line);
        }
      } catch (IOException gone) {
        said.add("the output broke off: " + gone);
      }
    });
    Map<String, String> passwords = new HashMap<>();
    List<String> words = new ArrayList<>();
    boolean answers = false;
    while (!answers || first && passwords.size() < 3) {
      String line = said.poll(100, TimeUnit.MILLISECONDS);
      if (line != null) {
        words.add(line);
        answers |= line.startsWith("Citywide answers at");
        if (line.startsWith("First start: account")) {
          String[] parts = line.split("\\s+");
          passwords.put(parts[3], parts[parts.length - 1]);
        }
      } else if (!process.isAlive()) {
        throw new IllegalStateException("the server ended with code " + process.exitValue() + ": " + String.join(" | ", words));
      } else if (System.nanoTime() - from > START.toNanos()) {
        throw new IllegalStateException("the server does not answer after " + START + ": " + String.join(" | ", words));
      }
    }
    if (first) {
      firstPasswords = passwords;
    }
    return Duration.ofNanos(System.nanoTime() - from);
  }

  long pid() {
    return process.pid();
  }

  /** The end that no shutdown hook sees. */
  void kill9() {
    process.destroyForcibly().onExit().join();
  }

  /** The postmaster that its pid file names, if it runs on this data folder. */
  OptionalLong postmaster() {
    try {
      long pid = Long.parseLong(Files.readString(data.resolve("postgres/pgdata/postmaster.pid")).lines().findFirst().orElse("0").strip());
      String line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
      return line.contains(data.toRealPath().resolve("postgres/pgdata").toString()) ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (IOException | NumberFormatException none) {
      return OptionalLong.empty();
    }
  }

  /** Kills the postmaster; returns its pid. */
  long killPostmaster() throws InterruptedException {
    long pid = postmaster().orElseThrow(() -> new IllegalStateException("no postmaster runs on " + data));
    kill9(pid);
    return pid;
  }

  /** Kills a process and returns when it can do nothing any more; a zombie that nobody reaps counts as dead. */
  static void kill9(long pid) throws InterruptedException {
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (lives(pid)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("process " + pid + " outlives its kill");
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private static boolean lives(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z'; // proc(5): pid (comm) state
    } catch (IOException gone) {
      return false;
    }
  }

  /** Kills one of the sessions that work for the server, so that PostgreSQL throws out all the others and recovers. */
  boolean killBackend(Random random) {
    List<ProcessHandle> sessions = postmaster().stream().boxed().flatMap(pid -> ProcessHandle.of(pid).stream()).flatMap(ProcessHandle::children)
        .filter(child -> line(child.pid()).contains("citywide_app")).toList();
    if (sessions.isEmpty()) {
      return false;
    }
    return sessions.get(random.nextInt(sessions.size())).destroyForcibly();
  }

  private static String line(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  /** Whether the server says that it is healthy. */
  boolean answers() throws InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(1)).build()) {
      return http.send(HttpRequest.newBuilder(base().resolve("/api/health")).timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Ends it as an operator would, and by force where it does not. */
  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        kill9();
        throw new IllegalStateException("the server did not stop within a minute");
      }
    }
    if (postmaster().isPresent()) {
      kill9(postmaster().getAsLong());
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}
