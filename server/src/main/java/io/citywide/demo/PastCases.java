package io.citywide.demo;

import io.citywide.demo.Stories.Story;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Three months of closed cases, as another system would hand them over, so that the evaluation has something to show. */
final class PastCases {

  private static final int DAYS = 90;
  private static final int BATCH = 500;

  private final Roads roads;
  private final Simulator.Pace pace;

  PastCases(Roads roads, Simulator.Pace pace) {
    this.roads = roads;
    this.pace = pace;
  }

  /** Sent again, they change nothing: each has a number of its own. */
  void send(ApiClient machine, JsonNode units) {
    List<String> names = StreamSupport.stream(units.spliterator(), false)
        .filter(u -> u.path("kind").asString().equals("DEPARTMENT") || u.path("kind").asString().equals("STREET_OFFICE"))
        .map(u -> u.path("name").asString()).sorted().toList();
    // Its own chance, so that the numbers mean the same cases at every start.
    Random random = new Random(pace.seed());
    List<Map<String, Object>> rows = new ArrayList<>();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    for (int n = 1; n <= pace.past(); n++) {
      rows.add(row(n, names, now, random));
      if (rows.size() == BATCH || n == pace.past()) {
        JsonNode answer = machine.post("/api/signals:batch", rows);
        if (!answer.path("rejected").isEmpty()) {
          throw new IllegalStateException("the server rejected a past case: " + answer.path("rejected").get(0));
        }
        rows.clear();
      }
    }
  }

  private Map<String, Object> row(int n, List<String> units, Instant now, Random random) {
    Story story = Stories.choose(random);
    Roads.Point at = roads.point(random);
    Instant opened = now.minus(Duration.ofMinutes(24 * 60 + random.nextInt((DAYS - 1) * 24 * 60)));
    Instant target = opened.plus(Duration.ofHours(story.hours()));
    // Four of five in time, some only just; the late ones by up to their own limit.
    boolean late = random.nextInt(5) == 0;
    double part = late ? 1.05 + random.nextDouble() : 0.2 + 0.79 * random.nextDouble();
    Instant closed = opened.plus(Duration.ofMinutes((long) (story.hours() * 60 * part)));
    boolean done = closed.isBefore(now);
    Map<String, Object> history = new HashMap<>();
    history.put("openedAt", opened.toString());
    history.put("targetAt", target.toString());
    history.put("closedAt", done ? closed.toString() : null);
    history.put("status", done ? "CLOSED" : "OPEN");
    history.put("unitName", units.isEmpty() ? null : units.get(random.nextInt(units.size())));
    history.put("closure", done ? "已处置" : null);
    Map<String, Object> row = new HashMap<>();
    row.put("sourceSystem", "demo-archive");
    row.put("sourceRef", "past-%d-%05d".formatted(pace.seed(), n));
    row.put("kindId", story.kindId());
    row.put("description", Stories.tell(story, at.road(), random));
    row.put("lon", at.lon());
    row.put("lat", at.lat());
    row.put("address", at.road());
    row.put("occurredAt", opened.toString());
    row.put("history", history);
    return row;
  }
}
