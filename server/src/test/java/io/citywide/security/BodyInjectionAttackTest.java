package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.security.BodyPlaces.Place;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.MethodParameter;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * SQL, expressions and templates through every text of every body: the places come from the types that the handler methods
 * read, and from {@code bodies.json}, whose bodies are accepted as they stand, so that what is written into them gets as far
 * as a caller's words get. A new endpoint is attacked at once; one that reads its body as a stream needs a row there.
 */
@ServerTest
class BodyInjectionAttackTest {

  static final String CITY = "991300";
  private static final TestCity PLACES = new TestCity(CITY, 99.13, 27.31);
  private static final String KIND = "gb47678.5-M06010";

  private static final String LIMITS = "/api/case-rules";
  private static final JsonMapper JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  /** Deletes the canary where a text is SQL; the database's role of the server may. */
  private static final String STACKED = "'; DELETE FROM injection_canary; --";

  /** At every place. */
  private static final List<JsonNode> ALWAYS = attacks(null, STACKED, "\u0000",
      "%_\\ {x} :id ? \\u0000 ${1234*5678} #{1234*5678} *{1234*5678} {{1234*5678}} #set($x=1234*5678)$x");

  /** At every place one of them, in turn; where expressions are written, all. */
  private static final List<JsonNode> IN_TURN = attacks("1; SELECT pg_sleep(30)--", "' || pg_sleep(30)::text || '", "'); SELECT pg_sleep(30)--",
      "\"; DELETE FROM injection_canary; --", "\\'; DELETE FROM injection_canary; -- /* $$; SELECT pg_sleep(30); $$",
      "\uD800", "true || [1, 2].map(x, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.matches('(a+)+$')).size() > 0", "+999999999-12-31T23:59:59Z", " ", Map.of("'", List.of(STACKED)));

  /** What a template would make of the attack. */
  private static final String RECKONED = "7006652";

  private static final int AT_ONCE = 3;

  /** A sleep takes thirty seconds, an import of areas beside other work up to five. */
  private static final long SLEPT_NANOS = 25_000_000_000L;

  /** Bodies that hold no text of a caller: files, and acts that need no words. What reads files is attacked by its own tests. */
  private static final Set<String> WORDLESS = Set.of("PUT /api/map/base", "POST /api/components:unpack", "POST /api/buildings:outline", "POST /api/media", "POST /api/public/media",
      "POST /api/people/{id}/password-reset", "POST /api/people/{id}/unlock", "POST /api/api-keys/{id}/approve", "POST /api/duty/end",
      "POST /api/warning-routes/{id}/secret", "POST /api/devices/{code}/secret", "POST /api/observations:compact");

  /** The same body as of another door, which stands in the table. */
  private static final Set<String> SAME = Set.of("POST /api/observations:own");

  /** @param refused code of the problem that the body is refused with when it is read and checked, {@code *}: any; {@code null}: it is accepted */
  private record Example(String door, String path, String type, JsonNode body, String refused) {}

  @Autowired TestPeople people;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired Environment environment;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  RequestMappingHandlerMapping mapping;

  private final Map<Permission, TestClient> holders = new EnumMap<>(Permission.class);
  private final Map<String, IntFunction<Object>> known = new LinkedHashMap<>();
  private final List<String> through = Collections.synchronizedList(new ArrayList<>());
  private final List<String> unlike = new ArrayList<>();
  private final AtomicInteger tried = new AtomicInteger();
  private TestClient steward;
  private int turn;

