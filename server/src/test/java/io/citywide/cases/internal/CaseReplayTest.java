package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.cases.Urgency;
import io.citywide.cases.internal.map.CasePast;
import io.citywide.grid.GridBox;
import io.citywide.grid.GridCell;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.intake.Intake;
import io.citywide.intake.SignalDraft;
import io.citywide.intake.SignalView;
import io.citywide.intake.Signals;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.HistoricCase;
import io.citywide.map.spi.AreaFigureSource;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.Selection;
import io.citywide.place.TestCity;
import io.citywide.platform.HandClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.io.WKTReader;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Import;

/** The map at a moment of the past is the map that was shown at that moment. */
@ServerTest
@Import(HandClock.class)
class CaseReplayTest {

  private static final List<String> KINDS = List.of("gb47678.5-M06010", "gb47678.5-M01001", "gb47678.5-M07001");
  private static final List<CaseAction> SPOKEN = List.of(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH, CaseAction.RELOCATE, CaseAction.CLASSIFY, CaseAction.MERGE,
      CaseAction.SPLIT, CaseAction.DISPOSE, CaseAction.CHECK, CaseAction.CLOSE, CaseAction.REOPEN, CaseAction.RETURN, CaseAction.DECIDE_SUSPENSION, CaseAction.RESUME,
      CaseAction.DECIDE_EXTENSION, CaseAction.VOID, CaseAction.DECLINE, CaseAction.JOIN_SIGNAL);

  private static final Set<CaseAction> ONWARD = Set.of(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH, CaseAction.RECEIVE, CaseAction.DISPOSE, CaseAction.CHECK,
      CaseAction.CLOSE, CaseAction.DECIDE_SUSPENSION, CaseAction.DECIDE_EXTENSION, CaseAction.RESUME, CaseAction.REOPEN);
  private static final Set<CaseAction> RARE = Set.of(CaseAction.VOID, CaseAction.DECLINE, CaseAction.MERGE, CaseAction.REQUEST_FORCED_CLOSURE);

  @Autowired HandClock clock;
  @Autowired TestPeople people;
  @Autowired CaseGround ground;
  @Autowired Cases cases;
  @Autowired SplitAndMerge splitAndMerge;
  @Autowired Intake intake;
  @Autowired Signals signals;
  @Autowired CaseDesk desk;
  @Autowired CasePast past;
  @Autowired List<LayerSource> layers;
  @Autowired List<AreaFigureSource> figures;

  private LayerSource layer() {
    return layers.stream().filter(l -> l.layer().id().equals("cases")).findFirst().orElseThrow();
  }

  /** What the map answered at one moment. */
  private record Shown(Instant at, List<List<Found>> lists, Map<String, Map<String, Long>> figures) {}

  private final class Story {
    final TestCity city;
    final Random random;
    final Map<Role, Viewer> viewers = new EnumMap<>(Role.class);
    final Viewer leader;
    final UnitRef unit;
    final List<Long> ids = new ArrayList<>();
    final Map<CaseAction, Integer> taken = new TreeMap<>();
    final List<Region> regions;

    Story(String code, double lon, double lat, long seed) throws Exception {
      city = new TestCity(code, lon, lat);
      random = new Random(seed);
      assertThat(people.someone(Role.SYSTEM_ADMIN, code, null).client().put("/api/areas", city.geoJson()).status()).isEqualTo(200);
      unit = people.unit("故事单位" + code, UnitRef.UnitKind.DEPARTMENT, code, null);
      for (Role role : Role.values()) {
        if (!role.administrator()) {
          viewers.put(role, people.someone(role, code, role == Role.HANDLER ? unit : null).viewer());
        }
      }
      leader = people.someone(Role.LEADER, code, null).viewer();
      List<Double> middle = city.at(2, 1);
      String wkt = "POLYGON((%1$f %2$f, %3$f %2$f, %3$f %4$f, %1$f %4$f, %1$f %2$f), (%5$f %6$f, %7$f %6$f, %7$f %8$f, %5$f %8$f, %5$f %6$f))"
          .formatted(lon, lat, lon + 0.003, lat + 0.002, lon + 0.001, lat + 0.0005, lon + 0.002, lat + 0.0015);
      regions = List.of(new Region.InArea(code), new Region.InArea(code.substring(0, 4) + "02001002"), new Region.Circle(middle.get(0), middle.get(1), 100),
          new Region.Box(new GridBox(lon, lat, lon + 0.0015, lat + 0.0015)), new Region.Outline(new WKTReader().read(wkt)));
    }

