package io.citywide.open311.internal;

import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.intake.Accepted;
import io.citywide.intake.SignalQuery;
import io.citywide.intake.SignalView;
import io.citywide.intake.Signals;
import io.citywide.platform.Slice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Signals and what became of them, as anybody may know it: never who reported or who worked on it. */
@Component
class ServiceRequests {

  /** GeoReport v2: at most this many requests are answered. */
  static final int LIMIT = 1_000;

  private static final int PAGE = 200;

  /** Signals looked through for one answer; a state that is rare among them ends the search early. */
  private static final int SEARCHED = 20_000;

  /** What its senders meant for publication; what the hotline wrote down, or an inspector, is the city's own business. */
  private static final Set<String> PUBLISHED = Set.of("OPEN311", "PUBLIC");

  /**
   * One request.
   *
   * @param file {@code null} while it has no case
   * @param agency name of the responsible unit, {@code null} before the dispatch
   */
  record Entry(SignalView signal, CaseView file, String agency) {

    boolean open() {
      return file == null ? signal.state() != Accepted.Outcome.DECLINED : file.stage().open();
    }

    /** When something was last known to change. */
    Instant updatedAt() {
      return file == null ? signal.receivedAt() : file.stageSince().isAfter(signal.receivedAt()) ? file.stageSince() : signal.receivedAt();
    }

    CaseStage stage() {
      return file == null ? null : file.stage();
    }
  }

  private final Signals signals;
  private final Cases cases;
  private final Units units;

  ServiceRequests(Signals signals, Cases cases, Units units) {
    this.signals = signals;
    this.cases = cases;
    this.units = units;
  }

  /** Reading is public, so it is done by the server on everybody's behalf. */
  private static <T> T asEverybody(java.util.function.Supplier<T> work) {
    return Viewer.callAs(Viewer.system("open311"), work::get);
  }

  List<Entry> find(List<Long> ids) {
    return asEverybody(() -> entries(signals.listByIds(ids).stream().filter(signal -> PUBLISHED.contains(signal.channel())).toList()));
  }

  Optional<Entry> findByToken(String token) {
    return asEverybody(() -> signals.findByTrackingCode(token).map(signal -> entries(List.of(signal)).getFirst()));
  }

  /** Newest first, at most {@value #LIMIT}; empty {@code kinds} or {@code open} {@code null}: any. */
  List<Entry> list(Set<String> kinds, Boolean open, Instant from, Instant to) {
    return asEverybody(
        () -> {
          List<Entry> found = new ArrayList<>();
          int searched = 0;
          String after = null;
          do {
            Slice<SignalView> page = signals.list(new SignalQuery(null, PUBLISHED, kinds, null, null, from, to, PAGE, after));
            for (Entry entry : entries(page.items())) {
              if ((open == null || open == entry.open()) && found.size() < LIMIT) {
                found.add(entry);
              }
            }
            searched += page.items().size();
            after = page.next();
          } while (after != null && found.size() < LIMIT && searched < SEARCHED);
          return found;
        });
  }

  private List<Entry> entries(List<SignalView> page) {
    Map<Long, CaseView> files = cases.listCases(page.stream().map(SignalView::caseId).filter(Objects::nonNull).toList());
    Map<Long, String> names = units.names(files.values().stream().map(CaseView::leadUnitId).filter(Objects::nonNull).toList());
    return page.stream()
        .map(signal -> {
          CaseView file = signal.caseId() == null ? null : files.get(signal.caseId());
          return new Entry(signal, file, file == null || file.leadUnitId() == null ? null : names.get(file.leadUnitId()));
        })
        .toList();
  }
}
