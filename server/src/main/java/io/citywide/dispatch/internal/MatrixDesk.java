package io.citywide.dispatch.internal;

import io.citywide.dispatch.DispatchProblem;
import io.citywide.dispatch.internal.RuleStore.RuleQuery;
import io.citywide.identity.AccessLog;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Reads and changes the responsibility matrix within the viewer's area. */
@Component
public class MatrixDesk {

  /** What came of one rule of an import. */
  public enum Taken {
    CREATED,
    CHANGED,
    UNCHANGED
  }

  private final RuleStore store;
  private final RuleReading reading;
  private final Snapshots snapshots;
  private final AccessLog access;

  MatrixDesk(RuleStore store, RuleReading reading, Snapshots snapshots, AccessLog access) {
    this.store = store;
    this.reading = reading;
    this.snapshots = snapshots;
    this.access = access;
  }

  /** Rules that hold somewhere in the viewer's area, in the order of their ids; {@code null} filters narrow nothing. */
  @Transactional(readOnly = true)
  public Slice<Rule> list(String kindPattern, String areaCode, Long unitId, long after, int limit) {
    List<Rule> page = store.listRules(new RuleQuery(kindPattern, areaCode, unitId), after, limit + 1);
    boolean more = page.size() > limit;
    List<Rule> items = more ? page.subList(0, limit) : page;
    return new Slice<>(items, more ? String.valueOf(items.getLast().id()) : null);
  }

  /**
   * @throws ProblemException {@code dispatch.invalid-rule}, {@code dispatch.outside-scope}, {@code dispatch.rule-taken}
   */
  @Transactional
  public Rule create(RuleDraft draft) {
    Rule rule = checked(draft, 0);
    try {
      Rule made = store.insert(rule);
      record("matrix.added", made);
      snapshots.changed();
      return made;
    } catch (DuplicateKeyException e) {
      throw taken(rule);
    }
  }

  /**
   * @param version that the change was made on
   * @throws ProblemException as {@link #create}, and {@code dispatch.unknown-rule}, {@code dispatch.rule-changed}
   */
  @Transactional
  public Rule change(long id, int version, RuleDraft draft) {
    Rule before = store.findRule(id).orElseThrow(() -> unknown(id));
    inScope(before.areaCode());
    Rule rule = checked(draft, id).withVersion(version);
    try {
      Rule made = store.change(rule)
          .orElseThrow(() -> new ProblemException(DispatchProblem.RULE_CHANGED,
              "rule " + id + " has version " + before.version() + " by now, your change was made on " + version + "; read it again",
              Map.of("version", before.version())).zh("规则已被他人修改，请刷新后重试"));
      record("matrix.changed", made);
      snapshots.changed();
      return made;
    } catch (DuplicateKeyException e) {
      throw taken(rule);
    }
  }

  /**
   * @throws ProblemException {@code dispatch.unknown-rule}, {@code dispatch.outside-scope}
   */
  @Transactional
  public void delete(long id) {
    Rule rule = store.findRule(id).orElseThrow(() -> unknown(id));
    inScope(rule.areaCode());
    store.delete(id);
    record("matrix.removed", rule);
    snapshots.changed();
  }

  /**
   * Takes the rules as they are to be: one of the same kind, area, hours and first day is replaced where it says
   * something else. Must have been read by {@link RuleReading}.
   */
  @Transactional
  public List<Taken> takeAll(List<Rule> rules) {
    List<Taken> taken = rules.stream().map(this::take).toList();
    if (taken.stream().anyMatch(t -> t != Taken.UNCHANGED)) {
      snapshots.changed();
    }
    return taken;
  }

  private Taken take(Rule rule) {
    Optional<Rule> there = store.findSameKey(rule);
    if (there.isEmpty()) {
      record("matrix.added", store.insert(rule));
      return Taken.CREATED;
    }
    if (there.get().saysTheSameAs(rule)) {
      return Taken.UNCHANGED;
    }
    store.change(rule.withId(there.get().id()).withVersion(there.get().version())).ifPresent(made -> record("matrix.changed", made));
    return Taken.CHANGED;
  }

  @Transactional(readOnly = true)
  public List<Switch> listSwitches() {
    return store.listSwitches();
  }

  /**
   * Turns automatic dispatch on or off; all or none.
   *
   * @throws ProblemException {@code dispatch.invalid-rule}, {@code dispatch.outside-scope}
   */
  @Transactional
  public List<Switch> put(List<Switch> switches) {
    for (Switch s : switches) {
      reading.kind(s.kind().text());
      reading.area(s.areaCode());
      inScope(s.areaCode());
      store.put(s);
      access.record("matrix.switched", "switch:" + s.kind().text() + "@" + s.areaCode(), "done", Map.of("switch", s));
    }
    snapshots.changed();
    return store.listSwitches();
  }

  private void record(String act, Rule rule) {
    access.record(act, "rule:" + rule.id(), "done", Map.of("rule", rule));
  }

  private Rule checked(RuleDraft draft, long id) {
    Rule rule = reading.read(draft);
    inScope(rule.areaCode());
    return rule.withId(id);
  }

  private static void inScope(String areaCode) {
    if (!RuleReading.within(Viewer.current(), areaCode)) {
      throw new ProblemException(DispatchProblem.OUTSIDE_SCOPE,
          (areaCode.isEmpty() ? "a rule for every area" : "area " + areaCode) + " is beyond your own area "
              + Viewer.current().areaCode() + ", whose rules alone you may change",
          Map.of("field", "areaCode", "value", areaCode))
          .zh((areaCode.isEmpty() ? "全部区域" : "区域 " + areaCode) + "超出您的管理范围，您只能修改本区域的规则");
    }
  }

  private static ProblemException unknown(long id) {
    return new ProblemException(DispatchProblem.UNKNOWN_RULE, "there is no rule " + id + " in your area").zh("没有此规则，或不在您的区域内");
  }

  private static ProblemException taken(Rule rule) {
    return new ProblemException(DispatchProblem.RULE_TAKEN,
        "there is a rule already for " + rule.kind().text() + " in " + rule.areaCode() + ", " + rule.hours() + ", from "
            + (rule.validFrom() == null ? "ever since" : rule.validFrom()) + "; change that one, or give this one another first day")
        .zh("同一类别、区域、时段和起始日已有规则；请修改该规则，或另设起始日");
  }
}
