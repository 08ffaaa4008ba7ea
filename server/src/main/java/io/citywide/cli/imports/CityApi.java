package io.citywide.cli.imports;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server as an import sees it. A server that is busy or starting again is waited for; a refusal is told at once. */
public final class CityApi {

  /** The server refused; the message is its own. */
  public static final class Refused extends IOException {
    private final int status;
    private final transient JsonNode problem;

    Refused(int status, String message, JsonNode problem) {
      super(message);
      this.status = status;
      this.problem = problem;
    }

    public int status() {
      return status;
    }

    /** The problem document. */
    public JsonNode problem() {
      return problem;
    }
  }

  private static final int TRIES = 8;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final URI base;
  private final String key;

  /**
   * @param base such as {@code http://127.0.0.1:8080}
   * @param key API key with the permissions that the import needs
   */
  public CityApi(URI base, String key) {
    this.base = base;
    this.key = key;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send("GET", path, null, null);
  }

  JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return send("POST", path, "application/json", JSON.writeValueAsBytes(body));
  }

  JsonNode put(String path, Object body) throws IOException, InterruptedException {
    return send("PUT", path, "application/json", JSON.writeValueAsBytes(body));
  }

  /** Sends a text as it is. */
  JsonNode postText(String path, String contentType, String body) throws IOException, InterruptedException {
    return send("POST", path, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a stream, once: its answer comes when all of it is on disk.
   *
   * @param body opens it; read to its end and closed
   */
  JsonNode stream(String path, String contentType, Supplier<InputStream> body) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + key)
        .header("Accept", "application/json, application/problem+json").header("Content-Type", contentType)
        .POST(BodyPublishers.ofInputStream(body)).build();
    HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() >= 300) {
      throw refused(response);
    }
    return JSON.readTree(response.body());
  }

  /** Every call here may be repeated: what was already taken is not taken twice. */
  private JsonNode send(String method, String path, String contentType, byte[] body) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(Duration.ofMinutes(5))
        .header("Authorization", "Bearer " + key).header("Accept", "application/json, application/problem+json");
    if (body != null) {
      request.header("Content-Type", contentType);
    }
    request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    for (int attempt = 1; ; attempt++) {
      try {
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        if (response.statusCode() < 300) {
          return response.body().length == 0 ? JSON.nullNode() : JSON.readTree(response.body());
        }
        if (response.statusCode() != 503 || attempt == TRIES) {
          throw refused(response);
        }
      } catch (Refused e) {
        throw e;
      } catch (IOException e) {
        if (attempt == TRIES) {
          throw e instanceof ConnectException ? new IOException("no server answers at " + base, e) : e;
        }
      }
      Thread.sleep(Duration.ofMillis(Math.min(5_000, 100L << attempt)));
    }
  }

  private static Refused refused(HttpResponse<byte[]> response) {
    try {
      JsonNode problem = JSON.readTree(response.body());
      return new Refused(response.statusCode(), problem.path("title").asString("refused") + ": " + problem.path("detail").asString(""), problem);
    } catch (RuntimeException e) {
      return new Refused(response.statusCode(), "the server answered " + response.statusCode(), JSON.missingNode());
    }
  }
}
