package io.citywide.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP interface as one person or one machine uses it; safe for many threads. */
public final class Wire {

  public static final JsonMapper JSON = JsonMapper.builder().build();

  static {
    // A report that had no answer is repeated by who sent it, with its key, never behind his back.
    System.setProperty("sun.net.http.retryPost", "false");
    System.setProperty("http.maxConnections", "4000");
  }

  /**
   * What came back.
   *
   * @param status of HTTP; 0: no answer came, so nobody knows whether it was done
   * @param nanos from the call to the whole answer
   */
  public record Answer(int status, byte[] body, long nanos, Optional<String> retryAfter) {

    public boolean done() {
      return status >= 200 && status < 300;
    }

    /** Turned away, honestly: nothing was done, and when to come again is said. */
    boolean turnedAway() {
      return status == 503 && retryAfter.isPresent();
    }

    public JsonNode json() {
      return JSON.readTree(body);
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final URI base;
  private final String[] headers;
  private final int patienceMillis;

  private Wire(URI base, String... headers) {
    this(base, 60_000, headers);
  }

  private Wire(URI base, int patienceMillis, String[] headers) {
    this.base = base;
    this.patienceMillis = patienceMillis;
    this.headers = headers;
  }

  /** The same, for work that takes minutes. */
  public Wire patient() {
    return new Wire(base, 1_200_000, headers);
  }

  public static Wire machine(URI base, String key) {
    return new Wire(base, "Authorization", "Bearer " + key);
  }

  /** Signs in. */
  public static Wire person(URI base, String login, String password) throws IOException {
    HttpURLConnection call = (HttpURLConnection) base.resolve("/api/session").toURL().openConnection();
    call.setRequestProperty("Content-Type", "application/json");
    header(call, new String[] {"Cookie", "XSRF-TOKEN=load", "X-XSRF-TOKEN", "load"});
    call.setDoOutput(true);
    call.getOutputStream().write(JSON.writeValueAsBytes(java.util.Map.of("login", login, "password", password)));
    int status = call.getResponseCode();
    String cookie = call.getHeaderFields().getOrDefault("Set-Cookie", List.of()).stream().filter(c -> c.startsWith("citywide_session=")).findFirst()
        .map(c -> c.substring(0, c.indexOf(';'))).orElseThrow(() -> new IOException(login + " was not let in: " + status));
    return new Wire(base, "Cookie", cookie + "; XSRF-TOKEN=load", "X-XSRF-TOKEN", "load");
  }

  public Answer get(String path) {
    return send("GET", path, null, null);
  }

  public Answer post(String path, String body) {
    return send("POST", path, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  /** NDJSON. */
  public Answer lines(String path, byte[] body) {
    return send("POST", path, "application/x-ndjson", body);
  }

  /** @param key {@code null}: none */
  Answer post(String path, String body, String key) {
    return key == null ? post(path, body) : send("POST", path, "application/json", body.getBytes(StandardCharsets.UTF_8), "Idempotency-Key", key);
  }

  public Answer put(String path, String body) {
    return send("PUT", path, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  Answer send(String method, String path, String type, byte[] body, String... more) {
    long begun = System.nanoTime();
    try {
      // Not the newer client: its selector threads cost three times as much of the processors that the server is measured on.
      HttpURLConnection call = (HttpURLConnection) base.resolve(path).toURL().openConnection();
      call.setRequestMethod(method);
      call.setConnectTimeout(5_000);
      call.setReadTimeout(patienceMillis);
      call.setInstanceFollowRedirects(false);
      header(call, headers);
      header(call, more);
      if (body != null) {
        call.setRequestProperty("Content-Type", type);
        call.setRequestProperty("Prefer", "return=minimal");
        call.setFixedLengthStreamingMode(body.length);
        call.setDoOutput(true);
        try (OutputStream out = call.getOutputStream()) {
          out.write(body);
        }
      }
      int status = call.getResponseCode();
      byte[] answer;
      try (InputStream in = status >= 400 ? call.getErrorStream() : call.getInputStream()) {
        answer = in == null ? new byte[0] : in.readAllBytes();
      }
      return new Answer(status, answer, System.nanoTime() - begun, Optional.ofNullable(call.getHeaderField("Retry-After")));
    } catch (IOException e) {
      return new Answer(0, String.valueOf(e).getBytes(StandardCharsets.UTF_8), System.nanoTime() - begun, Optional.empty());
    }
  }

  private static void header(HttpURLConnection call, String[] pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      call.setRequestProperty(pairs[i], pairs[i + 1]);
    }
  }
}
