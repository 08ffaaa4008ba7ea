package io.citywide.demo;

import io.citywide.demo.Stories.Story;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Brings the demo city to life as its people would, over HTTP alone: citizens, a hotline and collectors report, the
 * accounts of {@link DemoCity} work the cases from acceptance to evaluation, some of them badly. It keeps nothing: stop
 * it and start it again, and it goes on with what it finds. A refusal is told once and then passed over.
 */
public final class Simulator implements Runnable, AutoCloseable {

  /**
   * How lively the city is.
   *
   * @param every time from one report to the next, above zero
   * @param maxOpen no new report while so many cases are open, 1 or more
   * @param past cases of the last months that are there from the beginning, 0 or more
   * @param seed of all chance
   */
  public record Pace(Duration every, int maxOpen, int past, long seed) {

    /** A calm city: a report every six seconds, 400 open cases, 300 past ones. */
    public static final Pace CALM = new Pace(Duration.ofSeconds(6), 400, 300, 20261122);

    public Pace {
      if (!every.isPositive()) {
        throw new IllegalArgumentException("every must be above zero, was " + every);
      }
      if (maxOpen < 1 || past < 0) {
        throw new IllegalArgumentException("maxOpen must be at least 1 and past at least 0, were " + maxOpen + " and " + past);
      }
    }
  }

  /** What was reported a moment ago, so that somebody else may report it too. */
  private record Told(Story story, double lon, double lat, String road) {}

  private static final Logger log = LoggerFactory.getLogger(Simulator.class);

  private static final String KEY_NAME = "12345 热线（演示）";
  private static final int REMEMBERED = 40;

  /** Below so many open cases a new city comes to life quickly. */
  private static final int WARM = 60;

  /** Who looks at warnings in the centre. */
  private static final List<String> CENTRE = List.of("acceptor", "shift", "dispatcher");

  private static final Duration WARMING = Duration.ofMillis(200);

  /** Cases that should rest in a queue, so that a person who looks finds something to do. */
  private static final Map<String, Integer> RESTING =
      Map.of("place", 4, "accept", 5, "verify", 4, "file", 4, "dispatch", 6, "handle", 3, "check", 8, "close", 5, "evaluate", 12, "approve", 2);

  private final URI base;
  private final Pace pace;
  private final Random random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, ApiClient> people = new HashMap<>();
  private final Map<String, Instant> resting = new ConcurrentHashMap<>();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private final Set<String> complaints = ConcurrentHashMap.newKeySet();
  private final Deque<Told> recent = new ArrayDeque<>();
  private final Deque<String> followed = new ArrayDeque<>();
  private final Map<String, Roads.Point> walking = new HashMap<>();
  private final Map<String, JsonNode> questions = new HashMap<>();
  private final List<String> handlers = new ArrayList<>();
  private Roads roads;
  private ApiClient hotline;
  private boolean pastThere;
  private long open;

  /** @param base address of a server on which {@link DemoCity} was loaded */
  public Simulator(URI base, Pace pace) {
    this.base = base;
    this.pace = pace;
    this.random = new Random(pace.seed());
  }

  /** Lives until it is closed. */
  @Override
  public void run() {
    while (!pause(open < Math.min(WARM, pace.maxOpen() / 4) ? WARMING : pace.every())) {
      try {
        live();
      } catch (UncheckedIOException e) {
        tell("away", "the simulator waits for the server: " + e.getMessage());
        pause(Duration.ofSeconds(5));
      } catch (RuntimeException e) {
        tell("fault " + e, "the simulator left something out: " + e);
        pause(Duration.ofSeconds(2));
      }
    }
  }

  /** Ends {@link #run} within the request under way. */
  @Override
  public void close() {
    closed.countDown();
  }

