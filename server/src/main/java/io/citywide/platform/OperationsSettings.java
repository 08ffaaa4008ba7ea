package io.citywide.platform;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What operators set: how a stop goes, what the log says of slow requests, when a disk counts as full.
 *
 * @param drain how long a stopping server goes on answering after readiness went to 503, so that a proxy takes it out
 *     first: longer than two of its probes, 0 to 10 s; 0 without a proxy
 * @param slowRequest a request that takes at least this long stands in the log, 1 ms to 1 h
 * @param minFreeDisk free space of the evidence folder below which readiness says degraded
 */
@Validated
@ConfigurationProperties("citywide.operations")
public record OperationsSettings(
    @DefaultValue("0s") Duration drain,
    @DefaultValue("1s") Duration slowRequest,
    @DefaultValue("256MB") DataSize minFreeDisk) {

  public OperationsSettings {
    if (drain.isNegative() || drain.compareTo(Duration.ofSeconds(10)) > 0) {
      throw new IllegalArgumentException("citywide.operations.drain must be 0s..10s, was " + drain);
    }
    if (slowRequest.toMillis() < 1 || slowRequest.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("citywide.operations.slow-request must be 1ms..1h, was " + slowRequest);
    }
    if (minFreeDisk.isNegative()) {
      throw new IllegalArgumentException("citywide.operations.min-free-disk must not be negative, was " + minFreeDisk);
    }
  }
}
