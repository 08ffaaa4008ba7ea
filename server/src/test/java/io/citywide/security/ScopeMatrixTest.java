package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.internal.CaseGround;
import io.citywide.grid.GridCell;
import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.map.DecodedTile;
import io.citywide.place.TestCity;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Least sight, as one table: every endpoint × every role × rows of the own area, the area beside it, the one above and the
 * one below, each led by the own and by another unit. What is expected follows from the declaration of the endpoint, the
 * permissions of the role and the place of the row; what is seen comes over HTTP from the running server. Both stand side
 * by side in {@code target/scope-matrix.csv} and, grouped, in docs/security/scope-matrix.md, which is written anew with
 * {@code -Dwrite.docs=true}. An endpoint without a probe fails by name.
 */
@ServerTest
class ScopeMatrixTest {

  private static final Path DOC = Path.of("../docs/security/scope-matrix.md");
  private static final String CITY = "830100";
  private static final String OWN = "830102001001";
  private static final String KIND = "gb47678.5-M06010";
  private static final TestCity PLACES = new TestCity(CITY, 83.01, 33.01);
  private static final Map<String, String> BESIDE = Map.of("own", OWN, "sibling", "830102001002", "parent", "830102001", "child", OWN + "001");
  private static final List<String> WHERE = List.of("own", "child", "parent", "sibling");

  /** Rows in one place: a case with its signal and photo, led by a unit of its own, and what else an area has. */
  private record Target(String where, boolean ownUnit, String area, UnitRef unit, long caseId, String caseNo, long signalId, String text, String photo,
      Someone person, long ruleId, long keyId, String keyName, String ident) {

    String name() {
      return where + (ownUnit ? "" : ", other unit");
    }
  }

  /** Who calls: {@code role} is {@code null} for a machine and for the public, {@code client} always speaks from an address of its own. */
  private record Caller(String name, Role role, Set<Permission> permissions, TestClient client, Map<String, String> headers) {

    boolean covers(Target target) {
      return AreaScope.of(OWN).covers(target.area());
    }

    boolean sees(Target target) {
      return covers(target) && (role == null || !role.unitBound() || target.ownUnit());
    }

    Answer send(String method, String path, Object body) {
      return client.send(method, path, body, headers);
    }
  }

  private enum Rows {
    /** The endpoint is about no row that has a place. */
    NONE,
    AREA,
    CASE
  }

  @FunctionalInterface
  private interface Call {
    Answer make(Caller caller, Target target);
  }

  @FunctionalInterface
  private interface Expected {
    String of(Caller caller, Target target);
  }

  /** How one endpoint is tried: what to send, what to find in the answer ({@code null}: only the status), what a caller with the permission is to get. */
  private record Probe(Rows rows, Call call, java.util.function.Function<Target, String> marker, Expected expected) {}

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired AccessLog access;
  @Autowired TransactionTemplate transaction;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mapping;

  private final Map<String, Probe> probes = new LinkedHashMap<>();
  private final Map<Role, TestClient> leaving = new TreeMap<>();
  private String trackingCode;
  private String openPhoto;

  // ---- the ground ----------------------------------------------------------------------------------

  private List<Target> targets() throws IOException {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    TestClient acceptor = people.someone(Role.ACCEPTOR, CITY, null).client();
    TestClient leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    TestClient security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    List<Target> targets = new ArrayList<>();
    int n = 0;
    for (boolean own : List.of(true, false)) {
      UnitRef head = own ? unit : people.unit("旁单位", UnitKind.DEPARTMENT, CITY, null);
      for (String where : WHERE) {
        String area = BESIDE.get(where);
        UnitRef lead = people.unit("矩阵单位" + n + "之" + where, UnitKind.DEPARTMENT, area, head.id());
        String text = "矩阵事项" + n + "只在" + where + (own ? "甲" : "乙");
        String photo = upload(acceptor, n);
        List<Double> at = PLACES.at(0.5 + n % 4, 0.3 + n / 4);
        Answer reported = acceptor.post("/api/cases", Map.of("description", text, "lon", at.get(0), "lat", at.get(1), "kindId", KIND, "media", List.of(photo)));
        assertThat(reported.status()).as(reported.text()).isEqualTo(201);
        assertThat(reported.json().path("outcome").asString()).isEqualTo("OPENED");
        long caseId = reported.json().path("caseId").asLong();
        long signalId = reported.json().path("signalId").asLong();
        // A case can lie in an area of any level (its grid may be unknown): put it there.
        // And far from the next one, which would be the same problem otherwise.
        ground.set(caseId, "area_code = '" + area + "', lead_unit_id = " + lead.id() + ", grid_key = " + GridCell.of(84 + n, 34, 9).key() + ", lon = " + (84 + n) + ", lat = 34");
        ground.asSystem(() -> jdbc.sql("UPDATE intake_signal SET area_code = :area WHERE id = :id").param("area", area).param("id", signalId).update());
        Answer rule = leader.post("/api/dispatch/rules", Map.of("kind", KIND, "areaCode", area, "hours", own ? "ANY" : "WORKING", "leadUnitId", lead.id()));
        assertThat(rule.status()).as(rule.text()).isEqualTo(201);
        String keyName = "matrix-key-" + n + "-" + where;
        Answer key = security.post("/api/api-keys", Map.of("name", keyName, "permissions", List.of("PLACE_READ"), "areaCode", area));
        assertThat(key.status()).as(key.text()).isEqualTo(201);
        String ident = "83010201037%06d".formatted(n);
        Someone person = people.someone(Role.EVALUATOR, area, lead);
        ground.asSystem(() -> jdbc.sql("UPDATE identity_person SET area_code = :area WHERE id = :id").param("area", area).param("id", person.personId()).update());
        targets.add(new Target(where, own, area, lead, caseId, reported.json().path("caseNo").asString(), signalId, text, photo,
            person, rule.json().path("id").asLong(), key.json().path("key").path("id").asLong(), keyName, ident));
        n++;
      }
    }
    // The buildings of areas out of sight must be there to be left out.
    for (Target t : targets) {
      assertThat(steward.post("/api/buildings:batch", building(t)).json().path("accepted").asInt()).isEqualTo(1);
    }
    // As if another server had placed them all: this one leaves them where the matrix puts them, in areas of any level.
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_placed SET revision = 1000000000, upto = NULL").update());
    for (Target t : targets) {
      List<Double> at = PLACES.at(0.5, 0.5);
      Answer device = steward.post("/api/devices", Map.of("code", device(t), "type", "smoke", "lon", at.get(0), "lat", at.get(1), "unit", t.unit().code()));
      assertThat(device.status()).as(device.text()).isEqualTo(201);
      ground.asSystem(() -> jdbc.sql("UPDATE sensing_device SET area_code = :area, group_code = :group WHERE code = :code").param("area", t.area()).param("group", "G-" + t.ident())
          .param("code", device(t)).update());
    }
    trackingCode = reportAsCitizen();
    return targets;
  }

  private String reportAsCitizen() {
    List<Double> at = PLACES.at(3.5, 1.8);
    Answer taken = people.nobody().send("POST", "/api/public/reports",
        Map.of("description", "市民反映路灯不亮", "lon", at.get(0), "lat", at.get(1), "kindId", KIND, "media", List.of(openPhoto = uploadOpen())),
        Map.of("X-Forwarded-For", "198.51.100.250"));
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
    return taken.json().path("trackingCode").asString();
  }

