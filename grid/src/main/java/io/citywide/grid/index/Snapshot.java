package io.citywide.grid.index;

import io.citywide.grid.GridBox;
import java.util.ArrayList;
import java.util.List;

/**
 * The index as it stood at one moment; what changes later does not touch it. For any number of threads at once. Close
 * it soon: it keeps a file from being released.
 *
 * <p>Every query throws {@link DamagedIndexException} when it comes to a part of the file that was altered, and never
 * answers from one.
 */
public final class Snapshot implements AutoCloseable {
  private final View view;
  private boolean closed;

  Snapshot(View view) {
    this.view = view;
  }

  View view() {
    return view;
  }

  /** Points in all. */
  public long size() {
    return view.size();
  }

  /** Says what the index holds: equal where and only where the points are the same, on whatever server. */
  public String revision() {
    return view.revision();
  }

  /** What the owner said about the last change; see {@link PointIndex#apply}. */
  public String note() {
    return view.note;
  }

  /** How many there are. */
  public long count(Where where, KindSet kinds) {
    Counting count = new Counting(kinds);
    count.walk(view.base, where);
    long total = count.total;
    if (view.isChanged()) {
      count.walk(view.added, where);
      total = count.total;
      count.total = 0;
      count.walk(view.removed, where);
      total -= count.total;
    }
    return total;
  }

  /** How many of each kind. */
  public KindCounts counts(Where where, KindSet kinds) {
    KindCounting count = new KindCounting(kinds, view.largestKind());
    count.walk(view.base, where);
    if (view.isChanged()) {
      count.walk(view.added, where);
      count.sign = -1;
      count.walk(view.removed, where);
    }
    return new KindCounts(count.counts);
  }

  /**
   * Gives each point to the sink, in the order of key and id.
   *
   * @param after begins after this point; null: at the first
   * @return false when the sink wanted no more
   */
  public boolean each(Where where, KindSet kinds, IndexedPoint after, PointSink sink) {
    return new Listing(view, kinds, after, (key, kind, id, lon, lat) -> sink.point(key, kind, id)).run(where);
  }

  /** As {@link #each(Where, KindSet, IndexedPoint, PointSink)}, from the first. */
  public boolean each(Where where, KindSet kinds, PointSink sink) {
    return each(where, kinds, null, sink);
  }

  /** As {@link #each(Where, KindSet, PointSink)}, each with its place. */
  public boolean each(Where where, KindSet kinds, PlaceSink sink) {
    return new Listing(view, kinds, null, sink).run(where);
  }

  /**
   * At most so many points, in the order of key and id.
   *
   * @param after the last of the page before; null: the first page
   * @param limit 1..1000000
   * @throws IllegalArgumentException when the limit is out of bounds
   */
  public List<IndexedPoint> page(Where where, KindSet kinds, IndexedPoint after, int limit) {
    if (limit < 1 || limit > 1_000_000) throw new IllegalArgumentException("limit must be 1..1000000, was " + limit);
    List<IndexedPoint> page = new ArrayList<>(Math.min(limit, 1000));
    each(where, kinds, after, (key, kind, id) -> {
      page.add(new IndexedPoint(key, kind, id));
      return page.size() < limit;
    });
    return page;
  }

  /** A point and how far away it is. */
  public record Near(IndexedPoint point, double meters) {}

  /**
   * The nearest points, the nearest first, of equal distances the least id.
   *
   * @param lon degrees
   * @param lat degrees
   * @param most how many, 1..10000
   * @param withinMeters none farther than this, 0..200000
   * @throws IllegalArgumentException when a bound is broken; see also {@link Where#circle}
   */
  public List<Near> nearest(double lon, double lat, int most, double withinMeters, KindSet kinds) {
    if (most < 1 || most > 10_000) throw new IllegalArgumentException("the number of the nearest must be 1..10000, was " + most);
    return new Nearest(view, new Meters(lon, lat, withinMeters), withinMeters, most, kinds).find(lon, lat);
  }

  /**
   * The cells that touch a box and are not empty, each with what is in the whole of it.
   *
   * @param box of a tile; one across the antimeridian is refused
   * @return false when the sink wanted no more
   */
  public boolean cells(GridBox box, CellSize size, KindSet kinds, CellSink sink) {
    if (box.west() > box.east()) throw new IllegalArgumentException("the box of a tile must not cross the antimeridian, was " + box);
    return new Tiling(view, size, kinds, sink).run((Where.Box) Where.box(box));
  }

  /** Gives the snapshot back; it must not be used any more. Doing so twice changes nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      view.release();
    }
  }
}
