package io.citywide.sensing.internal.observations;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts what lies in the log into pages, part by part, each part in a transaction that also deletes it from the log and keeps
 * the newest value of each series: whenever it is killed, each value is in one of the two.
 */
final class Sealer {

  /** Values taken at once: about 40 MB of memory, and some seconds of work. */
  private static final int MOST_VALUES = 1 << 20;

  /** Values of a page at most, about; a page is read as a whole. */
  private static final int PAGE_VALUES = 1 << 13;

  /** One server at a time seals or gathers. */
  static final String ALONE = "SELECT pg_try_advisory_xact_lock(7305402311)";

  /** @param more whether there is more to seal up to the same position */
  record Sealed(long values, long repeated, boolean more) {}

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final PageForm form = new PageForm();

  Sealer(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /** Position up to which every follower has made durable what it made of it. */
  long sealable() {
    return jdbc.sql("SELECT least((SELECT position FROM sensing_head), (SELECT min(position) FROM sensing_follower))").query(Long.class).single();
  }

  /**
   * Seals a part.
   *
   * @param upTo a position; later batches stay in the log
   */
  Sealed seal(int part, long upTo, long now) {
    return transaction.execute(status -> jdbc.sql(ALONE).query(Boolean.class).single() ? sealAlone(part, upTo, now) : new Sealed(0, 0, false));
  }

  private Sealed sealAlone(int part, long upTo, long now) {
    Columns columns = new Columns(1 << 12);
    long[] last = {0};
    jdbc.sql(
            """
            SELECT position, bytes FROM (
              SELECT position, bytes, sum(size) OVER (ORDER BY position) - size AS before FROM sensing_log WHERE part = :part AND position <= :upTo) l
            WHERE before < :most ORDER BY position
            """)
        .param("part", part).param("upTo", upTo).param("most", MOST_VALUES)
        .query((RowCallbackHandler) row -> {
          last[0] = row.getLong(1);
          LogForm.decode(row.getBytes(2), columns);
        });
    if (columns.size() == 0) {
      return new Sealed(0, 0, false);
    }
    long repeated = write(part, last[0], now, columns);
    jdbc.sql("DELETE FROM sensing_log WHERE part = :part AND position <= :last").param("part", part).param("last", last[0]).update();
    boolean more = jdbc.sql("SELECT EXISTS (SELECT FROM sensing_log WHERE part = :part AND position <= :upTo)").param("part", part).param("upTo", upTo)
        .query(Boolean.class).single();
    return new Sealed(columns.size(), repeated, more);
  }

  /** @return values of a moment that came twice */
  private long write(int part, long run, long now, Columns columns) {
    int size = columns.size();
    int most = 0;
    for (int i = 0; i < size; i++) {
      most = Math.max(most, Parts.indexIn(columns.series[i]));
    }
    int[] ends = new int[most + 2];
    for (int i = 0; i < size; i++) {
      ends[Parts.indexIn(columns.series[i]) + 1]++;
    }
    for (int i = 0; i <= most; i++) {
      ends[i + 1] += ends[i];
    }
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[ends[Parts.indexIn(columns.series[i])]++] = i;
    }
    // ends[i] is now where the values of series i end.
    Newest.Stored newest = stored(part);
    Pages pages = new Pages(run, now);
    Points points = new Points(256);
    long repeated = 0;
    int from = 0;
    for (int index = 0; index <= most; index++) {
      int to = ends[index];
      if (to == from) {
        continue;
      }
      points.clear();
      for (int i = from; i < to; i++) {
        points.add(columns.time[order[i]], columns.value[order[i]]);
      }
      repeated += points.settle();
      int latest = points.size - 1;
      newest.put(index, points.time[latest], points.value[latest]);
      pages.add(Parts.seriesAt(part, index), points);
      from = to;
    }
    pages.flush();
    jdbc.sql("INSERT INTO sensing_newest (part, bytes) VALUES (:part, :bytes) ON CONFLICT (part) DO UPDATE SET bytes = EXCLUDED.bytes")
        .param("part", part).param("bytes", newest.encode()).update();
    return repeated;
  }

  private Newest.Stored stored(int part) {
    return jdbc.sql("SELECT bytes FROM sensing_newest WHERE part = :part").param("part", part)
        .query((ResultSet row, int i) -> Newest.Stored.decode(row.getBytes(1))).optional().orElseGet(Newest.Stored::new);
  }

  /** Pages on their way into the table. */
  private final class Pages {

    private static final int ROWS = 256;

    private final long run;
    private final long now;
    private final Bits.Writer page = new Bits.Writer(1 << 14);
    private final Bits.Writer all = new Bits.Writer(1 << 16);
    private final List<long[]> rows = new ArrayList<>();
    private int slot = -1;
    private int piece;
    private int values;
    private long first;
    private long last;

    Pages(long run, long now) {
      this.run = run;
      this.now = now;
    }

    void add(int series, Points points) {
      if (Parts.slotOf(series) != slot) {
        finish();
        slot = Parts.slotOf(series);
        piece = 0;
      }
      for (int from = 0; from < points.size; from += PAGE_VALUES) {
        int to = Math.min(points.size, from + PAGE_VALUES);
        if (values > 0 && values + to - from > PAGE_VALUES) {
          finish();
        }
        if (values == 0) {
          first = Long.MAX_VALUE;
          last = Long.MIN_VALUE;
        }
        form.add(series & Parts.SLOT - 1, points, from, to, page);
        values += to - from;
        first = Math.min(first, points.time[from]);
        last = Math.max(last, points.time[to - 1]);
      }
    }

    private void finish() {
      if (values == 0) {
        return;
      }
      rows.add(new long[] {slot, piece, values, first, last, all.size(), page.size()});
      all.copy(page.array(), 0, page.size());
      page.clear();
      values = 0;
      piece++;
      if (rows.size() == ROWS) {
        send();
      }
    }

    void flush() {
      finish();
      send();
    }

    private void send() {
      if (rows.isEmpty()) {
        return;
      }
      jdbc.sql(
              """
              INSERT INTO sensing_page (slot, run, piece, size, first_time, last_time, sealed_at, bytes)
              SELECT slot, :run, piece, size, first_time, last_time, :now, substr(:bytes::bytea, at::integer + 1, length::integer)
              FROM unnest(:slots::bigint[], :pieces::bigint[], :sizes::bigint[], :firsts::bigint[], :lasts::bigint[], :offsets::bigint[], :lengths::bigint[])
                   AS p (slot, piece, size, first_time, last_time, at, length)
              """)
          .param("run", run).param("now", now).param("bytes", all.toBytes())
          .param("slots", column(0)).param("pieces", column(1)).param("sizes", column(2)).param("firsts", column(3)).param("lasts", column(4))
          .param("offsets", column(5)).param("lengths", column(6)).update();
      rows.clear();
      all.clear();
    }

    private Long[] column(int at) {
      return rows.stream().map(row -> row[at]).toArray(Long[]::new);
    }
  }
}
