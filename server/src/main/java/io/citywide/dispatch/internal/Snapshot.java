package io.citywide.dispatch.internal;

import io.citywide.dispatch.internal.Matrix.Question;
import io.citywide.identity.AreaScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The matrix and the switches at one revision. Immutable. */
record Snapshot(long revision, Matrix matrix, Map<String, Boolean> switches) {

  static Snapshot of(long revision, List<Rule> rules, List<Switch> switches) {
    Map<String, Boolean> byKey = new HashMap<>();
    switches.forEach(s -> byKey.put(key(s.kind().text(), AreaScope.of(s.areaCode()).low()), s.automatic()));
    return new Snapshot(revision, new Matrix(rules), Map.copyOf(byKey));
  }

  /** Whether a rule may dispatch by itself: the most specific switch decides, kind before area; without one it may not. */
  boolean automatic(Question question) {
    for (String kind : Matrix.kinds(question)) {
      for (int length = question.areaCode().length(); length >= 0; length--) {
        Boolean on = switches.get(key(kind, question.areaCode().substring(0, length)));
        if (on != null) {
          return on;
        }
      }
    }
    return false;
  }

  private static String key(String kind, String areaPrefix) {
    return kind + " " + areaPrefix;
  }
}
