package io.citywide.sensing.internal.observations;

import io.citywide.platform.ServerSettings;
import io.citywide.sensing.Observations.Step;
import io.citywide.sensing.Observations.Sum;
import io.citywide.sensing.Observations.Value;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Reads a series: chunks, pages and the log as one, in one snapshot, so that a value on its way from one to the next is seen
 * once. Of the same moment the one that came first stands.
 */
@Component
class SeriesReader {

  /** The newest of chunks before a time is where values from that time on may begin. */
  private static final String CHUNKS_FROM =
      " series = :series AND start < :to AND start >= coalesce((SELECT start FROM sensing_chunk WHERE series = :series AND start <= :from ORDER BY start DESC LIMIT 1), :from) ";

  private final JdbcClient jdbc;
  private final TransactionTemplate snapshot;
  private final ZoneId zone;

  SeriesReader(JdbcClient jdbc, PlatformTransactionManager transactions, ServerSettings server) {
    this.jdbc = jdbc;
    this.zone = server.zone();
    this.snapshot = new TransactionTemplate(transactions);
    snapshot.setReadOnly(true);
    snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    snapshot.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  /** Values from {@code from} on and before {@code to}, the oldest first. */
  List<Value> list(int series, long from, long to, int limit) {
    Points points = snapshot.execute(status -> read(series, from, to, limit));
    List<Value> values = new ArrayList<>(points.size);
    for (int i = points.firstFrom(from); i < points.size && points.time[i] < to && values.size() < limit; i++) {
      values.add(new Value(points.time[i], points.value[i]));
    }
    return values;
  }

  private Points read(int series, long from, long to, int limit) {
    Points points = new Points(Gatherer.CHUNK_VALUES);
    BlockCodec codec = new BlockCodec();
    // Enough chunks for the limit, one more because the first may begin before the time asked for.
    jdbc.sql("SELECT bytes FROM (SELECT start, bytes, sum(count) OVER (ORDER BY start) - count AS before FROM sensing_chunk WHERE" + CHUNKS_FROM
            + ") c WHERE before <= :most ORDER BY start")
        .param("series", series).param("from", from).param("to", to).param("most", (long) limit + Gatherer.CHUNK_VALUES)
        .query((RowCallbackHandler) row -> {
          byte[] bytes = row.getBytes(1);
          codec.decode(new Bits.Reader(bytes, 0, bytes.length), points);
        });
    readFresh(series, from, to, points);
    points.settle();
    return points;
  }

  /** What is not in chunks yet, in the order in which it came; may be more than was asked for. */
  private void readFresh(int series, long from, long to, Points points) {
    PageForm form = new PageForm();
    jdbc.sql("SELECT bytes FROM sensing_page WHERE slot = :slot AND last_time >= :from AND first_time < :to ORDER BY run, piece")
        .param("slot", Parts.slotOf(series)).param("from", from).param("to", to)
        .query((RowCallbackHandler) row -> form.select(row.getBytes(1), series & Parts.SLOT - 1, points));
    jdbc.sql("SELECT bytes FROM sensing_log WHERE part = :part AND last_time >= :from AND first_time < :to ORDER BY position")
        .param("part", Parts.partOf(series)).param("from", from).param("to", to)
        .query((RowCallbackHandler) row -> LogForm.select(row.getBytes(1), series, from, to, points));
  }

  // ---- sums --------------------------------------------------------------------------------------

  /** Adds up values into parts of time, which must come in their order. */
  private final class Adding {
    private final Step step;
    private final List<Sum> sums = new ArrayList<>();
    private long begin;
    private long end = Long.MIN_VALUE;
    private long count;
    private double min;
    private double max;
    private double sum;
    private double last;

    Adding(Step step) {
      this.step = step;
    }

    private void turnTo(long time) {
      if (time < end) {
        return;
      }
      finish();
      begin = beginOf(step, time);
      end = endOf(step, begin);
      count = 0;
      min = Double.POSITIVE_INFINITY;
      max = Double.NEGATIVE_INFINITY;
      sum = 0;
    }

    void add(long time, double value) {
      add(time, 1, value, value, value, value);
    }

    void add(long time, long more, double least, double greatest, double total, double newest) {
      turnTo(time);
      count += more;
      min = Math.min(min, least);
      max = Math.max(max, greatest);
      sum += total;
      last = newest;
    }

    /** Whether all moments from one to the other are in one part. */
    boolean together(long first, long finish) {
      long from = beginOf(step, first);
      return finish < endOf(step, from);
    }

    private void finish() {
      if (count > 0) {
        sums.add(new Sum(begin, count, min, max, sum, last));
      }
    }

    List<Sum> done() {
      finish();
      count = 0;
      return sums;
    }
  }

  /** Begin of the part that a moment lies in. Days are those of the city's time zone. */
  long beginOf(Step step, long time) {
    return switch (step) {
      case FIVE_MINUTES -> Math.floorDiv(time, 300_000L) * 300_000L;
      case HOUR -> Math.floorDiv(time, 3_600_000L) * 3_600_000L;
      case DAY -> Instant.ofEpochMilli(time).atZone(zone).truncatedTo(ChronoUnit.DAYS).toInstant().toEpochMilli();
    };
  }

  long endOf(Step step, long begin) {
    return switch (step) {
      case FIVE_MINUTES -> begin + 300_000L;
      case HOUR -> begin + 3_600_000L;
      case DAY -> Instant.ofEpochMilli(begin).atZone(zone).plusDays(1).toInstant().toEpochMilli();
    };
  }

  /** A chunk by what stands beside its values. */
  private record Head(long start, long finish, long count, double min, double max, double sum, double last) {}

  List<Sum> sums(int series, Step step, long from, long to) {
    return snapshot.execute(status -> add(series, step, beginOf(step, from), beginOf(step, to)));
  }

  private List<Sum> add(int series, Step step, long from, long to) {
    Adding adding = new Adding(step);
    addDays(series, step, from, to, adding);
    Points fresh = new Points(256);
    readFresh(series, from, to, fresh);
    fresh.settle();
    List<Head> heads = jdbc.sql("SELECT start, finish, count, min, max, sum, last FROM sensing_chunk WHERE" + CHUNKS_FROM + "ORDER BY start")
        .param("series", series).param("from", from).param("to", to)
        .query((row, i) -> new Head(row.getLong(1), row.getLong(2), row.getLong(3), row.getDouble(4), row.getDouble(5), row.getDouble(6), row.getDouble(7))).list();
    Points points = new Points(Gatherer.CHUNK_VALUES);
    BlockCodec codec = new BlockCodec();
    int at = fresh.firstFrom(from);
    int end = fresh.firstFrom(to);
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      while (at < end && fresh.time[at] < head.start()) {
        adding.add(fresh.time[at], fresh.value[at++]);
      }
      boolean alone = at >= end || fresh.time[at] > head.finish();
      if (alone && head.start() >= from && head.finish() < to && adding.together(head.start(), head.finish())) {
        adding.add(head.start(), head.count(), head.min(), head.max(), head.sum(), head.last());
        continue;
      }
      if (head.finish() < from) {
        continue;
      }
      points.clear();
      jdbc.sql("SELECT bytes FROM sensing_chunk WHERE series = :series AND start = :start").param("series", series).param("start", head.start())
          .query((RowCallbackHandler) row -> {
            byte[] bytes = row.getBytes(1);
            codec.decode(new Bits.Reader(bytes, 0, bytes.length), points);
          });
      int until = at;
      while (until < end && fresh.time[until] <= head.finish()) {
        until++;
      }
      if (until > at) {
        points.addAll(fresh, at, until);
        points.settle();
        at = until;
      }
      for (int k = points.firstFrom(from); k < points.size && points.time[k] < to; k++) {
        adding.add(points.time[k], points.value[k]);
      }
    }
    while (at < end) {
      adding.add(fresh.time[at], fresh.value[at++]);
    }
    return adding.done();
  }

  /** Days whose values were deleted. */
  private void addDays(int series, Step step, long from, long to, Adding adding) {
    jdbc.sql("SELECT bytes FROM sensing_day WHERE series = :series AND start < :to AND start >= :from ORDER BY start")
        .param("series", series).param("from", beginOf(Step.DAY, from)).param("to", to)
        .query((RowCallbackHandler) row -> {
          for (Sum part : DayForm.decode(row.getBytes(1))) {
            if (part.from() >= from && part.from() < to) {
              adding.add(part.from(), part.count(), part.min(), part.max(), part.sum(), part.last());
            }
          }
        });
  }
}
