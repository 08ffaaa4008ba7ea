package io.citywide.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One Kafka broker that is its own controller (KRaft), on the loopback interface, without TLS. */
public final class Broker {
  private Broker() {}

  /** {@code Broker DIR PORT}: formats the folder where it is new, then serves until it is ended. The port after it is the controller's. */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]).toAbsolutePath();
    int port = Integer.parseInt(args[1]);
    Path properties = folder.resolve("server.properties");
    boolean fresh = !Files.exists(folder.resolve("log/meta.properties"));
    Files.createDirectories(folder);
    Files.write(properties, List.of("process.roles=broker,controller", "node.id=1", "controller.quorum.voters=1@127.0.0.1:" + (port + 1),
        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + (port + 1), "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
        "controller.listener.names=CONTROLLER", "inter.broker.listener.name=PLAINTEXT",
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT", "log.dirs=" + folder.resolve("log"),
        "auto.create.topics.enable=false", "offsets.topic.num.partitions=4", "transaction.state.log.num.partitions=4",
        "offsets.topic.replication.factor=1", "transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1",
        "share.coordinator.state.topic.replication.factor=1", "share.coordinator.state.topic.min.isr=1", "share.coordinator.state.topic.num.partitions=1",
        // What is too old is deleted within seconds, so that a record with the wrong time is missed in the first trial and not in one of many.
        "log.retention.check.interval.ms=5000",
        "group.initial.rebalance.delay.ms=0", "num.network.threads=2", "num.io.threads=2", "log.cleaner.dedupe.buffer.size=8388608"));
    if (fresh) kafka.tools.StorageTool.execute(new String[] {"format", "-t", org.apache.kafka.common.Uuid.randomUuid().toString(), "-c", properties.toString()}, System.out);
    kafka.Kafka.main(new String[] {properties.toString()});
  }
}
