package io.citywide.bench.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** How to start Java with the server's classes, up to and without a command as {@code serve}. */
final class Launch {

  /** The first compiler alone: who lives for a minute starts with half the work. */
  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  private Launch() {}

  /** The server's jar, with its start-up cache where there is one; the classes of this process where it was not built. */
  static List<String> built(Path root) {
    Path jar = jar(root);
    if (!Files.exists(jar) || !Files.isDirectory(jar.resolveSibling("lib"))) {
      return classes();
    }
    List<String> start = new ArrayList<>(options());
    Path cache = cache(root);
    if (Files.exists(cache)) {
      start.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off", "-Xlog:cds=off"));
    }
    start.addAll(List.of("-jar", jar.toString()));
    return start;
  }

  /**
   * As {@link #built}, with the start-up cache made first where it is missing or older than the jar: a server then starts
   * in two thirds of the time. The classes of this process where the jar is older than what it was made of, as in a run of single tests.
   */
  static List<String> trained(Path root) throws IOException, InterruptedException {
    Path jar = jar(root);
    if (!Files.exists(jar) || newest(root).compareTo(Files.getLastModifiedTime(jar)) > 0) {
      return classes();
    }
    Path cache = cache(root);
    if (!Files.exists(cache) || Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) < 0) {
      Files.deleteIfExists(cache);
      Path folder = Files.createTempDirectory("citywide-train-");
      List<String> command = new ArrayList<>(options());
      command.addAll(List.of("-XX:AOTCacheOutput=" + cache, "-jar", jar.toString(), "serve", "--port", "0", "--data", folder.resolve("data").toString(), "--exit-when-ready"));
      Process training = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("out").toFile()).start();
      if (!training.waitFor(3, TimeUnit.MINUTES)) {
        training.destroyForcibly();
      }
      FaultsBench.deleteTree(folder);
    }
    List<String> start = new ArrayList<>(built(root));
    start.add(1, QUICK);
    return start;
  }

  /** The server's classes as this process has them. */
  static List<String> classes() {
    List<String> start = new ArrayList<>(options());
    start.addAll(List.of(QUICK, "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        "io.citywide.cli.Citywide"));
    return start;
  }

  /** As {@code ./citywide} starts it. */
  private static List<String> options() {
    return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--enable-native-access=ALL-UNNAMED",
        "-Djava.awt.headless=true", "-XX:+UseSerialGC", "-Xmx512m");
  }

  private static Path jar(Path root) {
    return root.resolve("server/target/citywide.jar");
  }

  private static Path cache(Path root) {
    return root.resolve("server/target/citywide.aot");
  }

  /** When the newest class was compiled. */
  private static FileTime newest(Path root) throws IOException {
    FileTime newest = FileTime.fromMillis(0);
    for (String module : List.of("grid", "watch", "server")) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("target/classes"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
          FileTime time = Files.getLastModifiedTime(file);
          newest = time.compareTo(newest) > 0 ? time : newest;
        }
      }
    }
    return newest;
  }
}