  private String uploadOpen() {
    Answer answer = people.nobody().send("POST", "/api/public/media", form(99), Map.of("Content-Type", "multipart/form-data; boundary=b", "X-Forwarded-For", "198.51.100.250"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("sha256").asString();
  }

  private static String upload(TestClient client, int n) {
    Answer answer = client.send("POST", "/api/media", form(n), Map.of("Content-Type", "multipart/form-data; boundary=b"));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("sha256").asString();
  }

  private static byte[] form(int n) {
    try {
      BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
      image.createGraphics().fillRect(n % 40, 0, 1 + n % 7, 30);
      ByteArrayOutputStream form = new ByteArrayOutputStream();
      form.write("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      ImageIO.write(image, "png", form);
      form.write("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
      return form.toByteArray();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private UnitRef unit;
  private List<Target> targets;

  private List<Caller> callers() {
    unit = people.unit("本单位", UnitKind.DEPARTMENT, CITY, null);
    List<Caller> callers = new ArrayList<>();
    callers.add(new Caller("public", null, Set.of(), people.nobody(), Map.of("X-Forwarded-For", "198.51.100.1", "Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t")));
    callers.add(new Caller("machine", null, Permission.FOR_MACHINES, people.machine(OWN, Permission.FOR_MACHINES.toArray(Permission[]::new)),
        Map.of("X-Forwarded-For", "198.51.100.2", "Idempotency-Key", "scope-matrix")));
    for (Role role : Role.values()) {
      UnitRef of = role.unitBound() ? unit : null;
      callers.add(new Caller(role.name(), role, role.permissions(), people.someone(role, OWN, of).client(), Map.of("X-Forwarded-For", "198.51.100." + (10 + role.ordinal()))));
      leaving.put(role, people.someone(role, OWN, of).client());
    }
    return callers;
  }

  // ---- the probes ----------------------------------------------------------------------------------

  private void free(String door, int status) {
    free(door, status, door.startsWith("GET") || door.startsWith("DELETE") ? null : Map.of());
  }

  /** An endpoint about no row with a place: with the permission, {@code status}. */
  private void free(String door, int status, Object body) {
    String path = door.substring(door.indexOf(' ') + 1);
    probes.put(door.replaceFirst("\\?.*", ""), new Probe(Rows.NONE, (c, t) -> c.send(door.substring(0, door.indexOf(' ')), path, body), null, (c, t) -> String.valueOf(status)));
  }

  private void free(String door, String path, Object body, int status) {
    probes.put(door, new Probe(Rows.NONE, (c, t) -> c.send(door.substring(0, door.indexOf(' ')), path, body), null, (c, t) -> String.valueOf(status)));
  }

  /** One row of a case: {@code status} where the case is in sight, else as if it were not there. */
  private void ofCase(String door, int status, Call call) {
    probes.put(door, new Probe(Rows.CASE, call, null, (c, t) -> c.sees(t) ? String.valueOf(status) : "404"));
  }

  /** A list: shows the row of a case or leaves it out. */
  private void listOfCases(String door, java.util.function.Function<Target, String> marker, Call call) {
    probes.put(door, new Probe(Rows.CASE, call, marker, (c, t) -> c.sees(t) ? "200 shown" : "200 left out"));
  }

  private void ofArea(String door, Call call, Expected expected) {
    probes.put(door, new Probe(Rows.AREA, call, null, expected));
  }

  private void listOfArea(String door, java.util.function.Function<Target, String> marker, Call call, Expected expected) {
    probes.put(door, new Probe(Rows.AREA, call, marker, expected));
  }

  private static Expected inArea(int status, int beyond) {
    return (c, t) -> String.valueOf(c.covers(t) ? status : beyond);
  }

  private static Expected shownInArea() {
    return (c, t) -> c.covers(t) ? "200 shown" : "200 left out";
  }

  private static boolean overlaps(Target t) {
    return !t.where().equals("sibling");
  }

  private void sessions() {
    free("POST /api/session", 400);
    probes.put("GET /api/session", new Probe(Rows.NONE, (c, t) -> c.send("GET", "/api/session", null), null, (c, t) -> c.role() == null ? "401" : "200"));
    probes.put("DELETE /api/session", new Probe(Rows.NONE,
        (c, t) -> (c.role() == null ? c : new Caller(c.name(), c.role(), c.permissions(), leaving.get(c.role()), c.headers())).send("DELETE", "/api/session", null), null, (c, t) -> "204"));
    // A position of somebody else, or of nobody: not one's own.
    free("PUT /api/session/position", 403, Map.of("positionId", 999_999_999));
    free("PUT /api/session/password", 400);
    free("GET /api/roles", 200);
    free("GET /api/health", 200);
    free("GET /api/health/live", 200);
    free("GET /api/health/ready", 200);
    free("GET /metrics", 200);
    probes.put("GET /api/live", new Probe(Rows.NONE, (c, t) -> stream(c, "/api/live"), null, (c, t) -> "200"));
  }

  /** A case in sight of whoever works in the own area, and not this one. */
  private Target other(Target target) {
    return target == targets.getFirst() ? targets.get(1) : targets.getFirst();
  }

  private void cases() {
    listOfCases("GET /api/cases", Target::caseNo, (c, t) -> c.send("GET", "/api/cases?limit=200&unitId=" + t.unit().id(), null));
    probes.put("GET /api/cases/queues", new Probe(Rows.NONE, (c, t) -> c.send("GET", "/api/cases/queues", null), null, (c, t) -> "200"));
    listOfCases("GET /api/cases/points", t -> "\"id\":" + t.caseId() + ",", (c, t) -> c.send("GET", "/api/cases/points?bbox=80,30,100,40", null));
    ofCase("GET /api/cases/{id}", 200, (c, t) -> c.send("GET", "/api/cases/" + t.caseId(), null));
    ofCase("GET /api/cases/{id}/steps/{seq}/receipt", 200, (c, t) -> c.send("GET", "/api/cases/" + t.caseId() + "/steps/1/receipt", null));
    // An old version: whoever sees the case is told that it has moved on, nobody changes it.
    ofCase("POST /api/cases/{id}/steps", 409, (c, t) -> c.send("POST", "/api/cases/" + t.caseId() + "/steps", Map.of("action", "NOTE", "version", 0, "opinion", "x")));
    ofCase("POST /api/cases/{id}/merge", 409, (c, t) -> c.send("POST", "/api/cases/" + t.caseId() + "/merge", Map.of("otherId", other(t).caseId(), "version", 0)));
    ofCase("POST /api/cases/{id}/split", 409, (c, t) -> c.send("POST", "/api/cases/" + t.caseId() + "/split", Map.of("signalIds", List.of(t.signalId()), "version", 0)));
    free("POST /api/cases", 422);
    ofCase("GET /api/dispatch/suggestion", 200, (c, t) -> c.send("GET", "/api/dispatch/suggestion?caseId=" + t.caseId(), null));
    listOfCases("GET /api/signals", Target::text, (c, t) -> c.send("GET", "/api/signals?limit=200", null));
    ofCase("GET /api/signals/{id}", 200, (c, t) -> c.send("GET", "/api/signals/" + t.signalId(), null));
    ofCase("POST /api/signals/{id}/place", 409, (c, t) -> c.send("POST", "/api/signals/" + t.signalId() + "/place", Map.of("lon", 83.0105, "lat", 33.0105)));
    ofCase("POST /api/signals/{id}/decline", 409, (c, t) -> c.send("POST", "/api/signals/" + t.signalId() + "/decline", Map.of("reason", "不属于城市管理")));
    ofCase("POST /api/signals/{id}/reveal", 200, (c, t) -> c.send("POST", "/api/signals/" + t.signalId() + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "回访核实位置")));
    free("POST /api/signals", 422);
    free("POST /api/signals:batch", 200, List.of());
    free("POST /api/signals/of-reporter", 200, Map.of("phone", "13900000000"));
    probes.put("POST /api/media", new Probe(Rows.NONE, (c, t) -> upload(c, "/api/media"), null, (c, t) -> "201"));
    ofCase("GET /api/media/{sha256}", 200, (c, t) -> c.send("GET", "/api/media/" + t.photo(), null));
    ofCase("GET /api/media/{sha256}/thumbnail", 200, (c, t) -> c.send("GET", "/api/media/" + t.photo() + "/thumbnail", null));
  }

  private void vitals() {
    // Vital signs end with communities: a unit grid has none.
    Expected inSight = (c, t) -> c.covers(t) && !t.where().equals("child") ? "200" : "404";
    for (String door : List.of("", "/indicators", "/indicators/GOV02", "/indicators/GOV02/areas", "/indicators/GOV02/behind")) {
      ofArea("GET /api/vitals" + door.replace("GOV02", "{code}"), (c, t) -> c.send("GET", "/api/vitals" + door + "?area=" + t.area(), null), inSight);
    }
    free("GET /api/vitals/figures", 200);
    free("POST /api/vitals/indicators", 403);
    free("PUT /api/vitals/indicators/{code}", "/api/vitals/indicators/GOV02", Map.of(), 403);
    free("POST /api/vitals/check", 422);
    // A value that cannot be: refused for what it is in the own area, for where it is elsewhere.
    ofArea("PUT /api/vitals/indicators/{code}/values", (c, t) -> c.send("PUT", "/api/vitals/indicators/CONTENT2/values", Map.of("area", t.area(), "at", "2026-01-01T00:00:00Z", "value", 130)),
        (c, t) -> c.covers(t) ? "422" : "403");
    listOfCases("GET /api/cases/counted", Target::caseNo, (c, t) -> c.send("GET", "/api/cases/counted?counted=reported&limit=200&from=2020-01-01&to=2049-01-01&areaCode=" + t.area(), null));
  }

  private void observations() {
    Map<String, Object> line = Map.of("device", "nowhere", "values", Map.of("v", 1));
    free("POST /api/observations", 422, line);
    free("POST /api/observations:own", 401, line);
    probes.put("POST /api/observations:compact", new Probe(Rows.NONE, (c, t) -> c.send("POST", "/api/observations:compact", null), null, (c, t) -> "403"));
    free("GET /api/observations/latest", 200);
    String one = "?device=nowhere&property=v";
    free("GET /api/observations/newest", "/api/observations/newest" + one, null, 404);
    free("GET /api/observations/sums", "/api/observations/sums" + one + "&step=DAY&from=0&to=1", null, 404);
  }

  /** A rule is also seen by who answers for a part of its area: it decides there too. */
  private void watchRules() {
    ground.asSystem(() -> {
      BESIDE.forEach((where, area) -> jdbc.sql("""
          INSERT INTO sensing_rule (rule, version, state, document, name_zh, name_en, type_code, area_low, category, saved_name, saved_at)
          VALUES (:rule, 1, 'WITHDRAWN', 'rule: x', '矩阵', 'Matrix', 'smoke', :area, 'Fire', '矩阵', now())""").param("rule", "matrix-" + where).param("area", area).update());
      return null;
    });
    Expected seen = (c, t) -> t.where().equals("sibling") ? "200 left out" : "200 shown";
    Expected idle = (c, t) -> t.where().equals("sibling") ? "404" : "409";
    listOfArea("GET /api/watch-rules", t -> "\"matrix-" + t.where() + "\"", (c, t) -> c.send("GET", "/api/watch-rules", null), seen);
    ofArea("GET /api/watch-rules/{rule}", (c, t) -> c.send("GET", "/api/watch-rules/matrix-" + t.where(), null), (c, t) -> t.where().equals("sibling") ? "404" : "200");
    ofArea("POST /api/watch-rules/{rule}/publish", (c, t) -> c.send("POST", "/api/watch-rules/matrix-" + t.where() + "/publish", Map.of("edit", 1)), idle);
    ofArea("POST /api/watch-rules/{rule}/withdraw", (c, t) -> c.send("POST", "/api/watch-rules/matrix-" + t.where() + "/withdraw", Map.of("version", 1)), idle);
    ofArea("DELETE /api/watch-rules/{rule}/draft", (c, t) -> c.send("DELETE", "/api/watch-rules/matrix-" + t.where() + "/draft?edit=1", null), idle);
    free("POST /api/watch-rules/check", 400);
    free("PUT /api/watch-rules/draft", 400);
    free("POST /api/watch-rules/rehearse", 400);
    free("GET /api/watch-sources", 200);
    probes.put("PUT /api/watch-sources/{source}", new Probe(Rows.NONE, (c, t) -> c.send("PUT", "/api/watch-sources/matrix", Map.of()), null, (c, t) -> "403"));
  }

  private static String device(Target t) {
    return "D-" + t.ident();
  }

  private void devices() {
    String types = "/api/device-types";
    free("GET /api/device-types", 200);
    probes.put("POST /api/device-types", new Probe(Rows.NONE, (c, t) -> c.send("POST", types, Map.of("code", "x")), null, (c, t) -> "403"));
    probes.put("PUT /api/device-types/{code}", new Probe(Rows.NONE, (c, t) -> c.send("PUT", types + "/nothing", Map.of("code", "x")), null, (c, t) -> "403"));
    probes.put("DELETE /api/device-types/{code}", new Probe(Rows.NONE, (c, t) -> c.send("DELETE", types + "/nothing", null), null, (c, t) -> "403"));
    listOfCases("GET /api/devices", t -> "\"" + device(t) + "\"", (c, t) -> c.send("GET", "/api/devices?limit=500&area=" + CITY, null));
    listOfCases("GET /api/devices:counts", t -> "\"NEW\":1", (c, t) -> c.send("GET", "/api/devices:counts?q=" + device(t), null));
    listOfCases("GET /api/devices:groups", t -> "\"G-" + t.ident() + "\"", (c, t) -> c.send("GET", "/api/devices:groups?area=" + CITY, null));
    ofCase("GET /api/devices/{code}", 200, (c, t) -> c.send("GET", "/api/devices/" + device(t), null));
    String values = "?property=smoke&from=0&to=1";
    ofCase("GET /api/devices/{code}/observations", 200, (c, t) -> c.send("GET", "/api/devices/" + device(t) + "/observations" + values, null));
    ofCase("GET /api/devices/{code}/observations.csv", 200, (c, t) -> c.send("GET", "/api/devices/" + device(t) + "/observations.csv" + values, null));
    free("POST /api/devices", 422);
    // An old version: whoever sees the device is told that it has moved on.
    ofCase("PUT /api/devices/{code}", 409, (c, t) -> c.send("PUT", "/api/devices/" + device(t), Map.of("version", 0)));
    probes.put("DELETE /api/devices/{code}", new Probe(Rows.NONE, (c, t) -> c.send("DELETE", "/api/devices/nothing", null), null, (c, t) -> "404"));
    ofCase("POST /api/devices/{code}/secret", 200, (c, t) -> c.send("POST", "/api/devices/" + device(t) + "/secret", null));
    ofCase("DELETE /api/devices/{code}/secret", 204, (c, t) -> c.send("DELETE", "/api/devices/" + device(t) + "/secret", null));
    ofCase("GET /api/devices/{code}/commands", 200, (c, t) -> c.send("GET", "/api/devices/" + device(t) + "/commands", null));
    ofCase("POST /api/devices/{code}/commands", 201, (c, t) -> c.send("POST", "/api/devices/" + device(t) + "/commands", Map.of("name", "mute", "reason", "消音检查")));
    free("POST /api/devices:import", 415);
  }

  private void evaluation() {
    String ever = "&from=2020-01-01&to=2049-01-01&areaCode=";
    listOfCases("GET /api/evaluation", t -> t.unit().name(), (c, t) -> c.send("GET", "/api/evaluation?object=unit" + ever + t.area(), null));
    listOfCases("GET /api/evaluation/cases", Target::caseNo,
        (c, t) -> c.send("GET", "/api/evaluation/cases?object=unit&counter=reported&limit=200&key=" + t.unit().id() + ever + t.area(), null));
    ofArea("GET /api/evaluation.xlsx", (c, t) -> c.send("GET", "/api/evaluation.xlsx?object=unit" + ever + t.area(), null), (c, t) -> "200");
    free("GET /api/evaluation/definitions", 200);
    free("GET /api/evaluation/imported", "/api/evaluation/imported?source=matrix", null, 200);
  }

  private void administration() {
    listOfArea("GET /api/people", t -> "\"" + t.person().login() + "\"", (c, t) -> c.send("GET", "/api/people?q=" + t.person().login(), null), shownInArea());
    ofArea("GET /api/people/{id}", (c, t) -> c.send("GET", "/api/people/" + t.person().personId(), null), inArea(200, 404));
    free("POST /api/people", 422);
    ofArea("PUT /api/people/{id}", (c, t) -> c.send("PUT", "/api/people/" + t.person().personId(), Map.of("name", "")), inArea(422, 404));
    ofArea("POST /api/people/{id}/password-reset", (c, t) -> c.send("POST", "/api/people/" + t.person().personId() + "/password-reset", Map.of()), inArea(200, 404));
    ofArea("POST /api/people/{id}/unlock", (c, t) -> c.send("POST", "/api/people/" + t.person().personId() + "/unlock", Map.of()), inArea(200, 404));
    ofArea("POST /api/people/{id}/reveal", (c, t) -> c.send("POST", "/api/people/" + t.person().personId() + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "回访核实位置")), inArea(200, 404));
    ofArea("POST /api/people/{id}/positions", (c, t) -> c.send("POST", "/api/people/" + t.person().personId() + "/positions", Map.of("role", "LEADER", "areaCode", t.area())), inArea(422, 404));
    ofArea("DELETE /api/people/{id}/positions/{positionId}", (c, t) -> c.send("DELETE", "/api/people/" + t.person().personId() + "/positions/999999999", null), inArea(404, 404));
    // Units are reference data: all staff know them, administrators of their area change them.
    listOfArea("GET /api/units", t -> "\"" + t.unit().name() + "\"", (c, t) -> c.send("GET", "/api/units", null), (c, t) -> "200 shown");
    ofArea("POST /api/units", (c, t) -> c.send("POST", "/api/units", Map.of("code", t.unit().code(), "name", "x", "kind", "DEPARTMENT", "areaCode", t.area())), inArea(409, 403));
    ofArea("PUT /api/units/{id}", (c, t) -> c.send("PUT", "/api/units/" + t.unit().id(),
        Map.of("code", t.unit().code(), "name", t.unit().name(), "kind", "DEPARTMENT", "areaCode", t.area(), "parentId", t.unit().parentId())), inArea(200, 403));
    probes.put("GET /api/units/{id}/people", new Probe(Rows.CASE, (c, t) -> c.send("GET", "/api/units/" + t.unit().id() + "/people", null), null,
        (c, t) -> c.role() != null && c.role().unitBound() && !t.ownUnit() ? "404" : "200"));
    listOfArea("GET /api/api-keys", t -> t.keyName() + "\"", (c, t) -> c.send("GET", "/api/api-keys", null), shownInArea());
    free("POST /api/api-keys", 422);
    ofArea("DELETE /api/api-keys/{id}", (c, t) -> c.send("DELETE", "/api/api-keys/" + t.keyId(), null), inArea(204, 404));
    listOfArea("GET /api/access-log", t -> "matrix.looked", (c, t) -> c.send("GET", "/api/access-log?limit=500&personId=" + t.person().personId(), null), shownInArea());
    free("GET /api/ledger/head", 200);
    free("GET /api/ledger/heads", 200);
    free("GET /api/ledger/keys", 200);
    // The ledger holds digests, not rows; its administrators read it whole or it proves nothing.
    free("GET /api/ledger/entries/{id}/receipt", "/api/ledger/entries/999999999/receipt", null, 404);
    free("GET /api/ledger/proof/consistency", "/api/ledger/proof/consistency?first=0", null, 422);
    free("GET /api/ledger/proof/inclusion", "/api/ledger/proof/inclusion?entry=999999999", null, 404);
  }

  private void matrix() {
    // A rule of an area above holds here too, so it is shown; it is changed only there.
    listOfArea("GET /api/dispatch/rules", t -> "\"id\":" + t.ruleId() + ",", (c, t) -> c.send("GET", "/api/dispatch/rules?limit=1&after=" + (t.ruleId() - 1), null),
        (c, t) -> overlaps(t) ? "200 shown" : "200 left out");
    ofArea("POST /api/dispatch/rules", (c, t) -> c.send("POST", "/api/dispatch/rules", Map.of("kind", KIND, "areaCode", t.area(), "hours", "ANY", "leadUnitId", t.unit().id())), inArea(409, 403));
    Expected changed = (c, t) -> c.covers(t) ? "409" : overlaps(t) ? "403" : "404";
    ofArea("PUT /api/dispatch/rules/{id}", (c, t) -> c.send("PUT", "/api/dispatch/rules/" + t.ruleId(),
        Map.of("kind", KIND, "areaCode", t.area(), "hours", "ANY", "leadUnitId", t.unit().id(), "version", 999)), changed);
    ofArea("DELETE /api/dispatch/rules/{id}", (c, t) -> c.covers(t) ? c.send("DELETE", "/api/dispatch/rules/999999999", null) : c.send("DELETE", "/api/dispatch/rules/" + t.ruleId(), null),
        (c, t) -> c.covers(t) || !overlaps(t) ? "404" : "403");
    free("POST /api/dispatch/rules:import", 422, "x");
    listOfArea("GET /api/dispatch/switches", t -> "\"" + t.area() + "\"", (c, t) -> c.send("GET", "/api/dispatch/switches", null), (c, t) -> overlaps(t) ? "200 shown" : "200 left out");
    ofArea("PUT /api/dispatch/switches", (c, t) -> c.send("PUT", "/api/dispatch/switches", List.of(Map.of("kind", KIND, "areaCode", t.area(), "automatic", false))), inArea(200, 403));
  }

  /** Warnings that are over, so that trying changes nothing: whoever sees one is told so. */
  private void warnings() {
    targets.forEach(t -> ground.asSystem(() -> {
      jdbc.sql("""
              INSERT INTO sensing_warning (origin, rule_code, rule_version, name_zh, name_en, subject, subject_zh, subject_en, number, category, state, grade, worst, since, grade_since,
                changed_at, ended_at, reason_zh, reason_en, last_alarm_at, area_code, owner_unit_id, steps)
              VALUES ('WATCH', 'matrix', 1, '矩阵', 'Matrix', :subject, '点', 'Point', 1, 'Fire', 'ENDED', 4, 4, now(), now(), now(), now(), '越限', 'above', now(), :area, :unit, 1)""")
          .param("subject", warned(t)).param("area", t.area()).param("unit", t.unit().id()).update();
      return jdbc.sql("""
              INSERT INTO sensing_warning_step (warning_id, seq, act, grade, at, written_at, reason_zh, reason_en, cap_id, cap_sent)
              SELECT id, 1, 'RAISED', 4, now(), now(), '越限', 'above', :cap, now() FROM sensing_warning WHERE subject = :subject""")
          .param("subject", warned(t)).param("cap", warned(t)).update();
    }));
    listOfCases("GET /api/warnings", t -> "\"" + warned(t) + "\"", (c, t) -> c.send("GET", "/api/warnings?limit=500", null));
    free("GET /api/warnings/tally", 200);
    free("GET /api/warnings/inbox", 200);
    free("GET /api/warnings/situations", 200);
    listOfCases("GET /api/warnings/hotspots", t -> "subject:" + warned(t) + "\"", (c, t) -> c.send("GET", "/api/warnings/hotspots?limit=500&month=" + YearMonth.now(), null));
    free("GET /api/warnings/hotspots.xlsx", "/api/warnings/hotspots.xlsx?month=2020-01", null, 200);
    ofCase("GET /api/warnings/{id}", 200, (c, t) -> c.send("GET", "/api/warnings/" + warningId(t), null));
    ofCase("POST /api/warnings/{id}/acknowledge", 409, (c, t) -> c.send("POST", "/api/warnings/" + warningId(t) + "/acknowledge", Map.of()));
    ofCase("POST /api/warnings/{id}/end", 409, (c, t) -> c.send("POST", "/api/warnings/" + warningId(t) + "/end", Map.of("verdict", "REAL", "reason", "已处理")));
    free("POST /api/warnings/{id}/notes", "/api/warnings/999999999/notes", Map.of("text", "x"), 404);
    ofCase("POST /api/warnings/{id}/public", 200, (c, t) -> c.send("POST", "/api/warnings/" + warningId(t) + "/public", Map.of("open", false, "reason", "无需公开")));
    ofCase("GET /api/warnings/{id}/cap.xml", 200, (c, t) -> c.send("GET", "/api/warnings/" + warningId(t) + "/cap.xml", null));
    ofCase("GET /api/warnings/{id}/cap.json", 200, (c, t) -> c.send("GET", "/api/warnings/" + warningId(t) + "/cap.json", null));
    listOfCases("GET /api/warnings/feed.atom", t -> ":" + warned(t) + "<", (c, t) -> c.send("GET", "/api/warnings/feed.atom", null));
    free("GET /api/public/warnings/feed.atom", 200);
    free("GET /api/public/warnings/{id}/cap.xml", "/api/public/warnings/" + warningId(targets.getFirst()) + "/cap.xml", null, 404);
    ofCase("GET /api/signals/of-source", 404, (c, t) -> c.send("GET", "/api/signals/of-source?system=none&ref=" + t.unit().id(), null));
    TestClient leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    Map<Target, Long> routes = new LinkedHashMap<>();
    targets.forEach(t -> routes.put(t, leader.post("/api/warning-routes", route(t)).json().path("route").path("id").asLong()));
    listOfArea("GET /api/warning-routes", t -> "\"id\":" + routes.get(t) + ",", (c, t) -> c.send("GET", "/api/warning-routes", null), (c, t) -> overlaps(t) ? "200 shown" : "200 left out");
    ofArea("POST /api/warning-routes", (c, t) -> c.send("POST", "/api/warning-routes", route(t)), inArea(409, 403));
    Expected ofRoute = (c, t) -> c.covers(t) ? "409" : overlaps(t) ? "403" : "404";
    ofArea("PUT /api/warning-routes/{id}", (c, t) -> {
      Map<String, Object> body = new LinkedHashMap<>(route(t));
      body.put("version", 999);
      return c.send("PUT", "/api/warning-routes/" + routes.get(t), body);
    }, ofRoute);
    ofArea("POST /api/warning-routes/{id}/secret", (c, t) -> c.send("POST", "/api/warning-routes/" + routes.get(t) + "/secret", Map.of()),
        (c, t) -> c.covers(t) ? "422" : overlaps(t) ? "403" : "404");
    ofArea("DELETE /api/warning-routes/{id}", (c, t) -> c.send("DELETE", "/api/warning-routes/" + (c.covers(t) ? 999999999 : routes.get(t)), null), (c, t) -> c.covers(t) || !overlaps(t) ? "404" : "403");
    // Of a person's own browsers; a machine has none.
    Expected own = (c, t) -> c.role() == null ? "403" : "200";
    probes.put("GET /api/warning-push", new Probe(Rows.NONE, (c, t) -> c.send("GET", "/api/warning-push", null), null, own));
    probes.put("POST /api/warning-push", new Probe(Rows.NONE, (c, t) -> c.send("POST", "/api/warning-push", Map.of()), null, (c, t) -> c.role() == null ? "403" : "422"));
    probes.put("PUT /api/warning-push/{id}", new Probe(Rows.NONE, (c, t) -> c.send("PUT", "/api/warning-push/999999999", Map.of("lang", "zh")), null, (c, t) -> c.role() == null ? "403" : "404"));
    probes.put("DELETE /api/warning-push/{id}", new Probe(Rows.NONE, (c, t) -> c.send("DELETE", "/api/warning-push/999999999", null), null, (c, t) -> c.role() == null ? "403" : "404"));
    free("GET /api/alarms/camera", 200);
    free("POST /api/alarms/camera", 422, Map.of("camera", "none", "class", "none"));
    probes.put("POST /api/alarms/gb28181", new Probe(Rows.NONE, (c, t) -> c.send("POST", "/api/alarms/gb28181", "<Notify/>"), null, (c, t) -> "422"));
    free("GET /api/alarms/camera/{id}/picture", "/api/alarms/camera/999999999/picture", null, 404);
    free("GET /api/camera-classes", 200);
    free("PUT /api/camera-classes/{code}", "/api/camera-classes/none", Map.of(), 422);
    free("GET /api/camera-consents", 200);
    ofArea("PUT /api/camera-consents/{unitId}/{code}", (c, t) -> c.send("PUT", "/api/camera-consents/" + t.unit().id() + "/none", Map.of("reason", "x")), inArea(422, 403));
    ofArea("DELETE /api/camera-consents/{unitId}/{code}", (c, t) -> c.send("DELETE", "/api/camera-consents/" + t.unit().id() + "/none", null), inArea(422, 403));
  }

  private static String warned(Target t) {
    return "MATRIX-" + t.caseNo();
  }

  private long warningId(Target t) {
    return ground.<Long>asSystem(() -> jdbc.sql("SELECT id FROM sensing_warning WHERE subject = :subject").param("subject", warned(t)).query(Long.class).single());
  }

  private static Map<String, Object> route(Target t) {
    return Map.of("watch", "rule:matrix", "areaCode", t.area(), "level", "COMMUNITY", "gradeFrom", "RED", "target", "UNIT", "unitId", t.unit().id(), "way", "INBOX");
  }

  private void inside() {
    Expected seen = (c, t) -> c.sees(t) && c.permissions().contains(Permission.CASE_READ) ? "200 shown" : "200 left out";
    probes.put("POST /api/map/inside", new Probe(Rows.CASE, (c, t) -> c.send("POST", "/api/map/inside", around(t)), t -> "\"titleEn\":\"Cases\",\"count\":1", seen));
    probes.put("POST /api/map/inside/{layer}", new Probe(Rows.CASE, (c, t) -> c.send("POST", "/api/map/inside/cases", around(t)), Target::caseNo,
        (c, t) -> !c.permissions().contains(Permission.CASE_READ) ? "404" : seen.of(c, t)));
    // Of what is closed; whose it is, InsideTest tries.
    free("POST /api/map/inside/history", 200, Map.of("region", Map.of("area", OWN)));
    free("GET /api/map/areas/{code}/figures", "/api/map/areas/" + OWN + "/figures", null, 200);
    free("GET /api/map/summary", 200);
    free("GET /api/duty", 200);
    free("POST /api/duty/start", 422, Map.of("areaCode", "nowhere"));
    free("POST /api/duty/end", 409);
    free("POST /api/duty/position", 409, Map.of("lon", 83.0105, "lat", 33.0105));
    targets.forEach(t -> ground.asSystem(() -> jdbc.sql("""
        INSERT INTO identity_duty (person_id, position_id, role, area_code, started_at) VALUES (:person, :position, 'EVALUATOR', :area, now())""")
        .param("person", t.person().personId()).param("position", t.person().positionId()).param("area", t.area()).update()));
    listOfArea("GET /api/map/duty", t -> "\"personId\":" + t.person().personId() + ",", (c, t) -> c.send("GET", "/api/map/duty", null), shownInArea());
    ofArea("POST /api/map/duty/{id}/way", (c, t) -> c.send("POST", "/api/map/duty/" + dutyOf(t) + "/way", Map.of("purpose", "EMERGENCY", "reason", "需要找到本人")), inArea(200, 404));
    free("GET /api/roster", "/api/roster?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z", null, 200);
    free("POST /api/roster", 422, List.of());
    free("DELETE /api/roster/{id}", "/api/roster/999999999", null, 404);
  }

  private long dutyOf(Target t) {
    return ground.asSystem(() -> jdbc.sql("SELECT id FROM identity_duty WHERE person_id = :id").param("id", t.person().personId()).query(Long.class).single());
  }

  /** The case of the target lies alone in its circle. */
  private Map<String, Object> around(Target t) {
    return Map.of("region", Map.of("circle", Map.of("lon", 84 + targets.indexOf(t), "lat", 34, "radius", 500)));
  }

  private void sensorThings() {
    targets.stream().limit(WHERE.size()).forEach(t -> ground.asSystem(() -> jdbc.sql("""
        INSERT INTO sensing_sta_thing (name, description, area_code, owner_unit_id) VALUES (:name, 'of the matrix', :area, :unit)""")
        .param("name", "matrix-thing-" + t.where()).param("area", t.area()).param("unit", t.unit().id()).update()));
    String thing = "/sta/v1.1/Things(9999999999999)";
    free("GET /sta/v1.1", 200);
    free("GET /sta/v1.1/", 200);
    listOfArea("GET /sta/v1.1/**", t -> "matrix-thing-" + t.where(), (c, t) -> c.send("GET", "/sta/v1.1/Things?$filter=startswith(name,'matrix-thing')", null), shownInArea());
    free("POST /sta/v1.1/**", "/sta/v1.1/Things", Map.of(), 400);
    free("POST /sta/v1.1/CreateObservations", "/sta/v1.1/CreateObservations", Map.of(), 400);
    free("POST /sta/v1.1/$batch", "/sta/v1.1/$batch", Map.of(), 400);
    free("PATCH /sta/v1.1/**", thing, Map.of("name", "x"), 404);
    free("PUT /sta/v1.1/**", thing, Map.of("name", "x"), 404);
    free("DELETE /sta/v1.1/**", thing, null, 404);
  }

  private void places() {
    free("GET /api/places/locate", "/api/places/locate?lon=83.0105&lat=33.0105", null, 200);
    free("GET /api/places/search", "/api/places/search?q=x", null, 200);
    free("GET /api/places/read", "/api/places/read?text=x", null, 200);
    // Names and codes of areas are reference data; outlines are drawn of the own area.
    listOfArea("GET /api/areas", t -> "\"" + t.area() + "\"", (c, t) -> c.send("GET", "/api/areas", null), (c, t) -> "200 shown");
    ofArea("GET /api/areas/{code}", (c, t) -> c.send("GET", "/api/areas/" + t.area(), null), (c, t) -> "200");
    listOfArea("GET /api/areas.geojson", t -> "\"code\":\"" + t.area() + "\"", (c, t) -> c.send("GET", "/api/areas.geojson?parent=" + t.area().substring(0, t.area().length() - 3)
        + (t.area().length() == 15 ? "&level=UNIT_GRID" : ""), null), shownInArea());
    ofArea("PUT /api/areas", (c, t) -> c.send("PUT", "/api/areas", Map.of("type", "FeatureCollection", "features", List.of(PLACES.features.get(t.area())))), inArea(200, 403));
    listOfArea("POST /api/components:batch", t -> "\"accepted\":1", (c, t) -> c.send("POST", "/api/components:batch", List.of(component(t))), (c, t) -> c.covers(t) ? "200 shown" : "200 left out");
    listOfArea("POST /api/components:import", t -> "\"rejects\":[]", (c, t) -> csv(c, "/api/components:import?trial=true", component(t)), shownInArea());
    // Reads the file that was sent, and nothing else.
    free("POST /api/components:unpack", 422);
    // A state that nobody saw: whoever administers the place is told so, the others that there is nothing.
    ofArea("POST /api/components/{ident}/state", (c, t) -> c.send("POST", "/api/components/" + t.ident() + "/state", Map.of("from", "LOST", "to", "INTACT", "reason", "找到了")), inArea(409, 404));
    ofArea("POST /api/components/{ident}/take-back", (c, t) -> c.send("POST", "/api/components/" + t.ident() + "/take-back", Map.of("seq", 1, "reason", "登记有误")), inArea(409, 404));
    free("GET /api/components/{ident}/events", "/api/components/0/events", null, 404);
    free("GET /api/components/{ident}/label.svg", "/api/components/0/label.svg?base=https://city.example", null, 404);
    free("GET /api/public/components/{ident}", "/api/public/components/0", null, 404);
    listOfArea("POST /api/buildings:batch", t -> "\"accepted\":1", (c, t) -> c.send("POST", "/api/buildings:batch", building(t)), shownInArea());
    listOfArea("GET /api/buildings", t -> "\"B-" + t.ident() + "\"", (c, t) -> c.send("GET", "/api/buildings?limit=500", null), shownInArea());
    ofArea("GET /api/buildings/{ident}", (c, t) -> c.send("GET", "/api/buildings/B-" + t.ident(), null), inArea(200, 404));
    ofArea("GET /api/buildings/{ident}/households", (c, t) -> c.send("GET", "/api/buildings/B-" + t.ident() + "/households", null), inArea(200, 404));
    free("GET /api/buildings:counts", "/api/buildings:counts?area=" + OWN, null, 200);
    probes.put("POST /api/households/{id}/reveal", new Probe(Rows.NONE, (c, t) -> c.send("POST", "/api/households/999999999/reveal",
        Map.of("purpose", "CALL_BACK", "reason", "回访核实位置")), null, (c, t) -> c.permissions().contains(Permission.PERSONAL_DATA_REVEAL) ? "404" : "403"));
    probes.put("POST /api/enterprises/{id}/reveal", new Probe(Rows.NONE, (c, t) -> c.send("POST", "/api/enterprises/999999999/reveal",
        Map.of("purpose", "CALL_BACK", "reason", "回访核实位置")), null, (c, t) -> c.permissions().contains(Permission.PERSONAL_DATA_REVEAL) ? "404" : "403"));
    free("POST /api/buildings:outline", 200);
    free("GET /api/components", "/api/components?bbox=83,33,83.001,33.001", null, 200);
    free("GET /api/components/{ident}", "/api/components/0", null, 404);
    free("GET /api/components:nearest", "/api/components:nearest?lon=10&lat=10", null, 404);
    free("GET /api/kinds", 200);
    free("GET /api/kinds/{id}", "/api/kinds/" + KIND, null, 200);
    free("POST /api/kinds", 422);
    free("PUT /api/kinds/{id}", "/api/kinds/nothing", Map.of(), 404);
    free("GET /api/calendar", 200);
    free("PUT /api/calendar", 422);
    free("GET /api/case-rules", 200);
    free("PUT /api/case-rules", 422);
    free("GET /api/basemap", 200);
    free("GET /api/basemap/{layer}.geojson", "/api/basemap/nothing.geojson", null, 404);
    free("PUT /api/basemap/{layer}", "/api/basemap/nothing", Map.of(), 422);
    free("GET /api/map/base.json", 200);
    free("GET /api/map/search", "/api/map/search?q=x", null, 200);
    free("PUT /api/map/base", "/api/map/base", Map.of(), 422);
    free("GET /api/map/base/{z}/{x}/{y}.mvt", "/api/map/base/14/1/1.mvt", null, 204);
    free("GET /api/public/map", 200);
    free("GET /api/public/areas.geojson", 200);
    free("GET /api/public/kinds", 200);
  }

  private static Map<String, Object> building(Target t) {
    return Map.of("ident", "B-" + t.ident(), "name", "楼", "lon", component(t).get("lon"), "lat", component(t).get("lat"));
  }

  /** In the grid of the target; the parent's stands in the sibling's half, where only the parent reaches. */
  private static Map<String, Object> component(Target t) {
    double x = t.where().equals("own") || t.where().equals("child") ? 0.5 : 2.5;
    List<Double> at = PLACES.at(x, t.where().equals("parent") ? 1.5 : 0.5);
    return Map.of("ident", t.ident(), "kindId", "gb47678.5-C01037", "name", "路灯", "lon", at.get(0), "lat", at.get(1));
  }

  private void layers() {
    free("GET /api/map/layers", 200);
    // Boundaries and components are reference data: all staff see them.
    probes.put("GET /api/map/tiles/{layer}/{z}/{x}/{y}.mvt", new Probe(Rows.CASE, this::tile, t -> "id " + t.caseId() + ";",
        (c, t) -> !c.permissions().contains(Permission.CASE_READ) ? "404" : c.sees(t) ? "200 shown" : "204"));
    probes.put("POST /api/map/export/{layer}.{format}", new Probe(Rows.CASE, (c, t) -> c.send("POST", "/api/map/export/cases.geojson", around(t)), Target::caseNo,
        (c, t) -> !c.permissions().contains(Permission.CASE_READ) ? "404" : c.sees(t) ? "200 shown" : "200 left out"));
    for (String door : List.of("", "/", "/api", "/conformance", "/style.css", "/collections", "/tileMatrixSets", "/tiles")) {
      free("GET /ogc" + door, 200);
    }
    free("GET /ogc/collections/{collectionId}", "/ogc/collections/areas", null, 200);
    free("GET /ogc/collections/{collectionId}/items", "/ogc/collections/areas/items?limit=1", null, 200);
    free("GET /ogc/collections/{collectionId}/items/{featureId}", "/ogc/collections/areas/items/nothing", null, 404);
    free("GET /ogc/collections/{collectionId}/tiles", "/ogc/collections/areas/tiles", null, 200);
    free("GET /ogc/collections/{collectionId}/tiles/{set}", "/ogc/collections/areas/tiles/WebMercatorQuad", null, 200);
    free("GET /ogc/collections/{collectionId}/tiles/{set}/{matrix}/{row}/{column}", "/ogc/collections/areas/tiles/WebMercatorQuad/0/1/0", null, 404);
    free("GET /ogc/tiles/{set}", "/ogc/tiles/WebMercatorQuad", null, 200);
    free("GET /ogc/tiles/{set}/{matrix}/{row}/{column}", "/ogc/tiles/WebMercatorQuad/0/1/0", null, 404);
    free("GET /ogc/tileMatrixSets/{set}", "/ogc/tileMatrixSets/WebMercatorQuad", null, 200);
  }

  /** The tile of zoom 16 around a case, with the numbers of its features as text. */
  private Answer tile(Caller c, Target t) {
    int n = 1 << 16;
    // Each case lies on a longitude of its own, all on the same latitude.
    int x = (int) Math.floor((84.0 + targets.indexOf(t) + 180) / 360 * n);
    int y = (int) Math.floor((1 - Math.log(Math.tan(Math.PI / 4 + Math.toRadians(34) / 2)) / Math.PI) / 2 * n);
    var request = HttpRequest.newBuilder(URI.create(c.client().base() + "/api/map/tiles/cases/16/" + x + "/" + y + ".mvt"));
    c.client().headers().forEach(request::header);
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer = http.send(request.build(), BodyHandlers.ofByteArray());
      String text = answer.statusCode() != 200 ? new String(answer.body(), StandardCharsets.UTF_8)
          : DecodedTile.of(answer.body()).features("cases").stream().map(f -> "id " + f.id() + ";").collect(Collectors.joining());
      return new Answer(answer.statusCode(), text, null);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void citizens() {
    free("POST /api/public/reports", 422);
    free("GET /api/public/reports/{trackingCode}", "/api/public/reports/" + trackingCode, null, 200);
    probes.put("GET /api/public/reports/{trackingCode}/events", new Probe(Rows.NONE, (c, t) -> stream(c, "/api/public/reports/" + trackingCode + "/events"), null, (c, t) -> "200"));
    free("POST /api/public/reports/{trackingCode}/rating", "/api/public/reports/" + trackingCode + "/rating", Map.of(), 422);
    probes.put("POST /api/public/media", new Probe(Rows.NONE, (c, t) -> upload(c, "/api/public/media"), null, (c, t) -> "201"));
    free("GET /api/public/reports/{trackingCode}/media/{sha256}", "/api/public/reports/" + trackingCode + "/media/" + openPhoto, null, 200);
    free("GET /api/public/reports/{trackingCode}/media/{sha256}/thumbnail", "/api/public/reports/" + trackingCode + "/media/" + openPhoto + "/thumbnail", null, 200);
    free("GET /open311/v2/discovery.{format}", "/open311/v2/discovery.json", null, 200);
    free("GET /open311/v2/services.{format}", "/open311/v2/services.json", null, 200);
    free("GET /open311/v2/services/{code}.{format}", "/open311/v2/services/" + KIND + ".json", null, 200);
    free("GET /open311/v2/requests.{format}", "/open311/v2/requests.json", null, 200);
    free("GET /open311/v2/requests/{id}.{format}", "/open311/v2/requests/999999999.json", null, 404);
    free("GET /open311/v2/tokens/{token}.{format}", "/open311/v2/tokens/none.json", null, 404);
    probes.put("POST /open311/v2/requests.{format}", new Probe(Rows.NONE, (c, t) -> {
      Map<String, String> headers = new LinkedHashMap<>(c.headers());
      headers.put("Content-Type", "application/x-www-form-urlencoded");
      return c.client().send("POST", "/open311/v2/requests.json", "a=b", headers);
    }, null, (c, t) -> "400"));
  }

  private static Answer csv(Caller c, String path, Map<String, Object> row) {
    Map<String, String> headers = new LinkedHashMap<>(c.headers());
    headers.put("Content-Type", "text/csv");
    List<String> columns = List.copyOf(row.keySet());
    return c.client().send("POST", path, String.join(",", columns) + "\n" + columns.stream().map(column -> String.valueOf(row.get(column))).collect(Collectors.joining(",")) + "\n", headers);
  }

  private static Answer upload(Caller c, String path) {
    Map<String, String> headers = new LinkedHashMap<>(c.headers());
    headers.put("Content-Type", "multipart/form-data; boundary=b");
    return c.client().send("POST", path, form(98), headers);
  }

  /** The head of an answer that never ends. */
  private static Answer stream(Caller c, String path) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(c.client().base() + path));
      c.client().headers().forEach(request::header);
      c.headers().forEach(request::header);
      var answer = http.send(request.build(), BodyHandlers.ofInputStream());
      answer.body().close();
      http.shutdownNow();
      return new Answer(answer.statusCode(), "", null);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // ---- the matrix ----------------------------------------------------------------------------------

  private record Cell(String door, String declared, Caller caller, Target target, String expected, String seen) {}

  @AfterEach
  void placedAgain() {
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_placed SET revision = 0, upto = 0").update());
  }

  @Test
  void everyEndpointShowsEveryRoleWhatItsScopeHoldsAndNothingElse() throws IOException {
    List<Caller> callers = callers();
    targets = targets();
    sessions();
    cases();
    observations();
    watchRules();
    devices();
    evaluation();
    vitals();
    administration();
    matrix();
    places();
    layers();
    inside();
    warnings();
    citizens();
    sensorThings();
    targets.forEach(t -> Viewer.callAs(t.person().viewer(), () -> tried(t)));
    people.someone(Role.SHIFT_LEADER, CITY, null).client().put("/api/dispatch/switches",
        WHERE.stream().map(w -> Map.of("kind", KIND, "areaCode", BESIDE.get(w), "automatic", false)).toList());

    Map<String, HandlerMethod> doors = doors();
    Set<String> missing = new TreeSet<>(doors.keySet());
    missing.removeAll(probes.keySet());
    assertThat(missing).as("endpoints without a probe").isEmpty();
    Set<String> gone = new TreeSet<>(probes.keySet());
    gone.removeAll(doors.keySet());
    assertThat(gone).as("probes without an endpoint").isEmpty();

    List<String> before = rowVersions(targets);
    List<Cell> cells = new ArrayList<>();
    for (String door : probes.keySet()) {
      Probe probe = probes.get(door);
      for (Caller caller : callers) {
        for (Target target : reached(probe.rows(), targets)) {
          Answer answer = probe.call().make(caller, target);
          String seen = String.valueOf(answer.status());
          if (probe.marker() != null && answer.status() == 200) {
            seen += answer.text().contains(probe.marker().apply(target)) ? " shown" : " left out";
          }
          if (!seen.startsWith("2") && !caller.sees(target)) {
            assertThat(answer.text()).as(door + " tells " + caller.name()).doesNotContain(target.text()).doesNotContain(target.caseNo());
          }
          cells.add(new Cell(door, declared(doors.get(door)), caller, target, expected(doors.get(door), probe, caller, target), seen));
        }
      }
    }
    write(cells);

    assertThat(cells.stream().filter(c -> !c.expected().equals(c.seen())).map(c -> c.door() + " as " + c.caller().name() + " on " + c.target().name()
        + ": expected " + c.expected() + ", seen " + c.seen()).toList()).isEmpty();
    assertThat(rowVersions(targets)).as("no call of the matrix changed a case, a signal or a rule").isEqualTo(before);
    assertThat(cells).hasSizeGreaterThan(2_000);
    String page = page(cells);
    if (Boolean.getBoolean("write.docs")) {
      Files.createDirectories(DOC.getParent());
      Files.writeString(DOC, page);
    }
    assertThat(DOC).as("run the tests once with -Dwrite.docs=true").hasContent(page);
  }

  /** Something in the log of who did what. */
  private Void tried(Target target) {
    transaction.executeWithoutResult(status -> access.record("matrix.looked", "matrix:" + target.name(), "done", Map.of()));
    return null;
  }

  private static List<Target> reached(Rows rows, List<Target> targets) {
    return switch (rows) {
      case NONE -> targets.subList(0, 1);
      case AREA -> targets.subList(0, WHERE.size());
      case CASE -> targets;
    };
  }

  private static String expected(HandlerMethod method, Probe probe, Caller caller, Target target) {
    Requires requires = method.getMethodAnnotation(Requires.class);
    if (requires != null && caller.name().equals("public")) {
      return requires.value()[0] == Permission.SIGNAL_REPORT && method.getBeanType().getName().contains(".open311.") ? "403" : "401"; // GeoReport v2: no key is a 403
    }
    if (requires != null && (requires.wholeCity() || Arrays.stream(requires.value()).noneMatch(caller.permissions()::contains))) {
      return "403";
    }
    return probe.expected().of(caller, target);
  }

  private static String declared(HandlerMethod method) {
    Requires requires = method.getMethodAnnotation(Requires.class);
    return requires == null ? "open: " + method.getMethodAnnotation(Open.class).value()
        : Arrays.stream(requires.value()).map(Enum::name).collect(Collectors.joining(" or ")) + (requires.wholeCity() ? ", whole city" : "");
  }

  private Map<String, HandlerMethod> doors() {
    Map<String, HandlerMethod> doors = new TreeMap<>();
    mapping.getHandlerMethods().forEach((info, method) -> {
      String bean = method.getBeanType().getName();
      if (bean.startsWith("io.citywide.")) {
        for (String pattern : info.getPatternValues()) {
          for (RequestMethod verb : info.getMethodsCondition().getMethods()) {
            doors.put(verb + " " + pattern, method);
          }
        }
      }
    });
    return doors;
  }

  /** PostgreSQL's own version of each row (xmin): a write of any kind changes it. */
  private List<String> rowVersions(List<Target> targets) {
    return ground.asSystem(() -> {
      List<String> versions = new ArrayList<>();
      for (Target t : targets) {
        versions.add(jdbc.sql("""
            SELECT (SELECT xmin::text FROM case_file WHERE id = :case) || ' ' || (SELECT count(*) FROM case_step WHERE case_id = :case)
                || ' ' || (SELECT xmin::text FROM intake_signal WHERE id = :signal) || ' ' || (SELECT xmin::text FROM dispatch_rule WHERE id = :rule)""")
            .param("case", t.caseId()).param("signal", t.signalId()).param("rule", t.ruleId()).query(String.class).single());
      }
      return versions;
    });
  }

  // ---- the files -----------------------------------------------------------------------------------

  private static void write(List<Cell> cells) throws IOException {
    StringBuilder csv = new StringBuilder("endpoint,declared,caller,row,expected,seen\n");
    for (Cell c : cells) {
      csv.append('"').append(c.door()).append("\",\"").append(c.declared()).append("\",").append(c.caller().name()).append(",\"")
          .append(probeRow(c)).append("\",").append(c.expected()).append(',').append(c.seen()).append('\n');
    }
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target/scope-matrix.csv"), csv);
  }

  private static String probeRow(Cell c) {
    return c.target().name();
  }

  private String page(List<Cell> cells) {
    StringBuilder page = new StringBuilder("""
        # Who sees what, endpoint by endpoint

        Written by `ScopeMatrixTest` from a run against the server: every endpoint × every role × rows in the caller's own area,
        the area below it, the one above and the one beside it, of the own and of another unit. *Expected* follows from the
        endpoint's declaration, the role's permissions and the place of the row; *seen* is what came over HTTP. The test fails
        when the two differ, when an endpoint has no probe, or when this page is stale (`-Dwrite.docs=true` writes it anew). All
        cells one by one: `server/target/scope-matrix.csv`.

        The callers work in one community. *shown* and *left out* say whether a list holds the row. Callers with the same answers
        share a line. A 409, 422 or 400 is the answer of an endpoint that let the caller in and then refused the content, chosen
        so that trying changes nothing.

        """);
    page.append(cells.size()).append(" cells, ").append(cells.stream().map(Cell::door).distinct().count()).append(" endpoints, ")
        .append(cells.stream().map(c -> c.caller().name()).distinct().count()).append(" callers.\n");
    String group = "";
    Map<String, List<Cell>> byDoor = new LinkedHashMap<>();
    cells.forEach(c -> byDoor.computeIfAbsent(c.door(), d -> new ArrayList<>()).add(c));
    for (String door : new TreeSet<>(byDoor.keySet().stream().map(d -> d.substring(d.indexOf(' ') + 1) + " " + d.substring(0, d.indexOf(' '))).toList())) {
      String name = door.substring(door.indexOf(' ') + 1) + " " + door.substring(0, door.indexOf(' '));
      String now = name.replaceFirst("^\\S+ (/api/public|/api/[a-z-]+|/[a-z0-9]+).*", "$1");
      if (!now.equals(group)) {
        group = now;
        page.append("\n## ").append(group).append("\n\n| endpoint | asks for | caller | expected | seen |\n|---|---|---|---|---|\n");
      }
      Map<List<String>, Set<String>> byAnswer = new LinkedHashMap<>();
      Map<String, List<Cell>> byCaller = new LinkedHashMap<>();
      byDoor.get(name).forEach(c -> byCaller.computeIfAbsent(c.caller().name(), n -> new ArrayList<>()).add(c));
      byCaller.forEach((caller, own) -> byAnswer.computeIfAbsent(List.of(sum(own, true), sum(own, false)), k -> new LinkedHashSet<>()).add(caller));
      boolean first = true;
      for (var line : byAnswer.entrySet()) {
        page.append("| ").append(first ? "`" + name + "`" : "").append(" | ").append(first ? byDoor.get(name).getFirst().declared() : "").append(" | ")
            .append(line.getValue().size() == byCaller.size() ? "all" : String.join(", ", line.getValue())).append(" | ").append(line.getKey().get(0)).append(" | ")
            .append(line.getKey().get(1)).append(" |\n");
        first = false;
      }
    }
    return page.toString();
  }

  /** The answers of one caller, such as {@code own, child: 200; parent, sibling: 404}. */
  private static String sum(List<Cell> cells, boolean expected) {
    Map<String, List<String>> places = new LinkedHashMap<>();
    cells.forEach(c -> places.computeIfAbsent(expected ? c.expected() : c.seen(), k -> new ArrayList<>()).add(c.target().name()));
    if (places.size() == 1) {
      return places.keySet().iterator().next();
    }
    return places.entrySet().stream().map(e -> String.join(" · ", e.getValue()) + ": " + e.getKey()).collect(Collectors.joining("; "));
  }
}
