package io.citywide.sensing.internal.observations;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.sensing.Observations.Step;
import io.citywide.sensing.Observations.Sum;
import io.citywide.sensing.Observations.Value;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wherever values lie, in the log, in pages or in chunks, they are read as a map in which the first of a moment stands. */
@ServerTest
class StoredObservationsTest {

  private static final long DAY = 86_400_000L;

  /** 2026-03-01T00:00 in Shanghai. */
  private static final long BEGIN = 1_772_294_400_000L;

  @Autowired StoredLog log;
  @Autowired SeriesReader reader;
  @Autowired SeriesTotals totals;
  @Autowired DataSource database;
  @Autowired PlatformTransactionManager transactions;
  @Autowired Newest newest;
  @Autowired Retention retention;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private Map<Integer, TreeMap<Long, Double>> expected = new HashMap<>();

  private void append(Columns columns) {
    for (int i = 0; i < columns.size(); i++) {
      expected.computeIfAbsent(columns.series[i], s -> new TreeMap<>()).putIfAbsent(columns.time[i], columns.value[i]);
    }
    log.append(columns, TimeUnit.SECONDS.toNanos(5)).join();
  }

  /** Much in order, some late, some twice, some from long ago. */
  private static Columns some(Random random, int first, int series, long[] clocks, int count) {
    Columns columns = new Columns(16);
    for (int i = 0; i < count; i++) {
      int of = random.nextInt(series);
      clocks[of] += 1000L * (1 + random.nextInt(random.nextInt(20) == 0 ? 900 : 3));
      long time = switch (random.nextInt(20)) {
        case 0 -> clocks[of] - random.nextInt(600_000);
        case 1 -> BEGIN + random.nextInt((int) (clocks[of] - BEGIN + 1));
        case 2 -> clocks[of] - 1000L * random.nextInt(5);
        default -> clocks[of];
      };
      columns.add(first + of, time, random.nextInt(1000) / 10.0);
    }
    return columns;
  }

  private void checkAll(Random random) {
    expected.forEach((series, values) -> {
      assertThat(reader.list(series, 0, Long.MAX_VALUE, 1_000_000)).as("series %d", series).isEqualTo(values(values, Integer.MAX_VALUE));
      long from = BEGIN + random.nextInt(3_000_000);
      long to = from + random.nextInt(5_000_000);
      assertThat(reader.list(series, from, to, 1000)).isEqualTo(values(values.subMap(from, to), 1000));
      assertThat(reader.list(series, from, Long.MAX_VALUE, 7)).isEqualTo(values(values.tailMap(from), 7));
      assertThat(newest.find(series)).isEqualTo(new Value(values.lastKey(), values.lastEntry().getValue()));
      for (Step step : Step.values()) {
        long cut = reader.beginOf(step, from);
        List<Sum> sums = reader.sums(series, step, from, BEGIN + 30 * DAY);
        List<Sum> naive = sums(values.tailMap(cut), step);
        assertThat(sums).hasSameSizeAs(naive);
        for (int i = 0; i < sums.size(); i++) {
          Sum sum = sums.get(i);
          assertThat(new Sum(sum.from(), sum.count(), sum.min(), sum.max(), 0, sum.last())).isEqualTo(naive.get(i));
          double total = values.subMap(sum.from(), i + 1 < sums.size() ? sums.get(i + 1).from() : Long.MAX_VALUE).values().stream().mapToDouble(v -> v).sum();
          assertThat(sum.sum()).isCloseTo(total, org.assertj.core.data.Offset.offset(1e-6));
        }
      }
    });
  }

  /** What is said of many at once is what is said of each. */
  private void checkTotals(Random random) {
    long from = BEGIN + random.nextInt(3_000_000);
    for (long to : new long[] {from + random.nextInt(5_000_000), BEGIN + 30 * DAY}) {
      for (Step step : Step.values()) {
        Map<Integer, Sum> all = totals.of(expected.keySet(), step, from, to);
        expected.keySet().forEach(series -> {
          Sum each = reader.sums(series, step, from, to).stream().reduce((a, b) ->
              new Sum(a.from(), a.count() + b.count(), Math.min(a.min(), b.min()), Math.max(a.max(), b.max()), a.sum() + b.sum(), b.last())).orElse(null);
          Sum total = all.get(series);
          assertThat(total == null).as("series %d", series).isEqualTo(each == null);
          if (each != null) {
            assertThat(new Sum(total.from(), total.count(), total.min(), total.max(), 0, total.last())).as("series %d by %s", series, step)
                .isEqualTo(new Sum(each.from(), each.count(), each.min(), each.max(), 0, each.last()));
            assertThat(total.sum()).isCloseTo(each.sum(), org.assertj.core.data.Offset.offset(1e-6));
          }
        });
      }
    }
  }

