package io.citywide.flink.local;

import java.io.File;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A Kafka broker, a JobManager and TaskManagers, each a process on the loopback interface with at most 400 MB of heap, their files and logs in one
 * folder. What is started is known by the pid files in it; nothing else is ever ended.
 */
public final class Cluster {
  private static final String KAFKA = "kafka";
  private static final String JOBMANAGER = "jobmanager";
  private static final String TASKMANAGER = "taskmanager-";
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  /** What Flink and Kafka reach into; on Java 25. */
  private static final List<String> OPENED = List.of("java.base/java.lang", "java.base/java.lang.invoke", "java.base/java.lang.reflect", "java.base/java.net", "java.base/java.io",
      "java.base/java.nio", "java.base/sun.nio.ch", "java.base/java.text", "java.base/java.time", "java.base/java.util", "java.base/java.util.concurrent",
      "java.base/java.util.concurrent.atomic", "java.base/java.util.concurrent.locks");

  private final Path folder;
  private final String classpath;
  private final String broker;

  /**
   * @param classpath of this module and all it needs
   * @param broker class path of the broker
   */
  public Cluster(Path folder, String classpath, String broker) {
    this.folder = folder.toAbsolutePath();
    this.classpath = absolute(classpath);
    this.broker = absolute(broker);
  }

