package io.citywide.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks with the public HTTP interface as one person, one machine or a citizen. Once signed in, safe for use by several threads. */
final class ApiClient {

  static final JsonMapper JSON = JsonMapper.builder().build();

  /** The areas of a metropolis take a busy machine more than a minute. */
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

  private final URI base;
  private final String login;
  private final String password;
  private final String key;
  private volatile String session;
  private volatile Refusal shutOut;

  private ApiClient(URI base, String login, String password, String key) {
    this.base = base;
    this.login = login;
    this.password = password;
    this.key = key;
  }

  static ApiClient citizen(URI base) {
    return new ApiClient(base, null, null, null);
  }

  static ApiClient machine(URI base, String key) {
    return new ApiClient(base, null, null, key);
  }

  /** Signs in when first asked for something, and again when the session has ended. */
  static ApiClient person(URI base, String login, String password) {
    return new ApiClient(base, login, password, null);
  }

  /** The value of the session's cookie; {@code null} before the first log-in. */
  String session() {
    return session;
  }

  String login() {
    return login;
  }

  /**
   * @return the person's {@code Me}
   * @throws Refusal where the server does not let the person in
   */
  JsonNode signIn() {
    if (shutOut != null) {
      // Somebody changed the password. Trying again would lock the account of that person.
      throw shutOut;
    }
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve("/api/session"))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("Cookie", "XSRF-TOKEN=demo")
            .header("X-XSRF-TOKEN", "demo")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(Map.of("login", login, "password", password))))
            .build();
    HttpResponse<String> response = send(request);
    JsonNode me;
    try {
      me = checked("POST", "/api/session", response);
    } catch (Refusal e) {
      shutOut = e.status() == 401 ? e : null;
      throw e;
    }
    session =
        response.headers().allValues("set-cookie").stream().filter(c -> c.startsWith("citywide_session=")).findFirst()
            .map(c -> c.split("[=;]")[1]).orElseThrow(() -> new IllegalStateException("no session cookie after the log-in of " + login));
    return me;
  }

  JsonNode get(String path) {
    return ask("GET", path, "application/json", null, Map.of());
  }

  JsonNode post(String path, Object body) {
    return ask("POST", path, "application/json", json(body), Map.of());
  }

  JsonNode post(String path, Object body, Map<String, String> headers) {
    return ask("POST", path, "application/json", json(body), headers);
  }

  JsonNode put(String path, Object body) {
    return ask("PUT", path, "application/json", json(body), Map.of());
  }

  JsonNode delete(String path) {
    return ask("DELETE", path, null, null, Map.of());
  }

  JsonNode postText(String path, String contentType, String text) {
    return ask("POST", path, contentType, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** Sends a stream, and waits for its answer as long as it takes. */
  JsonNode postStream(String path, String contentType, Supplier<InputStream> body) {
    if (session == null) {
      signIn();
    }
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).header("Cookie", "citywide_session=" + session + "; XSRF-TOKEN=demo")
        .header("X-XSRF-TOKEN", "demo").header("Content-Type", contentType).POST(BodyPublishers.ofInputStream(body)).build();
    return checked("POST", path, send(request));
  }

  JsonNode postForm(String path, Map<String, String> form) {
    String body = form.entrySet().stream().map(e -> encode(e.getKey()) + "=" + encode(e.getValue())).collect(Collectors.joining("&"));
    return postText(path, "application/x-www-form-urlencoded", body);
  }

  /** Uploads a JPEG as the part {@code file}; answers its sha256. */
  String upload(String path, byte[] jpeg) {
    String boundary = "citywide-" + UUID.randomUUID();
    var body = new ByteArrayOutputStream();
    body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.jpg\"\r\n"
        + "Content-Type: image/jpeg\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    body.writeBytes(jpeg);
    body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.UTF_8));
    return ask("POST", path, "multipart/form-data; boundary=" + boundary, body.toByteArray(), Map.of()).path("sha256").asString();
  }

  private JsonNode ask(String method, String path, String contentType, byte[] body, Map<String, String> more) {
    if (login != null && session == null) {
      signIn();
    }
    HttpResponse<String> response = send(request(method, path, contentType, body, more));
    if (response.statusCode() == 401 && login != null) {
      signIn();
      response = send(request(method, path, contentType, body, more));
    }
    return checked(method, path, response);
  }

  private HttpRequest request(String method, String path, String contentType, byte[] body, Map<String, String> more) {
    var request = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    if (session != null) {
      request.header("Cookie", "citywide_session=" + session + "; XSRF-TOKEN=demo").header("X-XSRF-TOKEN", "demo");
    }
    if (contentType != null && body != null) {
      request.header("Content-Type", contentType);
    }
    more.forEach(request::header);
    return request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body)).build();
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("the server at " + request.uri().resolve("/") + " does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while waiting for " + request.uri()));
    }
  }

  private static JsonNode checked(String method, String path, HttpResponse<String> response) {
    String text = response.body() == null ? "" : response.body();
    boolean json = response.headers().firstValue("content-type").orElse("").contains("json");
    JsonNode body = json && !text.isBlank() ? JSON.readTree(text) : JSON.missingNode();
    if (response.statusCode() >= 400) {
      throw new Refusal(method, path, response.statusCode(), body.path("code").asString(""),
          body.path("detail").asString(text.substring(0, Math.min(200, text.length()))));
    }
    return body;
  }

  private static byte[] json(Object body) {
    return body == null ? null : (body instanceof String text ? text : JSON.writeValueAsString(body)).getBytes(StandardCharsets.UTF_8);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
