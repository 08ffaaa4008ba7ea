package io.citywide.security.scope;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.internal.CaseGround;
import io.citywide.grid.GridCell;
import io.citywide.identity.AccessLog;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.place.TestCity;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** What the callers are tried on: rows in four places, of the own and of another unit; and the callers, who all work in one community. */
final class ScopeGround {

  static final String CITY = "830100";
  static final String OWN = "830102001001";
  /** Content type of {@link #form}. */
  static final String FORM = "multipart/form-data; boundary=b";
  static final String KIND = "gb47678.5-M06010";
  static final TestCity PLACES = new TestCity(CITY, 83.01, 33.01);
  static final Map<String, String> BESIDE = Map.of("own", OWN, "sibling", "830102001002", "parent", "830102001", "child", OWN + "001");
  static final List<String> WHERE = List.of("own", "child", "parent", "sibling");

  private final CaseGround cases;
  private final TestPeople people;
  private final JdbcClient jdbc;
  private final UnitRef unit;
  private final List<Caller> callers = new ArrayList<>();
  private final Map<Role, TestClient> leaving = new TreeMap<>();
  private final List<Target> targets = new ArrayList<>();
  private final String openPhoto;
  private final String trackingCode;

  ScopeGround(CaseGround cases, TestPeople people, JdbcClient jdbc) {
    this.cases = cases;
    this.people = people;
    this.jdbc = jdbc;
    unit = people.unit("本单位", UnitKind.DEPARTMENT, CITY, null);
    makeCallers();
    makeTargets();
    openPhoto = upload(people.nobody(), "/api/public/media", 99, Map.of("X-Forwarded-For", "198.51.100.250"));
    trackingCode = reportAsCitizen();
  }

  TestPeople people() {
    return people;
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  /** In a transaction of the server itself, which sees everything. */
  <T> T asSystem(Callable<T> work) {
    return cases.asSystem(work);
  }

  /** Everybody, the public and a machine first. */
  List<Caller> callers() {
    return callers;
  }

  /** Somebody in the same role and place, who may log out. */
  TestClient leaving(Role role) {
    return leaving.get(role);
  }

  /** Of the own unit first, in the order of {@link #WHERE}. */
  List<Target> targets() {
    return targets;
  }

  /** A photo that a citizen sent. */
  String openPhoto() {
    return openPhoto;
  }

  /** Of the citizen's report. */
  String trackingCode() {
    return trackingCode;
  }

  private void makeCallers() {
    callers.add(new Caller("public", null, Set.of(), people.nobody(), Map.of("X-Forwarded-For", "198.51.100.1", "Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t")));
    callers.add(new Caller("machine", null, Permission.FOR_MACHINES, people.machine(OWN, Permission.FOR_MACHINES.toArray(Permission[]::new)),
        Map.of("X-Forwarded-For", "198.51.100.2", "Idempotency-Key", "scope-matrix")));
    for (Role role : Role.values()) {
      UnitRef of = role.unitBound() ? unit : null;
      callers.add(new Caller(role.name(), role, role.permissions(), people.someone(role, OWN, of).client(), Map.of("X-Forwarded-For", "198.51.100." + (10 + role.ordinal()))));
      leaving.put(role, people.someone(role, OWN, of).client());
    }
  }

  private void makeTargets() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    TestClient acceptor = people.someone(Role.ACCEPTOR, CITY, null).client();
    TestClient leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    TestClient security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    int n = 0;
    for (boolean own : List.of(true, false)) {
      UnitRef head = own ? unit : people.unit("旁单位", UnitKind.DEPARTMENT, CITY, null);
      for (String where : WHERE) {
        String area = BESIDE.get(where);
        UnitRef lead = people.unit("矩阵单位" + n + "之" + where, UnitKind.DEPARTMENT, area, head.id());
        String text = "矩阵事项" + n + "只在" + where + (own ? "甲" : "乙");
        String photo = upload(acceptor, "/api/media", n, Map.of());
        List<Double> at = PLACES.at(0.5 + n % 4, 0.3 + n / 4);
        Answer reported = acceptor.post("/api/cases", Map.of("description", text, "lon", at.get(0), "lat", at.get(1), "kindId", KIND, "media", List.of(photo)));
        assertThat(reported.status()).as(reported.text()).isEqualTo(201);
        assertThat(reported.json().path("outcome").asString()).isEqualTo("OPENED");
        long caseId = reported.json().path("caseId").asLong();
        long signalId = reported.json().path("signalId").asLong();
        // A case can lie in an area of any level (its grid may be unknown): put it there.
        // And far from the next one, which would be the same problem otherwise.
        cases.set(caseId, "area_code = '" + area + "', lead_unit_id = " + lead.id() + ", grid_key = " + GridCell.of(84 + n, 34, 9).key() + ", lon = " + (84 + n) + ", lat = 34");
        asSystem(() -> jdbc.sql("UPDATE intake_signal SET area_code = :area WHERE id = :id").param("area", area).param("id", signalId).update());
        Answer rule = leader.post("/api/dispatch/rules", Map.of("kind", KIND, "areaCode", area, "hours", own ? "ANY" : "WORKING", "leadUnitId", lead.id()));
        assertThat(rule.status()).as(rule.text()).isEqualTo(201);
        String keyName = "matrix-key-" + n + "-" + where;
        Answer key = security.post("/api/api-keys", Map.of("name", keyName, "permissions", List.of("PLACE_READ"), "areaCode", area));
        assertThat(key.status()).as(key.text()).isEqualTo(201);
        people.waitingKey(keyName, area);
        String ident = "83010201037%06d".formatted(n);
        Someone person = people.someone(Role.EVALUATOR, area, lead);
        asSystem(() -> jdbc.sql("UPDATE identity_person SET area_code = :area WHERE id = :id").param("area", area).param("id", person.personId()).update());
        targets.add(new Target(where, own, area, lead, caseId, reported.json().path("caseNo").asString(), signalId, text, photo,
            person, rule.json().path("id").asLong(), key.json().path("key").path("id").asLong(), keyName, ident));
        n++;
      }
    }
    // The buildings of areas out of sight must be there to be left out.
    for (Target t : targets) {
      assertThat(steward.post("/api/buildings:batch", t.building()).json().path("accepted").asInt()).isEqualTo(1);
    }
    // As if another server had placed them all: this one leaves them where the matrix puts them, in areas of any level.
    asSystem(() -> jdbc.sql("UPDATE sensing_placed SET revision = 1000000000, upto = NULL").update());
    for (Target t : targets) {
      List<Double> at = PLACES.at(0.5, 0.5);
      Answer device = steward.post("/api/devices", Map.of("code", t.device(), "type", "smoke", "lon", at.get(0), "lat", at.get(1), "unit", t.unit().code()));
      assertThat(device.status()).as(device.text()).isEqualTo(201);
      asSystem(() -> jdbc.sql("UPDATE sensing_device SET area_code = :area, group_code = :group WHERE code = :code").param("area", t.area()).param("group", "G-" + t.ident())
          .param("code", t.device()).update());
    }
  }

