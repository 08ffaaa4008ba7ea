package io.citywide.intake.internal.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both stores keep one promise; the object store speaks to a small server of our own that remembers objects. */
class BlobStoreTest {

  private static final String NAME = "abcd0123456789";
  private static final byte[] CONTENT = "not a photo, but bytes".getBytes(StandardCharsets.UTF_8);

  private static void keepsItsPromise(BlobStore store) throws IOException {
    assertThat(store.get(NAME)).isEmpty();
    store.put(NAME, CONTENT);
    store.put(NAME, CONTENT);
    assertThat(store.get(NAME)).hasValue(CONTENT);
    store.delete(NAME);
    assertThat(store.get(NAME)).isEmpty();
    store.delete(NAME);
  }

  @Test
  void keepsFilesByTheBeginningOfTheirName(@TempDir Path folder) throws IOException {
    BlobStore store = new DiskBlobStore(folder.resolve("evidence"));
    keepsItsPromise(store);
    store.put(NAME, CONTENT);
    assertThat(folder.resolve("evidence/ab/cd/" + NAME)).hasBinaryContent(CONTENT);
    try (var files = Files.list(folder.resolve("evidence/ab/cd"))) {
      assertThat(files.toList()).as("nothing half-written is left").hasSize(1);
    }
  }

  @Test
  void keepsObjectsInABucketWithSignedRequests() throws IOException {
    try (var fake = new FakeS3(); var store = new S3BlobStore(PhotosTest.settings("s3", fake.address()))) {
      keepsItsPromise(store);
      store.put(NAME, CONTENT);
      assertThat(fake.objects).containsOnlyKeys("/citywide/evidence/ab/cd/" + NAME);
      assertThat(fake.objects.get("/citywide/evidence/ab/cd/" + NAME)).as("without chunk signatures or trailers").isEqualTo(CONTENT);
      assertThat(fake.authorisations).allSatisfy(a -> assertThat(a).startsWith("AWS4-HMAC-SHA256 Credential=access/").contains("/us-east-1/s3/"));
    }
  }

  @Test
  void saysWhatAStoreAnsweredThatRefuses() throws IOException {
    try (var fake = new FakeS3(); var store = new S3BlobStore(PhotosTest.settings("s3", fake.address()))) {
      fake.refuse = true;
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> store.put(NAME, CONTENT)).withMessageContaining("403 AccessDenied").withMessageContaining("citywide/evidence");
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> store.get(NAME)).withMessageContaining("403");
    }
  }

  /** The three verbs of an object store, on loopback. */
  private static final class FakeS3 implements AutoCloseable {

    final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    final List<String> authorisations = new java.util.concurrent.CopyOnWriteArrayList<>();
    volatile boolean refuse;
    private final HttpServer server;

    FakeS3() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", this::answer);
      server.start();
    }

    String address() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String key = exchange.getRequestURI().getPath();
      authorisations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      if (refuse) {
        error(exchange, 403, "AccessDenied");
        return;
      }
      switch (exchange.getRequestMethod()) {
        case "PUT" -> {
          objects.put(key, body);
          exchange.getResponseHeaders().add("ETag", "\"x\"");
          exchange.sendResponseHeaders(200, -1);
        }
        case "DELETE" -> {
          objects.remove(key);
          exchange.sendResponseHeaders(204, -1);
        }
        default -> {
          byte[] object = objects.get(key);
          if (object == null) {
            error(exchange, 404, "NoSuchKey");
            return;
          }
          exchange.sendResponseHeaders(200, object.length);
          exchange.getResponseBody().write(object);
        }
      }
      exchange.close();
    }

    private static void error(HttpExchange exchange, int status, String code) throws IOException {
      byte[] xml = ("<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/xml");
      exchange.sendResponseHeaders(status, xml.length);
      exchange.getResponseBody().write(xml);
      exchange.close();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
