package io.citywide.bench.load;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The server under test: the jar that a user runs, with its embedded database, on a data folder and a free port. */
public final class ServerProcess implements AutoCloseable {

  private static final Pattern ADDRESS = Pattern.compile("Citywide answers at (http://\\S+)");
  private static final long TICKS_PER_SECOND = 100;

  private final Process process;
  private final Path data;
  private final URI address;

  private ServerProcess(Process process, Path data, URI address) {
    this.process = process;
    this.data = data;
    this.address = address;
  }

  /**
   * Starts the generated city without its simulator and waits until it is loaded.
   *
   * @param heap such as {@code 512m}
   * @param options further options of the JVM
   * @param city further options of {@code citywide demo}
   * @param patience how long loading may take
   * @throws IOException with its output where it does not start
   */
  public static ServerProcess start(Path jar, Path data, String heap, List<String> options, List<String> city, Duration patience)
      throws IOException, InterruptedException {
    return start(List.of("-jar", jar.toString()), Map.of(), data, heap, options, city, patience);
  }

  /**
   * @param program what the JVM runs: a jar, or a class with its path
   * @param environment further variables
   */
  static ServerProcess start(List<String> program, Map<String, String> environment, Path data, String heap, List<String> options, List<String> city, Duration patience)
      throws IOException, InterruptedException {
    Files.createDirectories(data);
    Path out = data.resolve("server.out");
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true", "-XX:+UseSerialGC", "-Xmx" + heap));
    command.addAll(options);
    command.addAll(program);
    command.addAll(List.of("demo", "--quiet-city", "--port", "0", "--data", data.toString()));
    command.addAll(city);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    // An interrupted benchmark leaves no server behind.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
    Instant until = Instant.now().plus(patience);
    while (process.isAlive() && Instant.now().isBefore(until)) {
      String said = Files.readString(out);
      Matcher address = ADDRESS.matcher(said);
      if (address.find() && said.contains("The city is there.")) {
        return new ServerProcess(process, data, URI.create(address.group(1)));
      }
      if (said.contains("error:")) {
        break;
      }
      process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    process.destroy();
    process.waitFor(30, TimeUnit.SECONDS);
    throw new IOException("the server did not start: " + Files.readString(out));
  }

  public URI address() {
    return address;
  }

  public Path data() {
    return data;
  }

  /** Seconds of processor time so far: of the server, and of its database. */
  public double[] processorSeconds() throws IOException {
    double database = 0;
    for (long pid : postgres()) {
      database += ticks(pid) / (double) TICKS_PER_SECOND;
    }
    return new double[] {ticks(process.pid()) / (double) TICKS_PER_SECOND, database};
  }

  /**
   * Waits until server and database have less than a tenth of a processor to do, five seconds long, though nobody asks: what
   * they do in the background after an import (vacuum, statistics, the copy of past cases) is then done.
   *
   * @return the seconds that took; at most {@code longest}
   */
  public double settle(Duration longest) throws IOException, InterruptedException {
    long begun = System.nanoTime();
    double before = Arrays.stream(processorSeconds()).sum();
    while (System.nanoTime() - begun < longest.toNanos()) {
      Thread.sleep(5000);
      double after = Arrays.stream(processorSeconds()).sum();
      if (after - before < 0.5) {
        break;
      }
      before = after;
    }
    return (System.nanoTime() - begun) / 1e9;
  }

  /** User and system time, with that of children that have ended. */
  private static long ticks(long pid) throws IOException {
    String stat;
    try {
      stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"), StandardCharsets.ISO_8859_1);
    } catch (java.nio.file.NoSuchFileException e) {
      return 0;
    }
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]) + Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
  }

  private List<Long> postgres() throws IOException {
    long postmaster = Long.parseLong(Files.readAllLines(find("postmaster.pid")).getFirst().strip());
    List<Long> all = new ArrayList<>(List.of(postmaster));
    ProcessHandle.of(postmaster).ifPresent(p -> p.descendants().forEach(d -> all.add(d.pid())));
    return all;
  }

  private Path find(String name) throws IOException {
    try (Stream<Path> files = Files.find(data, 3, (path, attributes) -> path.getFileName().toString().equals(name))) {
      return files.findFirst().orElseThrow(() -> new IOException("no " + name + " below " + data));
    }
  }

  /** Bytes of all tables and indexes on disk, without the write-ahead log. */
  long databaseBytes() throws IOException {
    try (Stream<Path> files = Files.walk(data.resolve("postgres/pgdata/base"))) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  /** Megabytes of heap in use after a full collection. */
  double liveHeapMegabytes() throws IOException, InterruptedException {
    jcmd("GC.run");
    Matcher used = Pattern.compile("total \\d+K, used (\\d+)K").matcher(jcmd("GC.heap_info"));
    long kilobytes = 0;
    while (used.find()) {
      kilobytes += Long.parseLong(used.group(1));
    }
    return kilobytes / 1024.0;
  }

  /** Megabytes of heap the server has taken from the system. */
  double heapMegabytes() throws IOException, InterruptedException {
    Matcher total = Pattern.compile("total (\\d+)K, used").matcher(jcmd("GC.heap_info"));
    long kilobytes = 0;
    while (total.find()) {
      kilobytes += Long.parseLong(total.group(1));
    }
    return kilobytes / 1024.0;
  }

  /** Most memory of the process at any time, resident, in megabytes. */
  public double peakResidentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream().filter(line -> line.startsWith("VmHWM"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElse(0) / 1024.0;
  }

  String jcmd(String command) throws IOException, InterruptedException {
    Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), String.valueOf(process.pid()), command)
        .redirectErrorStream(true).start();
    String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    jcmd.waitFor(30, TimeUnit.SECONDS);
    return said;
  }

  /** Stops it as a service manager does. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
