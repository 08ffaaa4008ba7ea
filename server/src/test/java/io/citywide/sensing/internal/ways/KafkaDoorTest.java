package io.citywide.sensing.internal.ways;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.identity.Viewer;
import io.citywide.sensing.Observations;
import io.citywide.sensing.Observations.Value;
import io.citywide.sensing.internal.observations.StoredLog;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Observations from Kafka: the client is Kafka's own, the broker is left out. With one, and servers that are killed: io.citywide.bench.kafka.KafkaIntakeTest. */
@ServerTest
class KafkaDoorTest {

  private static final TopicPartition PARTITION = new TopicPartition("citywide.observations", 0);

  @Autowired KafkaDoor door;
  @Autowired DeviceDirectory directory;
  @Autowired StoredLog observationLog;
  @Autowired Observations observations;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private boolean rebalancing;
  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      if (rebalancing) {
        throw new RebalanceInProgressException();
      }
      super.commitSync(offsets);
    }
  };
  private final MockProducer<byte[], byte[]> refused = new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final Counter deleted = new SimpleMeterRegistry().counter("deleted");
  private final KafkaPlaces places = new KafkaPlaces(consumer, deleted);
  private long now;
  private long offset;

  @BeforeEach
  void device() {
    now = System.currentTimeMillis() / 1000 * 1000;
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      jdbc.sql("""
          INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention)
          VALUES ('kafka-tank', '水箱', 'Tank', '[{"name":"level","nameZh":"液位","nameEn":"Level","unit":"m","low":0,"high":5,"intervalSeconds":60}]', '1 hour', '30 days') ON CONFLICT DO NOTHING
          """).update();
      jdbc.sql("""
          INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, enabled)
          VALUES ('K-1', 'kafka-tank', 'K-1', 97, 37, 9, true), ('K-2', 'kafka-tank', 'K-2', 97, 37, 9, true) ON CONFLICT DO NOTHING
          """).update();
      jdbc.sql("INSERT INTO sensing_series (device_id, property) SELECT id, 'level' FROM sensing_device WHERE code IN ('K-1', 'K-2') ON CONFLICT DO NOTHING").update();
    }));
    directory.refresh();
    consumer.assign(List.of(PARTITION));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
    consumer.updateEndOffsets(Map.of(PARTITION, 100L));
  }

  private void record(String value) {
    record(now, TimestampType.CREATE_TIME, value);
  }

  private void record(long time, TimestampType type, String value) {
    consumer.addRecord(new ConsumerRecord<>(PARTITION.topic(), 0, offset++, time, type, 0, 0, new byte[0], value.getBytes(StandardCharsets.UTF_8), new RecordHeaders(), Optional.empty()));
  }

  private List<Value> values(long from) {
    return values("K-1", from);
  }

  private List<Value> values(String device, long from) {
    return observations.list(directory.find(device).orElseThrow().series("level"), Instant.ofEpochMilli(from), Instant.ofEpochMilli(now + 60_000), 100);
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void storesWhatIsGoodTellsWhatIsNotAndThenMovesItsPosition() throws Exception {
    record("{\"device\":\"K-1\",\"time\":" + (now - 3000) + ",\"values\":{\"level\":1}}");
    record("[{\"device\":\"K-1\",\"time\":" + (now - 2000) + ",\"values\":{\"level\":2}},{\"device\":\"nobody\",\"values\":{\"level\":2}}]");
    record("{\"device\":\"K-1\",\"time\":" + (now - 1000) + ",\"values\":{\"level\":3}}\n{\"device\":\"K-1\",\"values\":{\"depth\":3}}\n");
    record("{\"tick\":" + now + "}");
    record("no json");
    record("{\"device\":\"K-1\",\"values\":{\"level\":4}}");
    door.round(consumer, places, refused);
    assertThat(values(now - 3000).stream().map(Value::value).toList()).containsExactly(1.0, 2.0, 3.0, 4.0);
    assertThat(values(now - 3000).getLast().time()).as("the moment at which the record came").isEqualTo(now);
    assertThat(refused.history().stream().map(r -> header(r, "code") + " " + header(r, "from")).toList()).containsExactly(
        "sensing.unknown-device citywide.observations/0/1", "sensing.unknown-property citywide.observations/0/2", "sensing.bad-line citywide.observations/0/4");
    assertThat(new String(refused.history().getLast().value(), StandardCharsets.UTF_8)).isEqualTo("no json");
    assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION)).isEqualTo(new OffsetAndMetadata(6));
  }

  @Test
  void whatIsReadAgainCountsOnce() throws Exception {
    record("{\"device\":\"K-1\",\"time\":" + (now - 5000) + ",\"values\":{\"level\":1.5}}");
    door.round(consumer, places, refused);
    consumer.seek(PARTITION, 0);
    offset = 0;
    record("{\"device\":\"K-1\",\"time\":" + (now - 5000) + ",\"values\":{\"level\":1.5}}");
    door.round(consumer, places, refused);
    assertThat(values(now - 5000).stream().filter(v -> v.time() == now - 5000)).hasSize(1);
    assertThat(refused.history()).isEmpty();
  }

  @Test
  void aLineWithoutATimeHasThatOfItsRecordHoweverOftenItIsRead() throws Exception {
    long ahead = now + 30_000;
    record(ahead, TimestampType.LOG_APPEND_TIME, "{\"device\":\"K-2\",\"values\":{\"level\":2.5}}");
    record(now - 7_200_000, TimestampType.CREATE_TIME, "{\"device\":\"K-2\",\"values\":{\"level\":2.25}}\n{\"device\":\"K-2\",\"time\":" + (now - 6000) + ",\"values\":{\"level\":2.75}}");
    door.round(consumer, places, refused);
    assertThat(refused.history()).as("ahead of its record, but not of the clock").isEmpty();
    assertThat(values("K-2", now - 7_200_000)).extracting(Value::time).as("clocks of producer, broker and server differ").containsExactly(now - 7_200_000, now - 6000, ahead);
  }

  @Test
  void aRefusedLineThatKafkaWouldNotTakeIsCut() throws Exception {
    record("x".repeat(1_000_000));
    door.round(consumer, places, refused);
    assertThat(refused.history()).singleElement().satisfies(r -> {
      assertThat(r.value()).hasSize(1 << 18);
      assertThat(header(r, "length")).isEqualTo("1000000");
    });
  }

  @Test
  void whatCannotBeToldStaysInKafka() {
    refused.sendException = new TopicAuthorizationException("not yours");
    record("no json");
    assertThatThrownBy(() -> door.round(consumer, places, refused)).isInstanceOf(TopicAuthorizationException.class);
    places.onPartitionsRevoked(List.of(PARTITION));
    assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION)).as("also not where the consumer is closed").isNull();
  }

  @Test
  void whatTheLogDoesNotTakeStaysInKafka() throws Exception {
    record("{\"device\":\"K-2\",\"time\":" + (now - 9000) + ",\"values\":{\"level\":4.5}}");
    CompletableFuture<Void> round = new CompletableFuture<>();
    observationLog.stop();
    try {
      Thread reading = Thread.ofPlatform().start(() -> {
        try {
          door.round(consumer, places, refused);
          round.complete(null);
        } catch (Exception e) {
          round.completeExceptionally(e);
        }
      });
      while (reading.getState() != Thread.State.TIMED_WAITING) {
        assertThat(round).isNotDone();
        Thread.onSpinWait();
      }
      assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION)).isNull();
    } finally {
      observationLog.start();
    }
    round.get(30, TimeUnit.SECONDS);
    assertThat(values("K-2", now - 9000)).first().isEqualTo(new Value(now - 9000, 4.5));
    assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION)).isEqualTo(new OffsetAndMetadata(1));
  }

  @Test
  void tellsWhatKafkaDeletedBeforeItWasRead() throws Exception {
    places.onPartitionsAssigned(List.of(PARTITION));
    consumer.updateBeginningOffsets(Map.of(PARTITION, 40L));
    offset = 40;
    record("{\"tick\":1}");
    offset = 45;
    record("{\"tick\":2}");
    door.round(consumer, places, refused);
    assertThat(deleted.count()).isEqualTo(40);
    offset = 50;
    record("{\"tick\":3}");
    door.round(consumer, places, refused);
    assertThat(deleted.count()).as("a gap that a transaction leaves").isEqualTo(40);
  }

  @Test
  void whatIsStoredIsCommittedBeforePartitionsGoToAnotherServer() throws Exception {
    record("{\"device\":\"K-1\",\"values\":{\"level\":3.5}}");
    rebalancing = true;
    door.round(consumer, places, refused);
    assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION)).isNull();
    rebalancing = false;
    places.onPartitionsRevoked(List.of(PARTITION));
    assertThat(consumer.committed(Set.of(PARTITION)).get(PARTITION)).isEqualTo(new OffsetAndMetadata(1));
  }
}
