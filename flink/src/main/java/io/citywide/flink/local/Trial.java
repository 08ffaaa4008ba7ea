package io.citywide.flink.local;

import io.citywide.flink.Control;
import io.citywide.flink.DecisionLine;
import io.citywide.flink.JobOptions;
import io.citywide.flink.Line;
import io.citywide.watch.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends a {@link Sample} through Kafka and compares what the job decided with what one engine in one process decides. */
public final class Trial {
  private final JobOptions options;

  public Trial(JobOptions options) {
    this.options = options;
  }

  /**
   * How the decisions of the job compare.
   *
   * @param expected decisions of one engine
   * @param equal those that the job made too, with the same words and values, in the same order for each rule and subject
   * @param lost those that it did not make
   * @param doubled how many it made more than once
   * @param invented how many it made that the engine did not
   */
  public record Outcome(int expected, int equal, int lost, int doubled, int invented) {
    public boolean same() {
      return equal == expected && lost == 0 && doubled == 0 && invented == 0;
    }
  }

  /** Writes the control documents. */
  public void sendControl(Sample sample) throws InterruptedException, ExecutionException {
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      List<Future<RecordMetadata>> all = new ArrayList<>();
      for (Control document : sample.control()) {
        all.add(producer.send(new ProducerRecord<>(options.control(), document.key().getBytes(StandardCharsets.UTF_8), document.write().getBytes(StandardCharsets.UTF_8))));
      }
      for (Future<RecordMetadata> sent : all) sent.get();
    }
  }

  /**
   * Writes the batches of the seconds from {@code from} to before {@code to}.
   *
   * @param last whether to tell every partition the end of time
   * @return readings sent
   */
  public long sendReadings(Sample sample, int from, int to, boolean last) throws InterruptedException, ExecutionException {
    long[] count = {0};
    AtomicReference<Exception> fault = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer = producer()) {
      sample.send((second, batch) -> {
        if (second < from || second >= to) return;
        count[0] += batch.readings().size();
        producer.send(new ProducerRecord<>(options.observations(), batch.route().getBytes(StandardCharsets.UTF_8), batch.json()),
            (_, e) -> fault.compareAndSet(null, e));
      });
      if (last) {
        byte[] tick = ("{\"tick\":" + sample.end() + "}").getBytes(StandardCharsets.UTF_8);
        List<Future<RecordMetadata>> ticks = new ArrayList<>();
        for (PartitionInfo p : producer.partitionsFor(options.observations())) {
          ticks.add(producer.send(new ProducerRecord<>(options.observations(), p.partition(), null, tick)));
        }
        for (Future<RecordMetadata> sent : ticks) sent.get();
      }
      producer.flush();
    }
    if (fault.get() != null) throw new ExecutionException("Kafka did not take the readings", fault.get());
    return count[0];
  }

  private KafkaProducer<byte[], byte[]> producer() {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", options.bootstrap());
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    properties.put("linger.ms", "20");
    properties.put("batch.size", "262144");
    properties.put("compression.type", "lz4");
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** How many records of the observations the job has dealt with for good, and how many there are. */
  public long[] progress() throws InterruptedException, ExecutionException {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", options.bootstrap());
    try (Admin admin = Admin.create(properties)) {
      Map<TopicPartition, OffsetAndMetadata> done = admin.listConsumerGroupOffsets(options.group()).partitionsToOffsetAndMetadata().get();
      Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
      for (var p : admin.describeTopics(List.of(options.observations())).allTopicNames().get().get(options.observations()).partitions()) {
        ask.put(new TopicPartition(options.observations(), p.partition()), OffsetSpec.latest());
      }
      Map<TopicPartition, ListOffsetsResultInfo> ends = admin.listOffsets(ask).all().get();
      long sum = 0;
      long all = 0;
      for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
        OffsetAndMetadata at = done.get(end.getKey());
        sum += at == null ? 0 : at.offset();
        all += end.getValue().offset();
      }
      return new long[] {sum, all};
    }
  }

  /** Every record of a topic that is committed, in the order of its partition. */
  public List<Line> read(String topic) {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", options.bootstrap());
    properties.put("isolation.level", "read_committed");
    properties.put("auto.offset.reset", "earliest");
    List<Line> lines = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = consumer.partitionsFor(topic).stream().map(p -> new TopicPartition(topic, p.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofMillis(200))) {
          lines.add(new Line(r.key() == null ? "" : new String(r.key(), StandardCharsets.UTF_8), new String(r.value(), StandardCharsets.UTF_8)));
        }
      }
    }
    return lines;
  }

  private void requireWhole() throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", options.bootstrap()))) {
      Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
      for (var topic : admin.describeTopics(List.of(options.observations(), options.decisions())).allTopicNames().get().values()) {
        topic.partitions().forEach(p -> ask.put(new TopicPartition(topic.name(), p.partition()), OffsetSpec.earliest()));
      }
      admin.listOffsets(ask).all().get().forEach((partition, first) -> {
        if (first.offset() > 0) throw new IllegalStateException("Kafka deleted the records of " + partition + " before " + first.offset() + " as too old: nothing can be compared");
      });
    }
  }

  /**
   * Compares the decisions that are committed with these.
   *
   * @throws IllegalStateException where Kafka has deleted observations or decisions
   */
  public Outcome compare(List<Decision> expected) throws InterruptedException, ExecutionException {
    requireWhole();
    Map<String, List<String>> wanted = new LinkedHashMap<>();
    for (Decision d : expected) wanted.computeIfAbsent(d.rule() + "/" + d.subject(), _ -> new ArrayList<>()).add(DecisionLine.of(d).value());
    Map<String, List<String>> made = new HashMap<>();
    for (Line line : read(options.decisions())) {
      var json = Control.JSON.readTree(line.value());
      made.computeIfAbsent(json.path("rule").stringValue() + "/" + line.key(), _ -> new ArrayList<>()).add(line.value());
    }
    int equal = 0;
    int lost = 0;
    int doubled = 0;
    int invented = 0;
    for (Map.Entry<String, List<String>> one : wanted.entrySet()) {
      List<String> got = made.getOrDefault(one.getKey(), List.of());
      for (int i = 0; i < one.getValue().size(); i++) {
        if (i < got.size() && got.get(i).equals(one.getValue().get(i))) equal++;
        if (!got.contains(one.getValue().get(i))) lost++;
      }
    }
    for (Map.Entry<String, List<String>> one : made.entrySet()) {
      List<String> was = wanted.getOrDefault(one.getKey(), List.of());
      Map<String, Integer> times = new HashMap<>();
      for (String line : one.getValue()) {
        if (times.merge(line, 1, Integer::sum) > 1) doubled++;
        else if (!was.contains(line)) invented++;
      }
    }
    return new Outcome(expected.size(), equal, lost, doubled, invented);
  }

}
