package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.ledger.Ledger;
import io.citywide.place.TestCity;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.WarningBook.Judgement;
import io.citywide.sensing.internal.warning.WarningBook.Place;
import io.citywide.watch.Decision.Kind;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/** Judgements become warnings, once each; the people they concern are told, and told again higher up; one wish becomes one case. */
@ServerTest
class WarningTest {

  private static final String CITY = "760500";
  private static final String A = "760502001001";
  private static final String B = "760502001002";
  private static final TestCity PLACES = new TestCity(CITY, 108.91, 28.51);
  private static final AtomicInteger SUBJECTS = new AtomicInteger();
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired CaseGround ground;
  @Autowired WarningBook book;
  @Autowired WarningKeeper keeper;
  @Autowired WarningStore store;
  @Autowired Teller teller;
  @Autowired LiveFeed feed;
  @Autowired Ledger ledger;
  @Autowired JdbcClient jdbc;

  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
  private AutoCloseable listening;

  @BeforeEach
  void places() {
    listening = feed.listen(notices::add);
    if (!built) {
      built = true;
      assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    }
  }

  @AfterEach
  void quiet() throws Exception {
    listening.close();
  }

  /** A subject of its own, a little apart from the others. */
  private static String subject() {
    return "TEST-SMOKE-" + SUBJECTS.incrementAndGet();
  }

  private static Judgement judged(String subject, long number, Kind kind, WarningGrade grade, Instant at, String area, UnitRef owner, WarningGrade caseFrom) {
    double x = area.equals(A) ? 0.5 : 2.5;
    Place place = new Place(7, "smoke", PLACES.at(x, 0.5).get(0), PLACES.at(x, 0.5).get(1), area, owner == null ? null : owner.id(), null, "");
    return new Judgement("smoke", 3, new Words("Smoke", "烟雾浓度"), subject, new Words("Shed " + subject, "车棚 " + subject), number, kind, grade, at,
        new Words("0.21 is above 0.15", "烟雾 0.21 高于 0.15"), Map.of("smoke", 0.21), place, "Fire", caseFrom, "gb47678.5-M01013");
  }

  private void apply(Judgement... judgements) {
    ground.asSystem(() -> {
      book.apply(List.of(judgements));
      return null;
    });
  }

  private Warning only(String subject) {
    List<Warning> found = ground.asSystem(() -> store.list("subject = :subject", Map.of("subject", subject)));
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private Notice heard(Predicate<Notice> wanted) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      Notice notice = notices.poll(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      assertThat(notice).as("a notice within 30 s").isNotNull();
      if (wanted.test(notice)) {
        return notice;
      }
    }
  }

  private static Predicate<Notice> act(long id, String act) {
    return n -> n.type().equals("warning") && n.data().get("warningId").equals(id) && n.data().get("act").equals(act);
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return answer;
  }

