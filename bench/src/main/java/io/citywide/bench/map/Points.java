package io.citywide.bench.map;

/** The components of a {@link City}, column by column: what each contender is built from. */
final class Points {
  final long[] keys;
  final char[] kinds;
  final long[] ids;

  Points(City city) {
    int n = Math.toIntExact(city.points());
    keys = new long[n];
    kinds = new char[n];
    ids = new long[n];
    int[] at = {0};
    city.each((key, kind, id) -> {
      keys[at[0]] = key;
      kinds[at[0]] = (char) kind;
      ids[at[0]++] = id;
    });
  }

  int size() {
    return keys.length;
  }
}
