package io.citywide.bench.faults;

import java.util.HashMap;
import java.util.Map;

/** The acts of a life cycle, in their order; each is one call. */
enum Act {
  PHOTO("collector"),
  REPORT("collector"),
  /** Every third problem is reported twice: the second report joins the case of the first. */
  REPORT_AGAIN("collector"),
  ACCEPT("acceptor"),
  FILE("acceptor"),
  /** By the dispatcher; every second life cycle by the matrix, on its own. */
  DISPATCH("dispatcher"),
  PHOTO_AFTER("handler"),
  DISPOSE("handler"),
  CHECK("verifier"),
  CLOSE("shift");

  private final String login;

  Act(String login) {
    this.login = login;
  }

  /** Who does it. */
  String login() {
    return login;
  }

  boolean step() {
    return switch (this) {
      case ACCEPT, FILE, DISPATCH, DISPOSE, CHECK, CLOSE -> true;
      case PHOTO, REPORT, REPORT_AGAIN, PHOTO_AFTER -> false;
    };
  }

  static boolean automatic(int life) {
    return life % 2 == 1;
  }

  static boolean again(int life) {
    return life % 3 == 0;
  }

  /** Names this act of this life cycle and no other; stands in the text that the server keeps. */
  String token(int worker, int life) {
    return "W%d-L%d-%s".formatted(worker, life, this);
  }

  /** Body of a step. */
  Map<String, Object> body(int worker, int life, long version, long unit, String shaAfter) {
    Map<String, Object> body = new HashMap<>(Map.of("action", name(), "version", version, "opinion", token(worker, life)));
    switch (this) {
      case DISPATCH -> body.put("leadUnitId", unit);
      case DISPOSE -> body.put("media", java.util.List.of(shaAfter));
      case CHECK -> body.put("result", "PASS");
      case PHOTO, REPORT, REPORT_AGAIN, ACCEPT, FILE, PHOTO_AFTER, CLOSE -> {
        // Nothing more to say.
      }
    }
    return body;
  }
}
