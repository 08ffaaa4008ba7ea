package io.citywide.sensing.internal.watching;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.place.Catalogue;
import io.citywide.place.Places;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.warning.CapMessage;
import io.citywide.sensing.internal.watching.RuleVersion.Manner;
import io.citywide.sensing.internal.watching.RuleVersion.State;
import io.citywide.watch.Flaw;
import io.citywide.watch.Rule;
import io.citywide.watch.RuleReader;
import io.citywide.watch.RuleReading;
import io.citywide.watch.Words;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Watch rules and their versions: drafted, published, replaced, withdrawn. Whoever changes a rule must answer for the whole of its area;
 * each act is in the access log and so in the ledger, in its own transaction.
 */
@Service
public class RuleDesk {

  /** Topic of {@link Neighbours}: the rules at work, or what people ended, are not what they were. */
  static final String CHANGED = "watch-rules";

  private static final int LONGEST_NOTE = 1000;

  /** What reading a document gave: the rule, or everything that is wrong. */
  public record Checked(Rule rule, List<Flaw> flaws) {}

  /** A rule with its newest version and the one at work, which may be the same; either may be missing. */
  public record Head(RuleVersion newest, RuleVersion published) {}

  private final WatchRuleStore store;
  private final Model model;
  private final Places places;
  private final Catalogue catalogue;
  private final AccessLog access;
  private final Neighbours neighbours;
  private final Clock clock;

  RuleDesk(WatchRuleStore store, Model model, Places places, Catalogue catalogue, AccessLog access, Neighbours neighbours, Clock clock) {
    this.store = store;
    this.model = model;
    this.places = places;
    this.catalogue = catalogue;
    this.access = access;
    this.neighbours = neighbours;
    this.clock = clock;
  }

  /** Every rule of the scope, by id. */
  @Transactional(readOnly = true)
  public List<Head> list() {
    List<Head> heads = new ArrayList<>();
    for (RuleVersion v : store.listHeads()) {
      if (!heads.isEmpty() && heads.getLast().newest().rule().equals(v.rule())) {
        heads.set(heads.size() - 1, new Head(heads.getLast().newest(), v));
      } else {
        heads.add(new Head(v, v.state() == State.PUBLISHED ? v : null));
      }
    }
    return heads;
  }

  /** How many warnings of each rule are live within the scope. */
  @Transactional(readOnly = true)
  public Map<String, Long> countLive() {
    return store.countLive();
  }

  /**
   * All versions, the newest first.
   *
   * @throws ProblemException {@link WatchProblem#UNKNOWN_RULE}
   */
  @Transactional(readOnly = true)
  public List<RuleVersion> versions(String rule) {
    List<RuleVersion> versions = store.listVersions(rule);
    if (versions.isEmpty()) {
      throw unknown(rule);
    }
    return versions;
  }

  /** Reads a document; changes nothing. */
  public Checked check(String document) {
    return switch (new RuleReader(model.now().model()).read(document)) {
      case RuleReading.Refused(List<Flaw> flaws) -> new Checked(null, flaws);
      case RuleReading.Read(Rule rule) when !rule.area().isEmpty() && places.findArea(rule.area()).isEmpty() -> new Checked(null, List.of(
          new Flaw("unknown-area", "watch.area", new Words("There is no area \"" + rule.area() + "\".", "没有区划“" + rule.area() + "”。"),
              new Words("Write the code of an area in force in quotes, or leave it out for everywhere.", "请写现行区划代码并加引号；不写表示全域。"))));
      case RuleReading.Read(Rule rule) -> new Checked(rule, List.of());
    };
  }

