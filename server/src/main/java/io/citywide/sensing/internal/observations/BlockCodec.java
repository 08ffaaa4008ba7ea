package io.citywide.sensing.internal.observations;

import java.util.Arrays;

/**
 * Values of one series in few bytes, exact to the bit.
 *
 * <p>Times are multiples of a unit (the greatest common divisor of their distances), of which the second differences are
 * kept. Values are whole numbers times a power of ten, the one that makes the block small; where dividing again does not
 * give the same bits, the distance in units of the last place stands in a list of exceptions, so that
 * {@code 74.93588199999998} costs two bytes more than {@code 74.935882}. Columns of whole numbers ({@link IntColumn}) are
 * differences of the order that makes them small, Golomb-Rice coded, or places in a list where there are few different ones.
 * Values that are no decimal fractions are kept as the exclusive or with the one before.
 *
 * <pre>
 * block  = count, first time, [unit, second differences], kind, values
 * kind   = 0..17: power of ten, then exceptions: count, (distance, difference)*; then the column
 *          31: exclusive or
 * </pre>
 */
final class BlockCodec {

  private static final int XOR = 31;
  private static final int MOST_DIGITS = 17;
  private static final double LARGEST = 1L << 53;
  private static final double[] TEN = new double[MOST_DIGITS + 1];
  /** What an exception costs about, in bits. */
  private static final double EXCEPTION_BITS = 24;
  private static final double BITS_PER_DIGIT = Math.log(10) / Math.log(2);

  static {
    for (int e = 0; e <= MOST_DIGITS; e++) {
      TEN[e] = Double.parseDouble("1e" + e);
    }
  }

  private final IntColumn column = new IntColumn();
  private long[] numbers = new long[1024];

  /**
   * @param from index of the first of the points, which are in the order of time, each moment once
   * @param to index behind the last; at least one
   */
  void encode(Points points, int from, int to, Bits.Writer out) {
    int count = to - from;
    if (numbers.length < count) {
      numbers = new long[count];
    }
    out.varint(count);
    times(points.time, from, to, out);
    values(points.value, from, to, out);
  }

  private void times(long[] time, int from, int to, Bits.Writer out) {
    out.signed(time[from]);
    int count = to - from;
    if (count == 1) {
      return;
    }
    long unit = 0;
    for (int i = from + 1; i < to && unit != 1; i++) {
      unit = greatestDivisor(unit, time[i] - time[i - 1]);
    }
    out.varint(unit);
    for (int i = 1; i < count; i++) {
      numbers[i - 1] = (time[from + i] - time[from + i - 1]) / unit;
    }
    column.encode(numbers, count - 1, out);
  }

  private static long greatestDivisor(long a, long b) {
    while (b != 0) {
      long rest = a % b;
      a = b;
      b = rest;
    }
    return a;
  }

  private void values(double[] value, int from, int to, Bits.Writer out) {
    int digits = digits(value, from, to);
    if (digits == XOR) {
      out.octet(XOR);
      exclusiveOr(value, from, to, out);
      return;
    }
    out.octet(digits);
    double scale = TEN[digits];
    int exceptions = 0;
    for (int i = from; i < to; i++) {
      long number = (long) Math.rint(value[i] * scale);
      numbers[i - from] = number;
      if (Double.doubleToRawLongBits(number / scale) != Double.doubleToRawLongBits(value[i])) {
        exceptions++;
      }
    }
    out.varint(exceptions);
    for (int i = from, last = from; exceptions > 0; i++) {
      long distance = Double.doubleToRawLongBits(value[i]) - Double.doubleToRawLongBits(numbers[i - from] / scale);
      if (distance != 0) {
        out.varint(i - last);
        out.signed(distance);
        last = i;
        exceptions--;
      }
    }
    column.encode(numbers, to - from, out);
  }

  /** The power of ten that makes the block small; {@link #XOR} where none does. */
  private static int digits(double[] value, int from, int to) {
    int[] needing = new int[MOST_DIGITS + 2];
    double greatest = 0;
    int guess = 0;
    for (int i = from; i < to; i++) {
      double v = value[i];
      greatest = Math.max(greatest, Math.abs(v));
      int digits = exact(v, guess) ? least(v, guess) : more(v, guess);
      needing[digits]++;
      guess = digits > MOST_DIGITS ? guess : digits;
    }
    int count = to - from;
    int best = XOR;
    double bestBits = 60.0 * count;
    int inexact = count;
    for (int e = 0; e <= MOST_DIGITS && greatest * TEN[e] < LARGEST; e++) {
      inexact -= needing[e];
      double bits = count * e * BITS_PER_DIGIT + inexact * EXCEPTION_BITS;
      // Beyond a quarter of exceptions they are no fractions of this many digits at all.
      if (inexact * 4 <= count && bits < bestBits) {
        best = e;
        bestBits = bits;
      }
    }
    return best;
  }

