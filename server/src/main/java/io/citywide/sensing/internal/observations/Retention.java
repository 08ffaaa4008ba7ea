package io.citywide.sensing.internal.observations;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.Daily;
import io.citywide.identity.Viewer;
import io.citywide.platform.ServerSettings;
import io.citywide.sensing.Observations.Step;
import io.citywide.sensing.Observations.Sum;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.Known;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Deletes values that are older than their type keeps them, a day of a series at a time, and leaves the sums of its parts of five
 * minutes. What is older is not taken any more, so these stay exact.
 */
@Component
class Retention {

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  /** What was taken at the last moment may still lie in the log or in a page; both are gathered within this. */
  private static final Duration MARGIN = Duration.ofDays(8);

  private static final LocalTime AT_NIGHT = LocalTime.of(3, 20);
  private static final int MOST_SERIES = 2_000;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Gatherer gatherer;
  private final SeriesReader reader;
  private final DeviceDirectory directory;
  private final Clock clock;

  Retention(JdbcClient jdbc, TransactionTemplate transaction, SeriesReader reader, DeviceDirectory directory, Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.gatherer = new Gatherer(jdbc, transaction);
    this.reader = reader;
    this.directory = directory;
    this.clock = clock;
  }

  /** Of every type. */
  void run() {
    long begun = System.nanoTime();
    Map<String, List<Integer>> byType = new TreeMap<>();
    directory.forEach(known -> add(known, byType));
    int days = 0;
    for (Map.Entry<String, List<Integer>> type : byType.entrySet()) {
      long oldest = clock.millis() - directory.types().get(type.getKey()).retention().plus(MARGIN).toMillis();
      long before = reader.beginOf(Step.DAY, oldest);
      List<Integer> series = type.getValue();
      for (int from = 0; from < series.size(); from += MOST_SERIES) {
        for (int one : old(series.subList(from, Math.min(series.size(), from + MOST_SERIES)), before)) {
          days += retire(one, before);
        }
      }
    }
    if (days > 0) {
      log.info("the values of {} days of series were deleted, their sums stay; {} ms", days, (System.nanoTime() - begun) / 1_000_000);
    }
  }

  private static void add(Known known, Map<String, List<Integer>> byType) {
    List<Integer> series = byType.computeIfAbsent(known.typeCode(), type -> new ArrayList<>());
    for (int one : known.series()) {
      if (one >= 0) {
        series.add(one);
      }
    }
  }

  /** Those of the series that have values before a time. */
  private List<Integer> old(List<Integer> series, long before) {
    return jdbc.sql("SELECT s FROM unnest(:series::integer[]) s WHERE EXISTS (SELECT FROM sensing_chunk WHERE series = s AND start < :before)")
        .param("series", series.toArray(Integer[]::new)).param("before", before).query(Integer.class).list();
  }

  /** @param before begin of a day @return days */
  int retire(int series, long before) {
    int days = 0;
    while (transaction.execute(status -> retireDay(series, before))) {
      days++;
    }
    return days;
  }

  /** The first day that there is. */
  private boolean retireDay(int series, long before) {
    if (!jdbc.sql(Sealer.ALONE).query(Boolean.class).single()) {
      // Another night, or when the other server has done it.
      return false;
    }
    Long first = jdbc.sql("SELECT min(start) FROM sensing_chunk WHERE series = :series AND start < :before").param("series", series).param("before", before)
        .query((row, i) -> row.getObject(1, Long.class)).list().getFirst();
    if (first == null) {
      return false;
    }
    long day = reader.beginOf(Step.DAY, first);
    long next = reader.endOf(Step.DAY, day);
    Points points = new Points(Gatherer.CHUNK_VALUES);
    BlockCodec codec = new BlockCodec();
    jdbc.sql("SELECT bytes FROM sensing_chunk WHERE series = :series AND start < :next ORDER BY start").param("series", series).param("next", next)
        .query((RowCallbackHandler) row -> {
          byte[] bytes = row.getBytes(1);
          codec.decode(new Bits.Reader(bytes, 0, bytes.length), points);
        });
    int cut = points.firstFrom(next);
    keepSums(series, day, points, cut);
    jdbc.sql("DELETE FROM sensing_chunk WHERE series = :series AND start < :next").param("series", series).param("next", next).update();
    gatherer.write(series, points, cut, points.size);
    return true;
  }

  private void keepSums(int series, long day, Points points, int to) {
    TreeMap<Long, Sum> parts = new TreeMap<>();
    jdbc.sql("SELECT bytes FROM sensing_day WHERE series = :series AND start = :day").param("series", series).param("day", day)
        .query((RowCallbackHandler) row -> DayForm.decode(row.getBytes(1)).forEach(part -> parts.put(part.from(), part)));
    for (int i = 0; i < to; i++) {
      double value = points.value[i];
      parts.merge(reader.beginOf(Step.FIVE_MINUTES, points.time[i]), new Sum(reader.beginOf(Step.FIVE_MINUTES, points.time[i]), 1, value, value, value, value),
          (a, b) -> new Sum(a.from(), a.count() + b.count(), Math.min(a.min(), b.min()), Math.max(a.max(), b.max()), a.sum() + b.sum(), b.last()));
    }
    jdbc.sql("INSERT INTO sensing_day (series, start, bytes) VALUES (:series, :day, :bytes) ON CONFLICT (series, start) DO UPDATE SET bytes = EXCLUDED.bytes")
        .param("series", series).param("day", day).param("bytes", DayForm.encode(List.copyOf(parts.values()))).update();
  }

  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    RecurringTask<Void> observationRetention(Retention retention, ServerSettings server) {
      return Tasks.recurring("sensing-retention", new Daily(server.zone(), AT_NIGHT))
          .execute((instance, context) -> Viewer.runAs(Viewer.system("observations"), retention::run));
    }
  }
}
