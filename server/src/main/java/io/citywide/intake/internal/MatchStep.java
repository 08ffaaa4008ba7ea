package io.citywide.intake.internal;

import io.citywide.grid.GridCell;
import io.citywide.grid.GridCovering;
import io.citywide.intake.Accepted.Outcome;
import io.citywide.intake.Decision;
import io.citywide.intake.internal.matching.Candidate;
import io.citywide.intake.internal.matching.Match;
import io.citywide.intake.internal.matching.Matcher;
import io.citywide.intake.internal.matching.Sighting;
import io.citywide.intake.spi.CandidateQuery;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.CaseRef;
import io.citywide.intake.spi.JoinedSignal;
import io.citywide.intake.spi.Likeness;
import io.citywide.intake.spi.NewCase;
import io.citywide.intake.spi.OpenCase;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Fourth step: is it known already? Joins the open case about the same problem, or opens one.
 *
 * <p>Of two reports of the same new problem at the same moment, one must see the case that the other opens. So before
 * candidates are read, a report takes an advisory lock on every level 4 cell (1′, about 1.6 km) its radius touches, in
 * ascending order: two reports within reach share at least the cell of one of them. The locks end with the
 * transaction; the next holder, at READ COMMITTED, reads what was committed. They are per cell and not per kind,
 * because a report of unknown kind may match any.
 */
@Component
class MatchStep {

  private static final int LOCK_LEVEL = 4;
  private static final double LOCK_CELL_DEGREES = 1 / 60.0;
  /** Keeps these locks apart from other advisory locks; grid keys leave the top bit but one free. */
  static final long LOCK_SPACE = 0x4000_0000_0000_0000L;
  private static final double METERS_PER_DEGREE = 110_000;
  private static final int FINEST_LEVEL = 7;
  private static final int MAX_RANGES = 8;
  private static final int MAX_CANDIDATES = 200;

  /** A neighbour that fits at least so well is named, so that a person may join the two. */
  private static final double WORTH_NAMING = 0.2;

  private final JdbcClient jdbc;
  private final CaseDesk desk;
  private final SignalStore signals;
  private final Matcher matcher;
  private final ReporterSeal reporters;

  MatchStep(JdbcClient jdbc, @Lazy CaseDesk desk, SignalStore signals, MatchProfileStore profiles, Likeness likeness, ReporterSeal reporters) {
    this.reporters = reporters;
    this.jdbc = jdbc;
    this.desk = desk;
    this.signals = signals;
    this.matcher = new Matcher(profiles.profiles(), likeness);
  }

  /** Where a signal went. */
  record Placed(Outcome outcome, CaseRef ref) {}

  /** Waits until no other transaction matches within reach of any of the drafts. Before anything is read that they may change. */
  void lock(Collection<Draft> drafts) {
    Set<Long> keys = new TreeSet<>();
    for (Draft draft : drafts) {
      if (draft.hasPoint()) {
        addCells(draft.lon, draft.lat, radiusMeters(draft), keys);
      }
    }
    if (!keys.isEmpty()) {
      // The keys are taken in the order of the array.
      jdbc.sql("SELECT count(pg_advisory_xact_lock(key)) FROM unnest(:keys::bigint[]) AS k (key)")
          .param("keys", keys.stream().map(key -> key | LOCK_SPACE).toArray(Long[]::new)).query(Long.class).single();
    }
  }

  /** The cells that a circle's box touches: samples no farther apart than a cell is wide, its corners included. */
  static void addCells(double lon, double lat, double radiusMeters, Set<Long> keys) {
    double dLat = radiusMeters / METERS_PER_DEGREE;
    double dLon = dLat / Math.cos(Math.toRadians(lat));
    int rows = (int) Math.ceil(2 * dLat / LOCK_CELL_DEGREES);
    int columns = (int) Math.ceil(2 * dLon / LOCK_CELL_DEGREES);
    for (int row = 0; row <= rows; row++) {
      for (int column = 0; column <= columns; column++) {
        double x = Math.clamp(lon - dLon + 2 * dLon * column / columns, -180, 180);
        double y = Math.clamp(lat - dLat + 2 * dLat * row / rows, -87.999, 87.999);
        keys.add(GridCell.of(x, y, LOCK_LEVEL).key());
      }
    }
  }

  /** A report of unknown kind may match by any profile. */
  private double radiusMeters(Draft draft) {
    var profiles = matcher.profiles();
    return draft.kind == null ? profiles.widestRadiusMeters() : profiles.of(draft.kindId()).radiusMeters();
  }

