package io.citywide.cases.internal.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.grid.GridBox;
import io.citywide.grid.GridCell;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.map.spi.Region;
import io.citywide.map.spi.RegionCover;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

/** The map of a moment of the past, on 100,000 cases of a year under row-level security: only those that were open then are looked at. */
@DirtiesContext // no other test works in it
@ServerTest
@TestPropertySource(properties = "citywide.cases.soon=62m") // a context, and so a database, of its own
class ReplayPlanTest {

  private static final int CASES = 100_000;
  private static final int CALLS = 20;
  private static final double LON = 107.0;
  private static final double LAT = 27.0;

  @Autowired JdbcClient jdbc;
  @Autowired CaseMemory memory;
  @Autowired TransactionTemplate transaction;
  @Autowired Environment environment;

  /** Over 0.4 by 0.4 degrees; each case was open for an hour to four days, sometime in the last year. */
  private void fill() throws Exception {
    try (Connection owner = DriverManager.getConnection(environment.getProperty("citywide.database.url"), environment.getProperty("citywide.database.owner-user"),
            environment.getProperty("citywide.database.owner-password"));
        Statement sql = owner.createStatement()) {
      sql.execute("SELECT set_config('citywide.area_lo', '', false), set_config('citywide.area_hi', '~', false), set_config('citywide.units', '{}', false)");
      try (PreparedStatement insert = owner.prepareStatement("""
          INSERT INTO case_file (case_no, stage, stage_since, kind_id, title, description, lon, lat, grid_key, area_code, urgency, source_channel, signal_count,
            reported_at, last_signal_at, closed_at)
          SELECT '72' || lpad(i::text, 17, '0'), 'CLOSED', at + (1 + i % 96) * interval '1 hour', 'gb47678.5-M06010', '井盖破损 ' || i, '路口', ? + x * 0.4, ? + y * 0.4, ?::bigint + (i::bigint * 7919 % 400000) * 65536,
            '7201' || lpad((1 + i % 3)::text, 2, '0') || lpad((1 + i / 3 % 4)::text, 3, '0'), 'NORMAL', 'HOTLINE', 1, at, at, at + (1 + i % 96) * interval '1 hour'
          FROM (SELECT i, random() AS x, random() AS y, now() - (5 + 360 * random()) * interval '1 day' AS at FROM generate_series(1, ?) i) g""")) {
        insert.setDouble(1, LON);
        insert.setDouble(2, LAT);
        insert.setLong(3, GridCell.of(LON, LAT, 9).key());
        insert.setInt(4, CASES);
        assertThat(insert.executeUpdate()).isEqualTo(CASES);
      }
      sql.execute("""
          INSERT INTO case_step (case_id, seq, action, from_stage, to_stage, at, person_name)
          SELECT id, 1, 'CLOSE', 'CHECKED', 'CLOSED', closed_at, '值班' FROM case_file""");
      sql.execute("""
          INSERT INTO case_past (case_id, span, opened_at, ended_at, closed_at, kind_id, lon, lat, grid_key, area_code, assist_unit_ids)
          SELECT id, floor(log(2, extract(epoch FROM closed_at - reported_at)))::int, reported_at, closed_at, closed_at, kind_id, lon, lat, grid_key, area_code, '{}' FROM case_file
          ON CONFLICT DO NOTHING""");
      sql.execute("UPDATE case_past_state SET caught_up_to = now(), compared_at = now()");
      sql.execute("ANALYZE case_file, case_step, case_past");
      sql.execute("VACUUM case_past");
    }
  }

  @Test
  void aTileACircleAndAnAreaOfThePastAndWhatHappenedThereReadTheIndexesOfPastCases() throws Exception {
    fill();
    Map<String, Region> regions = new LinkedHashMap<>();
    regions.put("tile", new Region.Box(new GridBox(LON + 0.1, LAT + 0.1, LON + 0.188, LAT + 0.178)));
    regions.put("circle", new Region.Circle(LON + 0.2, LAT + 0.2, 500));
    regions.put("area", new Region.InArea("720102"));
    for (String area : new String[] {"720100", "720102003"}) {
      Viewer viewer = new Viewer(Viewer.Kind.PERSON, 1L, 1L, "x", Role.LEADER, null, area, Set.of(), Role.LEADER.permissions());
      for (Map.Entry<String, Region> region : regions.entrySet()) {
        Instant then = Instant.now().minus(Duration.ofDays(100));
        RegionCover cover = RegionCover.of(region.getValue());
        String plan = Viewer.callAs(viewer, () -> plan(CaseDots.asOf(cover, then)));
        assertThat(plan).as("%s for a viewer of %s", region.getKey(), area).contains("case_past_span_idx")
            .doesNotContain("Seq Scan on case_past ", "Seq Scan on case_file", "Seq Scan on case_step");
        String history = Viewer.callAs(viewer, () -> plan(CaseMemory.ended(cover, then, Instant.now())));
        assertThat(history).as("what happened before in the %s for a viewer of %s", region.getKey(), area).contains("case_past_")
            .doesNotContain("Seq Scan on case_file", "Seq Scan on case_step");
        if (!region.getKey().equals("area")) {
          assertThat(history).contains("case_past_grid_idx").doesNotContain("Seq Scan on case_past ");
        }
      }
    }
    staysSoHoweverOftenItIsAsked();
  }

  /** PostgreSQL makes a plan for any parameters after some calls, which would read all of the city for each range of a circle. */
  private void staysSoHoweverOftenItIsAsked() {
    Viewer viewer = new Viewer(Viewer.Kind.PERSON, 1L, 1L, "x", Role.LEADER, null, "720100", Set.of(), Role.LEADER.permissions());
    Map<String, Long> scans = Viewer.callAs(viewer, () -> transaction.execute(status -> {
      for (int i = 0; i < CALLS; i++) {
        memory.settled(new Region.Circle(LON + 0.2, LAT + 0.2, 500 + i), Instant.now().minus(Duration.ofDays(300)), Instant.now());
      }
      return Map.of("area", scans("case_past_area_idx"), "grid", scans("case_past_grid_idx"));
    }));
    assertThat(scans.get("grid")).as("one for each range of each circle").isGreaterThan(CALLS * 10L);
    // The planner itself looks now and then for the ends of what an index holds.
    assertThat(scans.get("area")).isLessThan(CALLS);
  }

  /** In the transaction under way. */
  private long scans(String index) {
    return jdbc.sql("SELECT pg_stat_get_xact_numscans(CAST(:index AS regclass))").param("index", index).query(Long.class).single();
  }

  private String plan(CaseDots.Question question) {
    return transaction.execute(status -> String.join("\n", jdbc.sql("EXPLAIN (ANALYZE, BUFFERS OFF) " + question.sql()).params(question.params()).query(String.class).list()));
  }
}
