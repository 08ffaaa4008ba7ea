package io.citywide.flink;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.flink.local.Sample;
import io.citywide.watch.Decision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job in a cluster of two TaskManagers within this JVM, one of which is lost in the middle. Kafka is left out; {@code ./citywide bench flink} has all of it. */
class WatchJobTest {
  private static final Sample SAMPLE = new Sample(8, 20, 400, 35_965);
  private static final List<Message> MESSAGES = new ArrayList<>();
  private static final List<String> DOCUMENTS = SAMPLE.control().stream().map(Control::write).toList();
  private static final Queue<String> DECIDED = new ConcurrentLinkedQueue<>();
  private static final Queue<String> REFUSED = new ConcurrentLinkedQueue<>();
  private static final CountDownLatch UNDER_WAY = new CountDownLatch(50);

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void decidesWhatOneEngineDecidesThoughATaskManagerIsLost(@TempDir Path folder) throws Exception {
    JobOptions options = JobOptions.of("--partitions", "8", "--checkpoint-ms", "200");
    ObservationReader reader = new ObservationReader(options.partitions(), options.ahead().toMillis());
    SAMPLE.send((_, batch) -> MESSAGES.add(reader.read(Shards.of(batch.route(), options.partitions()), batch.arrived(), batch.json())));
    MESSAGES.add(reader.read(0, SAMPLE.end(), ("{\"tick\":" + SAMPLE.end() + "}").getBytes(StandardCharsets.UTF_8)));
    Configuration configuration = new Configuration();
    configuration.setString("execution.checkpointing.dir", folder.toUri().toString());
    configuration.setString("taskmanager.load-balance.mode", "SLOTS");
    configuration.setString("taskmanager.memory.network.min", "16m");
    configuration.setString("taskmanager.memory.network.max", "16m");
    configuration.setString("taskmanager.memory.managed.size", "8m");
    configuration.setString("rest.bind-port", "0");
    try (MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder().setNumTaskManagers(2).setNumSlotsPerTaskManager(2).setConfiguration(configuration).build())) {
      cluster.start();
      StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
      env.setParallelism(2);
      WatchJob.configure(env, options);
      DataStream<Message> messages = env.fromSource(source(MESSAGES.size(), i -> MESSAGES.get(i), TypeInformation.of(Message.class), 1500), WatchJob.watermarks(options), "observations").setParallelism(1);
      DataStream<String> documents = env.fromSource(source(DOCUMENTS.size(), i -> DOCUMENTS.get(i), Types.STRING, 100_000), WatermarkStrategy.noWatermarks(), "control").setParallelism(1);
      WatchJob.Watched watched = WatchJob.watch(messages, documents, options);
      watched.decided().sinkTo(new Into(true));
      watched.refused().sinkTo(new Into(false));
      JobID job = cluster.submitJob(env.getStreamGraph().getJobGraph()).get().getJobID();

      assertThat(UNDER_WAY.await(60, TimeUnit.SECONDS)).as("50 decisions").isTrue();
      cluster.terminateTaskManager(1).get();
      cluster.requestJobResult(job).get().toJobExecutionResult(getClass().getClassLoader());
      assertThat(cluster.getArchivedExecutionGraph(job).get().getFailureInfo()).as("the job noticed").isNotNull();
    }

    List<Decision> expected = SAMPLE.decide(options.partitions());
    assertThat(expected).hasSizeGreaterThan(300);
    assertThat(expected.stream().map(Decision::kind).distinct()).hasSizeGreaterThan(5);
    // A line that was decided again after the fault is the same line; its id tells.
    assertThat(bySubject(new LinkedHashSet<>(DECIDED))).isEqualTo(bySubject(new LinkedHashSet<>(expected.stream().map(d -> DecisionLine.of(d).value()).toList())));
    assertThat(REFUSED).isEmpty();
  }

  private static Map<String, List<String>> bySubject(Iterable<String> lines) {
    Map<String, List<String>> sorted = new TreeMap<>();
    for (String line : lines) {
      var json = Control.JSON.readTree(line);
      sorted.computeIfAbsent(json.path("rule").stringValue() + "/" + json.path("subject").stringValue(), _ -> new ArrayList<>()).add(line);
    }
    return sorted;
  }

  private interface At<T> extends java.io.Serializable {
    T get(int index);
  }

  private static <T> DataGeneratorSource<T> source(int count, At<T> at, TypeInformation<T> type, double perSecond) {
    return new DataGeneratorSource<>(i -> at.get(i.intValue()), count, RateLimiterStrategy.perSecond(perSecond), type);
  }

  /** Puts lines where the test sees them, as soon as they are decided. */
  private record Into(boolean decisions) implements Sink<Line> {
    @Override
    public SinkWriter<Line> createWriter(WriterInitContext context) {
      return new SinkWriter<>() {
        @Override
        public void write(Line line, Context context) {
          (decisions ? DECIDED : REFUSED).add(line.value());
          UNDER_WAY.countDown();
        }

        @Override
        public void flush(boolean endOfInput) {
          // Nothing is kept back.
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };
    }
  }
}
