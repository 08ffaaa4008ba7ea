package io.citywide.sensing.internal.observations;

import io.citywide.sensing.Observations.Step;
import io.citywide.sensing.Observations.Sum;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sums up many series over one span: four statements in one snapshot (days, pages, log, chunks), however many series there are. What
 * {@link SeriesReader} says of each, this says of all.
 */
@Component
class SeriesTotals {

  private static final int FEW = 16;

  private final JdbcClient jdbc;
  private final SeriesReader reader;
  private final TransactionTemplate snapshot;

  SeriesTotals(JdbcClient jdbc, SeriesReader reader, PlatformTransactionManager transactions) {
    this.jdbc = jdbc;
    this.reader = reader;
    this.snapshot = new TransactionTemplate(transactions);
    snapshot.setReadOnly(true);
    snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    snapshot.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
  }

  /** What of one series has been added up so far. {@code fresh}: its values that are in no chunk yet, in their order. */
  private static final class Total {
    final Points fresh = new Points(FEW);
    private final BitSet replaced = new BitSet();
    private long from = Long.MAX_VALUE;
    private long count;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;
    private long lastTime = Long.MIN_VALUE;
    private double last;

    void add(long first, long more, double least, double greatest, double total, long newestTime, double newest) {
      from = Math.min(from, first);
      count += more;
      min = Math.min(min, least);
      max = Math.max(max, greatest);
      sum += total;
      if (newestTime >= lastTime) {
        lastTime = newestTime;
        last = newest;
      }
    }

    void add(long time, double value) {
      add(time, 1, value, value, value, time, value);
    }

    /** Adds what a chunk holds of the span. Of the same moment the value of the chunk came first: it stands. */
    void add(Points chunk, long begin, long end) {
      for (int k = chunk.firstFrom(begin); k < chunk.size && chunk.time[k] < end; k++) {
        add(chunk.time[k], chunk.value[k]);
        int at = fresh.firstFrom(chunk.time[k]);
        if (at < fresh.size && fresh.time[at] == chunk.time[k]) {
          replaced.set(at);
        }
      }
    }

    void addFresh(long begin, long end) {
      for (int k = fresh.firstFrom(begin); k < fresh.size && fresh.time[k] < end; k++) {
        if (!replaced.get(k)) {
          add(fresh.time[k], fresh.value[k]);
        }
      }
    }

    Sum done(long part) {
      return new Sum(part, count, min, max, sum, last);
    }
  }

  /** As {@link io.citywide.sensing.Observations#totals} says; each sum begins where the part of its first value does. */
  Map<Integer, Sum> of(Collection<Integer> series, Step step, long begin, long end) {
    long from = reader.beginOf(step, begin);
    long to = reader.beginOf(step, end);
    if (series.isEmpty() || from >= to) {
      return Map.of();
    }
    Map<Integer, Total> totals = new HashMap<>();
    series.forEach(s -> totals.put(s, new Total()));
    snapshot.executeWithoutResult(status -> read(totals, from, to));
    Map<Integer, Sum> sums = new HashMap<>();
    totals.forEach((s, total) -> {
      total.addFresh(from, to);
      if (total.count > 0) {
        sums.put(s, total.done(reader.beginOf(step, total.from)));
      }
    });
    return sums;
  }

  private void read(Map<Integer, Total> totals, long from, long to) {
    Integer[] all = totals.keySet().toArray(Integer[]::new);
    days(all, totals, from, to);
    pages(totals, from, to);
    jdbc.sql("SELECT bytes FROM sensing_log WHERE part = ANY (:parts) AND last_time >= :from AND first_time < :to ORDER BY position")
        .param("parts", distinct(Stream.of(all).map(Parts::partOf))).param("from", from).param("to", to)
        .query((RowCallbackHandler) row -> LogForm.select(row.getBytes(1), s -> totals.containsKey(s) ? totals.get(s).fresh : null, from, to));
    totals.values().forEach(total -> total.fresh.settle());
    chunks(all, totals, from, to);
  }

