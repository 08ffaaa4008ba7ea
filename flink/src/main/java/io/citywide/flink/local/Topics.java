package io.citywide.flink.local;

import io.citywide.flink.JobOptions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

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

  /** Makes those of {@link #wanted} that are missing, and waits until each partition has its leader. */
  public static void create(JobOptions options, short replicas) throws InterruptedException, ExecutionException {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", options.bootstrap());
    properties.put("request.timeout.ms", "10000");
    properties.put("default.api.timeout.ms", "60000");
    try (Admin admin = Admin.create(properties)) {
      Set<String> there = admin.listTopics().names().get();
      List<NewTopic> wanted = wanted(options, replicas);
      admin.createTopics(wanted.stream().filter(t -> !there.contains(t.name())).toList()).all().get();
      // Whoever writes before a partition has its leader may see its records refused.
      List<String> names = wanted.stream().map(NewTopic::name).toList();
      while (admin.describeTopics(names).allTopicNames().get().values().stream().flatMap(t -> t.partitions().stream()).anyMatch(p -> p.leader() == null)) {
        Thread.sleep(50);
      }
    }
  }
}
