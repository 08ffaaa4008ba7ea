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

  /** @param partitions of the observations and of the decisions */
  public static void create(JobOptions options, int partitions, short replicas) throws InterruptedException, ExecutionException {
    Properties properties = new Properties();
    properties.put("bootstrap.servers", options.bootstrap());
    properties.put("request.timeout.ms", "10000");
    properties.put("default.api.timeout.ms", "60000");
    try (Admin admin = Admin.create(properties)) {
      Set<String> there = admin.listTopics().names().get();
      List<NewTopic> wanted = List.of(new NewTopic(options.observations(), partitions, replicas), new NewTopic(options.decisions(), partitions, replicas),
          new NewTopic(options.refused(), 1, replicas), new NewTopic(options.control(), 1, replicas).configs(Map.of("cleanup.policy", "compact")));
      admin.createTopics(wanted.stream().filter(t -> !there.contains(t.name())).toList()).all().get();
    }
  }
}
