package io.citywide.sensing.internal.observations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes chunks of pages, a slot at a time, in one transaction each. What falls into a chunk that is there already is merged
 * into it, and what is of a moment that it knows is left out. Chunks of a series never overlap.
 */
final class Gatherer {

  /** Values of a chunk at most. */
  static final int CHUNK_VALUES = 1024;

  /** A chunk with fewer values goes on being filled. */
  private static final int FULL_ENOUGH = CHUNK_VALUES / 2;

  /** A slot with so many values in pages is gathered however young they are. */
  private static final int ENOUGH = Parts.SLOT * CHUNK_VALUES / 4;

  /** Values taken at once. */
  private static final int MOST_VALUES = 1 << 18;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final PageForm form = new PageForm();
  private final Bits.Writer block = new Bits.Writer(1 << 12);

  Gatherer(JdbcClient jdbc, TransactionTemplate transaction) {
    this.jdbc = jdbc;
    this.transaction = transaction;
  }

  /** A chunk without its values. */
  private record Head(long start, long finish, int count) {}

  /** A chunk to be written. */
  private record Chunk(int series, long start, long finish, int count, double min, double max, double sum, double last, byte[] bytes) {}

  /** Slots whose values wait for long enough, or are many enough. @param sealedBefore milliseconds since 1970 UTC */
  List<Integer> due(long sealedBefore) {
    return jdbc.sql("SELECT slot FROM sensing_page GROUP BY slot HAVING sum(size) >= :enough OR min(sealed_at) <= :before ORDER BY slot")
        .param("enough", ENOUGH).param("before", sealedBefore).query(Integer.class).list();
  }

  /** @return values taken out of pages; 0 where another server does this just now */
  long gather(int slot) {
    long all = 0;
    long some;
    do {
      some = transaction.execute(status -> jdbc.sql(Sealer.ALONE).query(Boolean.class).single() ? gatherAlone(slot) : 0L);
      all += some;
    } while (some >= MOST_VALUES);
    return all;
  }

  private long gatherAlone(int slot) {
    Points[] points = new Points[Parts.SLOT];
    List<Long> runs = new ArrayList<>();
    List<Integer> pieces = new ArrayList<>();
    long[] size = {0};
    jdbc.sql(
            """
            SELECT run, piece, size, bytes FROM (
              SELECT run, piece, size, bytes, sum(size) OVER (ORDER BY run, piece) - size AS before FROM sensing_page WHERE slot = :slot) p
            WHERE before < :most ORDER BY run, piece
            """)
        .param("slot", slot).param("most", MOST_VALUES)
        .query((RowCallbackHandler) row -> {
          runs.add(row.getLong(1));
          pieces.add(row.getInt(2));
          size[0] += row.getInt(3);
          form.readAll(row.getBytes(4), points);
        });
    if (runs.isEmpty()) {
      return 0;
    }
    Map<Integer, List<Head>> heads = heads(slot, points);
    List<Chunk> written = new ArrayList<>();
    List<Long> replaced = new ArrayList<>();
    List<Integer> replacedSeries = new ArrayList<>();
    for (int place = 0; place < Parts.SLOT; place++) {
      if (points[place] == null) {
        continue;
      }
      int series = (slot << Parts.SLOT_BITS) + place;
      points[place].settle();
      for (long start : merge(series, points[place], heads.getOrDefault(series, List.of()), written)) {
        replaced.add(start);
        replacedSeries.add(series);
      }
      points[place] = null;
    }
    if (!replaced.isEmpty()) {
      jdbc.sql("DELETE FROM sensing_chunk c USING unnest(:series::integer[], :starts::bigint[]) AS r (series, start) WHERE c.series = r.series AND c.start = r.start")
          .param("series", replacedSeries.toArray(Integer[]::new)).param("starts", replaced.toArray(Long[]::new)).update();
    }
    insert(written);
    jdbc.sql("DELETE FROM sensing_page p USING unnest(:runs::bigint[], :pieces::integer[]) AS g (run, piece) WHERE p.slot = :slot AND p.run = g.run AND p.piece = g.piece")
        .param("slot", slot).param("runs", runs.toArray(Long[]::new)).param("pieces", pieces.toArray(Integer[]::new)).update();
    return size[0];
  }

  /** Chunks that new values may fall into: from the one before the first of them to the last. */
  private Map<Integer, List<Head>> heads(int slot, Points[] points) {
    List<Integer> series = new ArrayList<>();
    List<Long> firsts = new ArrayList<>();
    List<Long> lasts = new ArrayList<>();
    for (int place = 0; place < Parts.SLOT; place++) {
      if (points[place] != null) {
        series.add((slot << Parts.SLOT_BITS) + place);
        firsts.add(Arrays.stream(points[place].time, 0, points[place].size).min().orElseThrow());
        lasts.add(Arrays.stream(points[place].time, 0, points[place].size).max().orElseThrow());
      }
    }
    Map<Integer, List<Head>> heads = new HashMap<>();
    jdbc.sql(
            """
            SELECT s.series, c.start, c.finish, c.count
            FROM unnest(:series::integer[], :firsts::bigint[], :lasts::bigint[]) AS s (series, first, last),
                 LATERAL (SELECT start, finish, count FROM sensing_chunk
                          WHERE series = s.series AND start <= s.last
                            AND start >= coalesce((SELECT start FROM sensing_chunk WHERE series = s.series AND start <= s.first ORDER BY start DESC LIMIT 1), s.first)
                          ORDER BY start) c
            """)
        .param("series", series.toArray(Integer[]::new)).param("firsts", firsts.toArray(Long[]::new)).param("lasts", lasts.toArray(Long[]::new))
        .query((RowCallbackHandler) row ->
            heads.computeIfAbsent(row.getInt(1), s -> new ArrayList<>()).add(new Head(row.getLong(2), row.getLong(3), row.getInt(4))));
    return heads;
  }

