package io.citywide.flink.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.flink.JobOptions;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicsTest {
  private final Map<String, NewTopic> topics =
      Topics.wanted(JobOptions.of("--partitions", "3"), (short) 1).stream().collect(Collectors.toMap(NewTopic::name, Function.identity()));

  @Test
  void observationsAreKeptByWhenTheyCameAndControlDocumentsForGood() {
    assertThat(topics.get("citywide.observations").configs()).containsEntry("message.timestamp.type", "LogAppendTime");
    assertThat(topics.get("citywide.watch").configs()).containsEntry("cleanup.policy", "compact");
  }

  @Test
  void observationsAndDecisionsHaveAPartitionForEachEngine() {
    assertThat(topics.get("citywide.observations").numPartitions()).isEqualTo(3);
    assertThat(topics.get("citywide.decisions").numPartitions()).isEqualTo(3);
    assertThat(topics.get("citywide.watch").numPartitions()).isEqualTo(1);
  }
}
