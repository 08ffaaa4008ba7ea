package io.citywide.grid;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * Encodes and decodes line by line, a million and more lines a second. Each line of the input has exactly one line in
 * the output: the answer, or {@code error: …} with what was wrong and what is allowed; a blank line stays blank. Lines
 * end in LF or CRLF; a byte order mark is skipped.
 *
 * <p>Plain decimals and codes are read straight from the bytes. Whatever is not plain goes through
 * {@link GridCode#of(BigDecimal, BigDecimal, int)} or {@link GridCode#parse(String)}, which also word the errors.
 */
public final class GridLines {
  private static final int LONGEST_LINE = 4096;
  private static final int LONGEST_ANSWER = 64;
  private static final long E12 = 1_000_000_000_000L;
  private static final long[] POWER = new long[13];
  /** "000" to "999". */
  private static final byte[] DIGITS = new byte[3000];

  static {
    POWER[0] = 1;
    for (int i = 1; i < POWER.length; i++) POWER[i] = POWER[i - 1] * 10;
    for (int i = 0; i < 1000; i++) {
      DIGITS[3 * i] = (byte) ('0' + i / 100);
      DIGITS[3 * i + 1] = (byte) ('0' + i / 10 % 10);
      DIGITS[3 * i + 2] = (byte) ('0' + i % 10);
    }
  }

  /**
   * What was done.
   *
   * @param lines lines read, blank ones included
   * @param errors lines answered with {@code error: …}
   */
  public record Tally(long lines, long errors) {}

  private interface Answer {
    /** Writes the answer to a line without its end, and returns the position after it, or -1 to have it reworded. */
    int write(byte[] in, int from, int to, byte[] out, int at);
  }

  private final InputStream in;
  private final OutputStream out;
  private final Answer fast;
  private final Function<String, String> exact;
  private final byte[] output = new byte[1 << 16];
  private int filled;
  private long lines;
  private long errors;

  private GridLines(InputStream in, OutputStream out, Answer fast, Function<String, String> exact) {
    this.in = in;
    this.out = out;
    this.fast = fast;
    this.exact = exact;
  }

  /**
   * Reads {@code LON LAT} in decimal degrees a line, separated by blanks, tabs or a comma, and writes the code a line.
   * Answers are exact for the decimals as written. Output is flushed whenever the input has to be waited for.
   *
   * @param level 1..10
   * @throws IllegalArgumentException when the level is out of range
   * @throws IOException when reading or writing fails
   */
  public static Tally encode(InputStream in, OutputStream out, int level) throws IOException {
    GridCode.checkLevel(level);
    Encoder encoder = new Encoder(level);
    return new GridLines(in, out, encoder, line -> encodeExactly(line, level)).run();
  }

  /**
   * Reads a code a line, any level, and writes the centre of its cell, {@code LON LAT} in degrees with up to nine
   * decimals (0.1 mm), enough to encode to the same code again.
   *
   * @throws IOException when reading or writing fails
   */
  public static Tally decode(InputStream in, OutputStream out) throws IOException {
    return new GridLines(in, out, GridLines::decodeFast, GridLines::decodeExactly).run();
  }

  private Tally run() throws IOException {
    byte[] buffer = new byte[1 << 16];
    int held = 0;
    boolean tooLong = false;
    boolean first = true;
    while (true) {
      // What can be answered is sent before we wait for more.
      if (filled > 0 && in.available() == 0) flush();
      int read = in.read(buffer, held, buffer.length - held);
      int end = read < 0 ? held : held + read;
      int from = 0;
      if (first && (end >= 3 || read < 0)) {
        first = false;
        if (end >= 3 && buffer[0] == (byte) 0xEF && buffer[1] == (byte) 0xBB && buffer[2] == (byte) 0xBF) from = 3;
      }
      for (int i = Math.max(from, held); i < end; i++) {
        if (buffer[i] != '\n') continue;
        if (tooLong) tooLong = false;
        else answer(buffer, from, i);
        from = i + 1;
      }
      held = end - from;
      if (read < 0) {
        if (held > 0 && !tooLong) answer(buffer, from, end);
        flush();
        return new Tally(lines, errors);
      }
      if (held > LONGEST_LINE) {
        if (!tooLong) {
          lines++;
          refuse("line " + lines + " is longer than " + LONGEST_LINE + " bytes");
          tooLong = true;
        }
        held = 0;
      }
      System.arraycopy(buffer, from, buffer, 0, held);
    }
  }

  private void answer(byte[] line, int from, int to) throws IOException {
    lines++;
    while (to > from && blank(line[to - 1])) to--;
    while (from < to && blank(line[from])) from++;
    if (output.length - filled < LONGEST_ANSWER) drain();
    if (from < to) {
      int end = fast.write(line, from, to, output, filled);
      if (end < 0) {
        reword(new String(line, from, to - from, StandardCharsets.UTF_8));
        return;
      }
      filled = end;
    }
    output[filled++] = '\n';
  }

  private void reword(String line) throws IOException {
    try {
      write(exact.apply(line));
    } catch (IllegalArgumentException e) {
      refuse(e.getMessage());
    }
  }

  private void refuse(String why) throws IOException {
    errors++;
    // What the line holds must not break the line.
    write("error: " + why.replaceAll("\\p{Cntrl}", "?"));
  }

  private void write(String answer) throws IOException {
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    if (bytes.length >= output.length - filled) drain();
    // The longest answer quotes 40 characters of the line, far from the buffer's size.
    System.arraycopy(bytes, 0, output, filled, bytes.length);
    filled += bytes.length;
    output[filled++] = '\n';
  }

  private void drain() throws IOException {
    out.write(output, 0, filled);
    filled = 0;
  }

  private void flush() throws IOException {
    drain();
    out.flush();
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  private static String encodeExactly(String line, int level) {
    String[] words = line.strip().split("[ \t]*,[ \t]*|[ \t]+", -1);
    if (words.length != 2) {
      throw new IllegalArgumentException("expected LON LAT, two numbers, found " + words.length + " in '" + brief(line) + "'");
    }
    return GridCode.of(decimal("longitude", words[0]), decimal("latitude", words[1]), level).code();
  }

  private static BigDecimal decimal(String name, String word) {
    try {
      return new BigDecimal(word);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + " must be a number in degrees, was '" + brief(word) + "'", e);
    }
  }

  private static String brief(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }

  private static final class Encoder implements Answer {
    private final int level;
    private int position;
    private int units;
    private boolean negative;

    Encoder(int level) {
      this.level = level;
    }

    @Override
    public int write(byte[] in, int from, int to, byte[] out, int at) {
      position = from;
      if (!number(in, to, 180)) return -1;
      int x = units;
      int quadrant = negative ? Layout.WEST : 0;
      int separator = position;
      while (position < to && blank(in[position])) position++;
      if (position < to && in[position] == ',') position++;
      while (position < to && blank(in[position])) position++;
      if (position == separator || !number(in, to, 88) || position != to) return -1;
      if (negative) quadrant |= Layout.SOUTH;
      return CodeText.write(Layout.pack(quadrant, x, units), level, out, at);
    }

    /** Reads a plain decimal below the limit; false leaves the line to the exact path. */
    private boolean number(byte[] in, int to, int limit) {
      int i = position;
      boolean minus = i < to && in[i] == '-';
      if (minus || i < to && in[i] == '+') i++;
      int whole = 0;
      int start = i;
      int digit;
      while (i < to && (digit = in[i] - '0') >= 0 && digit <= 9) {
        if (i - start == 3) return false;
        whole = whole * 10 + digit;
        i++;
      }
      if (i == start || whole >= limit) return false;
      long fraction = 0;
      boolean tail = false;
      if (i < to && in[i] == '.') {
        int point = ++i;
        int last = Math.min(to, point + 12);
        while (i < last && (digit = in[i] - '0') >= 0 && digit <= 9) {
          fraction = fraction * 10 + digit;
          i++;
        }
        fraction *= POWER[12 - (i - point)];
        while (i < to && (digit = in[i] - '0') >= 0 && digit <= 9) {
          tail |= digit != 0;
          i++;
        }
      }
      // fraction · units per degree is at most 7.4e18 and fits a long.
      long product = fraction * Layout.UNITS_PER_DEGREE;
      long floor = product / E12;
      // Digits after the twelfth add less than units per degree to the remainder; only near its end can they matter.
      if (tail && product - floor * E12 >= E12 - Layout.UNITS_PER_DEGREE) return false;
      units = whole * Layout.UNITS_PER_DEGREE + (int) floor;
      negative = minus && (whole != 0 || fraction != 0 || tail);
      position = i;
      return true;
    }
  }

  private static int decodeFast(byte[] in, int from, int to, byte[] out, int at) {
    long bits = CodeText.read(in, from, to);
    return bits == 0 ? -1 : writeCentre(bits, Layout.levelOfLength(to - from), out, at);
  }

  private static String decodeExactly(String line) {
    GridCode code = GridCode.parse(line);
    byte[] out = new byte[LONGEST_ANSWER];
    return new String(out, 0, writeCentre(code.key64(), code.level(), out, 0), StandardCharsets.ISO_8859_1);
  }

  private static int writeCentre(long bits, int level, byte[] out, int at) {
    at = writeDegrees((Layout.quadrant(bits) & Layout.WEST) != 0, 2L * Layout.x(bits) + Layout.LON_SIZE[level], out, at);
    out[at++] = ' ';
    return writeDegrees(bits < 0, 2L * Layout.y(bits) + Layout.LAT_SIZE[level], out, at);
  }

  /** Writes half units as degrees, rounded to nine decimals, without trailing zeros. */
  private static int writeDegrees(boolean negative, long halfUnits, byte[] out, int at) {
    int whole = (int) (halfUnits / (2 * Layout.UNITS_PER_DEGREE));
    long rest = halfUnits - whole * (2L * Layout.UNITS_PER_DEGREE);
    int nano = (int) ((rest * 1_000_000_000L + Layout.UNITS_PER_DEGREE) / (2L * Layout.UNITS_PER_DEGREE));
    // The greatest rest is one half unit below a degree, 68 nano degrees: nano never rounds up to a whole.
    if (negative) out[at++] = '-';
    if (whole >= 100) out[at++] = (byte) ('0' + whole / 100);
    if (whole >= 10) out[at++] = (byte) ('0' + whole / 10 % 10);
    out[at++] = (byte) ('0' + whole % 10);
    if (nano == 0) return at;
    out[at++] = '.';
    int milli = nano / 1_000_000;
    int micro = nano / 1000 % 1000;
    System.arraycopy(DIGITS, 3 * milli, out, at, 3);
    System.arraycopy(DIGITS, 3 * micro, out, at + 3, 3);
    System.arraycopy(DIGITS, 3 * (nano % 1000), out, at + 6, 3);
    at += 9;
    while (out[at - 1] == '0') at--;
    return at;
  }
}