  /** One moment: perhaps a report, and some work at every desk. */
  public void live() {
    prepare();
    open = count("leader", "all");
    if (open < pace.maxOpen()) {
      attempt("report", this::report);
    }
    work("place", "acceptor", this::triage);
    work("accept", "acceptor", this::accept);
    work("verify", random.nextInt(3) == 0 ? "collector" : "verifier", this::verify);
    work("file", "acceptor", this::file);
    work("dispatch", "dispatcher", this::dispatch);
    for (int i = 0; i < 3; i++) {
      work("handle", Stories.one(handlers, random), this::handle);
    }
    work("approve", random.nextBoolean() ? "shift" : "leader", this::approve);
    work("check", "verifier", this::check);
    work("close", "shift", this::closeCase);
    work("evaluate", "evaluator", this::evaluate);
    attempt("duty", this::patrol);
    attempt("warning", this::watch);
    if (random.nextInt(25) == 0) {
      attempt("overdue", this::press);
    }
    if (random.nextInt(6) == 0) {
      attempt("rating", this::rate);
    }
  }

  /** Somebody goes on duty or on the way: a minute's walk at most from where they were. */
  private void patrol() {
    List<String> walkers = new ArrayList<>(handlers);
    walkers.addAll(List.of("collector", "verifier"));
    String login = walkers.get(random.nextInt(walkers.size()));
    ApiClient phone = person(login);
    Roads.Point before = walking.get(login);
    Roads.Point at = before == null ? roads.point(random)
        : new Roads.Point(before.road(), before.lon() + Roads.degreesEast(random.nextDouble() * 120 - 60, before.lat()), before.lat() + Roads.degreesNorth(random.nextDouble() * 120 - 60));
    Map<String, Object> position = Map.of("lon", at.lon(), "lat", at.lat(), "accuracy", 5 + random.nextInt(20));
    try {
      phone.post("/api/duty/" + (before == null ? "start" : "position"), position);
    } catch (Refusal e) {
      if (e.status() != 409 && e.status() != 429) {
        throw e;
      }
      // On duty since before a restart, off it by now, or quicker than a phone may be: the next time will do.
      if (before != null && e.status() == 409) {
        walking.remove(login);
        return;
      }
    }
    walking.put(login, at);
  }

  /** Somebody on duty looks at the warnings: one in three times at the centre, else outside. */
  private void watch() {
    List<String> outside = handlers.stream().filter(walking::containsKey).toList();
    String login = outside.isEmpty() || random.nextInt(3) == 0 ? Stories.one(CENTRE, random) : Stories.one(outside, random);
    Watchkeepers.look(person(login), Instant.now());
  }

  /** What it was refused so far. */
  Set<String> complaints() {
    return Set.copyOf(complaints);
  }

