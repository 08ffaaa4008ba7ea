package io.citywide.sensing.internal.watching;

import io.citywide.watch.Rule;
import io.citywide.watch.RuleReader;
import io.citywide.watch.RuleReading;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules by which the room judges, kept as they are published. Under the lock of the term. */
final class RulesAtWork {

  private static final Logger log = LoggerFactory.getLogger(RulesAtWork.class);

  private final Room room;
  /** Version of each, by its name. */
  private final Map<String, Integer> running = new HashMap<>();
  /** As {@code rule@version}: it was said of them already. */
  private final Set<String> unreadable = new HashSet<>();

  RulesAtWork(Room room) {
    this.room = room;
  }

  int count() {
    return running.size();
  }

  /** As the engine has them after a restart. */
  void reconcile() {
    for (Rule rule : room.engine().listRules()) {
      running.put(rule.id(), rule.version());
    }
  }

  /** @param published all that are in force; others are withdrawn */
  void follow(List<RuleVersion> published, long now) {
    Set<String> at = new HashSet<>();
    for (RuleVersion v : published) {
      at.add(v.rule());
      if (!Integer.valueOf(v.version()).equals(running.get(v.rule())) && readable(v)) {
        room.perform(new Operation.Publish(v.rule(), v.version(), v.document(), now));
        running.put(v.rule(), v.version());
      }
    }
    for (String gone : running.keySet().stream().filter(r -> !at.contains(r)).toList()) {
      room.perform(new Operation.Withdraw(gone, now));
      running.remove(gone);
    }
  }

  /** Where a type that it needs is not known here yet, it is tried again. */
  private boolean readable(RuleVersion v) {
    if (new RuleReader(room.model().model()).read(v.document()) instanceof RuleReading.Refused(var flaws)) {
      if (unreadable.add(v.rule() + "@" + v.version())) {
        log.warn("rule {} version {} cannot be put to work: {} {}", v.rule(), v.version(), flaws.getFirst().where(), flaws.getFirst().what().en());
      }
      return false;
    }
    return true;
  }
}
