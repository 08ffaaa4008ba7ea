package io.citywide.sensing.internal.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.platform.Neighbours;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Rules are drafted, rehearsed and published over HTTP; what devices send becomes warnings, once each, whoever leads. */
@ServerTest
class WatchingTest {

  private static final String CITY = "761200";
  private static final String A = "761202001001";
  private static final String TYPE = "watching-smoke";
  private static final TestCity PLACES = new TestCity(CITY, 109.91, 28.51);
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired LiveFeed feed;
  @Autowired JdbcClient jdbc;
  @Autowired PlatformTransactionManager transactions;
  @Autowired Neighbours neighbours;
  @Autowired Term.Means means;
  @Autowired WatchHost host;
  @Autowired WatchSettings settings;

  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
  private AutoCloseable listening;
  private TestClient officer;
  private TestClient gateway;
  private TransactionTemplate transaction;

  @BeforeEach
  void devices() {
    transaction = new TransactionTemplate(transactions);
    listening = feed.listen(notices::add);
    if (!built) {
      built = true;
      assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
      asSystem(() -> jdbc.sql("""
          INSERT INTO sensing_type (code, name_zh, name_en, properties, silent_after, retention)
          VALUES (:type, '烟感', 'Smoke detector', '[{"name":"level","nameZh":"烟雾","nameEn":"Smoke","unit":"%","low":0,"high":100,"intervalSeconds":60}]', '1 hour', '400 days')
          """).param("type", TYPE).update());
    }
    officer = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    gateway = people.machine(CITY, Permission.OBSERVATION_WRITE);
  }

