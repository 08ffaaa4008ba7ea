package io.citywide.platform;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * What operators set: how a stop goes, what the log says of slow requests, when a disk counts as full, how slowly a body may come.
 *
 * @param drain how long a stopping server goes on answering after readiness went to 503, so that a proxy takes it out
 *     first: longer than two of its probes, 0 to 10 s; 0 without a proxy
 * @param slowRequest a request that takes at least this long stands in the log, 1 ms to 1 h
 * @param minFreeDisk free space of the evidence folder below which readiness says degraded
 * @param bodyGrace how long the server waits for the body of a request, however little of it comes, 1 s to 1 h; what it does meanwhile is not counted
 * @param slowestBody bytes of a body that pay for each second waited beyond the grace, 1 B to 1 MB; a body that comes more slowly is given up
 */
@Validated
@ConfigurationProperties("citywide.operations")
public record OperationsSettings(
    @DefaultValue("0s") Duration drain,
    @DefaultValue("1s") Duration slowRequest,
    @DefaultValue("256MB") DataSize minFreeDisk,
    @DefaultValue("20s") Duration bodyGrace,
    @DefaultValue("1KB") DataSize slowestBody) {

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
    if (bodyGrace.toMillis() < 1_000 || bodyGrace.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException("citywide.operations.body-grace must be 1s..1h, was " + bodyGrace);
    }
    if (slowestBody.toBytes() < 1 || slowestBody.toBytes() > DataSize.ofMegabytes(1).toBytes()) {
      throw new IllegalArgumentException("citywide.operations.slowest-body must be 1B..1MB, was " + slowestBody);
    }
  }
}