  /** Days whose values were deleted. */
  private void days(Integer[] all, Map<Integer, Total> totals, long from, long to) {
    jdbc.sql("SELECT series, bytes FROM sensing_day WHERE series = ANY (:series) AND start < :to AND start >= :first")
        .param("series", all).param("first", reader.beginOf(Step.DAY, from)).param("to", to)
        .query((RowCallbackHandler) row -> {
          Total total = totals.get(row.getInt(1));
          for (Sum part : DayForm.decode(row.getBytes(2))) {
            if (part.from() >= from && part.from() < to) {
              total.add(part.from(), part.count(), part.min(), part.max(), part.sum(), part.from(), part.last());
            }
          }
        });
  }

  private void pages(Map<Integer, Total> totals, long from, long to) {
    Map<Integer, Points[]> slots = new HashMap<>();
    totals.forEach((s, total) -> slots.computeIfAbsent(Parts.slotOf(s), slot -> new Points[Parts.SLOT])[s & Parts.SLOT - 1] = total.fresh);
    PageForm form = new PageForm();
    jdbc.sql("SELECT slot, bytes FROM sensing_page WHERE slot = ANY (:slots) AND last_time >= :from AND first_time < :to ORDER BY slot, run, piece")
        .param("slots", slots.keySet().toArray(Integer[]::new)).param("from", from).param("to", to)
        .query((RowCallbackHandler) row -> form.select(row.getBytes(2), slots.get(row.getInt(1))));
  }

  /** Most chunks are added by what stands beside their values; these are read where a chunk reaches beyond the span, or among fresh values. */
  private void chunks(Integer[] all, Map<Integer, Total> totals, long from, long to) {
    Long[] firsts = new Long[all.length];
    Long[] lasts = new Long[all.length];
    for (int i = 0; i < all.length; i++) {
      Points fresh = totals.get(all[i]).fresh;
      firsts[i] = fresh.size == 0 ? Long.MAX_VALUE : fresh.time[0];
      lasts[i] = fresh.size == 0 ? Long.MIN_VALUE : fresh.time[fresh.size - 1];
    }
    Points points = new Points(Gatherer.CHUNK_VALUES);
    BlockCodec codec = new BlockCodec();
    jdbc.sql("""
            SELECT w.series, c.start, c.finish, c.count, c.min, c.max, c.sum, c.last,
              CASE WHEN c.start >= :from AND c.finish < :to AND NOT (c.start <= w.last AND c.finish >= w.first) THEN NULL ELSE c.bytes END
            FROM unnest(:series::int[], :firsts::bigint[], :lasts::bigint[]) AS w (series, first, last),
              -- OFFSET 0 keeps it two searches per series: where the chunk begins that may reach into the span, and from there on.
              LATERAL (SELECT coalesce((SELECT p.start FROM sensing_chunk p WHERE p.series = w.series AND p.start <= :from ORDER BY p.start DESC LIMIT 1), :from) AS start OFFSET 0) b,
              LATERAL (SELECT * FROM sensing_chunk k WHERE k.series = w.series AND k.start >= b.start AND k.start < :to AND k.finish >= :from OFFSET 0) c""")
        .param("series", all).param("firsts", firsts).param("lasts", lasts).param("from", from).param("to", to)
        .query((RowCallbackHandler) row -> {
          Total total = totals.get(row.getInt(1));
          byte[] bytes = row.getBytes(9);
          if (bytes == null) {
            total.add(row.getLong(2), row.getLong(4), row.getDouble(5), row.getDouble(6), row.getDouble(7), row.getLong(3), row.getDouble(8));
          } else {
            points.clear();
            codec.decode(new Bits.Reader(bytes, 0, bytes.length), points);
            total.add(points, from, to);
          }
        });
  }

  private static Integer[] distinct(Stream<Integer> numbers) {
    return numbers.distinct().toArray(Integer[]::new);
  }
}
