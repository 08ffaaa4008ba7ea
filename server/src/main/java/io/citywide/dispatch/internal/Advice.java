package io.citywide.dispatch.internal;

import io.citywide.cases.CaseHistory;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.WorkingTime;
import io.citywide.dispatch.Dispatcher;
import io.citywide.dispatch.Reason;
import io.citywide.dispatch.Suggestion;
import io.citywide.dispatch.Suggestion.Alternative;
import io.citywide.dispatch.Suggestion.Unit;
import io.citywide.dispatch.internal.Matrix.Absence;
import io.citywide.dispatch.internal.Matrix.Question;
import io.citywide.dispatch.internal.Matrix.Verdict;
import io.citywide.identity.AreaScope;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Units;
import io.citywide.place.Catalogue;
import io.citywide.place.Components;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Reads the matrix for a case and puts the answer into words. */
@Component
class Advice implements Dispatcher {

  private static final int MOST_ALTERNATIVES = 5;

  /** The rules that came closest explain the choice; the rest would bury it. */
  private static final int MOST_COMPARED = 3;

  private final Cases cases;
  private final CaseHistory history;
  private final WorkingTime workingTime;
  private final Snapshots snapshots;
  private final Attendance attendance;
  private final Units units;
  private final Components components;
  private final Catalogue catalogue;
  private final Words words;
  private final Clock clock;
  private final ServerSettings server;

  Advice(Cases cases, CaseHistory history, WorkingTime workingTime, Snapshots snapshots, Attendance attendance, Units units, Components components,
      Catalogue catalogue, Words words, Clock clock, ServerSettings server) {
    this.cases = cases;
    this.history = history;
    this.workingTime = workingTime;
    this.snapshots = snapshots;
    this.attendance = attendance;
    this.units = units;
    this.components = components;
    this.catalogue = catalogue;
    this.words = words;
    this.clock = clock;
    this.server = server;
  }

  @Override
  @Transactional(readOnly = true)
  public Suggestion suggest(long caseId) {
    return suggest(cases.findCase(caseId)
        .orElseThrow(() -> new ProblemException(CaseProblem.UNKNOWN, "there is no case " + caseId + " in your sight").zh("没有此案件，或不在您的可见范围内")));
  }

  /** False only where it is certain that no switch is on; asks no database. */
  boolean mayBeAutomatic(String kindId, String areaCode) {
    return snapshots.recent().map(s -> s.automatic(new Question(kindId, major(kindId), areaCode, true, LocalDate.MIN))).orElse(true);
  }

  private KindPattern major(String kindId) {
    return kindId == null ? null : catalogue.findKind(kindId).map(KindPattern::majorOf).orElse(null);
  }

  /** Within a transaction. */
  Suggestion suggest(CaseView file) {
    Instant now = clock.instant();
    LocalDate today = LocalDate.ofInstant(now, server.zone());
    Question question = new Question(file.kindId(), major(file.kindId()), file.areaCode(), workingTime.isWorkingTime(now), today);
    Snapshot snapshot = snapshots.current();
    Verdict verdict = snapshot.matrix().choose(question, unit -> attendance.absence(unit, today));
    boolean automatic = snapshot.automatic(question);
    List<Reason> why = new ArrayList<>();
    Optional<UnitRef> owner = owner(file, today, why);
    if (owner.isPresent()) {
      verdict.chosen().filter(rule -> rule.leadUnitId() != owner.get().id()).ifPresent(rule -> why.add(words.ownerBefore(rule)));
      return new Suggestion(file.id(), unit(owner.get().id()), List.of(), null, automatic, why, List.of());
    }
    if (verdict.chosen().isEmpty()) {
      why.add(words.noRule(file.kindId(), file.areaCode(), question.working(), verdict.skipped()));
      verdict.skipped().forEach(s -> why.add(words.skipped(s)));
      return new Suggestion(file.id(), null, List.of(), null, automatic, why, alternatives(snapshot.matrix(), question));
    }
    Rule rule = verdict.chosen().get();
    List<Long> assisting = new ArrayList<>();
    List<Reason> leftOut = new ArrayList<>();
    for (long unit : rule.assistUnitIds()) {
      Optional<Absence> absence = attendance.absence(unit, today);
      absence.ifPresentOrElse(a -> leftOut.add(words.assistLeftOut(unit, a)), () -> assisting.add(unit));
    }
    why.add(words.chosen(rule, assisting));
    verdict.skipped().forEach(s -> why.add(words.skipped(s)));
    why.addAll(leftOut);
    verdict.beaten().stream().limit(MOST_COMPARED).forEach(b -> why.add(words.beaten(rule, b)));
    return new Suggestion(file.id(), unit(rule.leadUnitId()), assisting.stream().map(this::unit).toList(), rule.id(), automatic, why, List.of());
  }

