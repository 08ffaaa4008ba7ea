package io.citywide.flink;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.core.execution.CheckpointingMode;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The job: observations from Kafka, by shard, and control documents, broadcast, into the {@link WatchOperator}; its decisions
 * back to Kafka. {@code docs/flink.md} says what makes them the same as those of one engine in one process.
 */
public final class WatchJob {
  private WatchJob() {}

  /**
   * Sends the job to the cluster at {@code --jobmanager host:port}, or runs it in this process where that is not given, with {@code --parallelism}
   * workers; the other options are those of {@link JobOptions}.
   */
  public static void main(String[] args) throws Exception {
    String cluster = null;
    int parallelism = 0;
    List<String> own = new ArrayList<>();
    for (int i = 0; i < args.length; i++) {
      boolean more = i + 1 < args.length;
      if (more && args[i].equals("--jobmanager")) cluster = args[++i];
      else if (more && args[i].equals("--parallelism")) parallelism = Integer.parseInt(args[++i]);
      else own.add(args[i]);
    }
    JobOptions options;
    try {
      options = JobOptions.of(own.toArray(String[]::new));
    } catch (IllegalArgumentException e) {
      System.err.println("flink job: " + e.getMessage());
      System.exit(2);
      return;
    }
    StreamExecutionEnvironment env = cluster == null
        ? StreamExecutionEnvironment.getExecutionEnvironment()
        : StreamExecutionEnvironment.createRemoteEnvironment(cluster.substring(0, cluster.lastIndexOf(':')), Integer.parseInt(cluster.substring(cluster.lastIndexOf(':') + 1)));
    if (parallelism > 0) env.setParallelism(parallelism);
    build(env, options);
    if (cluster == null) env.execute("citywide watch");
    else System.out.println(env.executeAsync("citywide watch").getJobID());
  }

  /** Puts the job together. The parallelism is that of {@code env}. */
  public static void build(StreamExecutionEnvironment env, JobOptions options) {
    configure(env, options);
    KafkaSourceBuilder<Message> observations = source(options, options.observations(), options.group(),
        new ObservationReader(options.partitions(), options.ahead().toMillis()));
    KafkaSourceBuilder<String> control = source(options, options.control(), options.group() + "-control",
        KafkaRecordDeserializationSchema.valueOnly(new SimpleStringSchema()));
    if (options.bounded()) {
      observations.setBounded(OffsetsInitializer.latest());
      control.setBounded(OffsetsInitializer.latest());
    }
    DataStream<Message> messages = env.fromSource(observations.build(), watermarks(options), "observations").uid("observations");
    DataStream<String> documents = env
        .fromSource(control.build(), WatermarkStrategy.noWatermarks(), "control").uid("control").setParallelism(1);
    Watched watched = watch(messages, documents, options);
    watched.decided().sinkTo(sink(options, options.decisions(), options.exactlyOnce())).uid("decisions").name("decisions");
    watched.refused().sinkTo(sink(options, options.refused(), false)).uid("refused").name("refused");
  }

