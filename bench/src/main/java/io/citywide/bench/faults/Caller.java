package io.citywide.bench.faults;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One person at the HTTP interface; never repeats anything by itself. Safe for use by several threads. */
final class Caller {

  static final JsonMapper JSON = JsonMapper.builder().build();

  /** Longer than the server may take for an honest refusal; who gets no answer by then has found a fault. */
  private static final Duration TIMEOUT = Duration.ofSeconds(40);

  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

  /**
   * What the server said.
   *
   * @param retryAfter seconds of the header Retry-After; -1: none
   * @param bytes the body as it came
   */
  record Answer(int status, JsonNode body, int retryAfter, byte[] bytes) {

    boolean done() {
      return status >= 200 && status < 300;
    }

    String code() {
      return body.path("code").asString("");
    }

    /** 503, or 507 of a full disk, in the form that the interface promises: a problem in words, and when to come back. */
    boolean honestlyUnavailable() {
      return (status == 503 || status == 507) && retryAfter > 0 && !code().isEmpty() && !body.path("detail").asString("").isEmpty();
    }
  }

  private final URI base;
  private final String login;
  private final String password;
  private volatile String session;

  Caller(URI base, String login, String password, String session) {
    this.base = base;
    this.login = login;
    this.password = password;
    this.session = session;
  }

  String session() {
    return session;
  }

  /** @throws IllegalStateException where the server does not let the person in */
  void signIn() throws IOException, InterruptedException {
    HttpResponse<byte[]> response = HTTP.send(HttpRequest.newBuilder(base.resolve("/api/session")).timeout(TIMEOUT)
        .header("Content-Type", "application/json").header("Cookie", "XSRF-TOKEN=bench").header("X-XSRF-TOKEN", "bench")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("login", login, "password", password)))).build(), BodyHandlers.ofByteArray());
    if (response.statusCode() >= 500) {
      throw new IOException("log-in of " + login + " answered " + response.statusCode());
    }
    session = response.headers().allValues("set-cookie").stream().filter(c -> c.startsWith("citywide_session=")).findFirst().map(c -> c.split("[=;]")[1])
        .orElseThrow(() -> new IllegalStateException("no session for " + login + ": " + response.statusCode() + " " + text(response.body())));
  }

  Answer get(String path) throws IOException, InterruptedException {
    return ask("GET", path, null, null, Map.of());
  }

  Answer post(String path, Object body, Map<String, String> headers) throws IOException, InterruptedException {
    return ask("POST", path, "application/json", JSON.writeValueAsBytes(body), headers);
  }

  Answer send(String method, String path, String contentType, byte[] body) throws IOException, InterruptedException {
    return ask(method, path, contentType, body, Map.of());
  }

  Answer upload(byte[] jpeg) throws IOException, InterruptedException {
    String boundary = "faults-0123456789";
    var body = new ByteArrayOutputStream();
    body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n")
        .getBytes(StandardCharsets.UTF_8));
    body.writeBytes(jpeg);
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return ask("POST", "/api/media", "multipart/form-data; boundary=" + boundary, body.toByteArray(), Map.of());
  }

  private Answer ask(String method, String path, String contentType, byte[] body, Map<String, String> headers) throws IOException, InterruptedException {
    if (session == null) {
      signIn();
    }
    Answer answer = askOnce(method, path, contentType, body, headers);
    if (answer.status() == 401) {
      signIn();
      answer = askOnce(method, path, contentType, body, headers);
    }
    return answer;
  }

  private Answer askOnce(String method, String path, String contentType, byte[] body, Map<String, String> headers) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT)
        .header("Cookie", "citywide_session=" + session + "; XSRF-TOKEN=bench").header("X-XSRF-TOKEN", "bench");
    if (contentType != null) {
      request.header("Content-Type", contentType);
    }
    headers.forEach(request::header);
    HttpResponse<byte[]> response =
        HTTP.send(request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofByteArray());
    boolean json = response.headers().firstValue("content-type").orElse("").contains("json");
    return new Answer(response.statusCode(), json && response.body().length > 0 ? JSON.readTree(response.body()) : JSON.missingNode(),
        response.headers().firstValue("retry-after").map(Integer::parseInt).orElse(-1), response.body());
  }

  private static String text(byte[] body) {
    return new String(body, 0, Math.min(200, body.length), StandardCharsets.UTF_8);
  }
}
