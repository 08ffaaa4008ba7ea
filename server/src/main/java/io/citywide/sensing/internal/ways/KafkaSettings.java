package io.citywide.sensing.internal.ways;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Observations from Kafka.
 *
 * @param bootstrap brokers as {@code host:port}, several apart by commas; empty: nothing is read from Kafka
 * @param topic of observations
 * @param refused topic to which goes, with the reason, what was not stored; it must exist
 * @param group consumer group; servers of one city share it, and with it the partitions
 * @param batch records that are stored at once at most
 * @param properties file with further settings of the clients (Java properties: TLS, SASL); empty: none
 */
@Validated
@ConfigurationProperties("citywide.kafka")
public record KafkaSettings(
    @DefaultValue("") String bootstrap,
    @DefaultValue("citywide.observations") String topic,
    @DefaultValue("citywide.observations.refused") String refused,
    @DefaultValue("citywide") String group,
    @DefaultValue("2000") @Min(1) @Max(100_000) int batch,
    @DefaultValue("") String properties) {

  public KafkaSettings {
    if (topic.equals(refused)) {
      throw new IllegalArgumentException("citywide.kafka.refused must be another topic than citywide.kafka.topic, both were " + topic);
    }
  }
}
