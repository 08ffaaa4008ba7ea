package io.citywide.vitals.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.citywide.ServerTest;
import io.citywide.identity.Viewer;
import io.citywide.vitals.internal.Indicator.Ready;
import io.citywide.vitals.internal.Period.Span;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A month over all indicators and all areas of a city of 16 districts, 200 streets and 5,000 communities takes seconds. Measured on demand. */
@ServerTest
class VitalsSpeedTest {

  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @Autowired Reckoner reckoner;
  @Autowired IndicatorBook book;
  @Autowired FigureBook figures;
  @Autowired OverviewReader reader;

  private <T> T asSystem(Supplier<T> work) {
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> work.get()));
  }

  @Test
  void aMonthOfAllIndicatorsAndAreasTakesSeconds() {
    assumeTrue(Boolean.getBoolean("measure"), "measured with -Dmeasure=true only: it makes 5,000 communities and 100,000 cases first");
    Span last = Period.MONTH.shift(Period.MONTH.around(Instant.now(), ZONE), -1, ZONE);
    asSystem(() -> {
      jdbc.sql("""
          INSERT INTO place_area (code, parent_code, level, name, valid_from)
          SELECT '930100', NULL, 'CITY', '大市', DATE '2020-01-01'
          UNION ALL SELECT '9301' || lpad(d::text, 2, '0'), '930100', 'DISTRICT', '区' || d, DATE '2020-01-01' FROM generate_series(1, 16) d
          UNION ALL SELECT '9301' || lpad((1 + s % 16)::text, 2, '0') || lpad(s::text, 3, '0'), '9301' || lpad((1 + s % 16)::text, 2, '0'), 'STREET', '街道' || s, DATE '2020-01-01' FROM generate_series(1, 200) s
          UNION ALL SELECT '9301' || lpad((1 + s % 16)::text, 2, '0') || lpad(s::text, 3, '0') || lpad(c::text, 3, '0'), '9301' || lpad((1 + s % 16)::text, 2, '0') || lpad(s::text, 3, '0'),
            'COMMUNITY', '社区' || s || '-' || c, DATE '2020-01-01' FROM generate_series(1, 200) s, generate_series(1, 25) c""").update();
      jdbc.sql("UPDATE place_revision SET revision = revision + 1 WHERE subject = 'areas'").update();
      return jdbc.sql("""
          INSERT INTO case_file (case_no, stage, stage_since, title, area_code, source_channel, last_signal_at, reported_at, accepted_at, filed_at, dispatched_at, disposal_due_at, disposed_at,
            closed_at, kind_id, signal_count, citizen_rating)
          SELECT '93010120260' || lpad(i::text, 8, '0'), 'CLOSED', at, '案件', '9301' || lpad((1 + s % 16)::text, 2, '0') || lpad(s::text, 3, '0') || lpad((1 + i % 25)::text, 3, '0'), 'HOTLINE', at, at, at, at, at,
            at + interval '1 day', at + (6 + i % 30) * interval '1 hour', at + (7 + i % 30) * interval '1 hour', 'gb47678.5-M0' || (ARRAY['6010','6012','6013','6042','9006','9009','1002','1037','2014','7001'])[1 + i % 10], 1,
            CASE WHEN i % 5 = 0 THEN 'YES' END
          FROM (SELECT i, 1 + (i * 7919) % 200 AS s, :from::timestamptz + i * interval '25 days' / 100000 AS at FROM generate_series(1, 100000) i) made""")
          .param("from", ValueStore.utc(last.from())).update();
    });
    List<Ready> all = asSystem(book::tree).ready();
    List<Ready> monthly = all.stream().filter(r -> r.indicator().period() == Period.MONTH).toList();
    int areas = asSystem(figures::land).size();
    for (int run = 1; run <= 3; run++) {
      long begin = System.nanoTime();
      int made = Viewer.callAs(Viewer.system("test"), () -> reckoner.reckon(monthly, last));
      System.out.printf("MEASURED run %d: %d monthly indicators, %d areas, %d values in %d ms%n", run, monthly.size(), areas, made, (System.nanoTime() - begin) / 1_000_000);
    }
    long begin = System.nanoTime();
    int made = 0;
    for (Period period : Period.values()) {
      List<Ready> some = all.stream().filter(r -> r.indicator().period() == period).toList();
      if (!some.isEmpty()) {
        made += Viewer.callAs(Viewer.system("test"), () -> reckoner.reckon(some, period.shift(period.around(last.to().minusSeconds(1), ZONE), 0, ZONE)));
      }
    }
    long millis = (System.nanoTime() - begin) / 1_000_000;
    System.out.printf("MEASURED %d indicators of every period at the end of the month, %d areas, %d values in %d ms%n", all.size(), areas, made, millis);
    assertThat(areas).isGreaterThanOrEqualTo(5_217);
    assertThat(millis).isLessThan(30_000);
    for (int run = 1; run <= 3; run++) {
      begin = System.nanoTime();
      asSystem(() -> reader.overview("930100"));
      System.out.printf("MEASURED overview of the city in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
    }
  }
}
