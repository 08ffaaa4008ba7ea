package io.citywide.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Kafka deletes a record by its time. So that is never a moment of which the record tells. */
class RecordTimesTest {
  private static final long LONG_AGO = 1_000_000_000_000L;
  private final ObservationReader reader = new ObservationReader(4, 300_000);
  private final List<Message> read = new ArrayList<>();

  private void record(int partition, TimestampType type) {
    byte[] value = "{\"device\":\"d1\",\"values\":{\"x\":1}}".getBytes(StandardCharsets.UTF_8);
    reader.deserialize(new ConsumerRecord<>("observations", partition, 9, LONG_AGO, type, 0, value.length, new byte[0], value, new RecordHeaders(), Optional.empty()), new ListCollector<>(read));
  }

  @Test
  void aDecisionOfLongAgoIsAsNewAsItsRecord() {
    assertThat(new WatchJob.ToTopic("decisions").serialize(new Line("d1", "{}"), null, LONG_AGO).timestamp()).as("left to the producer's clock").isNull();
  }

  @Test
  void tellsOnceThatATopicHasTheTimesOfItsProducersAndTakesTheRecordsAllTheSame() {
    record(2, TimestampType.CREATE_TIME);
    record(3, TimestampType.CREATE_TIME);
    assertThat(read).hasSize(3);
    assertThat(read.getFirst().refusal()).hasSize(2).contains("observations/2/9");
    assertThat(read.getFirst().refusal()[0]).contains("message.timestamp.type=LogAppendTime");
    assertThat(read.subList(1, 3)).allSatisfy(m -> assertThat(m.refusal()).isEmpty());
    assertThat(read.subList(1, 3)).allSatisfy(m -> assertThat(m.things()).containsExactly("d1"));
  }

  @Test
  void saysNothingOfATopicThatHasTheTimesAtWhichRecordsCame() {
    record(2, TimestampType.LOG_APPEND_TIME);
    assertThat(read).singleElement().satisfies(m -> assertThat(m.refusal()).isEmpty());
  }
}
