package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.cases.CaseStage;
import io.citywide.cases.internal.CaseLists.Filter;
import io.citywide.grid.GridCell;
import io.citywide.grid.GridCovering;
import io.citywide.grid.GridRange;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.intake.spi.CandidateQuery;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.platform.Slice;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;

/** Every list a screen runs, on 200,000 cases under row-level security: no pass over the whole table, in any scope. */
@DirtiesContext // no other test works in it
@ServerTest
@TestPropertySource(properties = "citywide.cases.soon=61m") // a context, and so a database, of its own
class CaseListPlanTest {

  private static final int CASES = 200_000;
  private static boolean filled;

  @Autowired CaseLists lists;
  @Autowired CaseGround ground;
  @Autowired CaseDesk desk;
  @Autowired JdbcClient jdbc;
  @Autowired Environment environment;

  @BeforeEach
  void fill() throws Exception {
    if (filled) {
      return;
    }
    try (Connection owner = DriverManager.getConnection(environment.getProperty("citywide.database.url"), environment.getProperty("citywide.database.owner-user"),
            environment.getProperty("citywide.database.owner-password"));
        PreparedStatement settings = owner.prepareStatement(
            "SELECT set_config('citywide.area_lo', '', false), set_config('citywide.area_hi', '~', false), set_config('citywide.units', '{}', false)")) {
      settings.execute();
      // Three districts, twelve streets, sixty communities, eight grids each; a quarter is open, spread as a working city's are.
      try (PreparedStatement insert = owner.prepareStatement("""
          INSERT INTO case_file (case_no, stage, stage_since, kind_id, title, description, lon, lat, grid_key, area_code, urgency, source_channel, signal_count,
            lead_unit_id, reported_at, last_signal_at, filing_due_at, dispatch_due_at, disposal_due_at, check_due_at)
          SELECT '99' || lpad(i::text, 17, '0'),
            CASE WHEN i % 4 > 0 THEN 'CLOSED' ELSE (ARRAY['REPORTED','ACCEPTED','VERIFYING','FILED','DISPATCHED','DISPATCHED','RECEIVED','RECEIVED','DISPOSED','CHECKED'])[1 + (i / 4) % 10] END,
            at, 'gb47678.5-M060' || lpad((10 + i % 40)::text, 2, '0'), '井盖破损 ' || i, '路口', 0, 0, (?::bigint + (i::bigint * 7919 % 400000) * 65536),
            '9901' || lpad((1 + i / 4 % 3)::text, 2, '0') || lpad((1 + i / 12 % 4)::text, 3, '0') || lpad((1 + i / 48 % 5)::text, 3, '0') || lpad((1 + i / 240 % 8)::text, 3, '0'),
            'NORMAL', 'HOTLINE', 1, CASE WHEN i % 4 > 0 OR (i / 4) % 10 > 3 THEN 1 + i / 7 % 40 END, at, at, at + interval '1 hour', at + interval '2 hours',
            at + interval '3 days', at + interval '4 days'
          FROM (SELECT i, now() - (CASE WHEN i % 4 > 0 THEN 300 ELSE 5 END) * random() * interval '1 day' AS at FROM generate_series(1, ?) i) g""")) {
        insert.setLong(1, GridCell.of(118.0, 32.0, 9).key());
        insert.setInt(2, CASES);
        assertThat(insert.executeUpdate()).isEqualTo(CASES);
      }
      try (PreparedStatement analyze = owner.prepareStatement("ANALYZE case_file")) {
        analyze.execute();
      }
    }
    filled = true;
  }

  private static Map<String, Viewer> viewers() {
    Map<String, Viewer> viewers = new LinkedHashMap<>();
    viewers.put("city", viewer(Role.LEADER, "990100", Set.of()));
    viewers.put("district", viewer(Role.DISPATCHER, "990101", Set.of()));
    viewers.put("community", viewer(Role.ACCEPTOR, "990102003004", Set.of()));
    viewers.put("unit", viewer(Role.HANDLER, "990100", Set.of(7L, 8L)));
    return viewers;
  }

  private static Viewer viewer(Role role, String area, Set<Long> units) {
    return new Viewer(Viewer.Kind.PERSON, 1L, 1L, "x", role, null, area, units, role.permissions());
  }

  private static Filter filter(String queue, Set<CaseStage> stages, String kind, String area, Long unit, Boolean overdue, String q, Instant from, String sort) {
    return new Filter(queue, stages, kind, area, unit, overdue, q, from, null, null, sort, null);
  }

