package io.citywide.bench.load;

import io.citywide.bench.load.Crew.Handler;
import io.citywide.bench.load.Crew.Point;
import io.citywide.bench.load.Wire.Answer;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * One case on its way through seven calls, each by who may take it: report with a photo, accept, file, dispatch,
 * dispose, check, close. Keeps what was acknowledged, so that it can be asked for afterwards.
 */
final class Journey {

  static final int CALLS = 7;

  /** The stages after each acknowledged call, from the report on. */
  private static final String[] STAGES = {"", "REPORTED", "ACCEPTED", "FILED", "DISPATCHED", "DISPOSED", "CHECKED", "CLOSED"};
  private static final AtomicLong NUMBER = new AtomicLong();

  private final Crew crew;
  private final Handler handler;
  private final String report;
  private final String key = UUID.randomUUID().toString();
  private int acknowledged;
  private boolean unsure;
  private boolean joined;
  private long caseId;
  private long version;

  Journey(Crew crew, Random random) {
    this.crew = crew;
    this.handler = crew.handlers.get(random.nextInt(crew.handlers.size()));
    Point at = crew.point(random);
    long n = NUMBER.incrementAndGet();
    this.report = "{\"kindId\":\"" + Crew.KINDS.get(random.nextInt(Crew.KINDS.size())) + "\",\"description\":\"巡查发现的第 " + n
        + " 处问题，请尽快处置\",\"lon\":" + at.lon() + ",\"lat\":" + at.lat() + ",\"address\":\"第 " + n + " 号点位\",\"media\":[\""
        + crew.photos.get(random.nextInt(crew.photos.size())) + "\"]}";
  }

  /** The next of the seven calls. A call without an answer is made again the next time: reports carry a key, steps a version. */
  Answer next() {
    Answer answer = switch (acknowledged) {
      case 0 -> crew.collector.post("/api/signals", report, key);
      case 1 -> step(crew.acceptor, "ACCEPT", "");
      case 2 -> step(crew.acceptor, "FILE", "");
      case 3 -> step(crew.dispatcher, "DISPATCH", ",\"leadUnitId\":" + handler.unitId());
      case 4 -> step(handler.wire(), "DISPOSE", ",\"opinion\":\"已到场处置，现场恢复正常\",\"media\":[]");
      case 5 -> step(crew.verifier, "CHECK", ",\"result\":\"PASS\"");
      case 6 -> step(crew.shift, "CLOSE", "");
      default -> throw new IllegalStateException("the case is closed");
    };
    if (answer.done()) {
      JsonNode body = answer.json();
      if (acknowledged == 0) {
        joined = !body.path("outcome").asString("").equals("OPENED");
        caseId = body.path("caseId").asLong();
      } else {
        version = body.path("version").asLong();
      }
      acknowledged++;
      unsure = false;
    } else if (answer.status() == 0) {
      unsure = true;
    }
    return answer;
  }

  private Answer step(Wire by, String action, String more) {
    Answer answer = send(by, action, more);
    for (int again = 0; again < 5 && answer.status() == 409 && answer.json().path("action").asString("").equals("JOIN_SIGNAL"); again++) {
      // Somebody else reported the same meanwhile. A person looks again and goes on.
      version = answer.json().path("version").asLong();
      answer = send(by, action, more);
    }
    return answer;
  }

  private Answer send(Wire by, String action, String more) {
    return by.post("/api/cases/" + caseId + "/steps", "{\"action\":\"" + action + "\",\"version\":" + (version == 0 ? 1 : version) + more + "}");
  }

  int acknowledged() {
    return acknowledged;
  }

  /** Over: closed, or the report belongs to a case that another journey has. */
  boolean over() {
    return acknowledged == CALLS || joined;
  }

  boolean joined() {
    return joined;
  }

  /** Asks the server. What it was told is there; what it refused is not. Empty: all is as it should be. */
  String fault() {
    if (acknowledged == 0) {
      return "";
    }
    Answer answer = crew.shift.get("/api/cases/" + caseId);
    if (!answer.done()) {
      return "case " + caseId + " was acknowledged and is not there: " + answer.text();
    }
    if (joined) {
      return "";
    }
    JsonNode body = answer.json();
    String stage = body.path("stage").asString();
    boolean right = stage.equals(STAGES[acknowledged]) || unsure && acknowledged < CALLS && stage.equals(STAGES[acknowledged + 1]);
    // Somebody else's report may have joined the case: such steps lie beside the seven.
    long steps = 0;
    for (JsonNode step : body.path("steps")) {
      steps += step.path("action").asString().equals("JOIN_SIGNAL") ? 0 : 1;
    }
    boolean once = steps == acknowledged || unsure && steps == acknowledged + 1;
    return right && once ? "" : "case " + caseId + ": " + acknowledged + " calls were acknowledged" + (unsure ? ", one more had no answer" : "")
        + "; it is " + stage + " after " + steps + " steps";
  }
}
