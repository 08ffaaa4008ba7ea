package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseAction;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Least sight, through every door: nobody of community A learns anything of a case of community B. Every endpoint that
 * takes or returns a case, a signal or a photo needs a probe here; a new one without fails {@link #everyDoorIsTried}.
 */
@ServerTest
class NeighbourTest {

  private static final String CITY = "971600";
  private static final String A = "971602001001";
  private static final String B = "971602001002";
  private static final String SECRET = "只有乙社区知道的事";

  private static final TestCity PLACES = new TestCity(CITY, 101.6, 29.6);
  private static long caseOfB;
  private static long otherOfB;
  private static long signalOfB;
  private static String caseNoOfB;
  private static String photoOfB;
  private static long caseOfA;

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mapping;

  @BeforeEach
  void twoCommunitiesWithACaseEach() throws Exception {
    if (caseOfB != 0) {
      return;
    }
    assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    TestClient ofB = people.someone(Role.ACCEPTOR, B, null).client();
    photoOfB = upload(ofB);
    Answer reported = ofB.post("/api/cases", body(3.5, 1.5, SECRET, List.of(photoOfB)));
    assertThat(reported.status()).as(reported.text()).isEqualTo(201);
    caseOfB = reported.json().path("caseId").asLong();
    caseNoOfB = reported.json().path("caseNo").asString();
    signalOfB = reported.json().path("signalId").asLong();
    assertThat(ofB.post("/api/cases", body(3.5, 1.5, SECRET, List.of())).json().path("caseId").asLong()).isEqualTo(caseOfB);
    otherOfB = ofB.post("/api/cases", body(2.2, 0.2, "别的事情完全不同", List.of())).json().path("caseId").asLong();
    caseOfA = people.someone(Role.ACCEPTOR, A, null).client().post("/api/cases", body(0.5, 0.5, "甲社区的事", List.of())).json().path("caseId").asLong();
    assertThat(ground.take(ofB, caseOfB, CaseAction.ACCEPT).status()).isEqualTo(200);
    assertThat(List.of(caseOfB, otherOfB, caseOfA)).doesNotHaveDuplicates().doesNotContain(0L);
  }

  private static Map<String, Object> body(double x, double y, String text, List<String> media) {
    List<Double> at = PLACES.at(x, y);
    return Map.of("description", text, "lon", at.get(0), "lat", at.get(1), "kindId", "gb47678.5-M06010", "media", media);
  }

  private static String upload(TestClient client) throws Exception {
    BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
    image.setRGB(3, 3, 0xff8800);
    ByteArrayOutputStream jpeg = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", jpeg);
    ByteArrayOutputStream form = new ByteArrayOutputStream();
    form.write("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    form.write(jpeg.toByteArray());
    form.write("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
    Answer answer = client.send("POST", "/api/media", form.toByteArray(), Map.of("Content-Type", "multipart/form-data; boundary=b"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("sha256").asString();
  }

  /** Nothing of the case of B in the answer, whatever the status. */
  private static void nothing(Answer answer) {
    assertThat(answer.text()).doesNotContain(SECRET).doesNotContain(caseNoOfB).doesNotContain("\"id\":" + caseOfB + ",");
  }

  private static void absent(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(404);
    nothing(answer);
  }

  private static void emptyOf(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    nothing(answer);
    assertThat(answer.text()).doesNotContain(photoOfB);
  }

  /** Absent, or refused because this role may not use the door at all. */
  private static void absentOrForbidden(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isIn(403, 404);
    nothing(answer);
  }

  private Map<String, Consumer<TestClient>> probes() {
    Map<String, Consumer<TestClient>> probes = new LinkedHashMap<>();
    probes.put("GET /api/cases", c -> {
      emptyOf(c.get("/api/cases?limit=200"));
      emptyOf(c.get("/api/cases?limit=200&areaCode=" + B));
      emptyOf(c.get("/api/cases?limit=200&areaCode=" + CITY + "&sort=due"));
      emptyOf(c.get("/api/cases?q=" + caseNoOfB));
      emptyOf(c.get("/api/cases?q=" + java.net.URLEncoder.encode(SECRET, StandardCharsets.UTF_8)));
      for (String queue : List.of("accept", "verify", "file", "dispatch", "handle", "approve", "check", "close", "evaluate", "mine", "overdue", "all")) {
        emptyOf(c.get("/api/cases?limit=200&queue=" + queue));
      }
    });
    probes.put("GET /api/cases/queues", c -> {
      Answer answer = c.get("/api/cases/queues");
      emptyOf(answer);
      answer.json().valueStream().filter(q -> q.path("queue").asString().equals("file")).forEach(q -> assertThat(q.path("count").asInt()).isZero());
      answer.json().valueStream().filter(q -> q.path("queue").asString().equals("all")).forEach(q -> assertThat(q.path("count").asInt()).isLessThanOrEqualTo(2));
    });
    probes.put("GET /api/cases/counted", c -> {
      emptyOf(c.get("/api/cases/counted?counted=reported&limit=200&from=2020-01-01&to=2049-01-01&areaCode=" + B));
      emptyOf(c.get("/api/cases/counted?counted=reported&limit=200&from=2020-01-01&to=2049-01-01&areaCode=" + CITY));
    });
    probes.put("GET /api/signals/of-source", c -> {
      ground.asSystem(() -> jdbc.sql("UPDATE intake_signal SET source_system = 'neighbour', source_ref = 'of-b' WHERE id = :id").param("id", signalOfB).update());
      Answer answer = c.get("/api/signals/of-source?system=neighbour&ref=of-b");
      assertThat(answer.status()).isIn(403, 404);
      assertThat(answer.text()).doesNotContain(SECRET);
    });
    probes.put("GET /api/cases/points", c -> {
      emptyOf(c.get("/api/cases/points"));
      emptyOf(c.get("/api/cases/points?bbox=101.5,29.5,101.7,29.7"));
    });
    probes.put("GET /api/cases/{id}", c -> absent(c.get("/api/cases/" + caseOfB)));
    probes.put("GET /api/cases/{id}/steps/{seq}/receipt", c -> absent(c.get("/api/cases/" + caseOfB + "/steps/1/receipt")));
    probes.put("POST /api/cases", c -> {
      // Who reports what B already knows is told the number of the case that has it, as a citizen is; nothing of it.
      Answer answer = c.post("/api/cases", body(3.5, 1.5, "路过看到", List.of()));
      assertThat(answer.text()).doesNotContain(SECRET).doesNotContain(photoOfB);
    });
    probes.put("POST /api/cases/{id}/steps", c -> {
      for (CaseAction action : CaseAction.values()) {
        absentOrForbidden(c.post("/api/cases/" + caseOfB + "/steps", Map.of("action", action, "version", 2, "opinion", "x", "reason", "x", "otherId", caseOfA,
            "signalIds", List.of(signalOfB))));
      }
    });
    probes.put("POST /api/cases/{id}/merge", c -> {
      absentOrForbidden(c.post("/api/cases/" + caseOfA + "/merge", Map.of("otherId", caseOfB)));
      absentOrForbidden(c.post("/api/cases/" + caseOfB + "/merge", Map.of("otherId", caseOfA)));
    });
    probes.put("POST /api/cases/{id}/split", c -> absentOrForbidden(c.post("/api/cases/" + caseOfB + "/split", Map.of("signalIds", List.of(signalOfB)))));
    probes.put("GET /api/signals", c -> {
      emptyOf(c.get("/api/signals?limit=200"));
      emptyOf(c.get("/api/signals?limit=200&areaCode=" + B));
    });
    probes.put("POST /api/signals", c -> {
      Answer answer = c.post("/api/signals", body(3.5, 1.5, "路过又看到", List.of()));
      assertThat(answer.text()).doesNotContain(SECRET).doesNotContain(photoOfB);
    });
    probes.put("POST /api/signals:batch", c -> nothing(c.post("/api/signals:batch", List.of(body(3.5, 1.5, "路过三次", List.of())))));
    probes.put("GET /api/signals/{id}", c -> absent(c.get("/api/signals/" + signalOfB)));
    probes.put("POST /api/signals/{id}/place", c -> absentOrForbidden(c.post("/api/signals/" + signalOfB + "/place", Map.of("lon", 101.6005, "lat", 29.6005))));
    probes.put("POST /api/signals/{id}/decline", c -> absentOrForbidden(c.post("/api/signals/" + signalOfB + "/decline", Map.of("reason", "x"))));
    probes.put("POST /api/signals/{id}/reveal", c -> absentOrForbidden(c.post("/api/signals/" + signalOfB + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "回访核实位置"))));
    probes.put("POST /api/signals/of-reporter", c -> nothing(c.post("/api/signals/of-reporter", Map.of("phone", "13800000000"))));
    probes.put("POST /api/media", c -> { /* gives, does not take: the answer is about the photo that was sent */ });
    probes.put("GET /api/media/{sha256}", c -> absent(c.get("/api/media/" + photoOfB)));
    probes.put("GET /api/media/{sha256}/thumbnail", c -> absent(c.get("/api/media/" + photoOfB + "/thumbnail")));
    probes.put("GET /api/dispatch/suggestion", c -> absentOrForbidden(c.get("/api/dispatch/suggestion?caseId=" + caseOfB)));
    probes.put("GET /api/evaluation/cases", c -> {
      for (String counter : List.of("reported", "accepted")) {
        nothing(c.get("/api/evaluation/cases?object=area&key=" + B + "&counter=" + counter + "&from=2020-01-01T00:00:00Z&to=2049-01-01T00:00:00Z"));
      }
    });
    probes.put("POST /api/map/inside", c -> {
      Answer answer = c.post("/api/map/inside", Map.of("region", Map.of("area", B)));
      emptyOf(answer);
      answer.json().path("layers").valueStream().filter(l -> l.path("id").asString().equals("cases")).forEach(l -> assertThat(l.path("count").asInt()).isZero());
      assertThat(answer.json().path("units").valueStream().mapToInt(u -> u.path("count").asInt()).sum()).isZero();
    });
    probes.put("POST /api/map/inside/{layer}", c -> {
      emptyOf(c.post("/api/map/inside/cases?limit=500", Map.of("region", Map.of("circle", Map.of("lon", 101.602, "lat", 29.601, "radius", 5000)))));
      emptyOf(c.post("/api/map/inside/cases?limit=500", Map.of("region", Map.of("area", CITY), "at", java.time.Instant.now().toString())));
    });
    probes.put("POST /api/map/inside/history", c -> assertThat(c.post("/api/map/inside/history", Map.of("region", Map.of("area", B))).json().path("total").asInt()).isZero());
    probes.put("GET /api/map/areas/{code}/figures", c -> c.get("/api/map/areas/" + B + "/figures").json().path("area").path("figures").properties()
        .forEach(f -> assertThat(f.getValue().asInt()).as(f.getKey()).isZero()));
    probes.put("GET /api/map/search", c -> {
      for (String typed : List.of(caseNoOfB, caseNoOfB.substring(0, 14), SECRET.substring(0, Math.min(8, SECRET.length())))) {
        Answer answer = c.get("/api/map/search?limit=20&q=" + java.net.URLEncoder.encode(typed, StandardCharsets.UTF_8));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        nothing(answer);
        assertThat(answer.json().path("hits").findValuesAsString("id")).doesNotContain(Long.toString(caseOfB));
      }
    });
    probes.put("GET /api/map/summary", c -> {
      Answer answer = c.get("/api/map/summary?area=" + B);
      emptyOf(answer);
      assertThat(answer.json().path("open").asInt()).isZero();
    });
    probes.put("GET /api/map/tiles/{layer}/{z}/{x}/{y}.mvt", c -> {
      for (double[] at : new double[][] {{101.6035, 29.6015}, {101.6022, 29.6002}}) {
        int n = 1 << 18;
        int x = (int) Math.floor((at[0] + 180) / 360 * n);
        int y = (int) Math.floor((1 - Math.log(Math.tan(Math.PI / 4 + Math.toRadians(at[1]) / 2)) / Math.PI) / 2 * n);
        assertThat(c.get("/api/map/tiles/cases/18/" + x + "/" + y + ".mvt").status()).as("an empty tile").isEqualTo(204);
      }
    });
    probes.put("POST /api/map/export/{layer}.{format}", c -> {
      for (String file : List.of("cases.csv", "cases.geojson")) {
        Answer answer = c.post("/api/map/export/" + file, Map.of());
        assertThat(answer.status()).as(answer.text()).isIn(200, 403);
        nothing(answer);
      }
    });
    return probes;
  }

  /** By a secret of 128 bits that only the reporter holds; nobody's scope is asked. */
  private static boolean byTrackingCode(String pattern) {
    return pattern.startsWith("/api/public/");
  }

  @Test
  void everyDoorIsTried() {
    TreeSet<String> doors = new TreeSet<>();
    mapping.getHandlerMethods().forEach((info, method) -> {
      boolean takesACase = java.util.Arrays.stream(method.getMethodParameters()).anyMatch(p -> p.getParameter().getName().toLowerCase().contains("caseid"));
      for (String pattern : info.getPatternValues()) {
        boolean about = pattern.contains("case") && !pattern.equals("/api/case-rules") || pattern.contains("signal") || pattern.contains("media") || takesACase;
        if (about && !byTrackingCode(pattern)) {
          for (RequestMethod verb : info.getMethodsCondition().getMethods()) {
            doors.add(verb + " " + pattern);
          }
        }
      }
    });
    assertThat(doors).hasSizeGreaterThan(15);
    assertThat(probes().keySet()).as("a door without a probe").containsAll(doors);
  }

  @Test
  void nobodyOfTheNeighbourCommunityLearnsAnythingThroughAnyDoor() {
    UnitRef unit = people.unit("甲社区物业 " + System.nanoTime(), UnitRef.UnitKind.ENTERPRISE, A, null);
    long version = ground.file(caseOfB).version();
    List<String> tried = new ArrayList<>();
    for (Role role : Role.values()) {
      if (role.administrator()) {
        continue;
      }
      TestClient client = people.someone(role, A, role == Role.HANDLER ? unit : null).client();
      probes().forEach((door, probe) -> {
        if ((door.startsWith("GET /api/dispatch") || door.startsWith("GET /api/evaluation")) && !exists(door)) {
          return;
        }
        if (door.startsWith("POST /api/cases") && door.length() == 15 || door.startsWith("POST /api/signals") && !door.contains("{")) {
          // Reporting is tried apart: it writes.
          return;
        }
        tried.add(role + " " + door);
        probe.accept(client);
      });
    }
    assertThat(tried).hasSizeGreaterThan(8 * 15);
    assertThat(ground.file(caseOfB).version()).as("nothing was changed").isEqualTo(version);
  }

  @Test
  void whoReportsIntoANeighbourCommunityLearnsNothingOfItsCase() {
    TestClient collector = people.someone(Role.COLLECTOR, A, null).client();
    probes().get("POST /api/cases").accept(collector);
    probes().get("POST /api/signals").accept(collector);
    probes().get("POST /api/signals:batch").accept(people.machine(A, io.citywide.identity.Permission.SIGNAL_IMPORT, io.citywide.identity.Permission.SIGNAL_REPORT));
  }

  @Test
  void theHandlerOfAnotherUnitInTheSamePlaceSeesNothingEither() {
    UnitRef other = people.unit("路过的单位 " + System.nanoTime(), UnitRef.UnitKind.ENTERPRISE, B, null);
    TestClient handler = people.someone(Role.HANDLER, B, other).client();

    absent(handler.get("/api/cases/" + caseOfB));
    emptyOf(handler.get("/api/cases?limit=200"));
    emptyOf(handler.get("/api/cases/points"));
    absent(handler.get("/api/signals/" + signalOfB));
    absent(handler.get("/api/media/" + photoOfB));
  }

  @Test
  void theOwnersOfTheCaseDoSeeIt() {
    TestClient ofB = people.someone(Role.ACCEPTOR, B, null).client();
    assertThat(ofB.get("/api/cases/" + caseOfB).text()).contains(SECRET);
    assertThat(ofB.get("/api/media/" + photoOfB).status()).isEqualTo(200);
    assertThat(people.someone(Role.LEADER, "971602", null).client().get("/api/cases/" + caseOfB).status()).isEqualTo(200);
  }

  @Test
  void theLiveFeedTellsANeighbourNothing() throws Exception {
    var someone = people.someone(Role.ACCEPTOR, A, null);
    TestClient ofB = people.someone(Role.ACCEPTOR, B, null).client();
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer = http.send(HttpRequest.newBuilder(URI.create(someone.client().base() + "/api/live")).header("Cookie", "citywide_session=" + someone.token()).build(),
          BodyHandlers.ofInputStream());
      try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        assertThat(ground.take(ofB, caseOfB, CaseAction.URGE).status()).isEqualTo(200);
        assertThat(ground.take(someone.client(), caseOfA, CaseAction.URGE).status()).isEqualTo(200);
        String data = lines.readLine();
        while (data != null && !data.contains("caseId")) {
          data = lines.readLine();
        }
        // The first case it hears of is its own, though the neighbour's came before.
        assertThat(data).contains("\"caseId\":" + caseOfA).doesNotContain(caseNoOfB);
      }
    }
  }

  @Test
  void withoutAViewerThereIsNoRow() {
    assertThat(ground.transaction.<Long>execute(status -> jdbc.sql("SELECT count(*) FROM case_file").query(Long.class).single())).isZero();
    assertThat(Viewer.callAs(people.someone(Role.ACCEPTOR, A, null).viewer(), () -> ground.transaction.<Long>execute(status ->
        jdbc.sql("SELECT count(*) FROM case_step WHERE case_id = :id").param("id", caseOfB).query(Long.class).single()))).isZero();
  }

  private boolean exists(String door) {
    return mapping.getHandlerMethods().keySet().stream().anyMatch(i -> i.getPatternValues().contains(door.substring(door.indexOf(' ') + 1)));
  }
}