  @Test
  void twoHundredAlarmsAtOnceAreOneWarningAndOneCase() throws Exception {
    String subject = subject();
    Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    Judgement raised = judged(subject, 1, Kind.RAISED, WarningGrade.RED, at, A, null, WarningGrade.ORANGE);
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(() -> {
          apply(raised);
          return null;
        });
      }
      for (Future<Void> done : pool.invokeAll(all)) {
        done.get();
      }
    }
    Warning w = only(subject);
    assertThat(w.live()).isTrue();
    assertThat(w.grade()).isEqualTo(WarningGrade.RED);
    assertThat(w.steps()).isEqualTo(1);
    heard(n -> n.type().equals("signal") && "OPENED".equals(n.data().get("state")) && String.valueOf(n.areaCode()).startsWith(A));
    List<Map<String, Object>> signals = ground.asSystem(() -> jdbc.sql("SELECT case_id, channel, attributes::text AS attributes FROM intake_signal WHERE source_system = 'warning' AND source_ref = :ref")
        .param("ref", String.valueOf(w.id())).query().listOfRows());
    assertThat(signals).hasSize(1);
    assertThat(signals.getFirst()).containsEntry("channel", "SENSOR").extracting("case_id").isNotNull();
    assertThat((String) signals.getFirst().get("attributes")).contains("\"warningId\": \"" + w.id() + "\"");
    Answer of = ok(people.someone(Role.ACCEPTOR, A, null).client().get("/api/signals/of-source?system=warning&ref=" + w.id()));
    assertThat(of.json().path("caseNo").asString()).isNotEmpty();
  }

  @Test
  void climbsComesDownAndEndsAndSayingItAgainChangesNothing() {
    String subject = subject();
    Instant at = Instant.now().minusSeconds(600).truncatedTo(ChronoUnit.MILLIS);
    List<Judgement> said = List.of(judged(subject, 1, Kind.RAISED, WarningGrade.BLUE, at, A, null, null),
        judged(subject, 1, Kind.ESCALATED, WarningGrade.ORANGE, at.plusSeconds(60), A, null, null),
        judged(subject, 1, Kind.LOWERED, WarningGrade.YELLOW, at.plusSeconds(120), A, null, null));
    ground.asSystem(() -> {
      book.apply(said);
      book.apply(said);
      return null;
    });
    Warning w = only(subject);
    assertThat(w.grade()).isEqualTo(WarningGrade.YELLOW);
    assertThat(w.worst()).isEqualTo(WarningGrade.ORANGE);
    assertThat(w.steps()).isEqualTo(3);

    Someone officer = people.someone(Role.SHIFT_LEADER, A, null);
    assertThat(officer.client().post("/api/warnings/" + w.id() + "/end", Map.of("verdict", "FALSE")).problem()).isEqualTo("warning.invalid");
    JsonNode ended = ok(officer.client().post("/api/warnings/" + w.id() + "/end", Map.of("verdict", "FALSE", "reason", "粉尘误触发，现场无烟"))).json();
    assertThat(ended.path("live").asBoolean(true)).isFalse();
    assertThat(officer.client().post("/api/warnings/" + w.id() + "/end", Map.of("verdict", "FALSE", "reason", "再次解除")).problem()).isEqualTo("warning.over");
    apply(judged(subject, 1, Kind.ENDED, null, at.plusSeconds(300), A, null, null), judged(subject, 1, Kind.ESCALATED, WarningGrade.RED, at.plusSeconds(301), A, null, null));
    assertThat(only(subject).verdict()).as("what the person said stays").isEqualTo(Warning.Verdict.FALSE);
    assertThat(only(subject).steps()).isEqualTo(4);

    apply(judged(subject, 2, Kind.RAISED, WarningGrade.BLUE, at.plusSeconds(400), A, null, null));
    JsonNode history = ok(officer.client().get("/api/warnings?subject=" + subject)).json().path("items");
    assertThat(history).hasSize(2);
    assertThat(history.path(0).path("number").asLong()).isEqualTo(2);
    List<String> proved = ground.asSystem(() -> {
      jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query(String.class).single();
      return jdbc.sql("SELECT encode(content, 'hex') FROM ledger_entry WHERE subject = 'warning' AND subject_id = :id ORDER BY seq").param("id", w.id()).query(String.class).list();
    });
    List<String> kept = ground.asSystem(() -> store.listSteps(w.id()).stream().map(s -> HexFormat.of().formatHex(ledger.digest(WarningSubject.canonical(s)))).toList());
    assertThat(proved).as("the ledger proves what the table holds").isEqualTo(kept).hasSize(4);
  }

  @Test
  void messagesAreValidAndNameThoseBeforeThem() throws Exception {
    String subject = subject();
    Instant at = Instant.now().minusSeconds(600).truncatedTo(ChronoUnit.MILLIS);
    apply(judged(subject, 1, Kind.RAISED, WarningGrade.YELLOW, at, A, null, null), judged(subject, 1, Kind.ESCALATED, WarningGrade.RED, at.plusSeconds(60), A, null, null),
        judged(subject, 1, Kind.ENDED, null, at.plusSeconds(300), A, null, null));
    long id = only(subject).id();
    TestClient officer = people.someone(Role.SHIFT_LEADER, A, null).client();

    JsonNode first = ok(officer.get("/api/warnings/" + id + "/cap.json?seq=1")).json();
    assertThat(first.path("identifier").asString()).matches("760502000000[0-9]{2}_[0-9]{14}_[0-9]").hasSize(31);
    assertThat(first.path("msgType").asString()).isEqualTo("Alert");
    assertThat(first.path("sent").asString()).endsWith("+08:00");
    JsonNode info = first.path("info").path(0);
    assertThat(info.path("severity").asString()).isEqualTo("Moderate");
    assertThat(info.path("parameter").path("cn.warning.color").asString()).isEqualTo("Yellow");
    assertThat(info.path("area").path(0).path("geocode").path("GB/T 2260").asString()).isEqualTo("760502");
    JsonNode second = ok(officer.get("/api/warnings/" + id + "/cap.json?seq=2")).json();
    assertThat(second.path("info").path(0).path("severity").asString()).isEqualTo("Extreme");
    JsonNode last = ok(officer.get("/api/warnings/" + id + "/cap.json")).json();
    assertThat(last.path("msgType").asString()).isEqualTo("Cancel");
    assertThat(last.path("references")).hasSize(2);
    assertThat(last.path("references").path(1).asString()).isEqualTo(second.path("sender").asString() + "," + second.path("identifier").asString() + "," + second.path("sent").asString());

    String ofArea = subject();
    Judgement source = new Judgement(WarningBook.SILENCE, 0, new Words("Silence", "断供"), ofArea, new Words("Feed <" + ofArea + "> & co\u0007", "数据源<" + ofArea + ">&\u0007"), 1, Kind.RAISED,
        WarningGrade.BLUE, at, new Words("nothing for 10 min", "10 分钟无数据"), Map.of("minutes", Double.NaN), null, "Infra", null, null);
    apply(source);
    String shared = System.getenv().getOrDefault("CITYWIDE_SHARED", "../../shared");
    Path schema = Path.of(shared, "data/schemas/cap12.xsd");
    if (!Files.exists(schema)) {
      System.err.println("WarningTest: " + schema + " is absent, messages were not held against the schema of CAP 1.2");
      return;
    }
    Validator cap = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(schema.toFile()).newValidator();
    TestClient city = people.someone(Role.SHIFT_LEADER, "", null).client();
    for (String path : List.of(id + "/cap.xml?seq=1", id + "/cap.xml?seq=2", id + "/cap.xml", only(ofArea).id() + "/cap.xml", withoutAPlace(A).id() + "/cap.xml")) {
      cap.validate(new StreamSource(new StringReader(ok(city.get("/api/warnings/" + path)).text())));
    }
    TestClient nobody = people.nobody();
    assertThat(nobody.get("/api/public/warnings/" + id + "/cap.xml").problem()).isEqualTo("warning.unknown");
    assertThat(ok(nobody.get("/api/public/warnings/feed.atom")).text()).doesNotContain(first.path("identifier").asString());
    ok(officer.post("/api/warnings/" + id + "/public", Map.of("open", true, "reason", "提醒市民绕行")));
    String open = ok(nobody.get("/api/public/warnings/" + id + "/cap.xml")).text();
    cap.validate(new StreamSource(new StringReader(open)));
    assertThat(open).contains("<scope>Public</scope>");
    assertThat(ok(nobody.get("/api/public/warnings/feed.atom")).text()).contains(first.path("identifier").asString());
    assertThat(ok(officer.get("/api/warnings/feed.atom")).text()).contains(last.path("identifier").asString());
  }

  /** Of somewhere in an area: where, nobody knows. */
  private Warning withoutAPlace(String area) {
    String subject = subject();
    LinkedHashMap<String, Object> about = new LinkedHashMap<>(Map.of("rule_code", "camera:ponding", "rule_version", 1, "name_zh", "道路积水", "name_en", "Ponding", "subject", subject,
        "subject_zh", "摄像机 " + subject, "subject_en", "Camera " + subject, "category", "Infra", "area_code", area));
    return ground.asSystem(() -> keeper.raiseOfCamera(about, WarningGrade.ORANGE, Instant.now(), new Words("water on the road", "路面积水"), Map.of(), false, null, List.of()));
  }

  @Test
  void aMessageOfAWarningWithoutAPlaceHasTheBoundaryAndTheCodesOfItsArea() {
    TestClient city = people.someone(Role.SHIFT_LEADER, "", null).client();
    String community = ok(city.get("/api/warnings/" + withoutAPlace(A).id() + "/cap.xml")).text();
    assertBoundary(community, "28.510000,108.910000", "28.510000,108.912000", "28.512000,108.912000", "28.512000,108.910000");
    assertThat(community).contains("<areaDesc>云栖区 · 望江街道 · 梧桐社区</areaDesc>").contains(geocode("GB/T 2260", "760502") + geocode("GB/T 10114", "760502001") + geocode("citywide.area", A));
    String whole = ok(city.get("/api/warnings/" + withoutAPlace(CITY).id() + "/cap.xml")).text();
    assertBoundary(whole, "28.510000,108.910000", "28.510000,108.914000", "28.512000,108.914000", "28.512000,108.910000");
    assertThat(whole).contains(geocode("GB/T 2260", CITY) + "</area>");

    String subject = subject();
    apply(judged(subject, 1, Kind.RAISED, WarningGrade.YELLOW, Instant.now().truncatedTo(ChronoUnit.MILLIS), A, null, null));
    assertThat(ok(city.get("/api/warnings/" + only(subject).id() + "/cap.xml")).text()).contains("<circle>28.510500,108.910500 0.1</circle>").doesNotContain("<polygon>");
  }

  @Test
  void aMessageOfAWarningInABuildingHasTheOutlineOfTheBuildingInEveryForm() throws Exception {
    Answer building = people.someone(Role.SYSTEM_ADMIN, CITY, null).client().send("POST", "/api/buildings:batch",
        "{\"ident\": \"WT-0001\", \"name\": \"梧桐里1号\", \"use\": \"RESIDENTIAL\", \"outline\": {\"type\": \"Polygon\", \"coordinates\": %s}}\n".formatted(PLACES.box(1.2, 1.2, 1.24, 1.22))
            + "{\"ident\": \"WT-0002\", \"name\": \"梧桐里2号\", \"use\": \"RESIDENTIAL\", \"lon\": %s, \"lat\": %s}\n".formatted(PLACES.at(1.3, 1.3).toArray()),
        Map.of("Content-Type", "application/x-ndjson"));
    assertThat(building.json().path("accepted").asInt()).as(building.text()).isEqualTo(2);
    ground.asSystem(() -> jdbc.sql("INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention) VALUES ('wt-smoke', '烟感', 'Smoke', '[]', '1 day', '400 days')").update());
    long inside = deviceIn("CAPD-1", "WT-0001");
    long unknown = deviceIn("CAPD-2", "WT-0002");
    TestClient officer = people.someone(Role.SHIFT_LEADER, A, null).client();

    Warning w = inABuilding(inside);
    String xml = ok(officer.get("/api/warnings/" + w.id() + "/cap.xml")).text();
    assertBoundary(xml, "28.511200,108.911200", "28.511200,108.911240", "28.511220,108.911240", "28.511220,108.911200");
    assertThat(xml).contains("<areaDesc>云栖区 · 望江街道 · 梧桐社区 · 梧桐里1号</areaDesc>");
    JsonNode area = ok(officer.get("/api/warnings/" + w.id() + "/cap.json")).json().path("info").path(1).path("area").path(0);
    assertThat(area.path("circle")).isEmpty();
    String ring = area.path("polygon").path(0).asString();
    assertThat(xml).contains("<polygon>" + ring + "</polygon>");
    assertThat(ok(officer.get("/api/warnings/feed.atom")).text()).contains("cap.xml?seq=1\"/><area xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><areaDesc>", "<polygon>" + ring + "</polygon>");
    Path schema = Path.of(System.getenv().getOrDefault("CITYWIDE_SHARED", "../../shared"), "data/schemas/cap12.xsd");
    if (Files.exists(schema)) {
      SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(schema.toFile()).newValidator().validate(new StreamSource(new StringReader(xml)));
    }
    assertThat(ok(officer.get("/api/warnings/" + inABuilding(unknown).id() + "/cap.xml")).text()).as("of a building without an outline").contains("<circle>").doesNotContain("<polygon>");
  }

  /** Id of a device that stands in a building. */
  private long deviceIn(String code, String building) {
    return ground.asSystem(() -> jdbc.sql("""
            INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code, building_ident) VALUES (:code, 'wt-smoke', :code, :lon, :lat, 0, :area, :building) RETURNING id""")
        .param("code", code).param("lon", PLACES.at(1.21, 1.21).get(0)).param("lat", PLACES.at(1.21, 1.21).get(1)).param("area", A).param("building", building).query(Long.class).single());
  }

  private Warning inABuilding(long device) {
    String subject = subject();
    Place place = new Place(device, "wt-smoke", PLACES.at(1.21, 1.21).get(0), PLACES.at(1.21, 1.21).get(1), A, null, null, "");
    apply(new Judgement("smoke", 3, new Words("Smoke", "烟雾浓度"), subject, new Words("Detector", "烟感"), 1, Kind.RAISED, WarningGrade.RED, Instant.now().truncatedTo(ChronoUnit.MILLIS),
        new Words("0.21 is above 0.15", "烟雾 0.21 高于 0.15"), Map.of("smoke", 0.21), place, "Fire", null, null));
    return only(subject);
  }

  /** In both languages one ring, which ends where it began; latitude first. */
  private static void assertBoundary(String xml, String... corners) {
    List<String> rings = Pattern.compile("<polygon>([^<]*)</polygon>").matcher(xml).results().map(found -> found.group(1)).toList();
    assertThat(rings).as(xml).hasSize(2).allSatisfy(ring -> {
      List<String> points = List.of(ring.split(" "));
      assertThat(points.getLast()).isEqualTo(points.getFirst());
      assertThat(points.subList(1, points.size())).containsExactlyInAnyOrder(corners);
    });
    assertThat(xml).doesNotContain("<circle>");
  }

  private static String geocode(String name, String value) {
    return "<geocode><valueName>" + name + "</valueName><value>" + value + "</value></geocode>";
  }

  @Test
  void moreMessagesThanASecondHoldsHaveIdentifiersOfTheirOwn() {
    assertThat(CapNumbers.number("760502000000", 1_000_000_000_000L).identifier()).isEqualTo("76050200000000_20010909094640_0");
    assertThat(CapNumbers.number("760502000000", 1_000_000_000_999L).identifier()).isEqualTo("76050200000099_20010909094640_9");
    assertThat(CapNumbers.number("760502000000", 1_000_000_001_000L).identifier()).isEqualTo("76050200000000_20010909094641_0");
  }

  @Test
  void isSeenByItsAreaItsOwnerAndTheUnitsThatWereTold() throws Exception {
    UnitRef owner = people.unit("烟感物业", UnitKind.ENTERPRISE, A, null);
    UnitRef station = people.unit("消防站", UnitKind.DEPARTMENT, CITY, null);
    UnitRef stranger = people.unit("园林队", UnitKind.DEPARTMENT, CITY, null);
    Answer route = people.someone(Role.SHIFT_LEADER, CITY, null).client().post("/api/warning-routes",
        Map.of("watch", "type:smoke", "areaCode", A, "level", "COMMUNITY", "gradeFrom", "RED", "target", "UNIT", "unitId", station.id(), "way", "INBOX"));
    assertThat(route.status()).as(route.text()).isEqualTo(201);
    String subject = subject();
    apply(judged(subject, 1, Kind.RAISED, WarningGrade.RED, Instant.now().truncatedTo(ChronoUnit.MILLIS), A, owner, null));
    long id = only(subject).id();
    heard(act(id, "TOLD"));

    String path = "/api/warnings/" + id;
    assertThat(people.someone(Role.LEADER, B, null).client().get(path).problem()).isEqualTo("warning.unknown");
    ok(people.someone(Role.LEADER, A, null).client().get(path));
    ok(people.someone(Role.HANDLER, CITY, owner).client().get(path));
    assertThat(people.someone(Role.HANDLER, CITY, stranger).client().get(path).problem()).isEqualTo("warning.unknown");
    Someone fireman = people.someone(Role.HANDLER, CITY, station);
    assertThat(ok(fireman.client().get("/api/warnings/inbox")).json().toString()).contains("\"id\":" + id + ",");
    ok(fireman.client().post(path + "/acknowledge", Map.of("note", "出动一车")));
    assertThat(people.someone(Role.SHIFT_LEADER, A, null).client().post(path + "/acknowledge", Map.of()).problem()).isEqualTo("warning.acknowledged");
    assertThat(people.someone(Role.VERIFIER, A, null).client().post(path + "/notes", Map.of("text", "x")).status()).isEqualTo(403);
    assertThat(people.someone(Role.SHIFT_LEADER, CITY, null).client().delete("/api/warning-routes/" + route.json().path("route").path("id").asLong()).status()).isEqualTo(204);
  }

  @Test
  void aRouteByCategoryTellsTheUnitsOfTheAreaAndGivesWayToOneByRule() throws Exception {
    TestClient leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    UnitRef community = people.unit("芦苇社区", UnitKind.COMMUNITY, B, null);
    UnitRef station = people.unit("水上消防站", UnitKind.DEPARTMENT, CITY, null);
    List<Long> routes = new ArrayList<>();
    assertThat(leader.post("/api/warning-routes", route("category:Weather", "AREA", null)).problem()).isEqualTo("warning.invalid");
    for (Map<String, Object> draft : List.of(route("category:Fire", "AREA", null), route("category:Fire", "UNIT", station.id()), route("category:Met", "UNIT", people.unit("气象台", UnitKind.DEPARTMENT, CITY, null).id()))) {
      Answer made = leader.post("/api/warning-routes", draft);
      assertThat(made.status()).as(made.text()).isEqualTo(201);
      routes.add(made.json().path("route").path("id").asLong());
    }
    Answer closer = leader.post("/api/warning-routes", route("rule:smoke", "UNIT", station.id()));
    routes.add(closer.json().path("route").path("id").asLong());
    String subject = subject();
    apply(judged(subject, 1, Kind.RAISED, WarningGrade.RED, Instant.now().truncatedTo(ChronoUnit.MILLIS), B, null, null));
    long id = only(subject).id();
    heard(act(id, "TOLD"));
    assertThat(told(id)).contains("1 unit " + community.id(), "1 unit " + station.id());
    assertThat(ground.asSystem(() -> jdbc.sql("SELECT DISTINCT route_id FROM sensing_delivery WHERE warning_id = :id").param("id", id).query(Long.class).list()))
        .as("not by the route of another category, nor by the wider of two that say the same").containsExactlyInAnyOrder(routes.get(0), routes.get(3));
    routes.forEach(route -> assertThat(leader.delete("/api/warning-routes/" + route).status()).isEqualTo(204));
  }

  private static Map<String, Object> route(String watch, String target, Long unitId) {
    Map<String, Object> route = new HashMap<>(Map.of("watch", watch, "areaCode", B, "level", "COMMUNITY", "gradeFrom", "BLUE", "target", target, "way", "INBOX"));
    route.put("unitId", unitId);
    return route;
  }

  @Test
  void whatNobodyAcknowledgesInTimeGoesToTheNextLevelAndNobodyIsToldTwice() throws Exception {
    UnitRef owner = people.unit("杨柳物业", UnitKind.ENTERPRISE, B, null);
    UnitRef community = people.unit("杨柳社区", UnitKind.COMMUNITY, B, null);
    UnitRef street = people.unit("望江街道办", UnitKind.STREET_OFFICE, "760502001", null);
    Someone onDuty = people.someone(Role.SHIFT_LEADER, "760502", null);
    ok(onDuty.client().post("/api/duty/start", Map.of()));
    String subject = subject();
    apply(judged(subject, 1, Kind.RAISED, WarningGrade.ORANGE, Instant.now().truncatedTo(ChronoUnit.MILLIS), B, owner, null));
    long id = only(subject).id();
    heard(act(id, "TOLD"));
    assertThat(told(id)).containsExactlyInAnyOrder("1 unit " + owner.id(), "1 unit " + community.id());
    assertThat(only(subject).escalateAt()).isNotNull();

    late(id);
    teller.passUp();
    heard(act(id, "TOLD"));
    assertThat(told(id)).contains("2 unit " + street.id()).hasSize(3);
    late(id);
    teller.passUp();
    teller.passUp();
    heard(act(id, "TOLD"));
    ground.asSystem(() -> jdbc.sql("INSERT INTO sensing_untold SELECT warning_id, seq FROM sensing_warning_step WHERE warning_id = :id").param("id", id).update());
    teller.tellAll();
    assertThat(told(id)).as("told again after a crash: the same rows").contains("3 person " + onDuty.personId()).hasSize(4);

    ok(onDuty.client().post("/api/warnings/" + id + "/acknowledge", Map.of()));
    assertThat(only(subject).escalateAt()).isNull();
    JsonNode full = ok(onDuty.client().get("/api/warnings/" + id)).json();
    assertThat(full.path("steps").path(1).path("act").asString()).isEqualTo("PASSED_UP");
    assertThat(full.path("deliveries").path(0).path("whyZh").asString()).isNotEmpty();
    // A higher grade asks anew.
    apply(judged(subject, 1, Kind.ESCALATED, WarningGrade.RED, Instant.now().truncatedTo(ChronoUnit.MILLIS), B, owner, null));
    heard(act(id, "TOLD"));
    assertThat(only(subject).acknowledgedAt()).isNull();
    ok(onDuty.client().post("/api/duty/end", Map.of()));
  }

  @Test
  void severalRulesAtOnePlaceAreOneSituationAndAHotSpotAndDotsOfTheMap() {
    String shed = "SHED-" + SUBJECTS.incrementAndGet();
    Instant at = Instant.now().minusSeconds(300).truncatedTo(ChronoUnit.MILLIS);
    TestClient leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    Place place = new Place(7, "smoke", PLACES.at(3.5, 1.5).get(0), PLACES.at(3.5, 1.5).get(1), B, null, null, shed);
    for (String rule : List.of("smoke-" + shed, "heat-" + shed)) {
      apply(new Judgement(rule, 1, new Words("Rule " + rule, "规则 " + rule), shed, new Words("Shed", "车棚"), 1, Kind.RAISED, rule.startsWith("heat") ? WarningGrade.RED : WarningGrade.BLUE, at,
          new Words("too much", "越限"), Map.of("t", 81.5), place, "Fire", null, null));
    }
    JsonNode situations = ok(leader.get("/api/warnings/situations?areaCode=" + B)).json();
    JsonNode situation = StreamSupport.stream(situations.spliterator(), false).filter(s -> s.path("warnings").toString().contains(shed)).findFirst().orElseThrow();
    assertThat(situation.path("grade").asString()).isEqualTo("RED");
    assertThat(situation.path("rules").asInt()).isGreaterThanOrEqualTo(2);
    assertThat(situation.path("whyZh").asString()).contains("200 米");
    assertThat(situation.path("warnings").path(0).path("rule").asString()).as("the worst first").startsWith("heat");
    assertThat(ok(people.someone(Role.SHIFT_LEADER, A, null).client().get("/api/warnings/situations")).text()).doesNotContain(shed);

    YearMonth month = YearMonth.now(ZoneId.of("Asia/Shanghai"));
    JsonNode spots = ok(leader.get("/api/warnings/hotspots?month=" + month + "&areaCode=" + B)).json().path("spots");
    JsonNode spot = StreamSupport.stream(spots.spliterator(), false).filter(s -> s.path("place").asString().equals("group:" + shed)).findFirst().orElseThrow();
    assertThat(spot.path("warnings").asInt()).isEqualTo(2);
    assertThat(spot.path("red").asInt()).isEqualTo(1);
    assertThat(leader.get("/api/warnings/hotspots?month=2026-13").status()).isEqualTo(400);
    ok(leader.get("/api/warnings/hotspots.xlsx?month=" + month + "&areaCode=" + B));
    assertThat(ground.<Long>asSystem(() -> jdbc.sql("SELECT count(*) FROM identity_access_log WHERE act = 'warnings.exported' AND details->>'areaCode' = :b").param("b", B).query(Long.class).single()))
        .isEqualTo(1);

    String inside = ok(leader.post("/api/map/inside", Map.of("region", Map.of("circle", Map.of("lon", place.lon(), "lat", place.lat(), "radius", 20))))).text();
    assertThat(inside).contains("\"heat-" + shed + "\"").contains("\"smoke-" + shed + "\"");
    assertThat(ok(leader.get("/api/map/layers")).text()).contains("\"warnings\"");
    JsonNode tally = ok(leader.get("/api/warnings/tally?areaCode=" + B)).json();
    assertThat(tally.path("live").path("RED").asInt()).isPositive();
    for (String rule : List.of("smoke-" + shed, "heat-" + shed)) {
      apply(new Judgement(rule, 1, new Words(rule, rule), shed, new Words("Shed", "车棚"), 1, Kind.ENDED, null, at.plusSeconds(60), new Words("fine", "恢复"), Map.of(), place, "Fire", null, null));
    }
    StreamSupport.stream(ok(leader.get("/api/warnings/situations?areaCode=" + B)).json().spliterator(), false).flatMap(each -> StreamSupport.stream(each.path("warnings").spliterator(), false))
        .filter(w -> w.path("groupCode").asString().equals(shed)).forEach(w -> assertThat(w.path("live").asBoolean()).isFalse());
  }

  private void late(long id) {
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_warning SET escalate_at = now() - interval '1 second' WHERE id = :id").param("id", id).update());
  }

  private List<String> told(long id) {
    return ground.asSystem(() -> jdbc.sql("SELECT seq || CASE WHEN unit_id IS NULL THEN ' person ' || person_id ELSE ' unit ' || unit_id END FROM sensing_delivery WHERE warning_id = :id ORDER BY id")
        .param("id", id).query(String.class).list());
  }
}