  static void configure(StreamExecutionEnvironment env, JobOptions options) {
    Configuration configuration = new Configuration();
    configuration.setString("pipeline.max-parallelism", String.valueOf(options.partitions()));
    configuration.setString("pipeline.object-reuse", "true");
    configuration.setString("pipeline.auto-watermark-interval", "100 ms");
    configuration.setString("execution.checkpointing.min-pause", Math.max(50, options.checkpoint() / 4) + " ms");
    configuration.setString("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    configuration.setString("execution.checkpointing.tolerable-failed-checkpoints", "10");
    configuration.setString("restart-strategy.type", "exponential-delay");
    configuration.setString("restart-strategy.exponential-delay.initial-backoff", "200 ms");
    configuration.setString("restart-strategy.exponential-delay.max-backoff", "30 s");
    env.configure(configuration, WatchJob.class.getClassLoader());
    env.enableCheckpointing(options.checkpoint(), CheckpointingMode.EXACTLY_ONCE);
  }

  /** The time of each partition: so much behind the newest value in it that nothing expected is older. */
  static WatermarkStrategy<Message> watermarks(JobOptions options) {
    long lateness = options.lateness().toMillis();
    return WatermarkStrategy.forGenerator(_ -> new Newest(lateness));
  }

  /** What comes out of the watch. */
  record Watched(DataStream<Line> decided, DataStream<Line> refused) {}

  /** The part between source and sink. */
  static Watched watch(DataStream<Message> messages, DataStream<String> documents, JobOptions options) {
    Shards shards = new Shards(options.partitions());
    int[] keys = new int[shards.count()];
    for (int i = 0; i < keys.length; i++) keys[i] = shards.key(i);
    WatchOperator.Manner manner = new WatchOperator.Manner(options.partitions(), options.lateness().toMillis(), options.zone().getId());
    SingleOutputStreamOperator<Line> watched = messages.keyBy(m -> keys[m.shard()], Types.INT).connect(documents.broadcast())
        .transform("watch", TypeInformation.of(Line.class), new WatchOperator(manner)).uid("watch");
    SingleOutputStreamOperator<Line> sources = watched.getSideOutput(WatchOperator.HEARD).keyBy(Heard::source, Types.STRING).connect(documents.broadcast())
        .transform("sources", TypeInformation.of(Line.class), new SourceOperator(manner)).uid("sources");
    return new Watched(watched.union(sources), watched.getSideOutput(WatchOperator.REFUSED));
  }

  private static <T> KafkaSourceBuilder<T> source(JobOptions options, String topic, String group, KafkaRecordDeserializationSchema<T> reader) {
    return KafkaSource.<T>builder().setBootstrapServers(options.bootstrap()).setTopics(topic).setGroupId(group)
        .setStartingOffsets(OffsetsInitializer.earliest()).setDeserializer(reader)
        .setProperty("isolation.level", "read_committed").setProperty("partition.discovery.interval.ms", options.bounded() ? "-1" : "60000");
  }

  private static KafkaSink<Line> sink(JobOptions options, String topic, boolean exactlyOnce) {
    Properties producer = new Properties();
    // The most a broker allows where it is not told otherwise. What a checkpoint has promised is lost if the job is away for longer.
    producer.setProperty("transaction.timeout.ms", "900000");
    producer.setProperty("compression.type", "lz4");
    return KafkaSink.<Line>builder().setBootstrapServers(options.bootstrap()).setKafkaProducerConfig(producer)
        .setDeliveryGuarantee(exactlyOnce ? DeliveryGuarantee.EXACTLY_ONCE : DeliveryGuarantee.AT_LEAST_ONCE)
        .setTransactionalIdPrefix(options.group() + "-" + topic)
        .setRecordSerializer(new ToTopic(topic)).build();
  }

  /**
   * A line as a record: the key decides the partition, so that decisions of a subject stay in order. Its time is that at which it is written and not the moment
   * of the decision: by it Kafka reckons what is old enough to be deleted, and what was decided of a history would be gone at once.
   */
  record ToTopic(String topic) implements KafkaRecordSerializationSchema<Line> {
    @Override
    public ProducerRecord<byte[], byte[]> serialize(Line line, KafkaSinkContext context, Long timestamp) {
      byte[] key = line.key().isEmpty() ? null : line.key().getBytes(StandardCharsets.UTF_8);
      return new ProducerRecord<>(topic, key, line.value().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static final class Newest implements WatermarkGenerator<Message> {
    private final long lateness;
    private long newest = Long.MIN_VALUE;

    Newest(long lateness) {
      this.lateness = lateness;
    }

    @Override
    public void onEvent(Message message, long timestamp, WatermarkOutput out) {
      newest = Math.max(newest, message.newest());
      if (message.things().length == 0) onPeriodicEmit(out);
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput out) {
      if (newest != Long.MIN_VALUE) out.emitWatermark(new Watermark(newest - lateness - 1));
    }
  }
}
