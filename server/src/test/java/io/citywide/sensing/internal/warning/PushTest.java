package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.push.TestBrowser;
import io.citywide.sensing.internal.warning.PushService.Taken;
import io.citywide.sensing.internal.warning.Route.Way;
import io.citywide.watch.Decision.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is in the inbox of people reaches the browsers in which they turned that on: sealed, signed, once, and nobody else. */
class PushTest extends OutwardGround {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Somebody of a unit that is told, with one browser. */
  private record Reader(UnitRef unit, Someone person, TestBrowser browser, String name, long id) {}

  private Reader reader(String name) {
    UnitRef unit = people.unit("推送单位" + name, UnitKind.DEPARTMENT, CITY, null);
    Someone person = people.someone(Role.HANDLER, CITY, unit);
    TestBrowser browser = new TestBrowser();
    return new Reader(unit, person, browser, name, turnOn(person, browser, name, "zh"));
  }

  private long turnOn(Someone person, TestBrowser browser, String name, String lang) {
    Answer on = person.client().post("/api/warning-push", browser.subscription(SERVICE.endpoint(name), lang, "Chromium " + name));
    assertThat(on.status()).as(on.text()).isEqualTo(201);
    assertThat(on.text()).doesNotContain("endpoint").doesNotContain("auth").doesNotContain(SERVICE.host());
    return on.json().path("id").asLong();
  }

  private long browsersOf(Someone person) {
    return person.client().get("/api/warning-push").json().path("browsers").size();
  }

  private JsonNode read(TestBrowser browser, Taken taken) throws Exception {
    return JSON.readTree(browser.open(taken.body()));
  }

  @Test
  void aWarningReachesTheBrowserSealedAndSignedInTheLanguageOfItsPerson() throws Exception {
    Reader reader = reader("sealed");
    TestBrowser english = new TestBrowser();
    turnOn(reader.person(), english, "sealed-en", "en");
    String subject = subject();
    apply(judged(subject, Kind.RAISED, WarningGrade.RED, A, reader.unit()));
    long id = id(subject);
    until("both are told", () -> SERVICE.at("sealed").size() == 1 && SERVICE.at("sealed-en").size() == 1);

    Taken first = SERVICE.at("sealed").getFirst();
    assertThat(first.headers().getFirst("Content-Encoding")).isEqualTo("aes128gcm");
    assertThat(first.headers().getFirst("TTL")).isEqualTo("86400");
    assertThat(first.headers().getFirst("Urgency")).isEqualTo("high");
    assertThat(first.headers().getFirst("Topic")).isEqualTo("warning-" + id).hasSizeLessThanOrEqualTo(32);
    assertThat(first.headers().keySet().stream().map(String::toLowerCase)).doesNotContain("citywide-delivery", "cookie");
    String key = reader.person().client().get("/api/warning-push").json().path("key").asString();
    JsonNode claims = TestBrowser.claims(first.headers().getFirst("Authorization"), key);
    assertThat(claims.path("aud").asString()).isEqualTo("http://" + SERVICE.host());
    assertThat(claims.path("sub").asString()).isEqualTo("mailto:duty@city.example");
    assertThat(claims.path("exp").asLong()).isBetween(Instant.now().getEpochSecond(), Instant.now().getEpochSecond() + 86_400);

    JsonNode note = read(reader.browser(), first);
    assertThat(note.path("title").asString()).isEqualTo("红色预警发布：烟雾浓度");
    assertThat(note.path("body").asString()).startsWith("车棚 " + subject + " · ");
    assertThat(note.path("url").asString()).isEqualTo("/warnings/" + id);
    assertThat(note.path("lang").asString()).isEqualTo("zh-CN");
    assertThat(note.path("asks").asBoolean()).isTrue();
    JsonNode noteEn = read(english, SERVICE.at("sealed-en").getFirst());
    assertThat(noteEn.path("title").asString()).isEqualTo("Red warning raised: Smoke");
    assertThat(noteEn.path("body").asString()).startsWith("Shed " + subject);
    assertThat(new String(first.body(), StandardCharsets.ISO_8859_1)).doesNotContain(subject).doesNotContain("title");
    assertThat(SERVICE.at("sealed-en").getFirst().body()).hasSameSizeAs(first.body());

    // What a person does and writes stays in the house; the later word takes the place of the earlier.
    Answer ended = reader.person().client().post("/api/warnings/" + id + "/end", Map.of("verdict", "REAL", "reason", "户主王小明 13800138000 已到场"));
    assertThat(ended.status()).as(ended.text()).isEqualTo(200);
    until("the end is told", () -> SERVICE.at("sealed").size() == 2);
    Taken last = SERVICE.at("sealed").getLast();
    assertThat(last.headers().getFirst("Topic")).isEqualTo(first.headers().getFirst("Topic"));
    assertThat(last.headers().getFirst("Urgency")).isEqualTo("low");
    String over = reader.browser().open(last.body());
    assertThat(over).contains("预警解除：烟雾浓度").doesNotContain("王小明").doesNotContain("13800138000").doesNotContain(reader.person().viewer().displayName());
    assertThat(JSON.readTree(over).path("asks").asBoolean()).isFalse();
    JsonNode deliveries = people.someone(Role.SHIFT_LEADER, CITY, null).client().get("/api/warnings/" + id).json().path("deliveries");
    assertThat(deliveries.toString()).contains("\"PUSH\"").doesNotContain(SERVICE.host());
  }

