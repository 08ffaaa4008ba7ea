package io.citywide.bench.map;

import io.citywide.grid.GridKeys;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The search box of a running server that holds the city, over HTTP: names of its areas, numbers of components and grid
 * codes, each as it is typed, letter by letter.
 */
final class SearchClock {

  private static final int TYPED = 400;

  private final URI base;
  private final String key;
  private final HttpClient http = HttpClient.newHttpClient();

  SearchClock(URI base, String key) {
    this.base = base;
    this.key = key;
  }

  /** The 95th percentile in milliseconds, over every letter. An area that is not found by its whole name is a fault. */
  double p95() throws IOException, InterruptedException {
    Random random = new Random(3);
    JsonNode areas = get("/api/areas");
    List<JsonNode> all = new ArrayList<>();
    (areas.isArray() ? areas : areas.path("areas")).forEach(all::add);
    if (all.isEmpty()) throw new IllegalStateException("the server has no areas; it must hold the city");
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < TYPED; i++) {
      JsonNode area = all.get(random.nextInt(all.size()));
      String name = area.path("name").asString();
      String words = switch (i % 3) {
        case 0 -> name;
        case 1 -> area.path("code").asString().substring(0, 6) + "%05d%06d".formatted(1_001 + random.nextInt(40), random.nextInt(100_000));
        default -> GridKeys.code(GridKeys.encode(City.LON + random.nextGaussian() * 0.1, City.LAT + random.nextGaussian() * 0.1, 7));
      };
      for (int length = 1; length <= words.length(); length++) {
        long begun = System.nanoTime();
        JsonNode answer = get("/api/map/search?limit=10&q=" + URLEncoder.encode(words.substring(0, length), StandardCharsets.UTF_8));
        // The first ones compile the server.
        if (i >= TYPED / 4) nanos.add(System.nanoTime() - begun);
        if (i % 3 == 0 && length == words.length() && answer.path("hits").size() == 0) throw new IllegalStateException("nothing was found for the area " + name);
      }
    }
    long[] sorted = nanos.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted[(int) (0.95 * sorted.length)] / 1e6;
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + key).build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new IOException(path + ": " + answer.statusCode() + " " + answer.body());
    return JsonMapper.shared().readTree(answer.body());
  }
}
