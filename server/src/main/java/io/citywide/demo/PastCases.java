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
import tools.jackson.databind.JsonNode;

/** Three months of closed cases, as another system would hand them over, so that the evaluation has something to show. */
final class PastCases {

  /** The system that their numbers are of. */
  static final String SOURCE = "历史档案";

  private static final int DAYS = 90;
  private static final int BATCH = 500;

  private final Roads roads;
  private final Simulator.Pace pace;

  PastCases(Roads roads, Simulator.Pace pace) {
    this.roads = roads;
    this.pace = pace;
  }

  /** Sent again, they change nothing: each has a number of its own. */
  void send(ApiClient machine, ApiClient person) {
    Map<String, String> names = new HashMap<>();
    person.get("/api/units").forEach(u -> names.put(u.path("code").asString(), u.path("name").asString()));
    // Its own chance, so that the numbers mean the same cases at every start.
    Random random = new Random(pace.seed());
    List<Map<String, Object>> rows = new ArrayList<>();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    for (int n = 1; n <= pace.past(); n++) {
      rows.add(row(n, person, names, now, random));
      if (rows.size() == BATCH || n == pace.past()) {
        JsonNode answer = machine.post("/api/signals:batch", rows);
        if (!answer.path("rejected").isEmpty()) {
          throw new IllegalStateException("the server rejected a past case: " + answer.path("rejected").get(0));
        }
        rows.clear();
      }
    }
  }

  private Map<String, Object> row(int n, ApiClient person, Map<String, String> names, Instant now, Random random) {
    Story story = Stories.choose(random);
    Roads.Point at = roads.point(random);
    JsonNode spot = person.get("/api/places/locate?lon=" + at.lon() + "&lat=" + at.lat()).path("spot");
    String unit = names.get(unitCode(story, spot.path("district").path("code").asString(""), spot.path("street").path("code").asString("")));
    // One in 25 is still open and overdue; the others ended, some only just in time, the late ones by up to their own limit.
    boolean open = n % 25 == 0;
    Instant opened = now.minus(Duration.ofMinutes(open ? story.hours() * 60L + random.nextInt(3 * 24 * 60)
        : story.hours() * 130L + random.nextInt(DAYS * 24 * 60)));
    Instant target = opened.plus(Duration.ofHours(story.hours()));
    // Units differ in how often they are late: between 5 and 30 of a hundred.
    boolean late = random.nextInt(100) < 5 + Math.floorMod(String.valueOf(unit).hashCode(), 26);
    double part = late ? 1.05 + random.nextDouble() : 0.2 + 0.79 * random.nextDouble();
    Instant closed = opened.plus(Duration.ofMinutes((long) (story.hours() * 60 * part)));
    boolean done = !open;
    Map<String, Object> history = new HashMap<>();
    history.put("openedAt", opened.toString());
    history.put("targetAt", target.toString());
    history.put("closedAt", done ? closed.toString() : null);
    history.put("status", done ? "CLOSED" : "OPEN");
    history.put("unitName", unit);
    history.put("closure", done ? "已处置" : null);
    Map<String, Object> row = new HashMap<>();
    row.put("sourceSystem", SOURCE);
    row.put("sourceRef", "past-%d-%05d".formatted(pace.seed(), n));
    row.put("kindId", story.kindId());
    Stories.Words words = Stories.tell(story, at.road(), random);
    row.put("title", words.title());
    row.put("description", words.text());
    row.put("lon", at.lon());
    row.put("lat", at.lat());
    row.put("address", at.road());
    row.put("occurredAt", opened.toString());
    row.put("history", history);
    return row;
  }

  /** Who did such work, roughly as the matrix of {@link Roster} says. */
  private static String unitCode(Story story, String district, String street) {
    return switch (story.code().substring(0, 3)) {
      case "M06" -> "JB" + street;
      case "M02" -> "JJ" + district;
      case "M04" -> "YL" + district;
      case "M01", "M08" -> "ZJ" + district;
      default -> "CG" + district;
    };
  }
}