  private static Map<String, Filter> screens() {
    Map<String, Filter> screens = new LinkedHashMap<>();
    for (String queue : List.of("accept", "verify", "file", "dispatch", "handle", "approve", "check", "close", "evaluate", "mine", "overdue", "all")) {
      screens.put("queue " + queue, filter(queue, null, null, null, null, null, null, null, null));
    }
    screens.put("newest first", filter(null, null, null, null, null, null, null, null, null));
    screens.put("of an area", filter(null, null, null, "990102003", null, null, null, null, null));
    screens.put("of a unit", filter(null, null, null, null, 7L, null, null, null, null));
    screens.put("of a unit by due time", filter(null, null, null, null, 7L, null, null, null, "due"));
    screens.put("of a stage", filter(null, Set.of(CaseStage.DISPOSED), null, null, null, null, null, null, "due"));
    screens.put("of a kind", filter(null, null, "gb47678.5-M06012", null, null, null, null, null, null));
    screens.put("overdue of a kind", filter(null, null, "gb47678.5-M06012", null, null, true, null, null, "due"));
    screens.put("since yesterday", filter(null, null, null, null, null, null, null, Instant.now().minus(Duration.ofDays(1)), null));
    screens.put("by number", filter(null, null, null, null, null, null, "9900000000000012345", null, null));
    screens.put("by a word", filter(null, null, null, null, null, null, "破损", null, null));
    screens.put("of a component", new Filter(null, null, null, null, null, null, null, null, null, null, null, "99010106010000001"));
    return screens;
  }

  private String plan(String sql, Map<String, ?> params) {
    return String.join("\n", jdbc.sql("EXPLAIN (ANALYZE, BUFFERS OFF) " + sql).params(params).query(String.class).list());
  }

  @Test
  void noListPassesOverTheWholeTableInAnyScope() {
    List<String> passes = new ArrayList<>();
    List<String> slow = new ArrayList<>();
    viewers().forEach((who, viewer) -> screens().forEach((screen, filter) -> Viewer.runAs(viewer, () -> ground.transaction.executeWithoutResult(status -> {
      CaseLists.Statement statement = lists.statement(filter, 50, null);
      if (statement.params().containsKey("like")) {
        lists.inOrder();
      }
      String plan = plan(statement.sql(), statement.params());
      if (plan.contains("Seq Scan on case_file")) {
        passes.add(who + ", " + screen + ":\n" + plan);
      }
      double millis = Double.parseDouble(plan.replaceAll("(?s).*Execution Time: ([0-9.]+) ms.*", "$1"));
      System.out.printf("%-10s %-24s %8.2f ms%n", who, screen, millis);
      if (millis > 2000) {
        slow.add(who + ", " + screen + ": " + millis + " ms\n" + plan);
      }
    }))));
    assertThat(passes).isEmpty();
    assertThat(slow).as("slower than 2 s, on however busy a machine").isEmpty();
  }

  @Test
  void theMapAndTheMatchingUseTheGridIndex() {
    Viewer.runAs(Viewer.system("test"), () -> ground.transaction.executeWithoutResult(status -> {
      List<GridRange> ranges = GridCovering.ofCircle(118.0005, 32.0005, 150, 7, 32).ranges();
      String plan = plan("SELECT c.id FROM unnest(:lows::bigint[], :highs::bigint[]) AS r (low, high), LATERAL (SELECT * FROM case_file f"
          + " WHERE f.open AND f.grid_key BETWEEN r.low AND r.high AND f.last_signal_at >= now() - interval '30 days' OFFSET 0) c ORDER BY c.reported_at DESC LIMIT 200",
          Map.of("lows", ranges.stream().map(GridRange::low).toArray(Long[]::new), "highs", ranges.stream().map(GridRange::high).toArray(Long[]::new)));
      assertThat(plan).contains("case_file_grid_idx").doesNotContain("Seq Scan on case_file");
      desk.openCasesNear(new CandidateQuery(ranges, Instant.now().minus(Duration.ofDays(30)), 200));
      long begin = System.nanoTime();
      desk.openCasesNear(new CandidateQuery(ranges, Instant.now().minus(Duration.ofDays(30)), 200));
      System.out.printf("candidates around a point: %.2f ms%n", (System.nanoTime() - begin) / 1e6);
    }));
  }

  @Test
  void countingTheQueuesIsOnePassOverTheOpenCasesInSight() {
    viewers().forEach((who, viewer) -> Viewer.runAs(viewer, () -> {
      lists.queueCounts();
      long begin = System.nanoTime();
      var counts = lists.queueCounts();
      double millis = (System.nanoTime() - begin) / 1e6;
      System.out.printf("%-10s counts %s in %.1f ms%n", who, counts.stream().map(c -> c.queue() + "=" + c.count()).collect(Collectors.joining(" ")), millis);
      assertThat(millis).isLessThan(3000);
    }));
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() {
    Viewer community = viewers().get("community");
    Set<CaseStage> open = Arrays.stream(CaseStage.values()).filter(CaseStage::open).collect(Collectors.toSet());
    for (String sort : List.of("due", "-reported")) {
      Set<Long> seen = new HashSet<>();
      String after = null;
      int pages = 0;
      do {
        String cursor = after;
        Slice<CaseRow> page = Viewer.callAs(community, () -> lists.list(filter(null, open, null, null, null,
            null, null, null, sort), 90, cursor));
        page.items().forEach(row -> assertThat(seen.add(row.id())).as("case %s twice", row.id()).isTrue());
        after = page.next();
        pages++;
      } while (after != null);
      long all = Viewer.callAs(community, () -> ground.transaction.<Long>execute(status -> jdbc.sql(
          "SELECT count(*) FROM case_file WHERE open").query(Long.class).single()));
      assertThat(seen).hasSize((int) all).hasSizeGreaterThan(500);
      assertThat(pages).isEqualTo((int) Math.ceil(all / 90.0));
    }
  }
}
