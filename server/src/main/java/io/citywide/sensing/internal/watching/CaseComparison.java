package io.citywide.sensing.internal.watching;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Permission;
import io.citywide.identity.Viewer;
import io.citywide.place.Catalogue;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.spi.ReportedCases;
import io.citywide.sensing.spi.ReportedCases.Around;
import io.citywide.sensing.spi.ReportedCases.Ground;
import io.citywide.sensing.spi.ReportedCases.OfKind;
import io.citywide.sensing.spi.ReportedCases.Site;
import io.citywide.sensing.spi.ReportedCases.Stretch;
import io.citywide.watch.Rehearsal.Episode;
import io.citywide.watch.Rule;
import io.citywide.watch.Rule.Per;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Holds the episodes of a rehearsal beside what people reported around their devices at the time. */
@Component
class CaseComparison {

  /** Most cases that are told of one episode, and of those missed; all are counted. */
  static final int MOST_CASES = 20;

  private static final int MOST_METERS = 2000;
  private static final Duration LONGEST = Duration.ofDays(7);

  /** A device of the rule. {@code subject}: what its warnings are about. */
  record Watched(String subject, Site site) {}

  private final ObjectProvider<ReportedCases> cases;
  private final Catalogue catalogue;

  CaseComparison(ObjectProvider<ReportedCases> cases, Catalogue catalogue) {
    this.cases = cases;
    this.catalogue = catalogue;
  }

  /** @throws ProblemException {@link WatchProblem#INVALID} naming field and bound */
  void check(RehearsalDesk.Beside beside) {
    if (beside.meters() < 1 || beside.meters() > MOST_METERS) {
      throw new ProblemException(WatchProblem.INVALID, "nearMeters is 1 to " + MOST_METERS + ", was " + beside.meters(),
          Map.of("field", "nearMeters", "value", beside.meters(), "bound", MOST_METERS)).zh("距离须为1至" + MOST_METERS + "米");
    }
    if (beside.within().isNegative() || beside.within().compareTo(LONGEST) > 0) {
      throw new ProblemException(WatchProblem.INVALID, "nearHours is 0 to " + LONGEST.toHours() + ", was " + beside.within().toHours(),
          Map.of("field", "nearHours", "value", beside.within().toHours(), "bound", LONGEST.toHours())).zh("时间须为0至" + LONGEST.toHours() + "小时");
    }
    if (beside.kindId() != null && catalogue.findKind(beside.kindId()).isEmpty()) {
      throw new ProblemException(WatchProblem.INVALID, "caseKind is the id of a kind of the catalogue, such as gb47678.5-M06010, was '" + beside.kindId() + "'",
          Map.of("field", "caseKind", "value", beside.kindId())).zh("没有案件类别“" + beside.kindId() + "”，请从类别表中选择");
    }
  }

  /**
   * Compares; in a transaction.
   *
   * @param episodes those that are compared, of which the first {@code told} are told with their cases
   * @param until end of the rehearsal, which ends episodes that would go on
   * @return empty where the viewer may not see cases, or nobody keeps any
   */
  Optional<RehearsalDesk.Compared> compare(Rule rule, RehearsalDesk.Beside beside, List<Watched> devices, List<Episode> episodes, int told, Instant from, Instant until) {
    ReportedCases reported = cases.getIfAvailable();
    if (reported == null || !Viewer.current().may(Permission.CASE_READ)) {
      return Optional.empty();
    }
    List<Site> sites = new ArrayList<>();
    Map<String, List<Integer>> bySubject = new HashMap<>();
    for (Watched device : devices) {
      bySubject.computeIfAbsent(device.subject(), s -> new ArrayList<>()).add(sites.size());
      sites.add(device.site());
    }
    List<Stretch> stretches = episodes.stream().map(e -> new Stretch(bySubject.getOrDefault(e.subject(), List.of()), Instant.ofEpochMilli(e.raised()).minus(beside.within()),
        (e.ended() == 0 ? until : Instant.ofEpochMilli(e.ended())).plus(beside.within()))).toList();
    List<Around> around = reported.around(sites, stretches, beside.meters(), MOST_CASES);
    OfKind ofKind = beside.kindId() == null ? null
        : reported.ofKind(new Ground(beside.kindId(), rule.area().isEmpty() ? AreaScope.ALL : AreaScope.of(rule.area()), from, until), sites, stretches, beside.meters(), MOST_CASES);
    long with = around.stream().filter(a -> a.count() > 0).count();
    return Optional.of(new RehearsalDesk.Compared(beside, episodes.size(), with, episodes.size() - with, List.copyOf(around.subList(0, Math.min(told, around.size()))), ofKind));
  }

  /** What a warning of this device would be about. */
  static String subject(Rule rule, String code, String group) {
    return rule.per() == Per.GROUP ? group : code;
  }
}
