package io.citywide.sensing.internal.ways;

/**
 * Reads moments of ISO 8601 from bytes: {@code 2026-03-01T08:15:30.250Z}, {@code 2026-03-01T16:15+08:00}. Lines that follow one
 * another are mostly of the same day, so its number is remembered. One thread at a time.
 */
final class Times {

  /** No moment. */
  static final long NONE = Long.MIN_VALUE;

  private static final int DATE = 10;
  private static final long DAY_MILLIS = 86_400_000L;

  private final byte[] date = new byte[DATE];
  private long dayMillis;

  /** Milliseconds since 1970 UTC; {@link #NONE} where the bytes say no moment. Parts of a millisecond are cut off. */
  long read(byte[] b, int from, int to) {
    if (to - from < DATE + 7 || b[from + DATE] != 'T' && b[from + DATE] != 't' && b[from + DATE] != ' ' || !day(b, from)) {
      return NONE;
    }
    int at = from + DATE + 1;
    int hour = two(b, at);
    int minute = b[at + 2] == ':' ? two(b, at + 3) : -1;
    at += 5;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
      return NONE;
    }
    long millis = hour * 3_600_000L + minute * 60_000L;
    if (at < to && b[at] == ':') {
      int second = at + 2 < to ? two(b, at + 1) : -1;
      if (second < 0 || second > 59) {
        return NONE;
      }
      millis += second * 1000L;
      at += 3;
      if (at < to && (b[at] == '.' || b[at] == ',')) {
        int scale = 100;
        int begin = ++at;
        while (at < to && b[at] >= '0' && b[at] <= '9') {
          millis += (b[at++] - '0') * scale;
          scale /= 10;
        }
        if (at == begin) {
          return NONE;
        }
      }
    }
    long offset = offset(b, at, to);
    return offset == NONE ? NONE : dayMillis + millis - offset;
  }

  private static long offset(byte[] b, int at, int to) {
    if (to - at == 1 && (b[at] == 'Z' || b[at] == 'z')) {
      return 0;
    }
    if (to - at < 5 || b[at] != '+' && b[at] != '-') {
      return NONE;
    }
    int minuteAt = at + 3 + (b[at + 3] == ':' ? 1 : 0);
    if (to != minuteAt + 2) {
      return NONE;
    }
    int hour = two(b, at + 1);
    int minute = two(b, minuteAt);
    if (hour < 0 || hour > 18 || minute < 0 || minute > 59) {
      return NONE;
    }
    long offset = hour * 3_600_000L + minute * 60_000L;
    return b[at] == '-' ? -offset : offset;
  }

  private boolean day(byte[] b, int from) {
    if (java.util.Arrays.equals(b, from, from + DATE, date, 0, DATE)) {
      return true;
    }
    int century = two(b, from);
    int years = two(b, from + 2);
    int month = two(b, from + 5);
    int day = two(b, from + 8);
    if (century < 0 || years < 0 || b[from + 4] != '-' || b[from + 7] != '-' || month < 1 || month > 12 || day < 1) {
      return false;
    }
    int year = century * 100 + years;
    if (day > java.time.YearMonth.of(year, month).lengthOfMonth()) {
      return false;
    }
    dayMillis = java.time.LocalDate.of(year, month, day).toEpochDay() * DAY_MILLIS;
    System.arraycopy(b, from, date, 0, DATE);
    return true;
  }

  private static int two(byte[] b, int at) {
    int high = b[at] - '0';
    int low = b[at + 1] - '0';
    return high < 0 || high > 9 || low < 0 || low > 9 ? -1 : high * 10 + low;
  }
}
