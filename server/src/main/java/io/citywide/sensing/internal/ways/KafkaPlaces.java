package io.citywide.sensing.internal.ways;

import io.micrometer.core.instrument.Counter;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a consumer has come in each partition: what was read, what of it is stored, and what Kafka knows of it. Only what is stored is ever committed: where
 * storing fails, the consumer itself is already further. Only the thread that reads uses it.
 */
final class KafkaPlaces implements ConsumerRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(KafkaPlaces.class);

  private final Consumer<?, ?> consumer;
  private final Counter deleted;
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> stored = new HashMap<>();

  /** @param deleted counts what Kafka deleted before it was read */
  KafkaPlaces(Consumer<?, ?> consumer, Counter deleted) {
    this.consumer = consumer;
    this.deleted = deleted;
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(Set.copyOf(partitions));
    partitions.forEach(partition -> {
      OffsetAndMetadata place = committed.get(partition);
      next.put(partition, place == null ? 0 : place.offset());
    });
  }

  /** Another server gets them: it goes on after what is stored here. */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    try {
      commit();
    } catch (KafkaException e) {
      log.info("Positions in Kafka were not committed before partitions went to another server, which reads the same again: {}", e.getMessage());
    }
    onPartitionsLost(partitions);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    next.keySet().removeAll(partitions);
    stored.keySet().removeAll(partitions);
  }

  /** Tells where records are missing since Kafka no longer has them; it goes on with those that it has. */
  void read(ConsumerRecords<?, ?> records) {
    for (TopicPartition partition : records.partitions()) {
      long first = records.records(partition).getFirst().offset();
      Long due = next.put(partition, records.nextOffsets().get(partition).offset());
      // Transactions leave gaps too; only where the partition begins tells that something was deleted.
      if (due != null && first > due) {
        long gone = Math.min(first, consumer.beginningOffsets(Set.of(partition)).get(partition)) - due;
        if (gone > 0) {
          deleted.increment(gone);
          log.warn("Kafka deleted {} records of {} before they were read here, from position {} on: see retention.ms of the topic, and set message.timestamp.type=LogAppendTime", gone, partition, due);
        }
      }
    }
  }

  /** What was read is stored, so Kafka may know it. */
  void stored(ConsumerRecords<?, ?> records) {
    stored.putAll(records.nextOffsets());
    try {
      commit();
    } catch (RebalanceInProgressException e) {
      log.debug("a server comes or goes; the position is committed when partitions are given away, or after the next records");
    } catch (CommitFailedException e) {
      // The partitions went to another server meanwhile, which reads the same again; what is there counts once.
      log.info("The position in Kafka was not committed: {}", e.getMessage());
      stored.clear();
    }
  }

  private void commit() {
    if (!stored.isEmpty()) {
      consumer.commitSync(stored);
      stored.clear();
    }
  }
}