  /** How many statements it takes to sum up these. */
  private int statements(List<Integer> series) {
    AtomicInteger count = new AtomicInteger();
    JdbcTemplate counting = new JdbcTemplate(database) {
      @Override
      protected void applyStatementSettings(Statement statement) throws SQLException {
        count.incrementAndGet();
        super.applyStatementSettings(statement);
      }
    };
    new SeriesTotals(JdbcClient.create(counting), reader, transactions).of(series, Step.HOUR, BEGIN, BEGIN + 30 * DAY);
    return count.get();
  }

  @Test
  void areSummedUpInAsManyStatementsForManySeriesAsForOne() {
    Random random = new Random(13);
    int first = 62_000;
    int series = 150;
    long[] clocks = new long[series];
    java.util.Arrays.fill(clocks, BEGIN);
    append(some(random, first, series, clocks, 6000));
    checkTotals(random);
    for (int part = 0; part < Parts.COUNT; part++) {
      new Sealer(jdbc, transaction).seal(part, log.head().number(), 0);
    }
    checkTotals(random);
    for (int slot = Parts.slotOf(first); slot <= Parts.slotOf(first + series); slot++) {
      new Gatherer(jdbc, transaction).gather(slot);
    }
    checkTotals(random);
    append(some(random, first, series, clocks, 3000));
    checkTotals(random);
    assertThat(totals.of(List.of(), Step.HOUR, BEGIN, BEGIN + DAY)).isEmpty();
    assertThat(totals.of(List.of(first), Step.HOUR, BEGIN - 3 * DAY, BEGIN - 2 * DAY)).isEmpty();
    assertThat(statements(List.of(first))).isEqualTo(statements(List.copyOf(expected.keySet()))).isLessThanOrEqualTo(4);
  }

  private static List<Value> values(Map<Long, Double> from, int limit) {
    return from.entrySet().stream().limit(limit).map(e -> new Value(e.getKey(), e.getValue())).toList();
  }

  private List<Sum> sums(Map<Long, Double> values, Step step) {
    List<Sum> sums = new ArrayList<>();
    values.forEach((time, value) -> {
      long begin = reader.beginOf(step, time);
      Sum before = sums.isEmpty() || sums.getLast().from() != begin ? null : sums.removeLast();
      sums.add(before == null ? new Sum(begin, 1, value, value, 0, value)
          : new Sum(begin, before.count() + 1, Math.min(before.min(), value), Math.max(before.max(), value), 0, value));
    });
    return sums;
  }

  @Test
  void areReadAsOneWhereverTheyLie() {
    Random random = new Random(11);
    int first = 60_000;
    int series = 5;
    long[] clocks = new long[series];
    java.util.Arrays.fill(clocks, BEGIN);
    Sealer sealer = new Sealer(jdbc, transaction);
    Gatherer gatherer = new Gatherer(jdbc, transaction);
    for (int round = 0; round < 12; round++) {
      append(some(random, first, series, clocks, random.nextInt(1, 900)));
      if (round % 3 == 2) {
        checkAll(random);
        checkTotals(random);
      }
      if (random.nextInt(3) > 0) {
        Sealer.Sealed sealed = sealer.seal(Parts.partOf(first), log.head().number(), 0);
        assertThat(sealed.more()).isFalse();
        if (random.nextInt(2) == 0) {
          append(some(random, first, series, clocks, random.nextInt(1, 50)));
          gatherer.gather(Parts.slotOf(first));
        }
      }
    }
    sealer.seal(Parts.partOf(first), log.head().number(), 0);
    checkAll(random);
    checkTotals(random);
    gatherer.gather(Parts.slotOf(first));
    checkAll(random);
    checkTotals(random);
    assertThat(jdbc.sql("SELECT count(*) FROM sensing_page WHERE slot = :slot").param("slot", Parts.slotOf(first)).query(Long.class).single()).isZero();
    assertThat(jdbc.sql("SELECT sum(count) FROM sensing_chunk WHERE series BETWEEN :a AND :b").param("a", first).param("b", first + series - 1).query(Long.class).single())
        .isEqualTo(expected.values().stream().mapToLong(TreeMap::size).sum());
    assertThat(jdbc.sql("SELECT count(*) FROM sensing_chunk a JOIN sensing_chunk b ON a.series = b.series AND a.start < b.start AND a.finish >= b.start").query(Long.class).single())
        .as("chunks that overlap").isZero();
    // What a start would know.
    Newest anew = new Newest();
    anew.load(jdbc);
    expected.forEach((number, values) -> assertThat(anew.find(number)).isEqualTo(new Value(values.lastKey(), values.lastEntry().getValue())));
  }