  /**
   * Saves a draft: the one that there is, else a new version.
   *
   * @param edit {@link RuleVersion#edit()} of the draft that was changed; {@code null}: there was none
   * @throws ProblemException {@link WatchProblem#INVALID_RULE}, {@link WatchProblem#INVALID}, {@link WatchProblem#OUTSIDE_SCOPE},
   *     {@link WatchProblem#RULE_CHANGED}
   */
  @Transactional
  public RuleVersion save(String document, Manner manner, Integer edit) {
    Rule rule = readOrRefuse(document);
    check(manner);
    String areaLow = areaLow(rule);
    inScope(rule.id(), areaLow);
    store.lock(rule.id());
    Optional<RuleVersion> draft = store.find(rule.id(), State.DRAFT);
    draft.ifPresent(d -> inScope(d.rule(), d.areaLow()));
    if (draft.map(RuleVersion::edit).orElse(0) != (edit == null ? 0 : edit)) {
      throw changed(rule.id(), draft.orElse(null));
    }
    Viewer viewer = Viewer.current();
    int version = draft.map(RuleVersion::version).orElseGet(() -> store.newest(rule.id()) + 1);
    RuleVersion saved = new RuleVersion(rule.id(), version, State.DRAFT, (edit == null ? 0 : edit) + 1, document, new io.citywide.platform.Words(rule.name().en(), rule.name().zh()),
        rule.type(), areaLow, manner, viewer.personId(), viewer.displayName(), now(), null, null, null, null);
    if (draft.isPresent()) {
      store.change(saved);
    } else {
      try {
        store.insert(saved);
      } catch (DuplicateKeyException e) {
        throw new ProblemException(WatchProblem.OUTSIDE_SCOPE, "rule " + rule.id() + " is one of an area outside of your scope; choose another id", Map.of("rule", rule.id()))
            .zh("标识“" + rule.id() + "”已被您范围以外的规则使用，请换一个");
      }
    }
    return saved;
  }

  /**
   * Throws a draft away.
   *
   * @throws ProblemException {@link WatchProblem#UNKNOWN_RULE}, {@link WatchProblem#RULE_CHANGED}, {@link WatchProblem#OUTSIDE_SCOPE}
   */
  @Transactional
  public void discard(String rule, int edit) {
    store.delete(draft(rule, edit));
  }

  /**
   * Puts a draft to work, in place of the version that is. The watch takes it over within about a second, with the state it had.
   *
   * @throws ProblemException {@link WatchProblem#UNKNOWN_RULE}, {@link WatchProblem#RULE_CHANGED}, {@link WatchProblem#INVALID_RULE} where the types have
   *     changed since it was saved, {@link WatchProblem#OUTSIDE_SCOPE}
   */
  @Transactional
  public RuleVersion publish(String rule, int edit) {
    RuleVersion draft = draft(rule, edit);
    readOrRefuse(draft.document());
    Viewer viewer = Viewer.current();
    Instant now = now();
    store.find(rule, State.PUBLISHED).ifPresent(before -> {
      inScope(rule, before.areaLow());
      store.end(before, State.REPLACED, now);
    });
    store.publish(draft, viewer.personId(), viewer.displayName(), now);
    record("rule.published", draft);
    return store.find(rule, State.PUBLISHED).orElseThrow();
  }

  /**
   * Takes a rule away; its live warnings end.
   *
   * @param version at work
   * @throws ProblemException {@link WatchProblem#UNKNOWN_RULE}, {@link WatchProblem#NOTHING_TO_DO}, {@link WatchProblem#RULE_CHANGED},
   *     {@link WatchProblem#OUTSIDE_SCOPE}
   */
  @Transactional
  public void withdraw(String rule, int version) {
    store.lock(rule);
    List<RuleVersion> versions = versions(rule);
    RuleVersion published = versions.stream().filter(v -> v.state() == State.PUBLISHED).findFirst().orElseThrow(() ->
        new ProblemException(WatchProblem.NOTHING_TO_DO, "no version of rule " + rule + " is at work", Map.of("rule", rule)).zh("规则“" + rule + "”没有正在运行的版本"));
    inScope(rule, published.areaLow());
    if (published.version() != version) {
      throw changed(rule, published);
    }
    store.end(published, State.WITHDRAWN, now());
    record("rule.withdrawn", published);
  }

  private void record(String act, RuleVersion v) {
    access.record(act, "rule:" + v.rule() + "@" + v.version(), "done",
        Map.of("rule", v.rule(), "version", v.version(), "document", v.document(), "manner", v.manner()));
    neighbours.everywhere(CHANGED, Map.of("rule", v.rule()));
  }