    double lon() {
      return city.lon + 0.0001 + random.nextDouble() * 0.0038;
    }

    double lat() {
      return city.lat + 0.0001 + random.nextDouble() * 0.0018;
    }

    String kind() {
      return KINDS.get(random.nextInt(KINDS.size()));
    }

    void report() {
      long id = Viewer.callAs(viewers.get(Role.SHIFT_LEADER), () -> intake.accept(SignalDraft.of("CONSOLE", "第" + ids.size() + "件事 " + random.nextInt())
          .kindId(random.nextInt(4) == 0 ? null : kind()).title("事").at(lon(), lat()).urgency(random.nextInt(5) == 0 ? "URGENT" : "NORMAL").build())).caseId();
      if (ids.contains(id)) {
        taken.merge(CaseAction.JOIN_SIGNAL, 1, Integer::sum);
      } else {
        ids.add(id);
      }
    }

    void act() {
      long id = ids.get(random.nextInt(ids.size()));
      CaseView file = ground.file(id);
      List<CaseAction> possible = new ArrayList<>();
      viewers.values().forEach(v -> LifeCycle.allowed(file.stage(), v).stream().filter(a -> !possible.contains(a)).forEach(possible::add));
      possible.removeAll(List.of(CaseAction.NOTE, CaseAction.URGE, CaseAction.SUPERVISE));
      // Half of the time a case goes on its way, else anything happens to it.
      List<CaseAction> onward = possible.stream().filter(ONWARD::contains).toList();
      List<CaseAction> from = onward.isEmpty() || random.nextBoolean() ? possible : onward;
      if (from.isEmpty()) {
        return;
      }
      CaseAction action = file.suspendedAt() != null && random.nextBoolean() ? CaseAction.RESUME : from.get(random.nextInt(from.size()));
      if (RARE.contains(action) && random.nextInt(4) > 0) {
        return;
      }
      Role role = viewers.keySet().stream().filter(r -> LifeCycle.allowed(file.stage(), viewers.get(r)).contains(action)).findFirst().orElseThrow();
      Step step = Viewer.callAs(viewers.get(role), () -> take(file, action));
      if (step instanceof Step.Taken) {
        taken.merge(action, 1, Integer::sum);
      }
    }

    private Step take(CaseView file, CaseAction action) {
      return switch (action) {
        case MERGE -> splitAndMerge.merge(file.id(), null, ids.get(random.nextInt(ids.size())), "same");
        case SPLIT -> {
          List<Long> of = ground.asSystem(() -> signals.listOfCase(file.id())).stream().map(SignalView::id).toList();
          Step split = splitAndMerge.split(file.id(), null, of.isEmpty() ? List.of() : List.of(of.getLast()), "not the same");
          if (split instanceof Step.Taken(CaseView made)) {
            ids.add(made.id());
          }
          yield split;
        }
        case REOPEN -> splitAndMerge.unmerge(file.id(), command(file, action));
        default -> cases.take(file.id(), command(file, action));
      };
    }