  /**
   * Adds the chunks that new values make to {@code written}.
   *
   * @return starts of the chunks that they take the place of
   */
  private List<Long> merge(int series, Points fresh, List<Head> heads, List<Chunk> written) {
    List<Long> replaced = new ArrayList<>();
    int from = heads.isEmpty() ? fresh.size : fresh.firstFrom(heads.getFirst().start());
    if (from > 0) {
      split(series, fresh, 0, from, heads.isEmpty(), written);
    }
    for (int i = 0; i < heads.size(); i++) {
      Head head = heads.get(i);
      int to = i + 1 < heads.size() ? fresh.firstFrom(heads.get(i + 1).start()) : fresh.size;
      if (to == from) {
        continue;
      }
      boolean behind = fresh.time[from] > head.finish();
      if (behind && head.count() >= FULL_ENOUGH) {
        split(series, fresh, from, to, true, written);
      } else {
        Points both = read(series, head.start());
        both.addAll(fresh, from, to);
        both.settle();
        split(series, both, 0, both.size, behind, written);
        replaced.add(head.start());
      }
      from = to;
    }
    return replaced;
  }

  private Points read(int series, long start) {
    Points points = new Points(CHUNK_VALUES);
    byte[] bytes = jdbc.sql("SELECT bytes FROM sensing_chunk WHERE series = :series AND start = :start").param("series", series).param("start", start)
        .query((row, i) -> row.getBytes(1)).single();
    form.codec().decode(new Bits.Reader(bytes, 0, bytes.length), points);
    return points;
  }

  /** @param grows whether more will come behind: then each chunk but the last is full, else they are alike */
  private void split(int series, Points points, int from, int to, boolean grows, List<Chunk> written) {
    int chunks = (to - from + CHUNK_VALUES - 1) / CHUNK_VALUES;
    int size = grows || chunks == 1 ? CHUNK_VALUES : (to - from + chunks - 1) / chunks;
    for (int begin = from; begin < to; begin += size) {
      written.add(chunk(series, points, begin, Math.min(to, begin + size)));
    }
  }

  /** Writes chunks of points that no other chunk overlaps. */
  void write(int series, Points points, int from, int to) {
    List<Chunk> chunks = new ArrayList<>();
    if (from < to) {
      split(series, points, from, to, true, chunks);
    }
    insert(chunks);
  }

  private Chunk chunk(int series, Points points, int from, int to) {
    block.clear();
    form.codec().encode(points, from, to, block);
    double min = points.value[from];
    double max = min;
    double sum = 0;
    for (int i = from; i < to; i++) {
      min = Math.min(min, points.value[i]);
      max = Math.max(max, points.value[i]);
      sum += points.value[i];
    }
    return new Chunk(series, points.time[from], points.time[to - 1], to - from, min, max, sum, points.value[to - 1], block.toBytes());
  }

  private void insert(List<Chunk> chunks) {
    for (int from = 0; from < chunks.size(); from += 256) {
      List<Chunk> some = chunks.subList(from, Math.min(chunks.size(), from + 256));
      Bits.Writer all = new Bits.Writer(1 << 16);
      Integer[] offsets = new Integer[some.size()];
      Integer[] lengths = new Integer[some.size()];
      for (int i = 0; i < some.size(); i++) {
        offsets[i] = all.size();
        lengths[i] = some.get(i).bytes().length;
        all.copy(some.get(i).bytes(), 0, lengths[i]);
      }
      jdbc.sql(
              """
              INSERT INTO sensing_chunk (series, start, finish, count, min, max, sum, last, bytes)
              SELECT series, start, finish, count, min, max, sum, last, substr(:bytes::bytea, at + 1, length)
              FROM unnest(:series::integer[], :starts::bigint[], :finishes::bigint[], :counts::integer[], :mins::float8[], :maxs::float8[], :sums::float8[],
                          :lasts::float8[], :offsets::integer[], :lengths::integer[]) AS c (series, start, finish, count, min, max, sum, last, at, length)
              """)
          .param("bytes", all.toBytes())
          .param("series", some.stream().map(Chunk::series).toArray(Integer[]::new))
          .param("starts", some.stream().map(Chunk::start).toArray(Long[]::new))
          .param("finishes", some.stream().map(Chunk::finish).toArray(Long[]::new))
          .param("counts", some.stream().map(Chunk::count).toArray(Integer[]::new))
          .param("mins", some.stream().map(Chunk::min).toArray(Double[]::new))
          .param("maxs", some.stream().map(Chunk::max).toArray(Double[]::new))
          .param("sums", some.stream().map(Chunk::sum).toArray(Double[]::new))
          .param("lasts", some.stream().map(Chunk::last).toArray(Double[]::new))
          .param("offsets", offsets).param("lengths", lengths).update();
    }
  }
}
