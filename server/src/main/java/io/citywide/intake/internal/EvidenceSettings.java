package io.citywide.intake.internal;

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
 * @param maxSize largest photo that is taken, at most 64 MB
 * @param maxPixels most pixels (width × height) that are decoded, so that a small file cannot fill the memory
 * @param keepUnused how long a photo is kept that no report and no case holds
 * @param s3Endpoint address of the store, such as {@code https://s3.example.org}; only with {@code s3}
 * @param s3Region region named in signatures
 * @param s3Bucket bucket, which must exist
 * @param s3AccessKey access key
 * @param s3SecretKey secret key
 */
@Validated
@ConfigurationProperties("citywide.evidence")
public record EvidenceSettings(
    @DefaultValue("disk") Store store,
    @DefaultValue("16MB") DataSize maxSize,
    @DefaultValue("50000000") long maxPixels,
    @DefaultValue("24h") Duration keepUnused,
    URI s3Endpoint,
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
    if (maxPixels < 10_000 || maxPixels > 200_000_000) {
      throw new IllegalArgumentException("citywide.evidence.max-pixels must be 10000..200000000, was " + maxPixels);
    }
    if (store == Store.S3 && (s3Endpoint == null || s3AccessKey.isBlank() || s3SecretKey.isBlank())) {
      throw new IllegalArgumentException("citywide.evidence.store=s3 needs citywide.evidence.s3-endpoint, s3-access-key and s3-secret-key");
    }
  }
}
