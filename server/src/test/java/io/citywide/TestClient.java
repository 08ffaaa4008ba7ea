package io.citywide;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the server's HTTP interface, as one person's browser (session and CSRF token), one machine (key), or nobody. */
public final class TestClient {

  /** An answer: status, body as text, body as JSON where it is JSON (else missing node). */
  public record Answer(int status, String text, HttpResponse<String> response) {

    public JsonNode json() {
      return text == null || text.isBlank() ? JSON.missingNode() : JSON.readTree(text);
    }

    /** The stable code of a problem document. */
    public String problem() {
      return json().path("code").asString("");
    }
  }

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String base;
  private final Map<String, String> headers;

  private TestClient(String base, Map<String, String> headers) {
    this.base = base;
    this.headers = headers;
  }

  public static TestClient nobody(int port) {
    return new TestClient("http://127.0.0.1:" + port, Map.of());
  }

  public static TestClient withSession(int port, String token) {
    return new TestClient("http://127.0.0.1:" + port,
        Map.of("Cookie", "citywide_session=" + token + "; XSRF-TOKEN=t", "X-XSRF-TOKEN", "t"));
  }

  public static TestClient withKey(int port, String key) {
    return new TestClient("http://127.0.0.1:" + port, Map.of("Authorization", "Bearer " + key));
  }

  public Answer get(String path) {
    return send("GET", path, null, Map.of());
  }

  public Answer post(String path, Object body) {
    return send("POST", path, body, Map.of());
  }

  public Answer put(String path, Object body) {
    return send("PUT", path, body, Map.of());
  }

  public Answer delete(String path) {
    return send("DELETE", path, null, Map.of());
  }

  /** {@code body}: a String is sent as it is, anything else as JSON. */
  public Answer send(String method, String path, Object body, Map<String, String> more) {
    var request = HttpRequest.newBuilder(URI.create(base + path));
    headers.forEach(request::header);
    if (body != null && more.keySet().stream().noneMatch("content-type"::equalsIgnoreCase)) {
      request.header("Content-Type", "application/json");
    }
    more.forEach(request::header);
    request.method(method, body == null ? BodyPublishers.noBody()
        : body instanceof byte[] bytes ? BodyPublishers.ofByteArray(bytes)
        : BodyPublishers.ofString(body instanceof String text ? text : JSON.writeValueAsString(body)));
    try {
      HttpResponse<String> response = HTTP.send(request.build(), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body(), response);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The API key of a machine's client. */
  public String key() {
    return headers.get("Authorization").substring("Bearer ".length());
  }

  public Map<String, String> headers() {
    return headers;
  }

  public String base() {
    return base;
  }
}