  @Test
  void twoWarningsAreOneMessageEachHoweverOftenItIsTried() throws Exception {
    Reader reader = reader("once");
    List<String> subjects = List.of(subject(), subject());
    apply(judged(subjects.get(0), Kind.RAISED, WarningGrade.ORANGE, A, reader.unit()), judged(subjects.get(1), Kind.RAISED, WarningGrade.BLUE, A, reader.unit()));
    until("both are told", () -> SERVICE.at("once").size() == 2);
    for (String subject : subjects) {
      until("it is marked", () -> deliveries(id(subject), Way.PUSH).equals(List.of("1 SENT 1")));
      ground.asSystem(() -> jdbc.sql("INSERT INTO sensing_untold SELECT warning_id, seq FROM sensing_warning_step WHERE warning_id = :id").param("id", id(subject)).update());
    }
    teller.tellAll();
    courier.sendAll();
    courier.sendAll();
    assertThat(SERVICE.at("once")).hasSize(2);
    assertThat(List.of(read(reader.browser(), SERVICE.at("once").get(0)).path("warning").asLong(), read(reader.browser(), SERVICE.at("once").get(1)).path("warning").asLong()))
        .containsExactlyInAnyOrder(id(subjects.get(0)), id(subjects.get(1)));
    assertThat(SERVICE.at("once").stream().map(t -> t.headers().getFirst("Urgency") + " " + t.headers().getFirst("TTL"))).containsExactlyInAnyOrder("high 86400", "low 7200");
  }

  @Test
  void isTriedAgainWhereTheServiceIsBusyAndWaitsAsItAsks() throws Exception {
    Reader reader = reader("busy");
    SERVICE.answers("busy", 503, 429);
    String subject = subject();
    apply(judged(subject, Kind.RAISED, WarningGrade.YELLOW, A, reader.unit()));
    long id = id(subject);
    until("it was refused", () -> deliveries(id, Way.PUSH).equals(List.of("1 WAITING 1")) && SERVICE.at("busy").size() == 1);
    until("it is asked again", () -> {
      hurry(id);
      return SERVICE.at("busy").size() == 2;
    });
    until("it waits", () -> deliveries(id, Way.PUSH).equals(List.of("1 WAITING 2")) && secondsLeft(id) > 1_700);
    hurry(id);
    until("it is told", () -> deliveries(id, Way.PUSH).equals(List.of("1 SENT 3")));
    assertThat(SERVICE.at("busy").stream().map(Taken::status)).containsExactly(503, 429, 201);
    assertThat(read(reader.browser(), SERVICE.at("busy").getLast()).path("warning").asLong()).isEqualTo(id);
  }

