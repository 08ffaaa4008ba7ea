package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.identity.OperatorKey;
import io.citywide.place.TestCity;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The server is killed in the middle of an import of components: after the restart every acknowledged batch is there, once. */
class KilledImportTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final TestCity CITY = new TestCity("730200", 113.45, 30.35);
  private static final int SIZE = 200;
  private static final int BEFORE_THE_KILL = 12;

  @TempDir Path data;
  private URI server;
  private String key;

  private HttpResponse<String> send(String method, String path, String type, String body) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + key).header("Content-Type", type)
          .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    }
  }

  private static String ident(int number) {
    return "73020201037%06d".formatted(number);
  }

  /** A batch moves each of its components a little: one that was taken in part would show. */
  private static String batch(int batch) {
    return IntStream.range(0, SIZE).mapToObj(i -> {
      List<Double> at = CITY.at(0.1 + i % 20 * 0.18, 0.1 + batch % 40 * 0.045);
      return "{\"ident\": \"%s\", \"name\": \"批%d\", \"lon\": %s, \"lat\": %s}\n".formatted(ident(batch * SIZE + i), batch, at.get(0), at.get(1));
    }).reduce("", String::concat);
  }

  private void meet(ServerProcess process) throws Exception {
    server = process.address();
    key = OperatorKey.find(data).orElseThrow();
  }

  @Test
  void everyAcknowledgedBatchIsThereOnceAndNoneInPart() throws Exception {
    Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    AtomicInteger begun = new AtomicInteger();
    try (ServerProcess first = new ServerProcess(data, Map.of(), "--port", "0")) {
      meet(first);
      assertThat(send("PUT", "/api/areas", "application/json", JSON.writeValueAsString(CITY.geoJson())).statusCode()).isEqualTo(200);
      CountDownLatch enough = new CountDownLatch(BEFORE_THE_KILL);
      List<Thread> importers = IntStream.range(0, 3).mapToObj(t -> Thread.ofPlatform().start(() -> {
        try {
          while (begun.get() < 4_000) {
            int n = begun.getAndIncrement();
            HttpResponse<String> answer = send("POST", "/api/components:batch", "application/x-ndjson", batch(n));
            if (answer.statusCode() == 200 && JSON.readTree(answer.body()).path("accepted").asInt() == SIZE) {
              acknowledged.add(n);
              enough.countDown();
            }
          }
        } catch (IOException e) {
          // It was killed.
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      })).toList();
      assertThat(enough.await(90, TimeUnit.SECONDS)).as(first.output()).isTrue();
      // SIGKILL to the server and to its database, while others are under way.
      List<ProcessHandle> all = first.process.descendants().toList();
      first.process.destroyForcibly().waitFor();
      all.forEach(ProcessHandle::destroyForcibly);
      for (Thread importer : importers) {
        importer.join();
      }
    }
    assertThat(begun.get()).as("batches that were not acknowledged").isGreaterThan(acknowledged.size());

    try (ServerProcess second = new ServerProcess(data, Map.of(), "--port", "0")) {
      meet(second);
      Set<Integer> there = new TreeSet<>();
      long total = 0;
      for (int n = 0; n < begun.get(); n++) {
        int present = 0;
        for (int i : new int[] {0, 1, SIZE / 2, SIZE - 1}) {
          HttpResponse<String> one = send("GET", "/api/components/" + ident(n * SIZE + i), "application/json", null);
          present += one.statusCode() == 200 && JSON.readTree(one.body()).at("/component/name").asString().equals("批" + n) ? 1 : 0;
        }
        assertThat(present).as("batch %d, in part", n).isIn(0, 4);
        if (present == 4) {
          there.add(n);
          total += SIZE;
        }
      }
      assertThat(there).containsAll(acknowledged);
      // The index that the map is drawn from was killed with the server: it must count each component once.
      long expected = total;
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      long counted = counted();
      while (counted != expected && System.nanoTime() < end) {
        LockSupport.parkNanos(100_000_000);
        counted = counted();
      }
      assertThat(counted).isEqualTo(expected);
      for (int n : List.of(acknowledged.iterator().next(), begun.get())) {
        assertThat(send("POST", "/api/components:batch", "application/x-ndjson", batch(n)).statusCode()).as("it goes on").isEqualTo(200);
      }
    }
  }

  private long counted() throws IOException, InterruptedException {
    String body = "{\"region\": {\"area\": \"730200\"}, \"layers\": [\"components\"]}";
    HttpResponse<String> answer = send("POST", "/api/map/inside", "application/json", body);
    JsonNode layer = JSON.readTree(answer.body()).at("/layers/0/count");
    return answer.statusCode() == 200 ? layer.asLong() : -1;
  }
}
