package io.citywide.demo;

import io.citywide.demo.Stories.Story;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** Who works the cases, at each desk from the acceptance to the evaluation, some of them badly. */
final class CaseWorkers {

  /** Cases that should rest in a queue, so that a person who looks finds something to do. */
  private static final Map<String, Integer> RESTING =
      Map.of("place", 4, "accept", 5, "verify", 4, "file", 4, "dispatch", 6, "handle", 3, "check", 8, "close", 5, "evaluate", 12, "approve", 2);

  private final SignedIn accounts;
  private final Roads roads;
  private final Random random;
  private final Refusals refusals;
  private final Map<String, Instant> resting = new HashMap<>();

  CaseWorkers(SignedIn accounts, Roads roads, Random random, Refusals refusals) {
    this.accounts = accounts;
    this.roads = roads;
    this.random = random;
    this.refusals = refusals;
  }

  @FunctionalInterface
  private interface Work {
    void on(ApiClient who, JsonNode item);
  }

  /** Some work at every desk. */
  void work() {
    work("place", "acceptor", this::triage);
    work("accept", "acceptor", this::accept);
    work("verify", random.nextInt(3) == 0 ? "collector" : "verifier", this::verify);
    work("file", "acceptor", this::file);
    work("dispatch", "dispatcher", this::dispatch);
    for (int i = 0; i < 3; i++) {
      work("handle", Stories.one(accounts.handlers(), random), this::handle);
    }
    work("approve", random.nextBoolean() ? "shift" : "leader", this::approve);
    work("check", "verifier", this::check);
    work("close", "shift", this::closeCase);
    work("evaluate", "evaluator", this::evaluate);
  }

  /** Takes one thing from a queue: always while more rest there than should, else now and then. */
  private void work(String queue, String login, Work work) {
    refusals.attempt(queue, () -> {
      ApiClient who = accounts.person(login);
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
          if (resting.size() > 10_000) {
            resting.clear();
          }
          resting.put(queue + item.path("id").asLong(), Instant.now().plus(Duration.ofMinutes(10)));
          throw e;
        }
      }
    });
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

  private void triage(ApiClient acceptor, JsonNode signal) {
    String path = "/api/signals/" + signal.path("id").asLong();
    if (Stories.chance(85, random)) {
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
    if (Stories.chance(95, random)) {
      take(acceptor, item, "ACCEPT", "opinion", "情况属实，予以受理");
    } else {
      take(acceptor, item, "DECLINE", "reason", "不属于城市管理职责范围，已告知市民向有关单位反映");
    }
  }

  private void verify(ApiClient who, JsonNode item) {
    if (Stories.chance(88, random)) {
      take(who, item, "VERIFY", "result", "EXISTS", "opinion", "现场核实，问题存在", "media", List.of(photo(who, item, false)));
    } else if (Stories.chance(70, random)) {
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
    } else if (verified.isEmpty() && Stories.chance(20, random)) {
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
      refusals.tell("no unit", "the simulator found no unit for case " + item.path("caseNo").asString() + "; it stays with the dispatcher");
      return;
    }
    List<Long> assist = new ArrayList<>();
    advice.path("assistUnits").forEach(u -> assist.add(u.path("id").asLong()));
    take(dispatcher, item, "DISPATCH", "leadUnitId", lead.path("id").asLong(), "assistUnitIds", assist, "opinion", "请按时限处置并反馈");
  }

  private void handle(ApiClient handler, JsonNode item) {
    if (item.path("dueState").asString().equals("OVERDUE") && !Stories.chance(15, random)) {
      return; // what is late stays late for a while, or nobody would see how it is urged
    }
    if (item.path("suspended").asBoolean()) {
      if (Stories.chance(30, random)) {
        take(handler, item, "RESUME", "opinion", "材料已到，恢复处置");
      }
      return;
    }
    if (item.path("stage").asString().equals("DISPATCHED")) {
      if (Stories.chance(6, random)) {
        take(handler, item, "RETURN", "reason", "不在本单位管辖范围，请改派");
      } else {
        take(handler, item, "RECEIVE", "opinion", "已接收，安排人员前往");
      }
    } else if (Stories.chance(6, random)) {
      take(handler, item, "REQUEST_EXTENSION", "minutes", 240 + random.nextInt(8) * 60, "reason", "需要采购配件");
    } else if (Stories.chance(4, random)) {
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
          boolean yes = Stories.chance(85, random);
          take(who, detail, action, "requestId", request.path("id").asLong(), "approve", yes, "opinion", yes ? "同意" : "理由不充分，请抓紧处置");
          return;
        }
      }
    }
  }

  private void check(ApiClient verifier, JsonNode item) {
    if (Stories.chance(86, random)) {
      take(verifier, item, "CHECK", "result", "PASS", "opinion", "现场核查，问题已解决", "media", List.of(photo(verifier, item, true)));
    } else {
      take(verifier, item, "CHECK", "result", "FAIL", "opinion", "现场仍有遗留，请返工", "media", List.of(photo(verifier, item, false)));
    }
  }

  private void closeCase(ApiClient shift, JsonNode item) {
    take(shift, item, "CLOSE", "opinion", "核查通过，予以结案");
  }

  private void evaluate(ApiClient evaluator, JsonNode item) {
    int marks = Stories.chance(70, random) ? 5 : Stories.chance(70, random) ? 4 : 1 + random.nextInt(3);
    take(evaluator, item, "EVALUATE", "result", String.valueOf(marks), "opinion", marks >= 4 ? "处置及时、到位" : "处置超时或反复，扣分");
  }

  /** Somebody looks at what is late. */
  void press() {
    ApiClient leader = accounts.person("leader");
    for (JsonNode item : leader.get("/api/cases?queue=overdue&limit=10").path("items")) {
      if (!item.path("supervised").asBoolean() && Stories.chance(40, random)) {
        take(leader, item, "SUPERVISE", "opinion", "已超时，请主办单位说明原因并限时办结");
      } else {
        take(leader, item, "URGE", "opinion", "请尽快处置");
      }
      return;
    }
  }

  private String photo(ApiClient who, JsonNode item, boolean mended) {
    String kind = item.path("kindId").asString("");
    StreetScene.Motif motif = Stories.ALL.stream().filter(s -> s.kindId().equals(kind)).map(Story::motif).findFirst().orElse(StreetScene.Motif.RUBBISH);
    return who.upload("/api/media", StreetScene.draw(motif, mended, random));
  }
}
