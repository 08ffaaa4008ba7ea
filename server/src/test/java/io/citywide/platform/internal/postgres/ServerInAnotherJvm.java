package io.citywide.platform.internal.postgres;

import io.citywide.platform.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process of its own that starts the database of a folder, says so on its standard output, and waits. */
final class ServerInAnotherJvm implements AutoCloseable {
  private static final String ADDRESS = "http://127.0.0.1:18080";

  final Process process;
  /** What it said: its postmaster's pid, or why it did not start. */
  final String said;

  private ServerInAnotherJvm(Process process, String said) {
    this.process = process;
    this.said = said;
  }

  static ServerInAnotherJvm start(Path dataDir) throws IOException {
    String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp", classPath, ServerInAnotherJvm.class.getName(), dataDir.toString(), TestPostgres.binaries().toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    BufferedReader lines = process.inputReader();
    for (String line; (line = lines.readLine()) != null; ) {
      if (line.startsWith("SAID ")) return new ServerInAnotherJvm(process, line.substring(5));
    }
    throw new IOException("the other process ended without a word, code " + process.exitValue());
  }

  /** The end that no shutdown hook sees. Returns when the process is gone. */
  void kill9() {
    process.destroyForcibly().onExit().join();
  }

  int exitCode() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) throw new IllegalStateException("the other process does not end");
    return process.exitValue();
  }

  @Override
  public void close() {
    kill9();
  }

  public static void main(String[] args) throws InterruptedException {
    try {
      EmbeddedPostgres postgres = EmbeddedPostgres.start(Path.of(args[0]),
          new EmbeddedPostgres.Options(Path.of(args[1]), Map.of("shared_buffers", "16MB"), Duration.ofMinutes(1)));
      postgres.announce(ADDRESS);
      System.out.println("SAID " + postgres.postmasterPid());
    } catch (DatabaseUnavailableException refused) {
      System.out.println("SAID " + String.join(" ", List.of(refused.getMessage().split("\n"))));
      System.exit(3);
    }
    new CountDownLatch(1).await();
  }
}