  /** Seconds until it is tried next. */
  private long secondsLeft(long id) {
    return ground.<Long>asSystem(() -> jdbc.sql("SELECT coalesce(max(extract(epoch FROM next_at - now()))::bigint, 0) FROM sensing_delivery WHERE warning_id = :id AND way = 'PUSH'")
        .param("id", id).query(Long.class).single());
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void aBrowserThatTheServiceKnowsNoMoreIsForgotten(int status) throws Exception {
    Reader reader = reader("gone" + status);
    SERVICE.answers(reader.name(), status);
    String subject = subject();
    apply(judged(subject, Kind.RAISED, WarningGrade.RED, A, reader.unit()));
    until("it is given up", () -> deliveries(id(subject), Way.PUSH).equals(List.of("1 FAILED 1")));
    assertThat(browsersOf(reader.person())).isZero();
    String next = subject();
    apply(judged(next, Kind.RAISED, WarningGrade.RED, A, reader.unit()));
    until("the inbox has it", () -> deliveries(id(next), Way.INBOX).size() == 1);
    assertThat(deliveries(id(next), Way.PUSH)).isEmpty();
    assertThat(SERVICE.at(reader.name())).hasSize(1);
  }

  @Test
  void anEarlierWordNeverComesAfterALaterOne() throws Exception {
    Reader reader = reader("late");
    SERVICE.answers("late", 503);
    String subject = subject();
    apply(judged(subject, Kind.RAISED, WarningGrade.YELLOW, A, reader.unit()));
    long id = id(subject);
    until("the first was refused", () -> deliveries(id, Way.PUSH).equals(List.of("1 WAITING 1")) && SERVICE.at("late").size() == 1);
    apply(judged(subject, Kind.ESCALATED, WarningGrade.RED, A, reader.unit()));
    until("the second is told", () -> deliveries(id, Way.PUSH).contains("2 SENT 1"));
    hurry(id);
    until("the first is not", () -> deliveries(id, Way.PUSH).getFirst().startsWith("1 OVERTAKEN"));
    assertThat(SERVICE.at("late").stream().map(Taken::status)).containsExactly(503, 201);
    assertThat(read(reader.browser(), SERVICE.at("late").getLast()).path("title").asString()).isEqualTo("红色预警升级：烟雾浓度");
  }

  @Test
  void aServiceThatHangsKeepsNobodyElseWaiting() throws Exception {
    Reader slow = reader("slow");
    TestBrowser quick = new TestBrowser();
    turnOn(slow.person(), quick, "quick", "zh");
    CountDownLatch latch = SERVICE.hold("slow");
    String subject = subject();
    apply(judged(subject, Kind.RAISED, WarningGrade.RED, A, slow.unit()));
    try {
      until("the other is told", () -> SERVICE.at("quick").size() == 1);
      String later = subject();
      apply(judged(later, Kind.RAISED, WarningGrade.RED, A, slow.unit()));
      until("and of what comes later", () -> SERVICE.at("quick").size() == 2);
      assertThat(SERVICE.at("slow")).isEmpty();
    } finally {
      latch.countDown();
    }
    until("and this one then", () -> deliveries(id(subject), Way.PUSH).stream().allMatch(d -> d.contains("SENT")));
  }

  @Test
  void nobodyIsFollowedElsewhere() throws Exception {
    Reader reader = reader("away");
    SERVICE.answers("away", 307);
    String subject = subject();
    apply(judged(subject, Kind.RAISED, WarningGrade.RED, A, reader.unit()));
    until("it was sent away", () -> deliveries(id(subject), Way.PUSH).equals(List.of("1 WAITING 1")) && SERVICE.at("away").size() == 1);
    assertThat(SERVICE.at("elsewhere")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://push.example.net/x", "https://localhost/x", "https://127.0.0.1/x", "http://127.0.0.1:1/x", "https://10.1.2.3/x", "https://169.254.169.254/latest/meta-data",
      "https://[::1]/x", "https://[fd00::1]/x", "https://[::ffff:192.168.1.1]/x", "https://user@push.example.net/x", "https://push.example.net/#x", "file:///etc/passwd", "javascript:alert(1)", ""})
  void anEndpointOfOurOwnNetworkIsRefused(String endpoint) {
    Someone person = people.someone(Role.SHIFT_LEADER, A, null);
    Answer refused = person.client().post("/api/warning-push", new TestBrowser().subscription(endpoint, "zh", "x"));
    assertThat(refused.problem()).as(refused.text()).isEqualTo("warning.invalid");
    assertThat(refused.json().path("field").asString()).isEqualTo("endpoint");
    assertThat(browsersOf(person)).isZero();
  }

  @Test
  void whatIsNoSubscriptionIsRefused() {
    TestClient client = people.someone(Role.SHIFT_LEADER, A, null).client();
    Map<String, Object> good = new TestBrowser().subscription(SERVICE.endpoint("flaws"), "zh", "x");
    String off = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw8";
    for (Map<String, Object> flaw : List.<Map<String, Object>>of(Map.of("lang", "fr"), Map.of("name", " "), Map.of("name", "a\nb"), Map.of("name", "x".repeat(61)),
        Map.of("keys", Map.of("p256dh", off, "auth", "BTBZMqHH6r4Tts7J_aSIgg")), Map.of("keys", Map.of("p256dh", "!!", "auth", "")), Map.of("keys", Map.of("auth", "BTBZMqHH6r4Tts7J_aSIgg")))) {
      Map<String, Object> body = new java.util.HashMap<>(good);
      body.putAll(flaw);
      assertThat(client.post("/api/warning-push", body).problem()).as(flaw.toString()).isEqualTo("warning.invalid");
    }
    assertThat(client.post("/api/warning-push", Map.of()).problem()).isEqualTo("warning.invalid");
    assertThat(people.machine(A, Permission.SENSING_READ).get("/api/warning-push").status()).isEqualTo(403);
    assertThat(people.nobody().get("/api/warning-push").status()).isEqualTo(401);
    assertThat(people.someone(Role.SECURITY_ADMIN, "", null).client().get("/api/warning-push").status()).isEqualTo(403);
  }

  @Test
  void eachLooksAfterTheirOwnBrowsersAndHasTenAtMost() {
    Someone one = people.someone(Role.SHIFT_LEADER, A, null);
    Someone other = people.someone(Role.SHIFT_LEADER, A, null);
    List<TestBrowser> browsers = IntStream.range(0, 11).mapToObj(i -> new TestBrowser()).toList();
    List<Long> ids = IntStream.range(0, 11).mapToObj(i -> turnOn(one, browsers.get(i), "many-" + i, "zh")).toList();
    String listed = one.client().get("/api/warning-push").json().path("browsers").toString();
    assertThat(browsersOf(one)).isEqualTo(10);
    assertThat(listed).contains("\"id\":" + ids.get(10) + ",").doesNotContain("\"id\":" + ids.get(0) + ",");
    assertThat(turnOn(one, browsers.get(5), "many-5", "en")).as("the same browser again").isEqualTo(ids.get(5));
    assertThat(browsersOf(one)).isEqualTo(10);

    assertThat(other.client().delete("/api/warning-push/" + ids.get(5)).problem()).isEqualTo("warning.unknown-browser");
    assertThat(other.client().put("/api/warning-push/" + ids.get(5), Map.of("lang", "en")).problem()).isEqualTo("warning.unknown-browser");
    assertThat(other.client().get("/api/warning-push").json().path("browsers")).isEmpty();
    assertThat(other.client().post("/api/warning-push", new TestBrowser().subscription(SERVICE.endpoint("many-5"), "zh", "x")).problem()).as("an endpoint is not taken over with other keys")
        .isEqualTo("warning.invalid");
    assertThat(one.client().put("/api/warning-push/" + ids.get(5), Map.of("lang", "zh")).status()).isEqualTo(204);
    // The same browser, in which now somebody else is signed in.
    assertThat(turnOn(other, browsers.get(6), "many-6", "zh")).as("what was on its way to the first does not reach the second").isNotIn(ids);
    assertThat(browsersOf(one)).isEqualTo(9);
    assertThat(one.client().delete("/api/warning-push/" + ids.get(5)).status()).isEqualTo(204);
    assertThat(browsersOf(one)).isEqualTo(8);
    assertThat(ground.<List<String>>asSystem(() -> jdbc.sql("SELECT act FROM identity_access_log WHERE person_id = :id AND act LIKE 'warning.push%' ORDER BY id").param("id", other.personId())
        .query(String.class).list())).containsExactly("warning.push-on");
  }

  @Test
  void whoSignsOutOrLosesTheRightHearsNothingMore() throws Exception {
    Reader reader = reader("signed-out");
    Someone elsewhere = people.someone(Role.SHIFT_LEADER, B, null);
    turnOn(elsewhere, new TestBrowser(), "elsewhere-area", "zh");
    turnOn(reader.person(), new TestBrowser(), "other-session", "zh");
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_push_browser SET session = 'another' WHERE endpoint = :e").param("e", SERVICE.endpoint("other-session")).update());
    assertThat(reader.person().client().delete("/api/session").status()).isEqualTo(204);

    String subject = subject();
    apply(judged(subject, Kind.RAISED, WarningGrade.RED, A, reader.unit()));
    until("the other session's browser is told", () -> SERVICE.at("other-session").size() == 1);
    assertThat(SERVICE.at("signed-out")).isEmpty();
    assertThat(SERVICE.at("elsewhere-area")).as("beyond its person's area").isEmpty();

    // The position ends while a browser is known: its sessions end with it, and its browsers.
    Someone keeper = people.someone(Role.SECURITY_ADMIN, "", null);
    Answer ended = keeper.client().delete("/api/people/" + reader.person().personId() + "/positions/" + reader.person().positionId());
    assertThat(ended.status()).as(ended.text()).isBetween(200, 299);
    assertThat(ground.<Long>asSystem(() -> jdbc.sql("SELECT count(*) FROM sensing_push_browser WHERE person_id = :id").param("id", reader.person().personId()).query(Long.class).single())).isZero();
  }
}