  private double windowHours(Draft draft) {
    var profiles = matcher.profiles();
    return draft.kind == null ? profiles.longestWindowHours() : profiles.of(draft.kindId()).windowHours();
  }

  /** The draft has a point, a signal id, and {@link #lock} was called for it. */
  Placed apply(Draft draft) {
    List<Candidate> candidates = candidates(draft);
    Optional<Match> best = matcher.best(sighting(draft), candidates);
    while (best.isPresent() && best.get().score() >= Matcher.JOIN) {
      Optional<Placed> joined = join(draft, best.get());
      if (joined.isPresent()) {
        return joined.get();
      }
      // Somebody closed it in this moment: it is no candidate any more.
      long closed = best.get().candidate().caseId();
      candidates = candidates.stream().filter(c -> c.caseId() != closed).toList();
      best = matcher.best(sighting(draft), candidates);
    }
    if (best.isPresent() && best.get().score() >= WORTH_NAMING) {
      Match near = best.get();
      draft.decide(new Decision("match", "OPENED", "match.opened-unlike",
          "立为新案件；最接近的是 " + near.candidate().caseNo() + "（" + near.why() + "，可信度 " + percent(near.score()) + "），不足以并案", near.facts(), draft.receivedAt));
    } else {
      draft.decide(new Decision("match", "OPENED", "match.opened",
          Math.round(radiusMeters(draft)) + " 米内没有相同问题的在办案件，立为新案件", Map.of("radiusMeters", radiusMeters(draft), "windowHours", windowHours(draft)), draft.receivedAt));
    }
    CaseRef opened = desk.open(new NewCase(draft.signalId, draft.kindId(), draft.title, draft.given.description(), draft.lon, draft.lat,
        draft.gridKey, draft.areaCode, draft.given.address(), draft.component == null ? null : draft.component.ident(), draft.urgency,
        draft.given.channel(), draft.occurredAt, draft.receivedAt, draft.by.personId(), draft.by.role() == null ? null : draft.by.role().name(),
        draft.actorName(), draft.given.media(), draft.why()));
    return new Placed(Outcome.OPENED, opened);
  }

  private Optional<Placed> join(Draft draft, Match match) {
    Optional<CaseRef> joined = desk.join(match.candidate().caseId(), new JoinedSignal(draft.signalId, draft.given.channel(), draft.given.description(),
        draft.urgency, draft.receivedAt, draft.by.personId(), draft.by.role() == null ? null : draft.by.role().name(), draft.actorName(),
        draft.given.media(), match.score(), match.why()));
    joined.ifPresent(ref -> draft.decide(new Decision("match", "JOINED", "match.joined",
        "并入 " + ref.caseNo() + "：" + match.why() + "，可信度 " + percent(match.score()), match.facts(), draft.receivedAt)));
    return joined.map(ref -> new Placed(Outcome.JOINED, ref));
  }

  private static String percent(double score) {
    return Math.round(score * 100) + "%";
  }

  private List<Candidate> candidates(Draft draft) {
    var ranges = GridCovering.ofCircle(draft.lon, draft.lat, radiusMeters(draft), FINEST_LEVEL, MAX_RANGES).ranges();
    var since = draft.receivedAt.minus(Duration.ofMinutes(Math.round(windowHours(draft) * 60)));
    List<OpenCase> open = desk.openCasesNear(new CandidateQuery(ranges, since, MAX_CANDIDATES));
    if (open.isEmpty()) {
      return List.of();
    }
    Map<Long, List<SignalStore.Said>> said = signals.lastSaid(open.stream().map(OpenCase::caseId).toList());
    return open.stream().map(c -> candidate(c, said.getOrDefault(c.caseId(), List.of()))).toList();
  }

  private static Candidate candidate(OpenCase c, List<SignalStore.Said> said) {
    Set<String> reporters = new HashSet<>();
    said.forEach(s -> {
      if (s.reporter() != null) {
        reporters.add(s.reporter());
      }
    });
    List<String> texts = said.isEmpty() ? List.of(c.description() == null ? "" : c.description()) : said.stream().map(SignalStore.Said::text).toList();
    return new Candidate(c.caseId(), c.caseNo(), c.kindId(), c.lon(), c.lat(), c.address(), c.componentIdent(), c.reportedAt(), c.lastSignalAt(), texts, reporters);
  }

  private Sighting sighting(Draft draft) {
    return new Sighting(draft.kindId(), draft.lon, draft.lat, draft.given.address(), draft.component == null ? null : draft.component.ident(),
        draft.receivedAt, SignalStore.text(draft.given.title(), draft.given.description()), reporters.key(draft.given.reporter()));
  }
}
