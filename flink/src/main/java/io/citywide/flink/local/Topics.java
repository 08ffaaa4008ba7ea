package io.citywide.flink.local;

import io.citywide.flink.JobOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Makes the topics that the job needs where they are not there yet. */
public final class Topics {
  private Topics() {}

  /**
   * The observations and the decisions get as many partitions as the job has engines. A record of the observations has the time at which it came: by it Kafka
   * reckons what is old enough to be deleted. With the times that producers say, a history would be deleted before the job has read it.
   */
  static List<NewTopic> wanted(JobOptions options, short replicas) {
    return List.of(new NewTopic(options.observations(), options.partitions(), replicas).configs(Map.of("message.timestamp.type", "LogAppendTime")),
        new NewTopic(options.decisions(), options.partitions(), replicas), new NewTopic(options.refused(), 1, replicas),
        new NewTopic(options.control(), 1, replicas).configs(Map.of("cleanup.policy", "compact")));
  }

  /** Makes those of {@link #wanted} that are missing, and waits until the leader of each partition serves it. */
  public static void create(JobOptions options, short replicas) throws InterruptedException, ExecutionException {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", options.bootstrap());
    properties.put("request.timeout.ms", "10000");
    properties.put("default.api.timeout.ms", "60000");
    try (Admin admin = Admin.create(properties)) {
      Set<String> there = admin.listTopics().names().get();
      List<NewTopic> missing = wanted(options, replicas).stream().filter(t -> !there.contains(t.name())).toList();
      admin.createTopics(missing).all().get();
      // A leader that is named may not know of it yet. It then refuses the first batch of a producer and takes the second, after which it never takes the
      // first: its sequence is out of order (KAFKA-15591). So ask the leaders for something; the client asks again until they answer.
      Map<TopicPartition, OffsetSpec> ask = new HashMap<>();
      for (NewTopic topic : missing) {
        for (int p = 0; p < topic.numPartitions(); p++) ask.put(new TopicPartition(topic.name(), p), OffsetSpec.latest());
      }
      admin.listOffsets(ask).all().get();
    }
  }
}
