package io.citywide.intake.internal.evidence;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects {@code evidence/ab/cd/abcd…} of a bucket of any S3-compatible store. */
final class S3BlobStore implements BlobStore, AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final S3Client client;
  private final String bucket;

  S3BlobStore(EvidenceSettings settings) {
    bucket = settings.s3Bucket();
    client = S3Client.builder()
        .endpointOverride(URI.create(settings.s3Endpoint().strip()))
        .region(Region.of(settings.s3Region()))
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(settings.s3AccessKey(), settings.s3SecretKey())))
        // The bucket in the path, no chunk signatures and no checksum trailers: what every compatible store understands.
        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).chunkedEncodingEnabled(false).build())
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .httpClient(UrlConnectionHttpClient.builder().connectionTimeout(Duration.ofSeconds(5)).socketTimeout(PATIENCE).build())
        .overrideConfiguration(o -> o.apiCallTimeout(PATIENCE.multipliedBy(2)))
        .build();
  }

  @Override
  public void put(String name, byte[] content) throws IOException {
    try {
      client.putObject(r -> r.bucket(bucket).key(key(name)), RequestBody.fromBytes(content));
    } catch (SdkException e) {
      throw failed("store", name, e);
    }
  }

  @Override
  public Optional<byte[]> get(String name) throws IOException {
    try {
      ResponseBytes<GetObjectResponse> object = client.getObjectAsBytes(r -> r.bucket(bucket).key(key(name)));
      return Optional.of(object.asByteArray());
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw failed("read", name, e);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    try {
      client.deleteObject(r -> r.bucket(bucket).key(key(name)));
    } catch (SdkException e) {
      throw failed("delete", name, e);
    }
  }

  @Override
  public Stream<String> names() throws IOException {
    try {
      return client.listObjectsV2Paginator(r -> r.bucket(bucket).prefix("evidence/")).contents().stream()
          .map(object -> object.key().substring(object.key().lastIndexOf('/') + 1));
    } catch (SdkException e) {
      throw failed("list", "names", e);
    }
  }

  /** An object is there whole or not at all. */
  @Override
  public void removeUnfinished() {}

  @Override
  public void close() {
    client.close();
  }

  private IOException failed(String what, String name, SdkException e) {
    String why = e instanceof S3Exception s3 ? "it answered " + s3.statusCode() + (s3.awsErrorDetails() == null ? "" : " " + s3.awsErrorDetails().errorCode()) : e.getMessage();
    return new IOException("the object store could not " + what + " " + bucket + "/" + key(name) + ": " + why, e);
  }

  private static String key(String name) {
    return "evidence/" + name.substring(0, 2) + "/" + name.substring(2, 4) + "/" + name;
  }
}
