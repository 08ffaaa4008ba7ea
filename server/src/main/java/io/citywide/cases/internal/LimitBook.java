package io.citywide.cases.internal;

import io.citywide.cases.LimitUnit;
import io.citywide.cases.Urgency;
import io.citywide.cases.internal.Deadlines.Act;
import io.citywide.cases.internal.Deadlines.Limit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All limits as they stand in {@code case_stage_limit} and {@code case_rule}. Immutable. */
record LimitBook(Map<String, StageLimit> stages, List<Rule> rules) {

  /** @param continuous nights and holidays count */
  record StageLimit(int minutes, boolean continuous) {}

  private record Rule(String pattern, Urgency urgency, Limit limit) {

    boolean matches(String kindId) {
      return pattern.endsWith("*") ? kindId.startsWith(pattern.substring(0, pattern.length() - 1)) : pattern.equals(kindId);
    }
  }

  static LimitBook read(JdbcClient jdbc) {
    Map<String, StageLimit> stages = new HashMap<>();
    jdbc.sql("SELECT act, urgency, minutes, continuous FROM case_stage_limit").query(rs -> {
      stages.put(rs.getString("act") + " " + rs.getString("urgency"), new StageLimit(rs.getInt("minutes"), rs.getBoolean("continuous")));
    });
    List<Rule> rules = jdbc.sql("SELECT kind_pattern, urgency, value, unit FROM case_rule")
        .query((rs, i) -> new Rule(rs.getString("kind_pattern"), Urgency.valueOf(rs.getString("urgency")),
            new Limit(rs.getInt("value"), LimitUnit.valueOf(rs.getString("unit")), rs.getString("kind_pattern"))))
        .list();
    // The kind itself before a prefix, a longer prefix before a shorter one: the first that matches wins.
    return new LimitBook(stages, rules.stream().sorted(
        Comparator.comparing((Rule r) -> r.pattern().endsWith("*")).thenComparing(r -> r.pattern().length(), Comparator.reverseOrder())).toList());
  }

  Optional<StageLimit> stage(Act act, Urgency urgency) {
    return Optional.ofNullable(stages.get(act + " " + urgency));
  }

  /** @param kindId {@code null}: not classified */
  Optional<Limit> disposal(String kindId, Urgency urgency) {
    String kind = kindId == null ? "" : kindId;
    return rules.stream().filter(r -> r.urgency() == urgency && r.matches(kind)).map(Rule::limit).findFirst();
  }
}
