package io.citywide.intake.internal.evidence;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Where photos are kept and which are taken.
 *
 * @param store {@code disk}: in the data folder; {@code s3}: in an S3-compatible store
 * @param folder folder of the photos with {@code disk}; empty: {@code evidence} in the data folder. Servers on one database share it
 * @param maxSize largest file that is taken, 1 KB to 64 MB
 * @param maxPixels most pixels (width × height) that are decoded, so that a small file cannot fill the memory
 * @param longestSide pixels of the longer side of what is kept; larger photos are made smaller
 * @param keepUnused how long a photo is kept that no report and no step holds, at least 1 minute
 * @param s3Endpoint address of the store, such as {@code https://s3.example.org}; needed with {@code s3}
 * @param s3Region region named in signatures
 * @param s3Bucket bucket, which must exist
 * @param s3AccessKey access key; needed with {@code s3}
 * @param s3SecretKey secret key; needed with {@code s3}
 */
@Validated
@ConfigurationProperties("citywide.evidence")
public record EvidenceSettings(
    @DefaultValue("disk") Store store,
    @DefaultValue("") String folder,
    @DefaultValue("16MB") DataSize maxSize,
    @DefaultValue("50000000") @Min(10_000) @Max(200_000_000) long maxPixels,
    @DefaultValue("2560") @Min(640) @Max(10_000) int longestSide,
    @DefaultValue("24h") Duration keepUnused,
    @DefaultValue("") String s3Endpoint,
    @DefaultValue("us-east-1") String s3Region,
    @DefaultValue("citywide") String s3Bucket,
    @DefaultValue("") String s3AccessKey,
    @DefaultValue("") String s3SecretKey) {

  /** Kinds of store. */
  public enum Store {
    DISK,
    S3
  }

  public EvidenceSettings {
    if (maxSize.toMegabytes() > 64 || maxSize.toBytes() < 1_024) {
      throw new IllegalArgumentException("citywide.evidence.max-size must be 1KB..64MB, was " + maxSize);
    }
    if (keepUnused.compareTo(Duration.ofMinutes(1)) < 0) {
      throw new IllegalArgumentException("citywide.evidence.keep-unused must be at least 1m, was " + keepUnused);
    }
    if (store == Store.S3) {
      needed("s3-endpoint", s3Endpoint);
      needed("s3-region", s3Region);
      needed("s3-bucket", s3Bucket);
      needed("s3-access-key", s3AccessKey);
      needed("s3-secret-key", s3SecretKey);
      URI endpoint = URI.create(s3Endpoint.strip());
      if (endpoint.getHost() == null || !("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))) {
        throw new IllegalArgumentException("citywide.evidence.s3-endpoint must be an http or https address, was '" + s3Endpoint + "'");
      }
    }
  }

  private static void needed(String key, String value) {
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("citywide.evidence.store=s3 needs citywide.evidence." + key);
    }
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "EvidenceSettings[store=" + store + ", maxSize=" + maxSize + ", s3Endpoint=" + s3Endpoint + ", s3Bucket=" + s3Bucket + "]";
  }
}
