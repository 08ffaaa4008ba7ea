package io.citywide.bench.flink;

import io.citywide.bench.BenchResult;
import io.citywide.flink.JobOptions;
import io.citywide.flink.local.Cluster;
import io.citywide.flink.local.Sample;
import io.citywide.flink.local.Topics;
import io.citywide.flink.local.Trial;
import io.citywide.watch.Decision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The same readings through the watch engine in one process (one for each partition, and one for the sources) and through Kafka and Flink (a broker, a
 * JobManager and two TaskManagers, each a process): first left alone, then with one TaskManager killed in the middle. Both times the decisions must be the
 * same, each once.
 */
public final class FlinkBench {
  private static final int AREAS = 24;
  private static final int SHEDS = 100;
  private static final int PARTITIONS = 8;
  private static final Pattern DURATION = Pattern.compile("\"duration\":(\\d+)");

  private FlinkBench() {}

  /** {@code [SECONDS]} of event time that are sent, default 1500. */
  public static void main(String[] args) throws Exception {
    int seconds = args.length > 0 ? Integer.parseInt(args[0]) : 1500;
    Path folder = Files.createTempDirectory("citywide-flink");
    Cluster cluster = new Cluster(folder, System.getProperty("java.class.path"), System.getProperty("citywide.broker"));
    Thread hook = new Thread(() -> stop(cluster));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      run(cluster, new Sample(AREAS, SHEDS, seconds, 35_965), seconds);
    } finally {
      stop(cluster);
      Runtime.getRuntime().removeShutdownHook(hook);
    }
    delete(folder);
  }

  private static void run(Cluster cluster, Sample sample, int seconds) throws Exception {
    int kafka = Cluster.freePort();
    int rest = Cluster.freePort();
    say("starting Kafka, a JobManager and two TaskManagers");
    cluster.startKafka(kafka);
    cluster.startJobManager(rest, rest + 1, 2);
    cluster.startTaskManager(1, rest, 1);
    cluster.startTaskManager(2, rest, 2);

    say("deciding in one process");
    long begin = System.nanoTime();
    List<Decision> expected = sample.decide(PARTITIONS);
    double alone = (System.nanoTime() - begin) / 1e9;
    say(expected.size() + " decisions in %.1f s".formatted(alone));

    String[] calm = options(kafka, "calm");
    Trial first = trial(calm);
    long readings = send(first, sample, seconds);
    String job = cluster.submit(rest, 2, calm);
    double took = finish(rest, job);
    Trial.Outcome left = first.compare(expected);
    say("left alone: " + left + ", %.1f s".formatted(took));

    String[] struck = options(kafka, "struck");
    Trial second = trial(struck);
    send(second, sample, seconds);
    String again = cluster.submit(rest, 2, struck);
    double recovery = kill(cluster, second, rest, again);
    finish(rest, again);
    Trial.Outcome hit = second.compare(expected);
    say("killed: " + hit + ", recovered in %.1f s".formatted(recovery));

    if (expected.size() < 100 || !left.same() || !hit.same()) throw new IllegalStateException("the decisions differ: left alone " + left + ", killed " + hit);
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("flink_decisions_equal", (double) Math.min(left.equal(), hit.equal()));
    figures.put("flink_decisions_expected", (double) expected.size());
    figures.put("flink_lost", (double) (left.lost() + hit.lost()));
    figures.put("flink_doubled", (double) (left.doubled() + hit.doubled()));
    figures.put("flink_recovery_seconds", Math.round(recovery * 10) / 10.0);
    figures.put("flink_observations_per_second", (double) Math.round(readings / took));
    figures.put("one_process_observations_per_second", (double) Math.round(readings / alone));
    BenchResult.now("flink", "./citywide bench flink " + seconds,
        "%,d readings of %,d generated devices over %d s, most of which come by sources that fail now and then, and a calendar; JSON in Kafka 4.3; "
            .formatted(readings, AREAS * (3 * SHEDS + 1), seconds)
            + "Flink 2.3 with 2 TaskManagers of 2 slots, job of 2 workers, a checkpoint each second, exactly once; all on this machine; "
            + "throughput is from the start of the job to its end, checkpoints and decisions committed",
        "all %d decisions against one process without Kafka and Flink, an engine for each of %d partitions and one for the sources, "
            .formatted(expected.size(), PARTITIONS)
            + "by their whole text and their order for each rule and subject; once left alone, once with a TaskManager killed by SIGKILL in the middle",
        figures).write();
    figures.forEach((key, value) -> say(key + " " + value));
  }

  private static String[] options(int kafka, String name) {
    return new String[] {"--bootstrap", "127.0.0.1:" + kafka, "--observations", name + ".observations", "--control", name + ".watch", "--decisions", name + ".decisions",
        "--refused", name + ".refused", "--group", name, "--partitions", String.valueOf(PARTITIONS), "--bounded", "true"};
  }

  private static Trial trial(String[] options) throws Exception {
    JobOptions read = JobOptions.of(options);
    Topics.create(read, (short) 1);
    return new Trial(read);
  }

  private static long send(Trial trial, Sample sample, int seconds) throws Exception {
    trial.sendControl(sample);
    return trial.sendReadings(sample, 0, seconds, true);
  }

  /** Waits for the job to end. @return seconds it ran */
  private static double finish(int rest, String job) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(8);
    while (System.nanoTime() < until) {
      Optional<String> answer = Cluster.rest(rest, "/jobs/" + job);
      if (answer.isPresent() && answer.get().contains("\"state\":\"FINISHED\"")) {
        Matcher m = DURATION.matcher(answer.get());
        if (!m.find()) throw new IllegalStateException("the JobManager does not say how long the job ran: " + answer.get());
        return Long.parseLong(m.group(1)) / 1000.0;
      }
      if (answer.isPresent() && answer.get().contains("\"state\":\"FAILED\"")) throw new IllegalStateException("the job failed: " + Cluster.rest(rest, "/jobs/" + job + "/exceptions").orElse(""));
      Thread.sleep(100);
    }
    throw new IllegalStateException("the job did not end within 8 minutes");
  }

  /** Kills a TaskManager once a third is dealt with. @return seconds until more is dealt with for good */
  private static double kill(Cluster cluster, Trial trial, int rest, String job) throws Exception {
    long[] at = trial.progress();
    while (at[0] * 3 < at[1]) {
      Thread.sleep(50);
      at = trial.progress();
    }
    if (at[0] >= at[1]) throw new IllegalStateException("the job was done before a TaskManager could be killed; send more");
    ProcessHandle victim = ProcessHandle.of(cluster.taskManager(2)).orElseThrow();
    if (!victim.destroyForcibly()) throw new IllegalStateException("TaskManager 2 could not be killed");
    victim.onExit().get(10, TimeUnit.SECONDS);
    long begin = System.nanoTime();
    long killedAt = trial.progress()[0];
    say("killed TaskManager 2 when %d of %d records were dealt with".formatted(killedAt, at[1]));
    while (trial.progress()[0] <= killedAt) {
      if (System.nanoTime() - begin > TimeUnit.MINUTES.toNanos(3)) throw new IllegalStateException("no progress 3 minutes after a TaskManager was killed: " + Cluster.rest(rest, "/jobs/" + job).orElse(""));
      Thread.sleep(50);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void stop(Cluster cluster) {
    try {
      cluster.stop();
    } catch (Exception e) {
      System.err.println("could not end the cluster: " + e.getMessage());
    }
  }

  private static void delete(Path folder) throws java.io.IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
    }
  }

  private static void say(String what) {
    System.out.println("flink: " + what);
  }
}
