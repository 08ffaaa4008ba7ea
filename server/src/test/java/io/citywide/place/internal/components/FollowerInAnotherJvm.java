package io.citywide.place.internal.components;

import io.citywide.grid.index.Snapshot;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ServerSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/**
 * A process of its own that follows a database with an index of components and merges it without a pause, until it is
 * killed. To each line of its input it answers with the revision of the index after a look.
 */
final class FollowerInAnotherJvm implements AutoCloseable {

  private final Process process;
  private final BufferedReader lines;

  private FollowerInAnotherJvm(Process process) {
    this.process = process;
    this.lines = process.inputReader();
  }

  static FollowerInAnotherJvm start(Path folder, String url, String user, String password) throws IOException {
    String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED", "-cp", classPath, FollowerInAnotherJvm.class.getName(), folder.toString(), url, user, password)
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    FollowerInAnotherJvm follower = new FollowerInAnotherJvm(process);
    follower.read("READY");
    return follower;
  }

  /** What the index holds after a look at the database. */
  String revision() throws IOException {
    process.outputWriter().append("look\n").flush();
    return read("REVISION ");
  }

  /** How many merges it has done. */
  int merges() throws IOException {
    process.outputWriter().append("merges\n").flush();
    return Integer.parseInt(read("MERGES "));
  }

  private String read(String word) throws IOException {
    for (String line; (line = lines.readLine()) != null; ) {
      if (line.startsWith(word)) return line.substring(word.length());
    }
    throw new IOException("the other process ended without a word");
  }

  /** SIGKILL: no shutdown hook sees it. Returns when the process is gone. */
  void kill9() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(20, TimeUnit.SECONDS)) throw new IllegalStateException("it does not die");
  }

  @Override
  public void close() throws InterruptedException {
    kill9();
  }

  public static void main(String[] args) throws Exception {
    var source = new DriverManagerDataSource(args[1], args[2], args[3]);
    var keeper = new ComponentIndexKeeper(new ServerSettings(Path.of(args[0]), "", ZoneId.of("Asia/Shanghai")), source, new JdbcTransactionManager(source),
        JdbcClient.create(source), new Nobody());
    keeper.start();
    keeper.refresh();
    int[] merges = new int[1];
    Thread.ofPlatform().daemon().start(() -> {
      while (true) {
        keeper.index().merge();
        merges[0]++;
      }
    });
    System.out.println("READY");
    try (var in = new BufferedReader(new java.io.InputStreamReader(System.in))) {
      for (String line; (line = in.readLine()) != null; ) {
        if (line.equals("merges")) {
          System.out.println("MERGES " + merges[0]);
          continue;
        }
        keeper.refresh();
        try (Snapshot now = keeper.open()) {
          System.out.println("REVISION " + now.revision());
        }
      }
    }
    System.exit(0);
  }

  /** There is no other server. */
  static final class Nobody implements Neighbours {
    @Override
    public boolean alone() {
      return true;
    }

    @Override
    public boolean deaf() {
      return false;
    }

    @Override
    public void tell(String topic, Map<String, Object> facts) {}

    @Override
    public void everywhere(String topic, Map<String, Object> facts) {}

    @Override
    public void hear(String topic, Consumer<Map<String, Object>> listener) {}

    @Override
    public void hearGap(Runnable listener) {}
  }

  /** For messages. */
  @Override
  public String toString() {
    return List.of("follower", process.pid()).toString();
  }
}