  @Test
  void noTextOfAnyBodyIsSqlOrAnExpression() throws Exception {
    ground();
    Map<String, HandlerMethod> doors = doors();
    Map<String, List<Example>> examples = examples();
    JsonNode limits = steward.get(LIMITS).json();
    examples.put("PUT " + LIMITS, List.of(new Example("PUT " + LIMITS, LIMITS, MediaType.APPLICATION_JSON_VALUE, limits, null)));
    assertThat(doors.keySet()).as("doors that there are").containsAll(examples.keySet()).containsAll(WORDLESS).containsAll(SAME);
    owner("CREATE TABLE injection_canary (word text)", "INSERT INTO injection_canary VALUES ('sings')",
        "GRANT SELECT, DELETE ON injection_canary TO " + environment.getProperty("citywide.database.app-user"));
    try {
      List<Callable<Void>> attacks = new ArrayList<>();
      for (Map.Entry<String, HandlerMethod> door : doors.entrySet()) {
        if (!WORDLESS.contains(door.getKey()) && !SAME.contains(door.getKey())) {
          attacks.addAll(attacks(door.getKey(), door.getValue(), examples.getOrDefault(door.getKey(), List.of())));
        }
      }
      assertThat(unlike).as("bodies that are not taken as they stand").isEmpty();
      try (var threads = Executors.newFixedThreadPool(AT_ONCE)) {
        for (Future<Void> attack : threads.invokeAll(attacks)) {
          attack.get();
        }
      }
      assertThat(through).isEmpty();
      assertThat(tried.get()).isGreaterThan(2_000);
      assertThat(canaries()).as("nothing was deleted").isOne();
      jdbc.sql("DELETE FROM injection_canary WHERE word = '" + STACKED).update();
      assertThat(canaries()).as("where a text is SQL, the canary dies").isZero();
    } finally {
      owner("DROP TABLE injection_canary");
      asSystem(() -> jdbc.sql("UPDATE sensing_warning SET state = 'ENDED', ended_at = now() WHERE rule_code = 'body-injection'").update());
      // What all share is as it was: names of areas are looked for in texts, limits hold for every case.
      assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
      assertThat(steward.put(LIMITS, limits).status()).isEqualTo(200);
    }
  }

  private long canaries() {
    return jdbc.sql("SELECT count(*) FROM injection_canary").query(Long.class).single();
  }