    private StepCommand command(CaseView file, CaseAction action) {
      boolean classify = action == CaseAction.CLASSIFY || file.kindId() == null || random.nextInt(3) == 0;
      boolean move = action == CaseAction.RELOCATE;
      String result = action == CaseAction.VERIFY ? "EXISTS" : action == CaseAction.EVALUATE ? "4" : random.nextInt(3) == 0 ? "FAIL" : "PASS";
      return new StepCommand(action, null, "because", null, classify ? kind() : null, move ? lon() : null, move ? lat() : null, null,
          random.nextInt(6) == 0 ? Urgency.URGENT : null, unit.id(), null, null, result, 60 + random.nextInt(600), "because", null, random.nextInt(5) > 0, null);
    }

    /** What the map shows; {@code at} {@code null}: now. */
    Shown look(Instant at) {
      Instant moment = at == null ? clock.instant() : at;
      return Viewer.callAs(leader, () -> new Shown(moment, regions.stream().map(r -> layer().list(new Selection(r, Set.of(), at), null, 1000).items()).toList(),
          ground.transaction.execute(status -> figures(at))));
    }

    private Map<String, Map<String, Long>> figures(Instant at) {
      Map<String, Map<String, Long>> all = new TreeMap<>();
      for (AreaFigureSource source : figures) {
        if (source.figures().stream().anyMatch(f -> f.id().equals("overdue"))) {
          source.count(city.city, at).forEach((area, counts) -> all.put(area, new TreeMap<>(counts)));
        }
      }
      return all;
    }
  }

  @Test
  void atRandomMomentsOfALongStoryTheReplayEqualsWhatTheMapShowedThen() throws Exception {
    Story story = new Story("750100", 107.51, 27.51, 20261122);
    List<Shown> shown = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      // Some things happen at the same moment, others days apart.
      if (story.random.nextInt(4) > 0) {
        clock.turn(Duration.ofSeconds(1 + story.random.nextInt(story.random.nextInt(10) == 0 ? 100_000 : 3_000)));
      }
      if (story.ids.size() < 3 || story.random.nextInt(9) == 0) {
        story.report();
      } else {
        story.act();
      }
      if (story.random.nextInt(150) == 0) {
        past.fill();
      }
      if (story.random.nextInt(6) == 0) {
        // The moment is over when the next thing happens later.
        shown.add(story.look(null));
        clock.turn(Duration.ofMillis(1));
      }
    }

