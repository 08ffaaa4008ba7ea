package io.citywide.sensing.internal.web;

import io.citywide.identity.People;
import io.citywide.identity.Permission;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.place.AreaLevel;
import io.citywide.place.Places;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.HotSpots;
import io.citywide.sensing.internal.warning.Origin;
import io.citywide.sensing.internal.warning.Warning;
import io.citywide.sensing.internal.warning.WarningAct;
import io.citywide.sensing.internal.warning.WarningDesk.Delivery;
import io.citywide.sensing.internal.warning.WarningDesk.Full;
import io.citywide.sensing.internal.warning.WarningDesk.Letter;
import io.citywide.sensing.internal.warning.WarningStep;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Warnings as the interface shows them: with the names of areas, units and people. */
@Component
class WarningViews {

  record UnitName(long id, String name) {}

  /** @param reasonZh why it has its grade, or why it ended */
  record View(long id, Origin origin, String rule, int ruleVersion, String nameZh, String nameEn, String subject, String subjectZh, String subjectEn, long number,
      String category, boolean live, WarningGrade grade, WarningGrade worst, Instant since, Instant gradeSince, Instant changedAt, Instant endedAt, String reasonZh,
      String reasonEn, Map<String, Double> readings, int alarms, Instant lastAlarmAt, Long deviceId, String typeCode, String groupCode, String buildingIdent, String componentIdent,
      Double lon, Double lat, String areaCode, String areaName, UnitName ownerUnit, List<UnitName> toldUnits, String acknowledgedName, Instant acknowledgedAt, String endedName,
      Warning.Verdict verdict, boolean openToAll, boolean wantsCase, AreaLevel toldLevel, Instant escalateAt) {}

  record StepView(int seq, WarningAct act, WarningGrade grade, Instant at, Instant writtenAt, String reasonZh, String reasonEn, Map<String, Double> readings, String personName,
      String capId, Instant capSent) {}

  /** @param toName unit or person; {@code null}: an address alone */
  record DeliveryView(long id, int seq, String level, String toName, String way, String address, Long routeId, String whyZh, String whyEn, boolean asks, String state, int attempts,
      Instant madeAt, Instant sentAt, Instant nextAt, String faultCode, String faultZh, String faultEn, Instant acknowledgedAt) {}

  /** @param unit UCUM code, {@code 1} for none */
  record ReadingNameView(String nameZh, String nameEn, String unit) {}

  /** @param readingNames what people read in place of the names of its readings; those without have none here */
  record FullView(View warning, List<StepView> steps, List<DeliveryView> deliveries, Map<String, ReadingNameView> readingNames) {}

  /** @param path of its page in the console */
  record ReportView(YearMonth month, String areaCode, String areaName, String path) {}

  /** Of a warning or of a report; the other is {@code null}. */
  record LetterView(DeliveryView delivery, View warning, ReportView report) {}

  private final Units units;
  private final People people;
  private final Places places;

  WarningViews(Units units, People people, Places places) {
    this.units = units;
    this.people = people;
    this.places = places;
  }

  List<View> list(Collection<Warning> warnings) {
    Set<Long> ids = warnings.stream().flatMap(w -> w.units().stream()).collect(Collectors.toSet());
    Map<Long, String> names = ids.isEmpty() ? Map.of() : units.names(ids);
    return warnings.stream().map(w -> view(w, names)).toList();
  }

  View one(Warning w) {
    return list(List.of(w)).getFirst();
  }

  private View view(Warning w, Map<Long, String> names) {
    return new View(w.id(), w.origin(), w.rule(), w.ruleVersion(), w.name().zh(), w.name().en(), w.subject(), w.subjectName().zh(), w.subjectName().en(), w.number(), w.category(),
        w.live(), w.grade(), w.worst(), w.since(), w.gradeSince(), w.changedAt(), w.endedAt(), w.reason().zh(), w.reason().en(), w.readings(), w.alarms(), w.lastAlarmAt(),
        w.deviceId(), w.typeCode(), w.groupCode(), w.buildingIdent(), w.componentIdent(), w.lon(), w.lat(), w.areaCode(), places.describe(w.areaCode()),
        w.ownerUnitId() == null ? null : unit(w.ownerUnitId(), names), w.unitIds().stream().map(id -> unit(id, names)).toList(), w.acknowledgedName(), w.acknowledgedAt(),
        w.endedName(), w.verdict(), w.openToAll(), w.wantsCase(), w.toldLevel(), w.escalateAt());
  }

  private static UnitName unit(long id, Map<Long, String> names) {
    return new UnitName(id, names.getOrDefault(id, "#" + id));
  }

  FullView full(Full full) {
    return new FullView(one(full.warning()), full.steps().stream().map(WarningViews::step).toList(), deliveries(full.deliveries()),
        full.names().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> new ReadingNameView(e.getValue().name().zh(), e.getValue().name().en(), e.getValue().unit()))));
  }

  private static StepView step(WarningStep s) {
    return new StepView(s.seq(), s.act(), s.grade(), s.at(), s.writtenAt(), s.reason().zh(), s.reason().en(), s.readings(), s.personName(), s.capId(), s.capSent());
  }

  List<LetterView> letters(List<Letter> letters) {
    List<DeliveryView> deliveries = deliveries(letters.stream().map(Letter::delivery).toList());
    Map<Long, View> warnings = list(letters.stream().map(Letter::warning).filter(Objects::nonNull).toList()).stream().collect(Collectors.toMap(View::id, v -> v));
    return java.util.stream.IntStream.range(0, letters.size())
        .mapToObj(i -> new LetterView(deliveries.get(i), warnings.get(letters.get(i).delivery().warningId()), report(letters.get(i).delivery().report()))).toList();
  }

  private ReportView report(HotSpots.Edition of) {
    return of == null ? null : new ReportView(of.month(), of.areaCode(), places.describe(of.areaCode()), of.path());
  }

  private List<DeliveryView> deliveries(List<Delivery> deliveries) {
    boolean editor = Viewer.current().may(Permission.RULE_EDIT);
    Set<Long> unitIds = deliveries.stream().map(Delivery::unitId).filter(Objects::nonNull).collect(Collectors.toCollection(HashSet::new));
    Set<Long> personIds = deliveries.stream().map(Delivery::personId).filter(Objects::nonNull).collect(Collectors.toCollection(HashSet::new));
    Map<Long, String> unitNames = unitIds.isEmpty() ? Map.of() : units.names(unitIds);
    Map<Long, String> personNames = personIds.isEmpty() ? Map.of() : people.names(personIds);
    return deliveries.stream().map(d -> new DeliveryView(d.id(), d.seq(), d.level(), d.personId() != null ? personNames.get(d.personId()) : unitNames.get(d.unitId()), d.way(),
        editor && !d.way().equals("PUSH") ? d.address() : "", d.routeId(), d.why().zh(), d.why().en(), d.asks(), d.state(), d.attempts(), d.madeAt(), d.sentAt(), d.nextAt(), d.faultCode(),
        d.fault() == null ? null : d.fault().zh(), d.fault() == null ? null : d.fault().en(), d.acknowledgedAt())).toList();
  }
}
