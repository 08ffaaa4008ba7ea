package io.citywide.ledger.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code ledger verify --db-url}: a process of its own, with nothing but what it is given. */
final class VerifierInAnotherJvm {

  /** What it said, to either stream, and with what code it ended. */
  record Said(int exit, String text) {}

  private VerifierInAnotherJvm() {}

  /**
   * @param data folder with the keys, if they are known
   * @param environment the variables of the server that it has
   */
  static Said verify(Path data, String url, Map<String, String> environment) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-Xmx200m",
        "-cp", System.getProperty("java.class.path"), "io.citywide.cli.Citywide", "ledger", "verify", "--data", data.toString(), "--db-url", url)).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("CITYWIDE_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Said(process.waitFor(), text);
  }
}