  private boolean pause(Duration time) {
    try {
      return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Once: where things can happen, a key for the machines, the past. */
  private void prepare() {
    if (roads == null) {
      roads = Roads.read(ApiClient.citizen(base), person("collector"));
    }
    if (hotline == null) {
      hotline = ApiClient.machine(base, newKey());
    }
    if (handlers.isEmpty()) {
      person("admin").get("/api/people?role=HANDLER&active=true&limit=500").path("items").forEach(p -> {
        // Others may work here too; their passwords are none of the simulator's business.
        if (p.path("login").asString().matches("handler(\\.[a-z]+)?|street\\.[0-9]+")) {
          handlers.add(p.path("login").asString());
        }
      });
    }
    if (!pastThere) {
      new PastCases(roads, pace).send(hotline, person("collector"));
      pastThere = true;
    }
  }

  /** The secret of an earlier key is known to nobody any more, so that key is revoked. */
  private String newKey() {
    ApiClient security = person("security");
    for (JsonNode key : security.get("/api/api-keys")) {
      if (key.path("name").asString().equals(KEY_NAME) && key.path("revokedAt").isNull()) {
        security.delete("/api/api-keys/" + key.path("id").asLong());
      }
    }
    return security.post("/api/api-keys", Map.of("name", KEY_NAME, "areaCode", "",
        "channels", List.of("HOTLINE", "IMPORT"), "sources", List.of("12345", PastCases.SOURCE),
        "permissions", List.of("SIGNAL_REPORT", "SIGNAL_IMPORT", "PLACE_READ"))).path("secret").asString();
  }

  private ApiClient person(String login) {
    return people.computeIfAbsent(login, name -> ApiClient.person(base, name, DemoCity.PASSWORD));
  }

  private long count(String login, String queue) {
    for (JsonNode q : person(login).get("/api/cases/queues")) {
      if (q.path("queue").asString().equals(queue)) {
        return q.path("count").asLong();
      }
    }
    return 0;
  }

  // Reports

  private void report() {
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
        JsonNode near = person("collector").get("/api/components:nearest?lon=" + at.lon() + "&lat=" + at.lat() + "&radius=400&kindId=" + story.componentKindId());
        JsonNode component = near.path("component");
        return new Told(story, component.path("lon").asDouble(at.lon()), component.path("lat").asDouble(at.lat()), at.road());
      } catch (Refusal e) {
        if (e.status() != 404) {
          throw e;
        }
        // No such component stands here; the trouble is where it is.
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
    questions.computeIfAbsent(t.story().kindId(), code -> hotline.get("/open311/v2/services/" + code + ".json").path("attributes")).forEach(question -> {
      if (question.path("required").asBoolean()) {
        form.put("attribute[" + question.path("code").asString() + "]", answer(question));
      }
    });
    hotline.postForm("/open311/v2/requests.json", form);
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
    hotline.post("/api/signals", body, Map.of("Idempotency-Key", UUID.randomUUID().toString()));
  }

  private void byCitizen(Told t, Stories.Words words) {
    ApiClient citizen = ApiClient.citizen(base);
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
    ApiClient collector = person("collector");
    String photo = collector.upload("/api/media", StreetScene.draw(t.story().motif(), false, random));
    collector.post("/api/signals", Map.of("kindId", t.story().kindId(), "title", words.title(), "description", words.text(), "lon", t.lon(),
        "lat", t.lat(), "address", t.road(), "media", List.of(photo), "urgency", random.nextInt(15) == 0 ? "URGENT" : "NORMAL"));
  }

  private String phone() {
    return "1990000" + String.format("%04d", random.nextInt(10_000));
  }

  // Desks

  @FunctionalInterface
  private interface Work {
    void on(ApiClient who, JsonNode item);
  }

  /** Takes one thing from a queue: always while more rest there than should, else now and then. */
  private void work(String queue, String login, Work work) {
    attempt(queue, () -> {
      ApiClient who = person(login);
      int keep = RESTING.get(queue);
      JsonNode items = who.get(queue.equals("place") ? "/api/signals?state=WAITING_PLACE&limit=20" : "/api/cases?queue=" + queue + "&limit=" + (keep + 8))
          .path("items");
      List<JsonNode> ready = new ArrayList<>();
      items.forEach(item -> {
        if (!resting.getOrDefault(queue + item.path("id").asLong(), Instant.MIN).isAfter(Instant.now())) {
          ready.add(item);
        }
      });
      if (ready.isEmpty() || items.size() <= keep && random.nextInt(3) > 0) {
        return;
      }
      JsonNode item = ready.get(random.nextInt(ready.size()));
      try {
        work.on(who, item);
      } catch (Refusal e) {
        if (e.status() != 409) {
          // Not now, perhaps never; others are waiting.
          resting.put(queue + item.path("id").asLong(), Instant.now().plus(Duration.ofMinutes(10)));
          throw e;
        }
      }
    });
  }

  /** A refusal ends this piece of work only. */
  private void attempt(String what, Runnable work) {
    try {
      work.run();
    } catch (Refusal e) {
      tell(what + e.status() + e.code(), "the simulator was refused (" + what + "): " + e.getMessage());
    }
  }

  /** In words, and once. */
  private void tell(String about, String words) {
    if (told.size() < 1_000 && told.add(about)) {
      complaints.add(words);
      log.warn("{}", words);
    }
    if (resting.size() > 10_000) {
      resting.clear();
    }
  }

  private static Map<String, Object> step(String action, JsonNode item, Object... more) {
    Map<String, Object> body = new HashMap<>(Map.of("action", action, "version", item.path("version").asLong()));
    for (int i = 0; i < more.length; i += 2) {
      body.put((String) more[i], more[i + 1]);
    }
    return body;
  }

  private static void take(ApiClient who, JsonNode item, String action, Object... more) {
    who.post("/api/cases/" + item.path("id").asLong() + "/steps", step(action, item, more));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private void triage(ApiClient acceptor, JsonNode signal) {
    String path = "/api/signals/" + signal.path("id").asLong();
    if (chance(85)) {
      Roads.Point at = roads.pointOf(signal.path("description").asString(""), random);
      Map<String, Object> body = new HashMap<>(Map.of("lon", at.lon(), "lat", at.lat()));
      if (signal.path("kindId").asString("").isEmpty()) {
        body.put("kindId", Stories.recognise(signal.path("description").asString("")).kindId());
      }
      acceptor.post(path + "/place", body);
    } else {
      acceptor.post(path + "/decline", Map.of("reason", "多次回拨无人接听，无法确定地点"));
    }
  }

  private void accept(ApiClient acceptor, JsonNode item) {
    if (chance(95)) {
      take(acceptor, item, "ACCEPT", "opinion", "情况属实，予以受理");
    } else {
      take(acceptor, item, "DECLINE", "reason", "不属于城市管理职责范围，已告知市民向有关单位反映");
    }
  }

  private void verify(ApiClient who, JsonNode item) {
    if (chance(88)) {
      take(who, item, "VERIFY", "result", "EXISTS", "opinion", "现场核实，问题存在", "media", List.of(photo(who, item, false)));
    } else if (chance(70)) {
      take(who, item, "VERIFY", "result", "NOT_EXISTS", "opinion", "现场未发现所反映的问题", "media", List.of(photo(who, item, true)));
    } else {
      take(who, item, "VERIFY", "result", "UNABLE", "opinion", "小区大门关闭，无法进入");
    }
  }

  private void file(ApiClient acceptor, JsonNode item) {
    JsonNode detail = acceptor.get("/api/cases/" + item.path("id").asLong());
    String verified = detail.path("verificationResult").asString("");
    if (verified.equals("NOT_EXISTS")) {
      take(acceptor, item, "DECLINE", "reason", "经核实，现场没有所反映的问题");
    } else if (verified.isEmpty() && chance(20)) {
      take(acceptor, item, "REQUEST_VERIFICATION", "opinion", "请到现场核实");
    } else if (item.path("kindId").asString("").isEmpty()) {
      take(acceptor, item, "FILE", "kindId", Stories.recognise(detail.path("description").asString("")).kindId(), "opinion", "确定类别，立案");
    } else {
      take(acceptor, item, "FILE", "opinion", "符合立案条件");
    }
  }

  private void dispatch(ApiClient dispatcher, JsonNode item) {
    JsonNode advice = dispatcher.get("/api/dispatch/suggestion?caseId=" + item.path("id").asLong());
    JsonNode lead = advice.path("leadUnit").path("id").isNumber() ? advice.path("leadUnit") : advice.path("alternatives").path(0);
    if (!lead.path("id").isNumber()) {
      tell("no unit", "the simulator found no unit for case " + item.path("caseNo").asString() + "; it stays with the dispatcher");
      return;
    }
    List<Long> assist = new ArrayList<>();
    advice.path("assistUnits").forEach(u -> assist.add(u.path("id").asLong()));
    take(dispatcher, item, "DISPATCH", "leadUnitId", lead.path("id").asLong(), "assistUnitIds", assist, "opinion", "请按时限处置并反馈");
  }

  private void handle(ApiClient handler, JsonNode item) {
    if (item.path("dueState").asString().equals("OVERDUE") && !chance(15)) {
      return; // what is late stays late for a while, or nobody would see how it is urged
    }
    if (item.path("suspended").asBoolean()) {
      if (chance(30)) {
        take(handler, item, "RESUME", "opinion", "材料已到，恢复处置");
      }
      return;
    }
    if (item.path("stage").asString().equals("DISPATCHED")) {
      if (chance(6)) {
        take(handler, item, "RETURN", "reason", "不在本单位管辖范围，请改派");
      } else {
        take(handler, item, "RECEIVE", "opinion", "已接收，安排人员前往");
      }
    } else if (chance(6)) {
      take(handler, item, "REQUEST_EXTENSION", "minutes", 240 + random.nextInt(8) * 60, "reason", "需要采购配件");
    } else if (chance(4)) {
      take(handler, item, "SUSPEND", "reason", "雨天无法施工，申请挂账");
    } else {
      take(handler, item, "DISPOSE", "opinion", Stories.one(List.of("已处置完毕，现场恢复整洁", "已修复，可正常使用", "已清理并对当事人劝导", "已更换，请核查"), random),
          "media", List.of(photo(handler, item, true)));
    }
  }

  private void approve(ApiClient who, JsonNode item) {
    JsonNode detail = who.get("/api/cases/" + item.path("id").asLong());
    for (JsonNode request : detail.path("pending")) {
      String action = request.path("action").asString();
      for (JsonNode offered : detail.path("actions")) {
        if (offered.path("action").asString().equals(action) && offered.path("reasonDisabled").asString("").isEmpty()) {
          boolean yes = chance(85);
          take(who, detail, action, "requestId", request.path("id").asLong(), "approve", yes, "opinion", yes ? "同意" : "理由不充分，请抓紧处置");
          return;
        }
      }
    }
  }

  private void check(ApiClient verifier, JsonNode item) {
    if (chance(86)) {
      take(verifier, item, "CHECK", "result", "PASS", "opinion", "现场核查，问题已解决", "media", List.of(photo(verifier, item, true)));
    } else {
      take(verifier, item, "CHECK", "result", "FAIL", "opinion", "现场仍有遗留，请返工", "media", List.of(photo(verifier, item, false)));
    }
  }

  private void closeCase(ApiClient shift, JsonNode item) {
    take(shift, item, "CLOSE", "opinion", "核查通过，予以结案");
  }

  private void evaluate(ApiClient evaluator, JsonNode item) {
    int marks = chance(70) ? 5 : chance(70) ? 4 : 1 + random.nextInt(3);
    take(evaluator, item, "EVALUATE", "result", String.valueOf(marks), "opinion", marks >= 4 ? "处置及时、到位" : "处置超时或反复，扣分");
  }

  /** Somebody looks at what is late. */
  private void press() {
    ApiClient leader = person("leader");
    for (JsonNode item : leader.get("/api/cases?queue=overdue&limit=10").path("items")) {
      if (!item.path("supervised").asBoolean() && chance(40)) {
        take(leader, item, "SUPERVISE", "opinion", "已超时，请主办单位说明原因并限时办结");
      } else {
        take(leader, item, "URGE", "opinion", "请尽快处置");
      }
      return;
    }
  }

  /** A citizen who reported here judges the result, once it is there. */
  private void rate() {
    String code = followed.pollFirst();
    if (code == null) {
      return;
    }
    ApiClient citizen = ApiClient.citizen(base);
    if (citizen.get("/api/public/reports/" + code).path("rateable").asBoolean()) {
      String satisfied = chance(75) ? "YES" : chance(60) ? "PARTLY" : "NO";
      citizen.post("/api/public/reports/" + code + "/rating", Map.of("satisfied", satisfied, "text", satisfied.equals("NO") ? "没过两天又这样了" : "谢谢，处理得不错"));
    } else {
      followed.addLast(code);
    }
  }

  private String photo(ApiClient who, JsonNode item, boolean mended) {
    String kind = item.path("kindId").asString("");
    StreetScene.Motif motif = Stories.ALL.stream().filter(s -> s.kindId().equals(kind)).map(Story::motif).findFirst().orElse(StreetScene.Motif.RUBBISH);
    return who.upload("/api/media", StreetScene.draw(motif, mended, random));
  }
}