    assertThat(shown).hasSizeGreaterThan(100);
    assertThat(shown.stream().flatMap(s -> s.lists().stream()).mapToInt(List::size).sum()).isGreaterThan(2_000);
    replayEquals(story, shown);
    clock.turn(Duration.ofHours(1));
    past.fill();
    assertThat(ground.<Long>asSystem(() -> ground.jdbc.sql("SELECT count(*) FROM case_past WHERE area_code LIKE '7501%'").query(Long.class).single())).isPositive();
    replayEquals(story, shown);
    assertThat(story.taken.keySet()).as("the story tells of everything that moves a case").containsAll(SPOKEN);
  }

  private void replayEquals(Story story, List<Shown> shown) {
    for (Shown then : shown) {
      Shown replayed = story.look(then.at());
      for (int r = 0; r < story.regions.size(); r++) {
        assertThat(replayed.lists().get(r)).as("%s at %s", story.regions.get(r), then.at()).isEqualTo(then.lists().get(r));
      }
      assertThat(open(replayed.figures())).as("figures at %s", then.at()).isEqualTo(open(then.figures()));
    }
  }

  /** The figures that replay exactly; days are counted by the last closing. */
  private static Map<String, Map<String, Long>> open(Map<String, Map<String, Long>> figures) {
    Map<String, Map<String, Long>> open = new TreeMap<>();
    figures.forEach((area, counts) -> {
      Map<String, Long> kept = new TreeMap<>(counts);
      kept.keySet().retainAll(Set.of("open", "overdue", "dueSoon"));
      if (!kept.isEmpty()) {
        open.put(area, kept);
      }
    });
    return open;
  }

  @Test
  void aCaseOfAnotherSystemStandsByTheMomentsThatItBrought() throws Exception {
    Story story = new Story("750200", 107.61, 27.51, 1);
    Instant opened = clock.instant().minus(Duration.ofDays(10));
    Instant target = opened.plus(Duration.ofDays(1));
    Instant closed = opened.plus(Duration.ofDays(3));
    long id = ground.asSystem(() -> desk.importCases(List.of(new HistoricCase(0, "old", "old-750200-1", KINDS.getFirst(), "旧案", "", story.city.lon + 0.0005, story.city.lat + 0.0005,
        GridCell.of(story.city.lon + 0.0005, story.city.lat + 0.0005, 9).key(), "750202001001001", null, null, "NORMAL", "HOTLINE", opened, target, closed, "CLOSED", story.unit.name(), "done")))).getFirst().caseId();

    assertThat(at(story, opened.minusSeconds(1))).isEmpty();
    assertThat(at(story, opened)).hasValueSatisfying(f -> assertThat(f.properties()).containsEntry("stage", "DISPATCHED").containsEntry("due", "OK"));
    assertThat(at(story, target.plusSeconds(1))).hasValueSatisfying(f -> assertThat(f.grade()).isEqualTo(4));
    assertThat(at(story, closed)).isEmpty();
    assertThat(at(story, clock.instant())).isEmpty();
    assertThat(ground.file(id).stage()).isEqualTo(CaseStage.CLOSED);

    clock.turn(Duration.ofMinutes(3));
    past.fill();
    assertThat(at(story, opened.plusSeconds(1))).isPresent();
    assertThat(at(story, closed)).isEmpty();
  }

  @Test
  void aReopeningUnderWayIsWaitedForSoThatNoRowOfTheCaseIsLeft() throws Exception {
    Story story = new Story("750300", 107.71, 27.51, 2);
    Instant opened = clock.instant().minus(Duration.ofDays(10));
    long id = ground.asSystem(() -> desk.importCases(List.of(new HistoricCase(0, "old", "old-750300-1", KINDS.getFirst(), "旧案", "", story.city.lon + 0.0005, story.city.lat + 0.0005,
        GridCell.of(story.city.lon + 0.0005, story.city.lat + 0.0005, 9).key(), "750302001001001", null, null, "NORMAL", "HOTLINE", opened, opened, opened.plusSeconds(60), "CLOSED", story.unit.name(), "done")))).getFirst().caseId();
    clock.turn(Duration.ofMinutes(3));
    CountDownLatch reopened = new CountDownLatch(1);
    CountDownLatch commit = new CountDownLatch(1);
    Role role = story.viewers.keySet().stream().filter(r -> LifeCycle.allowed(CaseStage.CLOSED, story.viewers.get(r)).contains(CaseAction.REOPEN)).findFirst().orElseThrow();
    Thread reopening = Thread.ofPlatform().start(() -> Viewer.callAs(story.viewers.get(role), () -> ground.transaction.execute(status -> {
      Step step = story.take(ground.file(id), CaseAction.REOPEN);
      reopened.countDown();
      try {
        commit.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return step;
    })));
    assertThat(reopened.await(30, TimeUnit.SECONDS)).isTrue();

    // Whatever the task of this server has done meanwhile: the case is looked at again.
    ground.asSystem(() -> ground.jdbc.sql("UPDATE case_past_state SET caught_up_to = '-infinity'").update());
    Thread filling = Thread.ofPlatform().start(past::fill);
    try {
      filling.join(300);
      assertThat(filling.isAlive()).as("it waits").isTrue();
    } finally {
      commit.countDown();
      reopening.join(30_000);
      filling.join(30_000);
    }

    assertThat(ground.file(id).stage()).isNotIn(CaseStage.CLOSED, CaseStage.EVALUATED);
    assertThat(ground.<Long>asSystem(() -> ground.jdbc.sql("SELECT count(*) FROM case_past WHERE case_id = :id").param("id", id).query(Long.class).single())).isZero();
  }

  private Optional<Found> at(Story story, Instant at) {
    return story.look(at).lists().getFirst().stream().findFirst();
  }
}
