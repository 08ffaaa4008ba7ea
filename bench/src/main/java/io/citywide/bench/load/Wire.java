package io.citywide.bench.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP interface as one person or one machine uses it; safe for many threads. */
final class Wire {

  static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

  /**
   * What came back.
   *
   * @param status of HTTP; 0: no answer came, so nobody knows whether it was done
   * @param nanos from the call to the whole answer
   */
  record Answer(int status, byte[] body, long nanos, Optional<String> retryAfter) {

    boolean done() {
      return status >= 200 && status < 300;
    }

    /** Turned away, honestly: nothing was done, and when to come again is said. */
    boolean turnedAway() {
      return status == 503 && retryAfter.isPresent();
    }

    JsonNode json() {
      return JSON.readTree(body);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final URI base;
  private final String[] headers;

  private Wire(URI base, String... headers) {
    this.base = base;
    this.headers = headers;
  }

  static Wire machine(URI base, String key) {
    return new Wire(base, "Authorization", "Bearer " + key);
  }

  /** Signs in. */
  static Wire person(URI base, String login, String password) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/session")).timeout(TIMEOUT).header("Content-Type", "application/json")
        .header("Cookie", "XSRF-TOKEN=load").header("X-XSRF-TOKEN", "load")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(java.util.Map.of("login", login, "password", password)))).build();
    HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
    String cookie = response.headers().allValues("set-cookie").stream().filter(c -> c.startsWith("citywide_session=")).findFirst()
        .map(c -> c.substring(0, c.indexOf(';'))).orElseThrow(() -> new IOException(login + " was not let in: " + response.body()));
    return new Wire(base, "Cookie", cookie + "; XSRF-TOKEN=load", "X-XSRF-TOKEN", "load");
  }

  Answer get(String path) throws InterruptedException {
    return send("GET", path, null, null);
  }

  Answer post(String path, String body) throws InterruptedException {
    return send("POST", path, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  /** @param key {@code null}: none */
  Answer post(String path, String body, String key) throws InterruptedException {
    return key == null ? post(path, body) : send("POST", path, "application/json", body.getBytes(StandardCharsets.UTF_8), "Idempotency-Key", key);
  }

  Answer put(String path, String body) throws InterruptedException {
    return send("PUT", path, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  Answer send(String method, String path, String type, byte[] body, String... more) throws InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT).headers(headers);
    if (type != null) {
      request.header("Content-Type", type).header("Prefer", "return=minimal");
    }
    if (more.length > 0) {
      request.headers(more);
    }
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    long begun = System.nanoTime();
    try {
      HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), response.body(), System.nanoTime() - begun, response.headers().firstValue("Retry-After"));
    } catch (IOException e) {
      return new Answer(0, String.valueOf(e).getBytes(StandardCharsets.UTF_8), System.nanoTime() - begun, Optional.empty());
    }
  }
}