  private static boolean exact(double v, int digits) {
    double number = Math.rint(v * TEN[digits]);
    return Math.abs(number) < LARGEST && Double.doubleToRawLongBits((long) number / TEN[digits]) == Double.doubleToRawLongBits(v);
  }

  private static int least(double v, int digits) {
    int e = digits;
    while (e > 0 && exact(v, e - 1)) {
      e--;
    }
    return e;
  }

  private static int more(double v, int digits) {
    int e = digits + 1;
    while (e <= MOST_DIGITS && !exact(v, e)) {
      e++;
    }
    return e;
  }

  private static void exclusiveOr(double[] value, int from, int to, Bits.Writer out) {
    long before = 0;
    for (int i = from; i < to; i++) {
      long bits = Double.doubleToRawLongBits(value[i]);
      long changed = bits ^ before;
      before = bits;
      if (changed == 0) {
        out.bits(0, 1);
        continue;
      }
      int leading = Long.numberOfLeadingZeros(changed);
      int trailing = Long.numberOfTrailingZeros(changed);
      int length = 64 - leading - trailing;
      out.bits(1, 1);
      out.bits(leading, 6);
      out.bits(length - 1L, 6);
      out.bits(changed >>> trailing, length);
    }
    out.align();
  }

  /** Adds the points of one block. */
  void decode(Bits.Reader in, Points to) {
    int count = (int) in.varint();
    if (count <= 0) {
      throw new IllegalStateException("observations are damaged: a block of " + count + " values");
    }
    to.ensure(count);
    long[] time = to.time;
    double[] value = to.value;
    int base = to.size;
    if (numbers.length < count) {
      numbers = new long[count];
    }
    time[base] = in.signed();
    if (count > 1) {
      long unit = in.varint();
      column.decode(in, numbers, count - 1);
      for (int i = 1; i < count; i++) {
        time[base + i] = time[base + i - 1] + numbers[i - 1] * unit;
      }
    }
    int kind = in.octet();
    if (kind == XOR) {
      exclusiveOr(in, value, base, count);
    } else if (kind <= MOST_DIGITS) {
      decimals(in, value, base, count, TEN[kind]);
    } else {
      throw new IllegalStateException("observations are damaged: values of kind " + kind);
    }
    to.size += count;
  }

  private void decimals(Bits.Reader in, double[] value, int base, int count, double scale) {
    int exceptions = (int) in.varint();
    int[] at = new int[exceptions];
    long[] distance = new long[exceptions];
    int last = 0;
    for (int i = 0; i < exceptions; i++) {
      last += (int) in.varint();
      at[i] = last;
      distance[i] = in.signed();
    }
    column.decode(in, numbers, count);
    for (int i = 0; i < count; i++) {
      value[base + i] = numbers[i] / scale;
    }
    for (int i = 0; i < exceptions; i++) {
      int index = base + at[i];
      value[index] = Double.longBitsToDouble(Double.doubleToRawLongBits(value[index]) + distance[i]);
    }
  }

  private static void exclusiveOr(Bits.Reader in, double[] value, int base, int count) {
    long bits = 0;
    for (int i = 0; i < count; i++) {
      if (in.bits(1) == 1) {
        int leading = (int) in.bits(6);
        int length = (int) in.bits(6) + 1;
        bits ^= in.bits(length) << 64 - leading - length;
      }
      value[base + i] = Double.longBitsToDouble(bits);
    }
    in.align();
  }

  /** Whole numbers in few bits. */
  private static final class IntColumn {

    private static final int DICTIONARY = 3;
    private static final int MOST_DIFFERENT = 256;
    /** So many ones say that a number follows as it is. */
    private static final int ESCAPE = 24;
    private static final int MOST_SHIFT = 57;

    private long[] folded = new long[1024];
    private long[] best = new long[1024];
    private final long[] entries = new long[MOST_DIFFERENT];
    private final int[] uses = new int[MOST_DIFFERENT];

    /**
     * <pre>
     * column = order (2 bits, 0..2) and shift (6 bits), start, the rest in bits
     *          order 3: a list: count, entries; shift; places in the list in bits
     * </pre>
     */
    void encode(long[] numbers, int count, Bits.Writer out) {
      if (folded.length < count) {
        folded = new long[count];
        best = new long[count];
      }
      int order = 0;
      int shift = 0;
      long least = Long.MAX_VALUE;
      for (int tried = 0; tried <= 2; tried++) {
        fold(numbers, count, tried);
        int s = shift(folded, count);
        long bits = bits(folded, count, s, least);
        if (bits < least) {
          least = bits;
          order = tried;
          shift = s;
          long[] spare = best;
          best = folded;
          folded = spare;
        }
      }
      if (least > count * 2L && dictionary(numbers, count, least, out)) {
        return;
      }
      out.octet(order << 6 | shift);
      out.signed(numbers[0]);
      write(best, count, shift, out);
    }