  @Test
  void leaveTheirSumsWhenTheyAreDeleted() {
    Random random = new Random(12);
    int series = 61_000;
    long[] clocks = {BEGIN};
    append(some(random, series, 1, clocks, 9000));
    new Sealer(jdbc, transaction).seal(Parts.partOf(series), log.head().number(), 0);
    new Gatherer(jdbc, transaction).gather(Parts.slotOf(series));
    TreeMap<Long, Double> values = expected.get(series);
    long before = reader.beginOf(Step.DAY, values.lastKey());
    assertThat(before).isGreaterThan(BEGIN);
    Map<Step, List<Sum>> sums = new HashMap<>();
    for (Step step : Step.values()) {
      sums.put(step, reader.sums(series, step, 0, BEGIN + 30 * DAY));
    }
    assertThat(retention.retire(series, before)).isGreaterThanOrEqualTo(1);
    assertThat(retention.retire(series, before)).isZero();
    assertThat(reader.list(series, 0, Long.MAX_VALUE, 1_000_000)).isEqualTo(values(values.tailMap(before), Integer.MAX_VALUE));
    checkTotals(random);
    sums.forEach((step, all) -> {
      List<Sum> now = reader.sums(series, step, 0, BEGIN + 30 * DAY);
      assertThat(now).hasSameSizeAs(all);
      for (int i = 0; i < all.size(); i++) {
        assertThat(now.get(i).sum()).isCloseTo(all.get(i).sum(), org.assertj.core.data.Offset.offset(1e-6));
        assertThat(new Sum(now.get(i).from(), now.get(i).count(), now.get(i).min(), now.get(i).max(), 0, now.get(i).last()))
            .isEqualTo(new Sum(all.get(i).from(), all.get(i).count(), all.get(i).min(), all.get(i).max(), 0, all.get(i).last()));
      }
    });
  }

  @Test
  void comeToAFollowerInOrderAndWhereItWasWhenItBeginsAgain() throws Exception {
    record Heard(long position, double value) {}
    String name = "test-" + System.nanoTime();
    LogPosition begin = log.kept(name);
    BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    List<Double> sent = new ArrayList<>();
    LogPosition last;
    ObservationTap tap = (position, batch) -> {
      for (int i = 0; i < batch.size(); i++) {
        if (batch.series()[i] == 70_001) {
          heard.add(new Heard(position.number(), batch.value()[i]));
        }
      }
    };
    try (var following = log.follow(name, begin, tap)) {
      for (int i = 0; i < 40; i++) {
        Columns columns = new Columns(4);
        columns.add(70_001, BEGIN + i * 1000, i);
        columns.add(80_000 + i, BEGIN, 0);
        sent.add((double) i);
        log.append(columns, 0).join();
      }
      List<Double> values = new ArrayList<>();
      long before = 0;
      for (int i = 0; i < 40; i++) {
        Heard next = heard.poll(10, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        assertThat(next.position()).isGreaterThan(before);
        before = next.position();
        values.add(next.value());
      }
      assertThat(values).isEqualTo(sent);
      last = new LogPosition(before);
    }
    // What it has not kept is not sealed away: it begins again at its place and hears the same.
    Sealer sealer = new Sealer(jdbc, transaction);
    assertThat(sealer.sealable()).isLessThanOrEqualTo(begin.number());
    BlockingQueue<Heard> again = new LinkedBlockingQueue<>();
    try (var following = log.follow(name, log.kept(name), (position, batch) -> {
      for (int i = 0; i < batch.size(); i++) {
        if (batch.series()[i] == 70_001) {
          again.add(new Heard(position.number(), batch.value()[i]));
        }
      }
    })) {
      for (double value : sent) {
        assertThat(again.poll(10, TimeUnit.SECONDS).value()).isEqualTo(value);
      }
    }
    // From the table alone, as after a restart.
    List<Double> stored = new ArrayList<>();
    jdbc.sql("SELECT bytes FROM sensing_log WHERE part = :part AND position > :begin ORDER BY position").param("part", Parts.partOf(70_001)).param("begin", begin.number())
        .query((org.springframework.jdbc.core.RowCallbackHandler) row -> {
          Points points = new Points(4);
          LogForm.select(row.getBytes(1), 70_001, 0, Long.MAX_VALUE, points);
          for (int i = 0; i < points.size; i++) {
            stored.add(points.value[i]);
          }
        });
    assertThat(stored).isEqualTo(sent);
    transaction.executeWithoutResult(status -> log.keep(name, last));
    assertThat(log.kept(name)).isEqualTo(last);
    jdbc.sql("DELETE FROM sensing_follower WHERE name = :name").param("name", name).update();
  }
}
