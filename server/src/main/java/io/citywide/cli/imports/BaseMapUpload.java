package io.citywide.cli.imports;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends a file of OpenStreetMap to a server and follows its work. Interrupted, it leaves the base map as it was. */
public final class BaseMapUpload {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI base;
  private final String key;
  private final Consumer<String> progress;

  /**
   * @param base such as {@code http://127.0.0.1:8080}
   * @param key API key with PLACE_EDIT for the whole city
   * @param progress takes a line that stands for all before it
   */
  public BaseMapUpload(URI base, String key, Consumer<String> progress) {
    this.base = base;
    this.key = key;
    this.progress = progress;
  }

  /**
   * @return what became of it, in words
   * @throws CityApi.Refused with the server's own words
   */
  public String run(Path file) throws IOException, InterruptedException {
    progress.accept("sending " + Files.size(file) / 1024 + " KB");
    HttpRequest request = HttpRequest.newBuilder(base.resolve("/api/map/base")).header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/octet-stream").header("Accept", "application/x-ndjson, application/problem+json")
        .timeout(Duration.ofHours(6)).PUT(BodyPublishers.ofFile(file)).build();
    try (HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
      var response = http.send(request, BodyHandlers.ofInputStream());
      try (var lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        if (response.statusCode() != 200) {
          throw refused(response.statusCode(), JSON.readTree(lines));
        }
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          JsonNode said = JSON.readTree(line);
          if (said.has("problem")) {
            throw refused(said.at("/problem/status").asInt(), said.path("problem"));
          }
          if (said.has("finished")) {
            return words(said.path("finished"));
          }
          long of = Math.max(1, said.path("of").asLong());
          progress.accept(said.path("step").asString() + (said.path("bytes").asLong() == 0 ? "" : " " + said.path("bytes").asLong() * 100 / of + " %"));
        }
      }
    } catch (ConnectException e) {
      throw new IOException("no server answers at " + base, e);
    }
    throw new IOException("the server stopped in the middle; the base map is as it was. Its log says why");
  }

  private static CityApi.Refused refused(int status, JsonNode problem) {
    return new CityApi.Refused(status, problem.path("title").asString("refused") + ": " + problem.path("detail").asString(""), problem);
  }

  private static String words(JsonNode finished) {
    List<String> layers = new ArrayList<>();
    finished.path("features").properties().forEach(layer -> layers.add(layer.getValue().asInt() + " " + layer.getKey()));
    StringBuilder words = new StringBuilder("The base map holds " + String.join(", ", layers) + ", from " + finished.path("nodes").asLong() + " nodes, "
        + finished.path("ways").asLong() + " ways and " + finished.path("relations").asLong() + " relations.");
    if (finished.path("incomplete").asLong() > 0) {
      words.append("\n").append(finished.path("incomplete").asLong()).append(" lines lack some of their nodes, as at the edge of an extract, and are drawn without them.");
    }
    if (finished.path("broken").asLong() > 0) {
      words.append("\n").append(finished.path("broken").asLong()).append(" areas have an outline that does not close and are left out.");
    }
    if (finished.path("inCity").isBoolean() && !finished.path("inCity").asBoolean()) {
      words.append("\nAttention: nothing of it lies within the areas of this city.");
    }
    return words.toString();
  }
}