  private void owner(String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection(environment.getRequiredProperty("citywide.database.url"), environment.getRequiredProperty("citywide.database.owner-user"),
        environment.getRequiredProperty("citywide.database.owner-password")); var statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  // ---- the doors -----------------------------------------------------------------------------------

  /** Every endpoint that reads a body, by method and pattern; those of one pattern that differ only in the type of the body are one door. */
  private Map<String, HandlerMethod> doors() {
    Map<String, HandlerMethod> doors = new TreeMap<>();
    mapping.getHandlerMethods().forEach((info, method) -> {
      if (method.getBeanType().getName().startsWith("io.citywide.")) {
        for (RequestMethod verb : info.getMethodsCondition().getMethods()) {
          boolean form = info.getConsumesCondition().getConsumableMediaTypes().equals(Set.of(MediaType.MULTIPART_FORM_DATA));
          if (Set.of(RequestMethod.POST, RequestMethod.PUT, RequestMethod.PATCH).contains(verb)) {
            info.getPatternValues().forEach(pattern -> doors.merge(verb + " " + pattern, method, (a, b) -> form ? a : b));
          }
        }
      }
    });
    return doors;
  }

  private static Map<String, List<Example>> examples() throws IOException {
    Map<String, List<Example>> examples = new LinkedHashMap<>();
    try (var in = BodyInjectionAttackTest.class.getResourceAsStream("bodies.json")) {
      for (JsonNode row : JSON.readTree(in)) {
        examples.computeIfAbsent(row.path("door").asString(), door -> new ArrayList<>()).add(new Example(row.path("door").asString(), row.path("path").asString(),
            row.path("type").asString(MediaType.APPLICATION_JSON_VALUE), row.path("body"), row.path("refused").asString(null)));
      }
    }
    return examples;
  }

  /** Sends the examples as they stand, and answers what is to be tried with them. */
  private List<Callable<Void>> attacks(String door, HandlerMethod method, List<Example> examples) {
    Requires requires = method.getMethodAnnotation(Requires.class);
    TestClient client = requires == null ? people.nobody() : holders.computeIfAbsent(requires.value()[0], this::holder);
    MethodParameter body = Arrays.stream(method.getMethodParameters()).filter(p -> p.hasParameterAnnotation(RequestBody.class)).findFirst().orElse(null);
    boolean typed = body != null && body.getParameterType() != byte[].class && body.getParameterType() != JsonNode.class;
    assertThat(typed || !examples.isEmpty()).as("a body for " + door + " in bodies.json").isTrue();
    JsonNode shape = typed ? BodyPlaces.of(body.getGenericParameterType()) : null;
    for (Example example : examples) {
      Answer answer = send(client, example, BodyPlaces.harmless(example.body()));
      String was = answer.status() < 300 ? null : answer.problem();
      if (!Objects.equals("*".equals(example.refused()) && was != null ? "*" : was, example.refused())) {
        unlike.add(door + " answers " + answer.status() + " " + answer.text());
      }
    }
    String anyRow = door.substring(door.indexOf(' ') + 1).replaceAll("\\{[^}]+}", "1");
    List<Example> bases = examples.isEmpty() ? List.of(new Example(door, anyRow, MediaType.APPLICATION_JSON_VALUE, shape, "*")) : examples;
    List<Callable<Void>> attacks = new ArrayList<>();
    for (Example base : bases) {
      Set<Place> places = new LinkedHashSet<>(BodyPlaces.places(base.body()));
      if (shape != null) {
        places.addAll(BodyPlaces.places(shape));
      }
      for (Place place : places) {
        for (JsonNode attack : attacks(place)) {
          attacks.add(() -> shoot(client, base, place, attack));
        }
      }
    }
    return attacks;
  }

  private static List<JsonNode> attacks(Object... attacks) {
    return Arrays.stream(attacks).map(attack -> (JsonNode) JSON.valueToTree(attack)).toList();
  }

  private List<JsonNode> attacks(Place place) {
    if (place.key()) {
      return List.of(JSON.valueToTree(STACKED));
    }
    if (!place.text()) {
      return ALWAYS.subList(0, 2);
    }
    List<JsonNode> attacks = new ArrayList<>(ALWAYS);
    boolean expression = place.part() >= 0 || place.path().contains("formula");
    for (int i = 0; i < (expression ? IN_TURN.size() : 1); i++) {
      attacks.add(IN_TURN.get(turn++ % IN_TURN.size()));
    }
    return attacks;
  }

  private Void shoot(TestClient client, Example base, Place place, JsonNode attack) {
    JsonNode body = BodyPlaces.with(base.body(), place, attack);
    long begin = System.nanoTime();
    Answer answer = send(client, base, body);
    long nanos = System.nanoTime() - begin;
    if (answer.status() >= 500 || nanos > SLEPT_NANOS || answer.text().contains(RECKONED) || answer.text().contains("SQLSTATE") || answer.text().contains("org.postgresql")
        || answer.text().contains("PSQLException") || answer.text().contains("bad SQL grammar")) {
      through.add(answer.status() + " after " + nanos / 1_000_000 + " ms: " + base.door() + " " + place.path() + " " + attack + ": " + answer.text());
    }
    return null;
  }

  private Answer send(TestClient client, Example example, JsonNode body) {
    int n = tried.incrementAndGet();
    Map<String, String> headers = Map.of("X-Forwarded-For", "198.19." + n / 200 + "." + (1 + n % 200), "Idempotency-Key", "body-" + n, "Content-Type", example.type());
    String text = body.isString() && !example.type().equals(MediaType.APPLICATION_JSON_VALUE) ? body.asString()
        : example.type().equals(MediaType.APPLICATION_FORM_URLENCODED_VALUE) ? form(body) : JSON.writeValueAsString(body);
    String door = example.door();
    return client.send(door.substring(0, door.indexOf(' ')), filled(example.path(), n), filled(text, n), headers);
  }

  private static String form(JsonNode body) {
    return body.properties().stream().map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue().isString() ? each.getValue().asString() : each.getValue().toString()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("%40n", "@n");
  }

  /** With what is known of the rows that are there in the place of {@code "#name"} and {@code @name}. */
  private String filled(String text, int n) {
    String filled = text;
    for (Map.Entry<String, IntFunction<Object>> each : known.entrySet()) {
      String number = "\"#" + each.getKey() + "\"";
      String word = "@" + each.getKey();
      if (filled.contains(number) || filled.contains(word)) {
        String value = String.valueOf(each.getValue().apply(n));
        filled = filled.replace(number, value).replace(word, value);
      }
    }
    return filled;
  }

  private TestClient holder(Permission permission) {
    return Arrays.stream(Role.values()).filter(r -> r.permissions().contains(permission) && !r.unitBound()).findFirst().map(role -> people.someone(role, CITY, null).client())
        .orElseGet(() -> people.machine(CITY, permission));
  }

  // ---- the ground ----------------------------------------------------------------------------------

  private void ground() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY, null).client();
    assertThat(steward.put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    UnitRef unit = people.unit("注入单位", UnitKind.DEPARTMENT, "991302", null);
    TestClient leader = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    Answer opened = leader.post("/api/cases", Map.of("description", "路灯不亮", "lon", 99.1335, "lat", 27.3115, "kindId", KIND));
    assertThat(opened.status()).as(opened.text()).isEqualTo(201);
    long caseId = opened.json().path("caseId").asLong();
    Answer device = steward.post("/api/devices", Map.of("code", "BI-DEVICE", "type", "smoke", "lon", 99.1305, "lat", 27.3105));
    assertThat(device.status()).as(device.text()).isEqualTo(201);
    Answer thing = steward.send("POST", "/sta/v1.1/Things", Map.of("name", "injected", "description", "x"), Map.of("Prefer", "return=representation"));
    assertThat(thing.status()).as(thing.text()).isEqualTo(201);
    long warning = asSystem(() -> jdbc.sql("""
        INSERT INTO sensing_warning (origin, rule_code, rule_version, name_zh, name_en, subject, subject_zh, subject_en, number, category, state, grade, worst, since, grade_since,
          changed_at, reason_zh, reason_en, last_alarm_at, area_code, owner_unit_id, steps)
        VALUES ('WATCH', 'body-injection', 1, '注入', 'Injection', 'injected', '点', 'Point', 1, 'Fire', 'LIVE', 4, 4, now(), now(),
          now(), '越限', 'above', now(), '991302001001', :unit, 0)
        RETURNING id""").param("unit", unit.id()).query(Long.class).single());
    long person = people.someone(Role.EVALUATOR, "991302", unit).personId();
    asSystem(() -> jdbc.sql("UPDATE identity_person SET area_code = '991302' WHERE id = :id").param("id", person).update());
    known.put("n", n -> n);
    known.put("six", n -> "%06d".formatted(n));
    known.put("from", n -> Instant.parse("2095-01-01T00:00:00Z").plusSeconds(n * 7200L));
    known.put("to", n -> Instant.parse("2095-01-01T01:00:00Z").plusSeconds(n * 7200L));
    known.put("day", n -> LocalDate.of(2090, 1, 1).plusDays(n));
    known.put("waiting", n -> people.waitingKey("body-" + n, "991302"));
    known.put("case", n -> caseId);
    known.put("signal", n -> opened.json().path("signalId").asLong());
    known.put("version", n -> asSystem(() -> jdbc.sql("SELECT version FROM case_file WHERE id = :id").param("id", caseId).query(Long.class).single()));
    known.put("unit", n -> unit.id());
    known.put("person", n -> person);
    known.put("thing", n -> thing.json().path("@iot.id").asLong());
    known.put("warning", n -> warning);
    known.put("edit", n -> asSystem(() -> jdbc.sql("SELECT edit FROM sensing_rule WHERE rule = 'body-injection'").query(Integer.class).optional().orElse(null)));
    known.put("class", n -> asSystem(() -> jdbc.sql("SELECT version FROM sensing_camera_class WHERE code = 'body-injection'").query(Integer.class).optional().orElse(null)));
  }

  private <T> T asSystem(Callable<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> {
      try {
        return work.call();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }));
  }
}
