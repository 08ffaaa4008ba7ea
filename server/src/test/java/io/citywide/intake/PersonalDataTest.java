package io.citywide.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.SealedTable;
import io.citywide.platform.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Who reported: sealed in the database, masked on every screen, in clear for a purpose. */
@ServerTest
class PersonalDataTest {

  private static final TestCity CITY = new TestCity("860100", 88, 43);
  private static final TestCity NEXT = new TestCity("860200", 88.2, 43);
  private static final String NAME = "尉迟云隐";
  private static final String PHONE = "13955500617";
  private static final String EMAIL = "yuchi.yunyin@mail.example";
  private static final String IDENTITY = "320102199003070017";
  private static final String STAFF_PHONE = "13955500618";
  private static final String DEVICE = "device-7f3a-yunyin";

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired PersonalSeal seal;
  @Autowired List<SealedTable> tables;
  @Value("${citywide.database.url}") String url;
  @Value("${citywide.database.owner-user}") String owner;
  @Value("${citywide.database.owner-password}") String password;

  private TestClient acceptor;

  @BeforeEach
  void cities() {
    TestClient steward = people.someone(Role.SYSTEM_ADMIN, "", null).client();
    assertThat(steward.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    assertThat(steward.put("/api/areas", NEXT.geoJson()).status()).isEqualTo(200);
    acceptor = people.someone(Role.ACCEPTOR, CITY.city, null).client();
  }

  private static Map<String, Object> report(TestCity city, double x, double y, Map<String, Object> reporter) {
    Map<String, Object> body = new HashMap<>(Map.of("description", "楼下的路灯整夜不亮 " + UUID.randomUUID(), "lon", city.at(x, y).get(0), "lat", city.at(x, y).get(1)));
    body.put("reporter", reporter);
    return body;
  }

  private static Map<String, Object> everything() {
    return Map.of("name", NAME, "phone", PHONE, "email", EMAIL, "identityNumber", IDENTITY);
  }

  private JsonNode taken(TestClient by, Map<String, Object> body) {
    Answer answer = by.send("POST", "/api/signals", body, Map.of("Idempotency-Key", UUID.randomUUID().toString()));
    assertThat(answer.status()).as(answer.text()).isEqualTo(201);
    return answer.json();
  }

  private static Map<String, Object> purpose() {
    return Map.of("purpose", "CALL_BACK", "reason", "回访核实路灯位置");
  }

  // --- at rest ---

  @Test
  void nothingOfThePersonIsInADumpOfTheDatabaseNorInItsFiles() throws Exception {
    taken(acceptor, report(CITY, 0.5, 0.5, everything()));
    TestClient citizen = people.nobody();
    assertThat(citizen.post("/api/public/reports", Map.of("description", "树倒了", "lon", CITY.at(1.5, 0.5).get(0), "lat", CITY.at(1.5, 0.5).get(1), "name", NAME, "phone", PHONE)).status())
        .isEqualTo(201);
    TestClient machine = people.machine(CITY.city, Permission.SIGNAL_REPORT, Permission.SIGNAL_IMPORT);
    Answer form = machine.send("POST", "/open311/v2/requests.json", "service_code=gb47678.5-M06010&lat=" + CITY.at(2.5, 0.5).get(1) + "&long=" + CITY.at(2.5, 0.5).get(0)
        + "&first_name=" + java.net.URLEncoder.encode(NAME, StandardCharsets.UTF_8) + "&phone=" + PHONE + "&email=" + EMAIL + "&device_id=" + DEVICE,
        Map.of("Content-Type", "application/x-www-form-urlencoded"));
    assertThat(form.status()).as(form.text()).isEqualTo(201);
    Map<String, Object> row = report(CITY, 3.5, 1.5, everything());
    row.put("sourceRef", UUID.randomUUID().toString());
    assertThat(machine.post("/api/signals:batch", List.of(row)).json().path("accepted").asInt()).isEqualTo(1);
    TestClient admin = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    assertThat(admin.post("/api/people", Map.of("login", "p" + System.nanoTime(), "name", "沈青", "phone", STAFF_PHONE)).status()).isEqualTo(201);

    List<String> planted = List.of(NAME, PHONE, EMAIL, IDENTITY, STAFF_PHONE, DEVICE);
    assertThat(dump()).as("the dump has what is not personal").contains("楼下的路灯整夜不亮").doesNotContain(planted);
    assertThat(foundInFiles(List.of("楼下的路灯整夜不亮"))).as("the search finds what is there").isNotEmpty();
    assertThat(foundInFiles(planted)).isEmpty();
  }

  /** Every row of every table, as the owner reads it. */
  private String dump() throws Exception {
    StringBuilder all = new StringBuilder();
    try (Connection connection = DriverManager.getConnection(url, owner, password); Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      try (ResultSet names = statement.executeQuery("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      for (String table : tables) {
        try (ResultSet rows = statement.executeQuery("SELECT t::text FROM " + table + " t")) {
          while (rows.next()) {
            all.append(rows.getString(1)).append('\n');
          }
        }
      }
      // bytea is shown as hex: what lay in it in clear would be hidden from the search.
      try (ResultSet rows = statement.executeQuery("SELECT encode(personal, 'escape') FROM intake_signal WHERE personal IS NOT NULL")) {
        while (rows.next()) {
          all.append(rows.getString(1)).append('\n');
        }
      }
    }
    return all.toString();
  }

  /** Table files and write-ahead log of the whole cluster, after a checkpoint. */
  private static List<String> foundInFiles(List<String> wanted) throws Exception {
    var postgres = TestPostgres.server();
    try (Connection connection = DriverManager.getConnection(postgres.jdbcUrl("postgres"), postgres.superuser().user(), postgres.superuser().password());
        Statement statement = connection.createStatement();
        ResultSet folder = statement.executeQuery("SHOW data_directory")) {
      folder.next();
      Path data = Path.of(folder.getString(1));
      statement.execute("CHECKPOINT");
      List<String> found = new ArrayList<>();
      try (Stream<Path> files = Files.walk(data)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          // Another test's database may vanish in the middle.
          String content = read(file);
          wanted.stream().filter(w -> content.contains(new String(w.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)))
              .forEach(w -> found.add(w + " in " + data.relativize(file)));
        }
      }
      return found;
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  void aSealedReporterPutIntoAnotherRowDoesNotOpen() {
    long one = taken(acceptor, report(CITY, 0.5, 1.5, everything())).path("signalId").asLong();
    long other = taken(acceptor, report(CITY, 1.5, 1.5, Map.of("phone", "13900000001"))).path("signalId").asLong();
    byte[] stolen = asSystem(() -> jdbc.sql("SELECT personal FROM intake_signal WHERE id = :id").param("id", one).query(byte[].class).single());

    assertThat(seal.open("intake_signal.personal", String.valueOf(one), stolen)).contains(PHONE);
    assertThatThrownBy(() -> seal.open("intake_signal.personal", String.valueOf(other), stolen)).isInstanceOf(PersonalSeal.BrokenSeal.class);
  }

  private <T> T asSystem(java.util.function.Supplier<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> work.get()));
  }

  @Test
  void whatDoesNotOpenIsNamedAndTheRestIsShown() {
    JsonNode accepted = taken(acceptor, report(CITY, 0.6, 1.5, everything()));
    long id = accepted.path("signalId").asLong();
    long whole = taken(acceptor, report(CITY, 3.6, 1.5, everything())).path("signalId").asLong();
    byte[] sealed = asSystem(() -> jdbc.sql("SELECT personal FROM intake_signal WHERE id = :id").param("id", id).query(byte[].class).single());
    for (boolean keyLost : new boolean[] {true, false}) {
      byte[] broken = sealed.clone();
      if (keyLost) {
        broken[2] = 0x0F; // a key version that nobody has
      } else {
        broken[broken.length - 1] ^= 1;
      }
      asSystem(() -> jdbc.sql("UPDATE intake_signal SET personal = :broken WHERE id = :id").param("broken", broken).param("id", id).update());

      JsonNode shown = acceptor.get("/api/signals/" + id).json();
      assertThat(shown.path("sealBroken").asBoolean()).isTrue();
      assertThat(shown.path("reporter").isNull()).isTrue();
      assertThat(shown.path("description").asString()).startsWith("楼下的路灯");
      JsonNode list = acceptor.get("/api/signals?limit=50").json().path("items");
      assertThat(list).filteredOn(s -> s.path("id").asLong() == whole).singleElement().satisfies(s -> assertThat(s.path("sealBroken").asBoolean()).isFalse());
      assertThat(acceptor.get("/api/cases/" + accepted.path("caseId").asLong()).status()).isEqualTo(200);

      Answer refused = acceptor.post("/api/signals/" + id + "/reveal", purpose());
      assertThat(refused.status()).isEqualTo(500);
      assertThat(refused.problem()).isEqualTo("server.seal-broken");
      assertThat(refused.json().path("column").asString()).isEqualTo("intake_signal.personal");
      assertThat(refused.json().path("row").asString()).isEqualTo(String.valueOf(id));
      assertThat(refused.json().path("detail").asString()).contains(keyLost ? "personal-983041.key is missing" : "altered");
      assertThat(acceptor.post("/api/signals/" + whole + "/reveal", purpose()).json().path("phone").asString()).isEqualTo(PHONE);
      if (keyLost) {
        SealedTable signals = tables.stream().filter(table -> table.name().equals("intake_signal")).findFirst().orElseThrow();
        assertThat(signals.resealAfter(id - 1, 1)).as("sealing anew goes past it").hasValue(id);
      }
    }
  }

  @Test
  void aPersonWhoseNumberDoesNotOpenIsListedAndCanBeGivenAnother() {
    TestClient admin = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    String login = "p" + System.nanoTime();
    long id = admin.post("/api/people", Map.of("login", login, "name", "沈青", "phone", STAFF_PHONE)).json().path("person").path("id").asLong();
    assertThat(asSystem(() -> jdbc.sql("UPDATE identity_person SET phone_sealed = set_byte(phone_sealed, 20, get_byte(phone_sealed, 20) # 1) WHERE id = :id").param("id", id).update()))
        .isEqualTo(1);

    JsonNode shown = admin.get("/api/people/" + id).json();
    assertThat(shown.path("name").asString()).as(shown.toString()).isEqualTo("沈青");
    assertThat(shown.path("sealBroken").asBoolean()).isTrue();
    assertThat(admin.get("/api/people?text=" + login).status()).isEqualTo(200);
    assertThat(admin.post("/api/people/" + id + "/reveal", purpose()).problem()).isEqualTo("server.seal-broken");
    assertThat(admin.put("/api/people/" + id, Map.of("name", "沈青青")).json().path("sealBroken").asBoolean()).as("kept as it is").isTrue();
    JsonNode mended = admin.put("/api/people/" + id, Map.of("name", "沈青青", "phone", STAFF_PHONE)).json();
    assertThat(mended.path("sealBroken").asBoolean()).isFalse();
    assertThat(mended.path("phone").asString()).isEqualTo("139****0618");
  }

  @Test
  void noRowCanBeWrittenInClearAnyMore() {
    long id = taken(acceptor, report(CITY, 0.5, 1.5, everything())).path("signalId").asLong();

    assertThatThrownBy(() -> asSystem(() -> jdbc.sql("UPDATE intake_signal SET reporter_phone = '13900000001' WHERE id = :id").param("id", id).update()))
        .hasMessageContaining("intake_signal_nobody_in_clear");
  }

  @Test
  void theSameKeyWithAnotherReporterIsAnotherReport() {
    Map<String, Object> body = report(CITY, 2.5, 1.5, Map.of("phone", PHONE));
    Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
    JsonNode first = acceptor.send("POST", "/api/signals", body, key).json();
    body.put("reporter", Map.of("phone", "13955500619"));

    assertThat(acceptor.send("POST", "/api/signals", body, key).problem()).isEqualTo("signal.key-reused");
    body.put("reporter", Map.of("phone", PHONE));
    assertThat(acceptor.send("POST", "/api/signals", body, key).json().path("signalId")).isEqualTo(first.path("signalId"));
  }

  // --- shown ---

  @Test
  void nothingShowsThePersonInClearButTheAnswerForAPurpose() {
    JsonNode accepted = taken(acceptor, report(CITY, 3.5, 0.5, everything()));
    long id = accepted.path("signalId").asLong();

    List<String> shown = List.of(
        acceptor.get("/api/signals/" + id).text(), acceptor.get("/api/signals?limit=50").text(), acceptor.get("/api/cases/" + accepted.path("caseId").asLong()).text(),
        acceptor.get("/api/cases?limit=50").text(), people.nobody().get("/api/public/reports/" + accepted.path("trackingCode").asString()).text(),
        people.nobody().get("/open311/v2/requests.json").text(), accepted.toString());
    assertThat(shown).allSatisfy(text -> assertThat(text).doesNotContain(NAME).doesNotContain(PHONE).doesNotContain(EMAIL).doesNotContain(IDENTITY));
    JsonNode masked = acceptor.get("/api/signals/" + id).json().path("reporter");
    assertThat(masked.path("identityNumber").asString()).isEqualTo("3201**********0017");

    JsonNode clear = acceptor.post("/api/signals/" + id + "/reveal", purpose()).json();
    assertThat(clear.path("name").asString()).isEqualTo(NAME);
    assertThat(clear.path("identityNumber").asString()).isEqualTo(IDENTITY);
    JsonNode entry = people.someone(Role.AUDIT_ADMIN, "", null).client().get("/api/access-log?act=personal-data.revealed").json().path("items").path(0);
    assertThat(entry.path("object").asString()).isEqualTo("signal:" + id);
    assertThat(entry.path("details").path("purpose").asString()).isEqualTo("CALL_BACK");
    assertThat(entry.path("details").path("reason").asString()).isEqualTo("回访核实路灯位置");
    assertThat(entry.path("details").path("fields")).extracting(JsonNode::asString).containsExactly("name", "phone", "email", "identityNumber");
    assertThat(entry.toString()).doesNotContain(PHONE);
  }

  @Test
  void aPurposeIsOneOfAFewAndFiveToTwoHundredCharacters() {
    String path = "/api/signals/" + taken(acceptor, report(CITY, 3.5, 0.5, everything())).path("signalId").asLong() + "/reveal";

    for (Map<String, Object> bad : List.<Map<String, Object>>of(Map.of(), Map.of("purpose", "CALL_BACK"), Map.of("reason", "回访核实路灯位置"),
        Map.of("purpose", "CALL_BACK", "reason", "四个字啊"), Map.of("purpose", "CALL_BACK", "reason", "长".repeat(201)))) {
      assertThat(acceptor.post(path, bad).problem()).as("%s", bad).isEqualTo("identity.purpose");
    }
    assertThat(acceptor.post(path, Map.of("purpose", "CURIOSITY", "reason", "只是想看一看")).status()).isEqualTo(400);
    assertThat(people.someone(Role.DISPATCHER, CITY.city, null).client().post(path, purpose()).problem()).isEqualTo("identity.forbidden");
    assertThat(people.someone(Role.ACCEPTOR, NEXT.city, null).client().post(path, purpose()).status()).isEqualTo(404);
  }

  @Test
  void aCallerWhoReportedBeforeIsFoundByTheNumberHoweverItIsTypedAndOnlyWithinSight() {
    String phone = "139" + String.format("%08d", System.nanoTime() % 100_000_000);
    long here = taken(acceptor, report(CITY, 0.2, 0.2, Map.of("phone", phone, "name", NAME))).path("signalId").asLong();
    TestClient neighbour = people.someone(Role.ACCEPTOR, NEXT.city, null).client();
    long there = taken(neighbour, report(NEXT, 0.2, 0.2, Map.of("phone", "+86 " + phone))).path("signalId").asLong();

    JsonNode found = acceptor.post("/api/signals/of-reporter", Map.of("phone", "+86-" + phone.substring(0, 3) + " " + phone.substring(3))).json();
    assertThat(found).extracting(s -> s.path("id").asLong()).containsExactly(here);
    assertThat(found.toString()).doesNotContain(phone).doesNotContain(NAME).contains("尉**");
    assertThat(neighbour.post("/api/signals/of-reporter", Map.of("phone", phone)).json()).extracting(s -> s.path("id").asLong()).containsExactly(there);
    assertThat(acceptor.post("/api/signals/of-reporter", Map.of("phone", phone.substring(0, 8))).json()).isEmpty();
    assertThat(acceptor.post("/api/signals/of-reporter", Map.of()).problem()).isEqualTo("signal.reporter");
    assertThat(people.someone(Role.DISPATCHER, CITY.city, null).client().post("/api/signals/of-reporter", Map.of("phone", phone)).problem()).isEqualTo("identity.forbidden");
    assertThat(people.someone(Role.AUDIT_ADMIN, "", null).client().get("/api/access-log?act=personal-data.looked-up").text()).doesNotContain(phone).contains("\"by\":\"phone\"");
  }

  @Test
  void anIdentityNumberWithAWrongCheckDigitIsRefusedWithoutRepeatingIt() {
    Answer refused = acceptor.post("/api/signals", report(CITY, 0.2, 0.2, Map.of("identityNumber", "320102199003070018")));

    assertThat(refused.problem()).isEqualTo("signal.reporter");
    assertThat(refused.text()).doesNotContain("320102199003070018");
  }

  // --- where a report may come from ---

  @Test
  void aKeyReportsOnlyByItsChannelsAndForItsSystems() {
    TestClient security = people.someone(Role.SECURITY_ADMIN, "", null).client();
    String secret = security.post("/api/api-keys", Map.of("name", "district hotline", "permissions", List.of("SIGNAL_REPORT", "SIGNAL_IMPORT"), "areaCode", "",
        "channels", List.of("HOTLINE", "IMPORT"), "sources", List.of("12345-860100"))).json().path("secret").asString();
    TestClient hotline = TestClient.withKey(people.port(), secret);
    Map<String, Object> body = report(CITY, 1.2, 1.2, Map.of());
    body.put("sourceRef", UUID.randomUUID().toString());

    JsonNode own = taken(hotline, body);
    JsonNode view = acceptor.get("/api/signals/" + own.path("signalId").asLong()).json();
    assertThat(view.path("channel").asString()).isEqualTo("HOTLINE");
    assertThat(view.path("sourceSystem").asString()).isEqualTo("12345-860100");
    for (Map<String, String> foreign : List.of(Map.of("channel", "CONSOLE"), Map.of("channel", "PUBLIC"), Map.of("sourceSystem", "12345-860200"))) {
      Map<String, Object> other = new HashMap<>(body);
      other.putAll(foreign);
      Answer refused = hotline.send("POST", "/api/signals", other, Map.of("Idempotency-Key", UUID.randomUUID().toString()));
      assertThat(refused.problem()).as("%s", foreign).isEqualTo("signal.foreign-origin");
      JsonNode batch = hotline.post("/api/signals:batch", List.of(other)).json();
      assertThat(batch.path("rejected").path(0).path("code").asString()).isEqualTo("signal.foreign-origin");
    }
    assertThat(acceptor.post("/api/signals", Map.of("description", "x", "channel", "OPEN311")).problem()).isEqualTo("signal.foreign-origin");
    assertThat(acceptor.post("/api/signals", Map.of("description", "x", "sourceSystem", "12345-860100", "sourceRef", "1")).problem()).isEqualTo("signal.foreign-origin");
    assertThat(security.post("/api/api-keys", Map.of("name", "m", "permissions", List.of("SIGNAL_REPORT"), "areaCode", "", "channels", List.of("PUBLIC"))).problem())
        .isEqualTo("identity.invalid-key");
    assertThat(security.post("/api/api-keys", Map.of("name", "m", "permissions", List.of("SIGNAL_REPORT"), "areaCode", "", "sources", List.of("*"))).problem())
        .isEqualTo("identity.invalid-key");
  }

  @Test
  void twoKeysOfOneNameDoNotTakeEachOthersIdempotencyKeys() {
    Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
    JsonNode one = people.machine(CITY.city, Permission.SIGNAL_REPORT).send("POST", "/api/signals", report(CITY, 2.1, 0.1, Map.of()), key).json();
    JsonNode other = people.machine(CITY.city, Permission.SIGNAL_REPORT).send("POST", "/api/signals", report(CITY, 2.1, 1.9, Map.of()), key).json();

    assertThat(other.path("signalId").isNumber()).as(other.toString()).isTrue();
    assertThat(other.path("signalId")).isNotEqualTo(one.path("signalId"));
  }

  @Test
  void aBatchSentAgainTakesNoRowTwiceAlsoWithoutNumbers() {
    TestClient importer = people.machine(CITY.city, Permission.SIGNAL_IMPORT);
    List<Map<String, Object>> rows = List.of(report(CITY, 1.1, 0.1, Map.of()), report(CITY, 1.2, 0.1, Map.of()));

    JsonNode bare = importer.post("/api/signals:batch", rows).json();
    assertThat(bare.path("accepted").asInt()).isZero();
    assertThat(bare.path("rejected").path(0).path("code").asString()).isEqualTo("signal.key-required");
    Map<String, String> key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
    assertThat(importer.send("POST", "/api/signals:batch", rows, key).json().path("accepted").asInt()).isEqualTo(2);
    JsonNode again = importer.send("POST", "/api/signals:batch", rows, key).json();
    assertThat(again.path("accepted").asInt()).isZero();
    assertThat(again.path("duplicates").asInt()).isEqualTo(2);
  }
}
