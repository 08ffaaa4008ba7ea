package io.citywide.demo;

import io.citywide.demo.Stories.Story;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** Who tells the city what is wrong: citizens, the hotline, collectors, an Open311 client; and the citizens' judgement of the result. */
final class Reporters {

  /** What was reported a moment ago, so that somebody else may report it too. */
  private record Told(Story story, double lon, double lat, String road) {}

  private static final int REMEMBERED = 40;

  private final SignedIn accounts;
  private final Roads roads;
  private final Random random;
  private final Deque<Told> recent = new ArrayDeque<>();
  private final Deque<String> followed = new ArrayDeque<>();
  private final Map<String, JsonNode> questions = new HashMap<>();

  Reporters(SignedIn accounts, Roads roads, Random random) {
    this.accounts = accounts;
    this.roads = roads;
    this.random = random;
  }

  /** One report: in one of six cases of what another has just told. */
  void report() {
    Told source = !recent.isEmpty() && random.nextInt(6) == 0 ? again() : somethingNew();
    Story story = source.story();
    Stories.Words words = Stories.tell(story, source.road(), random);
    int channel = random.nextInt(20);
    if (channel < 5) {
      byOpen311(source, words);
    } else if (channel < 11) {
      byHotline(source, words);
    } else if (channel < 12) {
      byCitizen(source, words);
    } else {
      byCollector(source, words);
    }
    recent.addLast(source);
    if (recent.size() > REMEMBERED) {
      recent.removeFirst();
    }
  }

  /** The same trouble, 5 to 60 m beside, as another person would put it on a map. */
  private Told again() {
    Told before = List.copyOf(recent).get(random.nextInt(recent.size()));
    double meters = 5 + random.nextDouble() * 55;
    double angle = random.nextDouble() * 2 * Math.PI;
    return new Told(before.story(), before.lon() + Roads.degreesEast(meters * Math.cos(angle), before.lat()),
        before.lat() + Roads.degreesNorth(meters * Math.sin(angle)), before.road());
  }

  private Told somethingNew() {
    Story story = Stories.choose(random);
    Roads.Point at = roads.point(random);
    if (story.componentKindId() != null) {
      try {
        JsonNode near = accounts.person("collector").get("/api/components:nearest?lon=" + at.lon() + "&lat=" + at.lat() + "&radius=400&kindId=" + story.componentKindId());
        JsonNode component = near.path("component");
        return new Told(story, component.path("lon").asDouble(at.lon()), component.path("lat").asDouble(at.lat()), at.road());
      } catch (Refusal e) {
        if (e.status() != 404 && e.status() != 503) {
          throw e;
        }
        // No such component stands here, or their index is being built; the trouble is where it is.
      }
    }
    return new Told(story, at.lon(), at.lat(), at.road());
  }

  private void byOpen311(Told t, Stories.Words words) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("service_code", t.story().kindId());
    form.put("lat", String.valueOf(t.lat()));
    form.put("long", String.valueOf(t.lon()));
    form.put("description", words.text());
    form.put("address_string", t.road());
    form.put("first_name", "市民");
    form.put("phone", phone());
    questions.computeIfAbsent(t.story().kindId(), code -> accounts.hotline().get("/open311/v2/services/" + code + ".json").path("attributes")).forEach(question -> {
      if (question.path("required").asBoolean()) {
        form.put("attribute[" + question.path("code").asString() + "]", answer(question));
      }
    });
    accounts.hotline().postForm("/open311/v2/requests.json", form);
  }

  private String answer(JsonNode question) {
    JsonNode values = question.path("values");
    return switch (question.path("datatype").asString()) {
      case "singlevaluelist", "multivaluelist" -> values.path(random.nextInt(Math.max(1, values.size()))).path("key").asString();
      case "number" -> "1";
      case "datetime" -> Instant.now().toString();
      default -> "不详";
    };
  }

  /** The hotline writes down what it hears: no kind, often no more than a road, sometimes no place at all. */
  private void byHotline(Told t, Stories.Words words) {
    Map<String, Object> body = new HashMap<>(Map.of("channel", "HOTLINE", "sourceSystem", "12345", "sourceRef", UUID.randomUUID().toString(),
        "title", words.title(), "description", words.text(), "reporter", Map.of("name", "来电人", "phone", phone(), "confidential", random.nextInt(10) == 0)));
    if (random.nextInt(6) > 0) {
      body.put("lon", t.lon());
      body.put("lat", t.lat());
      body.put("address", t.road());
    }
    if (random.nextInt(12) == 0) {
      body.put("urgency", "URGENT");
    }
    accounts.hotline().post("/api/signals", body, Map.of("Idempotency-Key", UUID.randomUUID().toString()));
  }

  private void byCitizen(Told t, Stories.Words words) {
    ApiClient citizen = accounts.citizen();
    try {
      String photo = citizen.upload("/api/public/media", StreetScene.draw(t.story().motif(), false, random));
      JsonNode taken = citizen.post("/api/public/reports", Map.of("kindId", t.story().kindId(), "description", words.text(), "lon", t.lon(), "lat", t.lat(),
          "address", t.road(), "media", List.of(photo), "name", "热心市民", "phone", phone()));
      followed.addLast(taken.path("trackingCode").asString());
      if (followed.size() > REMEMBERED) {
        followed.removeFirst();
      }
    } catch (Refusal e) {
      if (e.status() != 429) {
        throw e;
      }
      // The public page takes only so many from one address; a person at this machine should have them.
      byCollector(t, words);
    }
  }

  private void byCollector(Told t, Stories.Words words) {
    ApiClient collector = accounts.person("collector");
    String photo = collector.upload("/api/media", StreetScene.draw(t.story().motif(), false, random));
    collector.post("/api/signals", Map.of("kindId", t.story().kindId(), "title", words.title(), "description", words.text(), "lon", t.lon(),
        "lat", t.lat(), "address", t.road(), "media", List.of(photo), "urgency", random.nextInt(15) == 0 ? "URGENT" : "NORMAL"));
  }

  private String phone() {
    return "1990000" + String.format("%04d", random.nextInt(10_000));
  }

  /** A citizen who reported here judges the result, once it is there. */
  void rate() {
    String code = followed.pollFirst();
    if (code == null) {
      return;
    }
    ApiClient citizen = accounts.citizen();
    if (citizen.get("/api/public/reports/" + code).path("rateable").asBoolean()) {
      String satisfied = Stories.chance(75, random) ? "YES" : Stories.chance(60, random) ? "PARTLY" : "NO";
      citizen.post("/api/public/reports/" + code + "/rating", Map.of("satisfied", satisfied, "text", satisfied.equals("NO") ? "没过两天又这样了" : "谢谢，处理得不错"));
    } else {
      followed.addLast(code);
    }
  }
}
