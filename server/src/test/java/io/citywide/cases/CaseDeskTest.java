package io.citywide.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.grid.GridCell;
import io.citywide.grid.GridCovering;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.UnitRef;
import io.citywide.intake.spi.CandidateQuery;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.CaseRef;
import io.citywide.intake.spi.HistoricCase;
import io.citywide.intake.spi.JoinedSignal;
import io.citywide.intake.spi.NewCase;
import io.citywide.intake.spi.OpenCase;
import io.citywide.platform.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;

/** The desk that intake uses. */
@ServerTest
class CaseDeskTest {

  private static final String AREA = "997101001001001";

  @Autowired CaseDesk desk;
  @Autowired Cases cases;
  @Autowired TestPeople people;
  @Autowired TransactionTemplate transaction;

  private <T> T asSystem(Callable<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> {
      try {
        return work.call();
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }));
  }

  static NewCase newCase(double lon, double lat, String area, Instant at) {
    return new NewCase(1, "gb47678.5-M06010", "井盖破损", "路口井盖破损", lon, lat, GridCell.of(lon, lat, 9).key(), area, "望江路 3 号", null, "NORMAL",
        "HOTLINE", at, at, null, null, "热线", List.of(), "位置由话务员给出");
  }

  private static JoinedSignal joined(Instant at) {
    return new JoinedSignal(2, "OPEN311", "同一个井盖", "URGENT", at, null, null, "市民", List.of("ab".repeat(32)), 0.9, "相距 3 米");
  }

  @Test
  void opensACaseWithANumberOfDistrictDayAndSequence() {
    Instant at = Instant.parse("2026-03-02T17:30:00Z");

    CaseRef ref = asSystem(() -> desk.open(newCase(118.10, 32.10, AREA, at)));

    // 17:30 in Greenwich is the third of March in Shanghai.
    assertThat(ref.caseNo()).hasSize(19).startsWith("99710120260303").matches("\\d{19}");
    CaseView file = asSystem(() -> cases.findCase(ref.caseId()).orElseThrow());
    assertThat(file.stage()).isEqualTo(CaseStage.REPORTED);
    // Reported at 01:30, the 30 working minutes of filing begin at 08:00.
    assertThat(file.filingDueAt()).isEqualTo(Instant.parse("2026-03-03T00:30:00Z"));
    assertThat(file.dueAt()).isEqualTo(file.filingDueAt());
    assertThat(asSystem(() -> cases.listSteps(ref.caseId()))).singleElement().satisfies(s -> {
      assertThat(s.action()).isEqualTo(CaseAction.OPEN);
      assertThat(s.seq()).isEqualTo(1);
      assertThat(s.fromStage()).isNull();
      assertThat(s.details()).containsEntry("why", "位置由话务员给出");
    });
  }

  @Test
  void findsOpenCasesAroundAPointInOneQuery() {
    Instant now = Instant.parse("2026-03-02T03:00:00Z");
    CaseRef near = asSystem(() -> desk.open(newCase(118.2000, 32.2000, AREA, now)));
    CaseRef nearToo = asSystem(() -> desk.open(newCase(118.2001, 32.2001, AREA, now.plusSeconds(60))));
    asSystem(() -> desk.open(newCase(118.2100, 32.2000, AREA, now)));
    CaseRef old = asSystem(() -> desk.open(newCase(118.2000, 32.2000, AREA, now.minusSeconds(86_400 * 30))));
    var ranges = GridCovering.ofCircle(118.2, 32.2, 50, 7, 32).ranges();

    List<OpenCase> found = asSystem(() -> desk.openCasesNear(new CandidateQuery(ranges, now.minusSeconds(86_400), 100)));

    assertThat(found).extracting(OpenCase::caseId).containsExactly(nearToo.caseId(), near.caseId());
    asSystem(() -> {
      desk.join(old.caseId(), joined(now));
      return null;
    });
    assertThat(asSystem(() -> desk.openCasesNear(new CandidateQuery(ranges, now.minusSeconds(86_400), 100)))).extracting(OpenCase::caseId)
        .contains(old.caseId());
  }

  @Test
  void joiningCountsTheSignalAndSaysWhy() {
    Instant now = Instant.parse("2026-03-02T03:00:00Z");
    CaseRef ref = asSystem(() -> desk.open(newCase(118.3, 32.3, AREA, now)));

    asSystem(() -> {
      desk.join(ref.caseId(), joined(now.plusSeconds(60)));
      return null;
    });

    CaseView file = asSystem(() -> cases.findCase(ref.caseId()).orElseThrow());
    assertThat(file.signalCount()).isEqualTo(2);
    assertThat(file.urgency()).isEqualTo(Urgency.URGENT);
    assertThat(file.thumbnail()).isEqualTo("ab".repeat(32));
    assertThat(asSystem(() -> cases.listSteps(ref.caseId()))).last().satisfies(s -> {
      assertThat(s.action()).isEqualTo(CaseAction.JOIN_SIGNAL);
      assertThat(s.seq()).isEqualTo(2);
      assertThat(s.details()).containsEntry("why", "相距 3 米");
    });
  }

  @Test
  void casesOpenedAtTheSameTimeNeverShareANumberAndNeverWaitForEachOther() throws Exception {
    Instant now = Instant.parse("2026-03-04T03:00:00Z");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var open = IntStream.range(0, 200)
          .mapToObj(i -> threads.submit(() -> asSystem(() -> desk.open(newCase(118.4, 32.4, AREA, now)).caseNo()))).toList();
      Set<String> numbers = new HashSet<>();
      for (var each : open) {
        numbers.add(each.get());
      }
      assertThat(numbers).hasSize(200);
    }
  }

  @Test
  void aNumberThatIsTakenIsDrawnAnew() {
    Instant now = Instant.parse("2026-03-05T03:00:00Z");
    List<CaseRef> first = asSystem(() -> desk.importCases(IntStream.range(0, 50).mapToObj(i -> historic("taken-" + i, "OPEN", now, null, null, null)).toList()));
    // As if the city had opened nearly 100,000 cases since: the next draws meet numbers of this district and day.
    asSystem(() -> jdbc.sql("SELECT count(nextval('case_number_seq')) FROM generate_series(1, 99999 - 50)").query(Long.class).single());

    List<CaseRef> second = asSystem(() -> desk.importCases(IntStream.range(0, 50).mapToObj(i -> historic("again-" + i, "OPEN", now, null, null, null)).toList()));

    List<String> numbers = new ArrayList<>();
    first.forEach(r -> numbers.add(r.caseNo()));
    second.forEach(r -> numbers.add(r.caseNo()));
    assertThat(numbers).doesNotHaveDuplicates().hasSize(100);
  }

  @Autowired org.springframework.jdbc.core.simple.JdbcClient jdbc;

  private static HistoricCase historic(String ref, String status, Instant opened, Instant target, Instant closed, String unit) {
    return new HistoricCase(7, "test311", ref, null, "Pothole", "Pothole on Main St", 118.5, 32.5, GridCell.of(118.5, 32.5, 9).key(), AREA, "Main St", null,
        "NORMAL", "IMPORT", opened, target, closed, status, unit, closed == null ? null : "done");
  }

  @Test
  void importedCasesKeepTheirTimesAndTheirJudgement() {
    Instant opened = Instant.parse("2025-05-01T12:00:00Z");
    Instant target = Instant.parse("2025-05-03T12:00:00Z");
    UnitRef unit = people.unit("Import Works " + System.nanoTime(), UnitRef.UnitKind.DEPARTMENT, "997101", null);

    List<CaseRef> refs = asSystem(() -> desk.importCases(List.of(
        historic("in-time", "CLOSED", opened, target, target, unit.name()),
        historic("late", "CLOSED", opened, target, target.plusSeconds(1), "Nobody's"),
        historic("open", "OPEN", opened, target, null, unit.name()),
        historic("open-no-unit", "OPEN", opened, null, null, null),
        historic("void", "VOID", opened, null, opened.plusSeconds(5), null))));

    List<CaseView> files = refs.stream().map(r -> asSystem(() -> cases.findCase(r.caseId()).orElseThrow())).toList();
    assertThat(files).extracting(CaseView::stage)
        .containsExactly(CaseStage.CLOSED, CaseStage.CLOSED, CaseStage.DISPATCHED, CaseStage.FILED, CaseStage.VOID);
    assertThat(files).extracting(CaseView::disposalLate).containsExactly(false, true, null, null, null);
    assertThat(files).extracting(CaseView::leadUnitId).containsExactly(unit.id(), null, unit.id(), null, null);
    assertThat(files.getFirst().disposalDueAt()).isEqualTo(target);
    assertThat(files.getFirst().reportedAt()).isEqualTo(opened);
    assertThat(files.getFirst().caseNo()).startsWith("99710120250501");
    assertThat(asSystem(() -> cases.listSteps(refs.getFirst().caseId()))).singleElement().satisfies(s -> assertThat(s.action()).isEqualTo(CaseAction.IMPORT));
  }

  @Test
  void aCitizenJudgesAClosedCaseOnce() {
    Instant opened = Instant.parse("2025-05-01T12:00:00Z");
    CaseRef closed = asSystem(() -> desk.importCases(List.of(historic("rate-" + System.nanoTime(), "CLOSED", opened, null, opened.plusSeconds(60), null)))).getFirst();
    CaseRef open = asSystem(() -> desk.open(newCase(118.6, 32.6, AREA, opened)));

    assertThatThrownBy(() -> asSystem(() -> {
      desk.rate(open.caseId(), "NO", null);
      return null;
    })).isInstanceOf(ProblemException.class).hasMessageContaining("REPORTED");
    assertThat(asSystem(() -> desk.progress(closed.caseId())).orElseThrow().rateable()).isTrue();
    asSystem(() -> {
      desk.rate(closed.caseId(), "PARTLY", "好一些了");
      return null;
    });
    assertThat(asSystem(() -> desk.progress(closed.caseId())).orElseThrow()).satisfies(p -> {
      assertThat(p.satisfied()).isEqualTo("PARTLY");
      assertThat(p.rateable()).isFalse();
    });
  }
}