  /** The processes run in that folder. */
  private static String absolute(String classpath) {
    return Arrays.stream(classpath.split(File.pathSeparator)).map(p -> Path.of(p).toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator));
  }

  /** The options of the JVM that Flink needs on Java 25. */
  public static List<String> jvm() {
    List<String> options = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
        "--add-exports=java.base/sun.net.util=ALL-UNNAMED", "--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED"));
    OPENED.forEach(p -> options.add("--add-opens=" + p + "=ALL-UNNAMED"));
    return options;
  }

  /** Starts the broker and waits until it answers on {@code port}. The port after it must be free too. */
  public void startKafka(int port) throws IOException, InterruptedException {
    start(KAFKA, broker, "-Xmx400m", List.of(), "io.citywide.broker.Broker", folder.resolve("kafka").toString(), String.valueOf(port));
    await(KAFKA, "the broker answers on port " + port, () -> answers(port));
  }

  /**
   * Starts the JobManager and waits until its REST interface answers.
   *
   * @param slots of each TaskManager
   */
  public void startJobManager(int restPort, int rpcPort, int slots) throws IOException, InterruptedException {
    Files.createDirectories(folder.resolve("conf"));
    Files.createDirectories(folder.resolve("checkpoints"));
    Files.write(folder.resolve("conf/config.yaml"), List.of(
        "jobmanager.rpc.address: 127.0.0.1", "jobmanager.bind-host: 127.0.0.1", "jobmanager.rpc.port: " + rpcPort,
        "rest.address: 127.0.0.1", "rest.bind-address: 127.0.0.1", "rest.port: " + restPort,
        "taskmanager.bind-host: 127.0.0.1", "taskmanager.host: 127.0.0.1", "taskmanager.numberOfTaskSlots: " + slots,
        // A JVM started without Flink's own script must be told what it would have computed.
        "taskmanager.cpu.cores: " + slots, "taskmanager.memory.task.heap.size: 256m", "taskmanager.memory.task.off-heap.size: 0m",
        "taskmanager.memory.managed.size: 16m", "taskmanager.memory.network.min: 32m", "taskmanager.memory.network.max: 32m",
        "taskmanager.memory.framework.heap.size: 64m", "taskmanager.memory.framework.off-heap.size: 64m", "taskmanager.memory.jvm-metaspace.size: 128m",
        "taskmanager.memory.jvm-overhead.min: 64m", "taskmanager.memory.jvm-overhead.max: 64m",
        // The slots of both are used, so that the loss of one is noticed.
        "taskmanager.load-balance.mode: SLOTS",
        "heartbeat.interval: 1000 ms", "heartbeat.timeout: 6000 ms",
        // A machine that does much else is slow to start.
        "pekko.startup-timeout: 120 s", "pekko.ask.timeout: 60 s",
        "execution.checkpointing.dir: " + folder.resolve("checkpoints").toUri(),
        "io.tmp.dirs: " + folder.resolve("tmp"), "blob.storage.directory: " + folder.resolve("tmp")));
    Files.createDirectories(folder.resolve("tmp"));
    start(JOBMANAGER, classpath, "-Xmx400m", List.of(), "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint", "--configDir", folder.resolve("conf").toString());
    await(JOBMANAGER, "the JobManager answers on port " + restPort, () -> rest(restPort, "/overview").isPresent());
  }

  /** Starts TaskManager {@code number} and waits until {@code expected} of them are registered. */
  public void startTaskManager(int number, int restPort, int expected) throws IOException, InterruptedException {
    start(TASKMANAGER + number, classpath, "-Xmx400m", List.of("-XX:MaxDirectMemorySize=160m"), "org.apache.flink.runtime.taskexecutor.TaskManagerRunner", "--configDir",
        folder.resolve("conf").toString(), "-D", "taskmanager.resource-id=taskmanager-" + number + "-" + System.nanoTime());
    await(TASKMANAGER + number, "TaskManager " + number + " is registered",
        () -> rest(restPort, "/overview").filter(t -> t.contains("\"taskmanagers\":" + expected + ",") || t.endsWith("\"taskmanagers\":" + expected + "}")).isPresent());
  }

  /** Sends the job. @return its id */
  public String submit(int restPort, int parallelism, String... options) throws IOException, InterruptedException {
    List<String> command = command(classpath, "-Xmx200m", List.of());
    command.addAll(List.of("io.citywide.flink.WatchJob", "--jobmanager", "127.0.0.1:" + restPort, "--parallelism", String.valueOf(parallelism)));
    command.addAll(List.of(options));
    Path log = folder.resolve("submit.log");
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) throw new IllegalStateException("the job was not taken: see " + log + "\n" + Files.readString(log));
    return out.lines().reduce((a, b) -> b).orElse("");
  }

  /** Pid of the TaskManager. */
  public long taskManager(int number) throws IOException {
    return pid(TASKMANAGER + number).orElseThrow(() -> new IllegalStateException("TaskManager " + number + " was not started here"));
  }

  /** Answer of the REST interface; empty where there is none, or it is not 200. */
  public static Optional<String> rest(int port, String path) {
    HttpClient client = HttpClient.newHttpClient();
    try (client) {
      HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** A port that is free, and the one after it too. */
  public static int freePort() throws IOException {
    while (true) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int port = first.getLocalPort();
        if (port > 65_000) continue;
        try (ServerSocket _ = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
          return port;
        } catch (IOException e) {
          // The one after it is taken; another pair.
        }
      }
    }
  }

  /** Ends everything that was started in this folder: TaskManagers, JobManager, broker. */
  public void stop() throws IOException, InterruptedException {
    if (!Files.isDirectory(folder)) return;
    List<String> names;
    try (var files = Files.list(folder)) {
      names = files.map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".pid")).map(n -> n.substring(0, n.length() - 4)).sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (String name : names) {
      Optional<ProcessHandle> process = process(name);
      if (process.isPresent()) {
        process.get().destroy();
        try {
          process.get().onExit().get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
          process.get().destroyForcibly();
        }
      }
      Files.deleteIfExists(folder.resolve(name + ".pid"));
    }
  }

  private static List<String> command(String classpath, String heap, List<String> more) {
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap, "-XX:+UseSerialGC"));
    command.addAll(jvm());
    command.addAll(more);
    command.addAll(List.of("-cp", classpath));
    return command;
  }

  private void start(String name, String classpath, String heap, List<String> more, String main, String... args) throws IOException {
    Files.createDirectories(folder);
    Optional<ProcessHandle> running = process(name);
    if (running.isPresent()) throw new IllegalStateException(name + " already runs in " + folder + " with pid " + running.get().pid());
    List<String> command = command(classpath, heap, more);
    command.add(main);
    command.addAll(List.of(args));
    Path log = folder.resolve(name + ".log");
    Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    process.getOutputStream().close();
    Files.writeString(folder.resolve(name + ".pid"), process.pid() + " " + process.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
  }

  private Optional<Long> pid(String name) throws IOException {
    Path file = folder.resolve(name + ".pid");
    return Files.exists(file) ? Optional.of(Long.parseLong(Files.readString(file).split(" ")[0])) : Optional.empty();
  }

  /** The process, where it still is the one that was started: a pid is used again, a pid with its start is not. */
  private Optional<ProcessHandle> process(String name) throws IOException {
    Optional<Long> pid = pid(name);
    if (pid.isEmpty()) return Optional.empty();
    long started = Long.parseLong(Files.readString(folder.resolve(name + ".pid")).split(" ")[1]);
    return ProcessHandle.of(pid.get()).filter(ProcessHandle::isAlive).filter(p -> p.info().startInstant().map(Instant::toEpochMilli).orElse(0L) == started);
  }

  private interface Check {
    boolean holds() throws IOException;
  }

  private void await(String name, String what, Check check) throws IOException, InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!check.holds()) {
      Path log = folder.resolve(name + ".log");
      if (process(name).isEmpty()) throw new IllegalStateException(name + " ended before " + what + "; its log " + log + " says:\n" + tail(log));
      if (System.nanoTime() > until) throw new IllegalStateException("waited " + PATIENCE.toSeconds() + " s in vain until " + what + "; see " + log + ":\n" + tail(log));
      Thread.sleep(100);
    }
  }

  private static String tail(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }

  private static boolean answers(int port) {
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** {@code start DIR [options of the job] | stop DIR}. */
  public static void main(String[] args) throws Exception {
    if (args.length < 2 || !List.of("start", "stop").contains(args[0])) {
      System.err.println("citywide flink start FOLDER [options of the job] | stop FOLDER");
      System.exit(2);
    }
    Cluster cluster = new Cluster(Path.of(args[1]), System.getProperty("java.class.path"), System.getProperty("citywide.broker", ""));
    if (args[0].equals("stop")) {
      cluster.stop();
      return;
    }
    int kafka = Integer.getInteger("citywide.kafka.port", 9092);
    int rest = Integer.getInteger("citywide.flink.port", 8081);
    try {
      cluster.startKafka(kafka);
      List<String> options = new ArrayList<>(List.of("--bootstrap", "127.0.0.1:" + kafka));
      options.addAll(List.of(args).subList(2, args.length));
      Topics.create(io.citywide.flink.JobOptions.of(options.toArray(String[]::new)), (short) 1);
      cluster.startJobManager(rest, rest + 1, 2);
      cluster.startTaskManager(1, rest, 1);
      cluster.startTaskManager(2, rest, 2);
      String job = cluster.submit(rest, 2, options.toArray(String[]::new));
      System.out.println("Kafka on 127.0.0.1:" + kafka + ", Flink on http://127.0.0.1:" + rest + "/overview, job " + job + "; logs and pids in " + cluster.folder);
    } catch (RuntimeException | IOException e) {
      cluster.stop();
      throw e;
    }
  }
}
