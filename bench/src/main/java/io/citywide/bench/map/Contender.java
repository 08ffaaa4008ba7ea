package io.citywide.bench.map;

import java.util.HashMap;
import java.util.Map;

/** One way of keeping the points of a city and answering the questions of a map. */
interface Contender extends AutoCloseable {

  /** What it took to build. */
  record Built(double seconds, double megabytes) {}

  String name();

  Built build(Points points) throws Exception;

  /** Whether it answers this question at all. */
  boolean answers(Question question);

  /** One client's way to it; each thread has its own. */
  Client client() throws Exception;

  @Override
  void close() throws Exception;

  /** What is asked. */
  enum Question {
    CIRCLE_COUNT,
    CIRCLE_LIST,
    NEAREST,
    TILE,
    POLYGON
  }

  /** Counts by kind, without those of which there is none. */
  static Map<Integer, Long> byKind(long[] counted) {
    Map<Integer, Long> counts = new HashMap<>();
    for (int kind = 0; kind < counted.length; kind++) {
      if (counted[kind] > 0) counts.put(kind, counted[kind]);
    }
    return counts;
  }

  /** Takes a point of a list. */
  @FunctionalInterface
  interface Sink {
    void point(long id, int kind, double lon, double lat);
  }

  /** Asks. What a contender does not answer it is not asked. */
  interface Client extends AutoCloseable {

    default long count(double lon, double lat, double meters) throws Exception {
      throw new UnsupportedOperationException();
    }

    default void list(double lon, double lat, double meters, Sink sink) throws Exception {
      throw new UnsupportedOperationException();
    }

    /** Ids of the nearest, the nearest first. */
    default long[] nearest(double lon, double lat, int most) throws Exception {
      throw new UnsupportedOperationException();
    }

    /** A vector tile, not compressed. */
    default byte[] tile(int zoom, int x, int y) throws Exception {
      throw new UnsupportedOperationException();
    }

    default Map<Integer, Long> counts(double[][] polygon) throws Exception {
      throw new UnsupportedOperationException();
    }

    @Override
    default void close() throws Exception {}
  }
}