  private String reportAsCitizen() {
    List<Double> at = PLACES.at(3.5, 1.8);
    Answer taken = people.nobody().send("POST", "/api/public/reports",
        Map.of("description", "市民反映路灯不亮", "lon", at.get(0), "lat", at.get(1), "kindId", KIND, "media", List.of(openPhoto)),
        Map.of("X-Forwarded-For", "198.51.100.250"));
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
    return taken.json().path("trackingCode").asString();
  }

  /** Of a picture that differs with {@code n}, 0 to 279; what the answer calls it. */
  private static String upload(TestClient client, String path, int n, Map<String, String> headers) {
    Map<String, String> with = new LinkedHashMap<>(headers);
    with.put("Content-Type", FORM);
    Answer answer = client.send("POST", path, form(n), with);
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json().path("sha256").asString();
  }

  /** A picture that differs with {@code n}, in a form. */
  static byte[] form(int n) {
    try {
      BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
      image.createGraphics().fillRect(n % 40, 0, 1 + n % 7, 30);
      ByteArrayOutputStream form = new ByteArrayOutputStream();
      form.write("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      ImageIO.write(image, "png", form);
      form.write("\r\n--b--\r\n".getBytes(StandardCharsets.US_ASCII));
      return form.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** PostgreSQL's own version of each row (xmin): a write of any kind changes it. */
  List<String> rowVersions() {
    return asSystem(() -> {
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

  /** Leaves something in the log of who did what, of one person in each place. */
  void leaveTraces(AccessLog access, TransactionTemplate transaction) {
    targets.forEach(t -> Viewer.runAs(t.person().viewer(),
        () -> transaction.executeWithoutResult(status -> access.record("matrix.looked", "matrix:" + t.name(), "done", Map.of()))));
  }
}
