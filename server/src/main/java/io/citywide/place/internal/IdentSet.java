package io.citywide.place.internal;

/** Identification codes that were met, with the row of the first; 20 to 40 bytes each, for files of millions. */
final class IdentSet {

  private long[] codes = new long[1 << 12];
  private long[] rows = new long[1 << 12];
  private int size;

  /**
   * @param ident 16 or 17 digits
   * @return the row in which it was met first: {@code row} itself where it is new
   */
  long add(String ident, long row) {
    // The number alone does not tell 0123… with 17 digits from 123… with 16.
    long code = Long.parseLong(ident) << 1 | ident.length() & 1;
    if (size * 5L > codes.length * 4L) {
      grow();
    }
    int at = slot(codes, code);
    if (codes[at] == code) {
      return rows[at];
    }
    codes[at] = code;
    rows[at] = row;
    size++;
    return row;
  }

  private static int slot(long[] codes, long code) {
    int mask = codes.length - 1;
    int at = (int) (code * 0x9E3779B97F4A7C15L >>> 33) & mask;
    while (codes[at] != 0 && codes[at] != code) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] before = codes;
    long[] rowsBefore = rows;
    codes = new long[before.length * 2];
    rows = new long[before.length * 2];
    for (int i = 0; i < before.length; i++) {
      if (before[i] != 0) {
        int at = slot(codes, before[i]);
        codes[at] = before[i];
        rows[at] = rowsBefore[i];
      }
    }
  }
}