  @AfterEach
  void quiet() throws Exception {
    listening.close();
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

  private void device(String code, String group, String source) {
    asSystem(() -> {
      jdbc.sql("""
              INSERT INTO sensing_device (code, type_code, name, lon, lat, grid_key, area_code, group_code, source) VALUES (:code, :type, :name, :lon, :lat, 9, :area, :group, :source)""")
          .param("code", code).param("type", TYPE).param("name", "车棚" + code).param("lon", PLACES.at(0.5, 0.5).get(0)).param("lat", PLACES.at(0.5, 0.5).get(1)).param("area", A)
          .param("group", group).param("source", source).update();
      return jdbc.sql("INSERT INTO sensing_series (device_id, property) SELECT id, 'level' FROM sensing_device WHERE code = :code").param("code", code).update();
    });
    directory.refresh();
  }

  private static String document(String rule, String group, String red) {
    return """
        rule: %s
        name: {zh: 车棚烟感, en: Smoke in a bicycle shed}
        watch: {type: %s, group: %s, area: "%s"}
        inputs: {level: level}
        windows:
          rise: {rate: level, over: 5m, per: 1h, name: {zh: 浓度变化, en: Change of density}}
          peak: {max: level, over: 5m}
        grades:
          yellow: {when: "level > 20"}
          red: {when: "level > %s", until: "level < 10"}
        reason: {zh: "烟雾{level}，{grade}", en: "Smoke {level}, {grade}"}
        """.formatted(rule, TYPE, group, CITY, red);
  }

  private static Answer ok(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isBetween(200, 204);
    return answer;
  }

  private JsonNode save(String document, Integer edit) {
    Map<String, Object> body = new HashMap<>(Map.of("document", document, "category", "Fire", "note", "试用"));
    body.put("edit", edit);
    return ok(officer.put("/api/watch-rules/draft", body)).json();
  }

  private void publish(String document, String rule, Integer edit) {
    JsonNode draft = save(document, edit);
    assertThat(ok(officer.post("/api/watch-rules/" + rule + "/publish", Map.of("edit", draft.path("edit").asInt()))).json().path("state").asString()).isEqualTo("PUBLISHED");
  }

  private void send(String device, long time, double value) {
    ok(gateway.post("/api/observations", List.of(Map.of("device", device, "time", time, "values", Map.of("level", value)))));
  }

  private Notice heard(Predicate<Notice> wanted) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try {
        Notice notice = notices.poll(Math.max(1, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        assertThat(notice).as("a notice within 30 s").isNotNull();
        if (wanted.test(notice)) {
          return notice;
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Waits until a warning of this subject has done this, and answers its number in the book. */
  private long warned(String subject, String act) {
    Notice notice = heard(n -> n.type().equals("warning") && act.equals(n.data().get("act")) && subject.equals(subjectOf((Long) n.data().get("warningId"))));
    return (Long) notice.data().get("warningId");
  }

  /** A rule is at work a moment after it was published: the device goes on speaking, once each millisecond of its own time, until a warning begins. */
  private long raised(String device, long time, double value) {
    for (int i = 0; i < 300; i++) {
      send(device, time + i, value);
      try {
        Notice notice = notices.poll(100, TimeUnit.MILLISECONDS);
        if (notice != null && notice.type().equals("warning") && "RAISED".equals(notice.data().get("act")) && device.equals(subjectOf((Long) notice.data().get("warningId")))) {
          return (Long) notice.data().get("warningId");
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    throw new AssertionError("no warning of " + device + " after 300 values");
  }

  private String subjectOf(long warning) {
    return asSystem(() -> jdbc.sql("SELECT subject FROM sensing_warning WHERE id = :id").param("id", warning).query(String.class).single());
  }

  private List<String> steps(String subject) {
    return asSystem(() -> jdbc.sql("SELECT s.act FROM sensing_warning_step s JOIN sensing_warning w ON w.id = s.warning_id WHERE w.subject = :subject AND s.act <> 'PASSED_UP' ORDER BY w.number, s.seq")
        .param("subject", subject).query(String.class).list());
  }

  @Test
  void aRuleIsDraftedRefusedPublishedAndWithdrawnWithinTheScope() {
    device("WT-1", "WT-shed-1", "");
    JsonNode flawed = ok(officer.post("/api/watch-rules/check", Map.of("document", document("wt-rule", "WT-shed-1", "60").replace("level < 10", "lvel < 10").replace(TYPE, "nothing")))).json();
    assertThat(flawed.path("read").isNull()).isTrue();
    assertThat(flawed.path("flaws").get(0).path("where").asString()).isEqualTo("watch.type");
    assertThat(flawed.path("flaws").get(0).path("zh").asString()).contains("没有类型");
    JsonNode checked = ok(officer.post("/api/watch-rules/check", Map.of("document", document("wt-rule", "WT-shed-1", "60")))).json();
    assertThat(checked.path("flaws").isEmpty()).isTrue();
    assertThat(checked.at("/read/grades").size()).isEqualTo(2);

    Answer refused = officer.put("/api/watch-rules/draft", Map.of("document", document("wt-rule", "WT-shed-1", "nothing")));
    assertThat(refused.problem()).isEqualTo("watch.invalid-rule");
    assertThat(officer.get("/api/watch-rules/wt-rule").problem()).isEqualTo("watch.unknown-rule");

    JsonNode draft = save(document("wt-rule", "WT-shed-1", "60"), null);
    assertThat(officer.put("/api/watch-rules/draft", Map.of("document", document("wt-rule", "WT-shed-1", "70"))).problem()).as("somebody else was first").isEqualTo("watch.rule-changed");
    assertThat(officer.post("/api/watch-rules/wt-rule/publish", Map.of("edit", 7)).problem()).isEqualTo("watch.rule-changed");
    TestClient district = people.someone(Role.SHIFT_LEADER, A, null).client();
    assertThat(district.post("/api/watch-rules/wt-rule/publish", Map.of("edit", draft.path("edit").asInt())).problem()).isEqualTo("watch.outside-scope");
    assertThat(people.someone(Role.ACCEPTOR, CITY, null).client().post("/api/watch-rules/wt-rule/publish", Map.of("edit", 1)).problem()).isEqualTo("identity.forbidden");
    assertThat(people.someone(Role.SHIFT_LEADER, "440100", null).client().get("/api/watch-rules/wt-rule").problem()).as("another city's").isEqualTo("watch.unknown-rule");

    ok(officer.post("/api/watch-rules/wt-rule/publish", Map.of("edit", draft.path("edit").asInt())));
    assertThat(ok(district.get("/api/watch-rules")).json().valueStream().map(r -> r.path("rule").asString())).as("holds in the district too").contains("wt-rule");
    assertThat(officer.post("/api/watch-rules/wt-rule/withdraw", Map.of("version", 2)).problem()).isEqualTo("watch.rule-changed");
    ok(officer.post("/api/watch-rules/wt-rule/withdraw", Map.of("version", 1)));
    assertThat(ok(officer.get("/api/watch-rules/wt-rule")).json().get(0).path("state").asString()).isEqualTo("WITHDRAWN");
    assertThat(asSystem(() -> {
      jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query(String.class).single();
      return jdbc.sql("SELECT count(*) FROM ledger_entry WHERE kind IN ('rule.published', 'rule.withdrawn')").query(Long.class).single();
    })).isGreaterThanOrEqualTo(2);
  }

  @Test
  void alarmsBecomeOneWarningThatClimbsIsReplacedAndEndedByAPerson() throws Exception {
    device("WT-2", "WT-shed-2", "");
    publish(document("wt-alarm", "WT-shed-2", "60"), "wt-alarm", null);
    long now = System.currentTimeMillis();
    long id = raised("WT-2", now - 3000, 25);
    JsonNode names = ok(officer.get("/api/warnings/" + id)).json().path("readingNames");
    assertThat(names.path("level").path("nameZh").asString()).as("of the property").isEqualTo("烟雾");
    assertThat(names.path("rise").path("nameZh").asString()).as("of the document").isEqualTo("浓度变化");
    assertThat(names.path("rise").path("unit").asString()).isEqualTo("%/h");
    assertThat(names.has("peak")).as("nobody named it").isFalse();

    // Two hundred at once, some of them the very same.
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Object>> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        long time = now - 2000 + i / 4;
        all.add(() -> {
          // A busy server says so; whoever is told sends the same again.
          while (gateway.post("/api/observations", List.of(Map.of("device", "WT-2", "time", time, "values", Map.of("level", 80)))).status() == 503) {
            Thread.onSpinWait();
          }
          return null;
        });
      }
      for (var done : pool.invokeAll(all)) {
        done.get();
      }
    }
    assertThat(warned("WT-2", "ESCALATED")).isEqualTo(id);

    // A version that asks for more: the live warning is judged anew by it, and goes on.
    publish(document("wt-alarm", "WT-shed-2", "90").replace("level < 10", "level < 85"), "wt-alarm", null);
    assertThat(warned("WT-2", "LOWERED")).isEqualTo(id);
    assertThat(steps("WT-2")).containsExactly("RAISED", "ESCALATED", "LOWERED");
    assertThat(ok(officer.get("/api/watch-rules")).json().valueStream().filter(r -> r.path("rule").asString().equals("wt-alarm")).findFirst().orElseThrow().path("live").asInt()).isEqualTo(1);

    ok(officer.post("/api/warnings/" + id + "/end", Map.of("verdict", "REAL", "reason", "已处置，明火扑灭")));
    ended("WT-2");
    send("WT-2", now - 1000, 40);
    send("WT-2", now - 900, 1);
    send("WT-2", now - 800, 30);
    warned("WT-2", "RAISED");
    assertThat(steps("WT-2")).as("not before its condition was over").containsExactly("RAISED", "ESCALATED", "LOWERED", "ENDED", "RAISED");
  }

  /** Waits until the watch has let go of what a person ended. */
  private void ended(String subject) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (asSystem(() -> jdbc.sql("SELECT count(*) FROM sensing_watch_end WHERE subject = :subject").param("subject", subject).query(Long.class).single()) > 0) {
      assertThat(System.nanoTime()).as("within 30 s").isLessThan(until);
    }
  }

  @Test
  void anotherServerTakesOverAndNothingIsMissingOrTwice() {
    device("WT-3", "WT-shed-3", "WT-maker");
    publish(document("wt-lead", "WT-shed-3", "60"), "wt-lead", null);
    long now = System.currentTimeMillis();
    raised("WT-3", now - 5000, 25);
    // The one that leads is not heard for too long, though it still goes on: the second takes the lead from it.
    WatchHost second = new WatchHost(means, transactions, neighbours, new io.micrometer.core.instrument.simple.SimpleMeterRegistry());
    asSystem(() -> jdbc.sql("UPDATE sensing_watch_head SET term = term + 1, until = '-infinity'").update());
    second.start();
    try {
      send("WT-3", now - 4000, 80);
      warned("WT-3", "ESCALATED");
      send("WT-3", now - 3000, 5);
      warned("WT-3", "ENDED");
    } finally {
      second.stop();
    }
    send("WT-3", now - 2000, 25);
    warned("WT-3", "RAISED");
    assertThat(steps("WT-3")).containsExactly("RAISED", "ESCALATED", "ENDED", "RAISED");
    assertThat(asSystem(() -> jdbc.sql("SELECT array_agg(number ORDER BY number)::text FROM sensing_warning WHERE subject = 'WT-3'").query(String.class).single())).isEqualTo("{1,2}");
  }

  @Test
  void aSourceThatStopsRaisesAWarningOfItsOwn() {
    ok(people.someone(Role.SHIFT_LEADER, CITY, null).client().put("/api/watch-sources/WT-feed", Map.of("silentAfterSeconds", 2)));
    assertThat(officer.put("/api/watch-sources/WT-feed", Map.of("silentAfterSeconds", 0)).problem()).isEqualTo("watch.invalid");
    device("WT-4", "WT-shed-4", "WT-feed");
    send("WT-4", System.currentTimeMillis(), 1);
    long id = warned("@WT-feed", "RAISED");
    assertThat(asSystem(() -> jdbc.sql("SELECT rule_code || ' ' || subject_zh FROM sensing_warning WHERE id = :id").param("id", id).query(String.class).single())).isEqualTo("silence 数据源WT-feed");
    send("WT-4", System.currentTimeMillis(), 1);
    assertThat(warned("@WT-feed", "ENDED")).isEqualTo(id);
    ok(officer.put("/api/watch-sources/WT-feed", Map.of()));
  }

  /** Runs ten times as fast as the clock on the wall, from a moment on. */
  private static Clock hurried(Instant from) {
    long begun = System.nanoTime();
    InstantSource hurried = () -> from.plusNanos(10 * (System.nanoTime() - begun));
    return hurried.withZone(ZoneOffset.UTC);
  }

  @Test
  void aServerThatHasJustBegunHasNotListenedLongEnoughToCallASourceSilent() {
    TestClient city = people.someone(Role.SHIFT_LEADER, CITY, null).client();
    ok(city.put("/api/watch-sources/WT-rest", Map.of("silentAfterSeconds", 60)));
    device("WT-9", "WT-shed-9", "WT-rest");
    device("WT-10", "WT-shed-10", "");
    publish(document("wt-rest", "WT-shed-10", "60"), "wt-rest", null);
    send("WT-9", System.currentTimeMillis(), 1);
    raised("WT-10", System.currentTimeMillis() - 5000, 25);
    // The server rests for ten minutes, and another begins: to it the source was heard long ago, when nobody could be spoken to since.
    Instant begun = Instant.now().plusSeconds(600);
    Term.Means later = new Term.Means(means.transactions(), means.store(), means.rules(), means.judge(), means.model(), means.directory(), means.log(), means.book(), means.settings(),
        means.engine(), hurried(begun));
    WatchHost second = new WatchHost(later, transactions, neighbours, new io.micrometer.core.instrument.simple.SimpleMeterRegistry());
    asSystem(() -> jdbc.sql("UPDATE sensing_watch_head SET term = term + 1, until = '-infinity'").update());
    second.start();
    try {
      long id = warned("@WT-rest", "RAISED");
      assertThat(asSystem(() -> jdbc.sql("SELECT since FROM sensing_warning WHERE id = :id").param("id", id).query((rs, i) -> rs.getObject(1, OffsetDateTime.class).toInstant()).single()))
          .as("a minute after it began to listen").isBetween(begun.plusSeconds(60), begun.plusSeconds(600));
    } finally {
      second.stop();
      ok(city.put("/api/watch-sources/WT-rest", Map.of()));
    }
    assertThat(steps("@WT-rest")).as("once").containsExactly("RAISED");
  }

  @Test
  void aRehearsalSaysWhatWouldHaveBeenAndWhatWas() {
    device("WT-5", "WT-shed-5", "");
    device("WT-6", "WT-shed-5", "");
    long now = System.currentTimeMillis();
    List<Map<String, Object>> history = new ArrayList<>();
    for (int hour = 0; hour < 200; hour++) {
      for (String code : List.of("WT-5", "WT-6")) {
        boolean fire = code.equals("WT-5") && hour % 50 == 10;
        history.add(Map.of("device", code, "time", now - Duration.ofHours(210).toMillis() + Duration.ofHours(hour).toMillis(), "values", Map.of("level", fire ? hour == 60 ? 70 : 30 : 5)));
      }
    }
    ok(gateway.post("/api/observations", history));
    Map<String, Object> body = Map.of("document", document("wt-draft", "WT-shed-5", "60"), "from", Instant.ofEpochMilli(now - Duration.ofDays(30).toMillis()).toString(), "to",
        Instant.ofEpochMilli(now).toString());
    Answer answer = ok(officer.post("/api/watch-rules/rehearse", body));
    JsonNode outcome = new tools.jackson.databind.json.JsonMapper().readTree(answer.text().lines().toList().getLast()).path("outcome");
    assertThat(outcome.path("devices").asInt()).isEqualTo(2);
    assertThat(outcome.path("values").asInt()).isEqualTo(400);
    assertThat(outcome.path("warnings").asInt()).isEqualTo(4);
    assertThat(outcome.at("/byPeak/RED").asInt()).isEqualTo(1);
    assertThat(outcome.at("/episodes/1/steps/0/reasonZh").asString()).isEqualTo("烟雾70，红色");
    assertThat(outcome.at("/episodes/0/subjectName").asString()).isEqualTo("车棚WT-5");
    assertThat(outcome.path("realCount").asInt()).as("none of it was watched").isZero();

    Answer tooLong = officer.post("/api/watch-rules/rehearse", Map.of("document", document("wt-draft", "WT-shed-5", "60"), "from", "2020-01-01T00:00:00Z", "to", Instant.ofEpochMilli(now).toString()));
    assertThat(tooLong.problem()).isEqualTo("watch.invalid");
    assertThat(tooLong.status()).isEqualTo(422);
    assertThat(people.someone(Role.ACCEPTOR, CITY, null).client().post("/api/watch-rules/rehearse", body).problem()).isEqualTo("identity.forbidden");
  }
}
