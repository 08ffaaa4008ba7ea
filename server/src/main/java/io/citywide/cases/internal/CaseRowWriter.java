package io.citywide.cases.internal;

import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.LimitUnit;
import io.citywide.cases.Urgency;
import io.citywide.cases.WorkingCalendar;
import io.citywide.cases.internal.CaseRow.DueState;
import io.citywide.identity.People;
import io.citywide.identity.Units;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Adds names and due states to cases: one query for the units and one for the people, however many cases. */
@Component
public class CaseRowWriter {

  private final Deadlines deadlines;
  private final CaseSettings settings;
  private final Units units;
  private final People people;
  private final Places places;
  private final Catalogue catalogue;

  CaseRowWriter(Deadlines deadlines, CaseSettings settings, Units units, People people, Places places, Catalogue catalogue) {
    this.deadlines = deadlines;
    this.settings = settings;
    this.units = units;
    this.people = people;
    this.places = places;
    this.catalogue = catalogue;
  }

  /** Rows in the order of the cases; needs a transaction. */
  public List<CaseRow> rows(List<CaseView> cases, Instant now) {
    if (cases.isEmpty()) {
      return List.of();
    }
    Map<Long, String> unitNames = units.names(cases.stream().map(CaseView::leadUnitId).filter(Objects::nonNull).distinct().toList());
    Map<Long, String> personNames = people.names(cases.stream().map(CaseView::assigneeId).filter(Objects::nonNull).distinct().toList());
    WorkingCalendar calendar = deadlines.calendar();
    return cases.stream().map(c -> new CaseRow(c.id(), c.caseNo(), c.stage(), c.title(), c.kindId(), kindName(c.kindId()), c.areaCode(),
        places.describe(c.areaCode()), c.address(), c.lon(), c.lat(), c.urgency(), c.reportedAt(), c.stage().open() ? c.dueAt() : null, dueState(c, now),
        remaining(calendar, c, now), c.leadUnitId(), c.leadUnitId() == null ? null : unitNames.get(c.leadUnitId()),
        c.assigneeId() == null ? null : personNames.get(c.assigneeId()), c.signalCount(), c.supervised(), c.suspendedAt() != null, c.thumbnail(),
        c.version())).toList();
  }

  String kindName(String kindId) {
    return kindId == null ? null : catalogue.findKind(kindId).map(Kind::nameZh).orElse(kindId);
  }

  DueState dueState(CaseView c, Instant now) {
    if (!c.stage().open()) {
      return DueState.NONE;
    }
    if (c.suspendedAt() != null) {
      return DueState.PAUSED;
    }
    if (c.dueAt() == null) {
      return DueState.NONE;
    }
    return now.isAfter(c.dueAt()) ? DueState.OVERDUE : now.isAfter(c.dueAt().minus(settings.soon())) ? DueState.SOON : DueState.OK;
  }

  private static Long remaining(WorkingCalendar calendar, CaseView c, Instant now) {
    if (!c.stage().open() || c.dueAt() == null) {
      return null;
    }
    boolean atUnit = c.stage() == CaseStage.DISPATCHED || c.stage() == CaseStage.RECEIVED;
    LimitUnit unit = atUnit && c.disposalLimitUnit() != null ? c.disposalLimitUnit()
        : c.urgency() == Urgency.URGENT ? LimitUnit.URGENT_HOUR : LimitUnit.WORKING_HOUR;
    return calendar.between(now, c.dueAt(), unit).toMinutes();
  }
}
