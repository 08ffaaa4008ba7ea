package io.citywide.bench.faults;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.JsonNode;

/** The process of {@link Clients}, as the bench commands it. */
final class ClientsUnderTest implements AutoCloseable {

  private static final int PAUSE_SECONDS = 180;

  private final Path folder;
  private final Staff staff;
  private Process process;
  private BufferedWriter in;
  private LinkedBlockingQueue<String> said;

  ClientsUnderTest(Path folder, Staff staff) {
    this.folder = folder;
    this.staff = staff;
  }

  void start() throws IOException, InterruptedException {
    process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true", "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), Clients.class.getName(),
            folder.toString(), Integer.toString(staff.workers()), Integer.toString(staff.restMillis()))
        .redirectError(folder.resolve("clients.err").toFile()).start();
    in = process.outputWriter();
    said = new LinkedBlockingQueue<>();
    LinkedBlockingQueue<String> lines = said;
    Process started = process;
    Thread.ofVirtual().start(() -> {
      try (BufferedReader out = started.inputReader()) {
        for (String line; (line = out.readLine()) != null; ) {
          lines.add(line);
        }
      } catch (IOException gone) {
        // Its end is seen elsewhere.
      }
    });
    await("ready", 60);
  }

  void go() throws IOException {
    say("go");
  }

  /** Lets every act under way be acknowledged; what the process has counted since its start. */
  JsonNode pause() throws IOException, InterruptedException {
    say("pause");
    return Caller.JSON.readTree(await("paused", PAUSE_SECONDS).substring("paused ".length()));
  }

  void kill9() {
    process.destroyForcibly().onExit().join();
  }

  private void say(String line) throws IOException {
    in.write(line + "\n");
    in.flush();
  }

  private String await(String word, int seconds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < deadline) {
      String line = said.poll(100, TimeUnit.MILLISECONDS);
      if (line != null && line.startsWith(word)) {
        return line;
      }
      if (line == null && !process.isAlive()) {
        throw new IllegalStateException("the clients ended with code " + process.exitValue() + "; see " + folder.resolve("clients.err"));
      }
    }
    throw new IllegalStateException("the clients have not said '" + word + "' within " + seconds + " s; their acts are not acknowledged. See " + folder);
  }

  @Override
  public void close() {
    if (process != null) {
      kill9();
    }
  }

  static List<String> logins() {
    return java.util.stream.Stream.concat(java.util.Arrays.stream(Act.values()).map(Act::login), java.util.stream.Stream.of("admin", "evaluator")).distinct().toList();
  }
}