    private static void write(long[] folded, int count, int shift, Bits.Writer out) {
      for (int i = 0; i < count; i++) {
        long high = folded[i] >>> shift;
        if (high >= ESCAPE || high < 0) {
          out.bits((1L << ESCAPE) - 1, ESCAPE);
          out.bits(folded[i], 64);
        } else {
          out.bits((1L << high + 1) - 2, (int) high + 1);
          out.bits(folded[i], shift);
        }
      }
      out.align();
    }

    /** Differences of this order to what comes before; of order 0, to the first. */
    private void fold(long[] numbers, int count, int order) {
      long first = numbers[0];
      long before = first;
      long step = 0;
      for (int i = 0; i < count; i++) {
        long number = numbers[i];
        long expected = order == 0 ? first : order == 1 ? before : before + step;
        folded[i] = Bits.zigzag(number - expected);
        step = number - before;
        before = number;
      }
    }

    /** About the best, from the mean. */
    private static int shift(long[] folded, int count) {
      double sum = 0;
      for (int i = 0; i < count; i++) {
        sum += folded[i] < 0 ? 0x1p63 : folded[i];
      }
      double mean = sum / count * Math.log(2);
      return mean < 1 ? 0 : Math.min(MOST_SHIFT, Math.getExponent(mean) + (mean / Math.scalb(1.0, Math.getExponent(mean)) > 1.4 ? 1 : 0));
    }

    private static long bits(long[] folded, int count, int shift, long enough) {
      long bits = 0;
      for (int i = 0; i < count && bits < enough; i++) {
        long high = folded[i] >>> shift;
        bits += high >= ESCAPE || high < 0 ? ESCAPE + 64 : high + 1 + shift;
      }
      return bits;
    }

    private boolean dictionary(long[] numbers, int count, long least, Bits.Writer out) {
      int different = 0;
      int most = Math.min(MOST_DIFFERENT, count / 8);
      Arrays.fill(uses, 0);
      // The list keeps itself in the order of use, about: who is used moves up, so that a search is short.
      for (int i = 0; i < count; i++) {
        int at = 0;
        while (at < different && entries[at] != numbers[i]) {
          at++;
        }
        if (at == different) {
          if (different == most) {
            return false;
          }
          entries[different] = numbers[i];
          uses[different++] = 1;
          continue;
        }
        int used = ++uses[at];
        while (at > 0 && uses[at - 1] < used) {
          uses[at] = uses[at - 1];
          long entry = entries[at];
          entries[at] = entries[at - 1];
          entries[--at] = entry;
        }
        uses[at] = used;
      }
      for (int i = 0; i < count; i++) {
        int at = 0;
        while (entries[at] != numbers[i]) {
          at++;
        }
        folded[i] = at;
      }
      int shift = shift(folded, count);
      long listBits = 16;
      for (int i = 0; i < different; i++) {
        listBits += 8L * (1 + (64 - Long.numberOfLeadingZeros(Bits.zigzag(entries[i] - (i == 0 ? 0 : entries[i - 1])))) / 7);
      }
      if (bits(folded, count, shift, least) + listBits >= least) {
        return false;
      }
      out.octet(DICTIONARY << 6 | shift);
      out.varint(different);
      for (int i = 0; i < different; i++) {
        out.signed(entries[i] - (i == 0 ? 0 : entries[i - 1]));
      }
      write(folded, count, shift, out);
      return true;
    }

    void decode(Bits.Reader in, long[] numbers, int count) {
      int head = in.octet();
      int order = head >>> 6;
      int shift = head & 0x3F;
      if (order == DICTIONARY) {
        int different = (int) in.varint();
        if (different <= 0 || different > MOST_DIFFERENT) {
          throw new IllegalStateException("observations are damaged: a list of " + different + " numbers");
        }
        long entry = 0;
        for (int i = 0; i < different; i++) {
          entry += in.signed();
          entries[i] = entry;
        }
        for (int i = 0; i < count; i++) {
          int at = (int) next(in, shift);
          if (at < 0 || at >= different) {
            throw new IllegalStateException("observations are damaged: place " + at + " in a list of " + different);
          }
          numbers[i] = entries[at];
        }
      } else {
        long first = in.signed();
        long before = first;
        long step = 0;
        for (int i = 0; i < count; i++) {
          long expected = order == 0 ? first : order == 1 ? before : before + step;
          long number = expected + Bits.unzigzag(next(in, shift));
          numbers[i] = number;
          step = number - before;
          before = number;
        }
      }
      in.align();
    }

    private static long next(Bits.Reader in, int shift) {
      int high = in.ones(ESCAPE);
      return high == ESCAPE ? in.bits(64) : (long) high << shift | in.bits(shift);
    }
  }
}