  private RuleVersion draft(String rule, int edit) {
    store.lock(rule);
    versions(rule);
    RuleVersion draft = store.find(rule, State.DRAFT).orElseThrow(() ->
        new ProblemException(WatchProblem.NOTHING_TO_DO, "rule " + rule + " has no draft", Map.of("rule", rule)).zh("规则“" + rule + "”没有草稿"));
    inScope(rule, draft.areaLow());
    if (draft.edit() != edit) {
      throw changed(rule, draft);
    }
    return draft;
  }

  Rule readOrRefuse(String document) {
    Checked checked = check(document);
    if (checked.rule() == null) {
      Flaw first = checked.flaws().getFirst();
      throw new ProblemException(WatchProblem.INVALID_RULE, checked.flaws().size() + " flaws, the first at " + (first.where().isEmpty() ? "the beginning" : first.where()) + ": "
          + first.what().en() + " " + first.mend().en(), Map.of("flaws", checked.flaws())).zh("规则有" + checked.flaws().size() + "处问题，第一处在"
          + (first.where().isEmpty() ? "开头" : first.where()) + "：" + first.what().zh() + first.mend().zh());
    }
    return checked.rule();
  }

  private void check(Manner manner) {
    if (!CapMessage.CATEGORIES.contains(manner.category())) {
      throw new ProblemException(WatchProblem.INVALID, "category is one of " + CapMessage.CATEGORIES.stream().sorted().toList() + ", was '" + manner.category() + "'",
          Map.of("field", "category", "value", manner.category())).zh("预警类别应为CAP 1.2的类别之一");
    }
    if (manner.caseKind() != null && catalogue.findKind(manner.caseKind()).isEmpty()) {
      throw new ProblemException(WatchProblem.INVALID, "caseKind is the id of a kind of the catalogue, such as gb30428.2-M0110, was '" + manner.caseKind() + "'",
          Map.of("field", "caseKind", "value", manner.caseKind())).zh("没有案件类别“" + manner.caseKind() + "”，请从类别表中选择");
    }
    if (manner.note().length() > LONGEST_NOTE) {
      throw new ProblemException(WatchProblem.INVALID, "note has at most " + LONGEST_NOTE + " characters, was " + manner.note().length(),
          Map.of("field", "note", "value", manner.note().length(), "bound", LONGEST_NOTE)).zh("说明最多" + LONGEST_NOTE + "字，现有" + manner.note().length() + "字");
    }
  }

  private static String areaLow(Rule rule) {
    return rule.area().isEmpty() ? "" : AreaScope.of(rule.area()).low();
  }

  private static void inScope(String rule, String areaLow) {
    AreaScope scope = Viewer.current().area();
    if (!(areaLow.isEmpty() ? scope.wholeCity() : scope.covers(areaLow))) {
      throw new ProblemException(WatchProblem.OUTSIDE_SCOPE, "rule " + rule + " holds " + (areaLow.isEmpty() ? "everywhere" : "in " + areaLow) + ", you answer for "
          + Viewer.current().areaCode() + "; write an area within it", Map.of("field", "watch.area", "value", areaLow))
          .zh("规则适用范围" + (areaLow.isEmpty() ? "为全域" : "为" + areaLow) + "，超出您的管辖范围" + Viewer.current().areaCode() + "，请在 watch.area 中写明范围内的区划");
    }
  }

  private static ProblemException unknown(String rule) {
    return new ProblemException(WatchProblem.UNKNOWN_RULE, "there is no rule " + rule + " within your scope", Map.of("rule", rule)).zh("没有规则“" + rule + "”，或不在您的可见范围内");
  }

  private static ProblemException changed(String rule, RuleVersion now) {
    return new ProblemException(WatchProblem.RULE_CHANGED, "rule " + rule + (now == null ? " has no draft any more" : " has been changed by " + now.savedName() + " at " + now.savedAt())
        + "; read it again", now == null ? Map.of("rule", rule) : Map.of("rule", rule, "version", now.version(), "edit", now.edit()))
        .zh(now == null ? "规则“" + rule + "”的草稿已不在，请刷新后重试" : "规则“" + rule + "”已被" + now.savedName() + "修改，请刷新后重试");
  }

  private Instant now() {
    return clock.instant();
  }
}