  /**
   * Whoever owns the component that the case is about comes before every rule: the register says it of this very thing, a
   * rule of all of its kind. Empty where there is no component, no owner, or one that cannot work; {@code why} says so.
   */
  private Optional<UnitRef> owner(CaseView file, LocalDate today, List<Reason> why) {
    var component = components.find(file.componentIdent()).filter(c -> c.ownerCode() != null);
    if (component.isEmpty()) {
      return Optional.empty();
    }
    Optional<UnitRef> owner = units.findUnitByCode(component.get().ownerCode());
    if (owner.isEmpty()) {
      why.add(words.ownerUnknown(component.get()));
      return Optional.empty();
    }
    Optional<Absence> absence = Attendance.absence(owner.get(), today);
    why.add(absence.isPresent() ? words.ownerAbsent(component.get(), owner.get(), absence.get()) : words.owner(component.get(), owner.get()));
    return absence.isPresent() ? Optional.empty() : owner;
  }

  /** First who solved the same nearby, then who is responsible for the like, then whose area it is. */
  private List<Alternative> alternatives(Matrix matrix, Question question) {
    Map<Long, Alternative> found = new LinkedHashMap<>();
    if (question.kindId() != null) {
      for (String area : widening(question.areaCode())) {
        for (var record : history.listUnitsThatClosed(question.kindId(), area, MOST_ALTERNATIVES)) {
          offer(found, record.unitId(), question, unit -> words.handledHere(unit, question.kindId(), area, record.closedCases()));
        }
      }
      for (Rule rule : matrix.related(question)) {
        offer(found, rule.leadUnitId(), question, unit -> words.leadsInMatrix(unit, rule));
      }
    }
    units.listUnits().stream()
        .filter(u -> u.kind() == UnitKind.STREET_OFFICE || u.kind() == UnitKind.COMMUNITY)
        .filter(u -> AreaScope.of(u.areaCode()).covers(question.areaCode()))
        .sorted(Comparator.comparing((UnitRef u) -> u.areaCode().length()).reversed())
        .forEach(u -> offer(found, u.id(), question, words::worksHere));
    return List.copyOf(found.values());
  }

  /** Its street, then its district: where the same happened nearby. */
  private static List<String> widening(String areaCode) {
    List<String> areas = new ArrayList<>();
    for (int length : new int[] {9, 6}) {
      if (areaCode.length() >= length) {
        areas.add(areaCode.substring(0, length));
      }
    }
    return areas;
  }

  private void offer(Map<Long, Alternative> found, long unitId, Question question, java.util.function.Function<UnitRef, Reason> why) {
    if (found.size() < MOST_ALTERNATIVES && !found.containsKey(unitId)) {
      units.findUnit(unitId)
          .filter(unit -> Attendance.absence(unit, question.day()).isEmpty())
          .ifPresent(unit -> found.put(unitId, new Alternative(new Unit(unit.id(), unit.name()), why.apply(unit))));
    }
  }

  private Unit unit(long id) {
    return new Unit(id, units.findUnit(id).map(UnitRef::name).orElse("#" + id));
  }
}
