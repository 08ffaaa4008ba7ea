package io.citywide.grid;

import java.nio.charset.StandardCharsets;

/** The characters of a code, on bytes. {@code bits} are those of {@link Layout}. */
final class CodeText {
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.ISO_8859_1);
  /** Value of a character in an element, case ignored; 99 where it has none. */
  private static final byte[] VALUE = new byte[128];
  private static final String[] LEVEL_OF_POSITION = {
    "hemisphere", "zone", "zone", "latitude band", "level 2 longitude", "level 2 latitude", "level 3",
    "level 4 longitude", "level 4 latitude", "level 5 longitude", "level 5 latitude", "level 6",
    "level 7 longitude", "level 7 latitude", "level 8 longitude", "level 8 latitude",
    "level 9 longitude", "level 9 latitude", "level 10 longitude", "level 10 latitude"
  };
  /** From position 4 on: greatest element value and its shift in the bits. */
  private static final byte[] GREATEST = {0, 0, 0, 0, 11, 7, 5, 14, 9, 14, 14, 3, 7, 7, 7, 7, 7, 7, 7, 7};
  private static final byte[] SHIFT =
      {0, 0, 0, 0, 48, 45, 42, 38, 34, 30, 26, 24, 21, 18, 15, 12, 9, 6, 3, 0};

  static {
    java.util.Arrays.fill(VALUE, (byte) 99);
    for (int i = 0; i < 16; i++) {
      VALUE[HEX[i]] = (byte) i;
      VALUE[Character.toLowerCase(HEX[i])] = (byte) i;
    }
  }

  private CodeText() {}

  /** Writes the code and returns the position after it. */
  static int write(long bits, int level, byte[] out, int at) {
    int zone = (int) (bits >>> 57) & 63;
    out[at] = (byte) (bits < 0 ? 'S' : 'N');
    out[at + 1] = (byte) ('0' + zone / 10);
    out[at + 2] = (byte) ('0' + zone % 10);
    out[at + 3] = (byte) ('A' + ((int) (bits >>> 52) & 31));
    int length = Layout.LENGTH[level];
    for (int i = 4; i < length; i++) {
      // The mask of an element is its width: 4 bits hold 0..14, 3 bits 0..7, 2 bits 0..3.
      int mask = GREATEST[i] > 7 ? 15 : GREATEST[i] > 3 ? 7 : 3;
      out[at + i] = HEX[(int) (bits >>> SHIFT[i]) & mask];
    }
    return at + length;
  }

  static String text(long bits, int level) {
    byte[] out = new byte[Layout.LENGTH[level]];
    write(bits, level, out, 0);
    return new String(out, StandardCharsets.ISO_8859_1);
  }

  /**
   * The bits of a code, 0 when it is not one (no code has bits 0: its zone would be 0). The level is that of the
   * length.
   */
  static long read(byte[] in, int from, int to) {
    int length = to - from;
    if (Layout.levelOfLength(length) == 0) return 0;
    int hemisphere = in[from] | 32;
    int tens = in[from + 1] - '0';
    int ones = in[from + 2] - '0';
    int zone = tens * 10 + ones;
    int band = (in[from + 3] | 32) - 'a';
    if ((hemisphere != 'n' && hemisphere != 's') || in[from] < 0) return 0;
    if ((tens | ones) < 0 || tens > 9 || ones > 9 || zone < 1 || zone > 60) return 0;
    if (band < 0 || band > 21 || in[from + 3] < 0) return 0;
    long bits = (hemisphere == 's' ? Long.MIN_VALUE : 0) | (long) zone << 57 | (long) band << 52;
    for (int i = 4; i < length; i++) {
      int c = in[from + i];
      if (c < 0) return 0;
      int value = VALUE[c];
      if (value > GREATEST[i]) return 0;
      bits |= (long) value << SHIFT[i];
    }
    return bits;
  }

  static long read(String code) {
    byte[] bytes = code.getBytes(StandardCharsets.UTF_8);
    long bits = read(bytes, 0, bytes.length);
    if (bits == 0) throw new IllegalArgumentException(fault(code));
    return bits;
  }

  /** Why a text is not a code: the position, counted from 1, and what was expected there. */
  private static String fault(String code) {
    String shown = "grid code '" + (code.length() > 40 ? code.substring(0, 40) + "…" : code) + "'";
    int known = Math.min(code.length(), 20);
    for (int i = 0; i < known; i++) {
      char c = code.charAt(i);
      String expected = switch (i) {
        case 0 -> "NnSs".indexOf(c) >= 0 ? null : "N or S";
        case 1 -> c >= '0' && c <= '6' ? null : "0..6";
        case 2 -> zoneFault(code.charAt(1), c);
        case 3 -> (c | 32) >= 'a' && (c | 32) <= 'v' ? null : "A..V";
        default -> c < 128 && VALUE[c] <= GREATEST[i] ? null : "0.." + (char) HEX[GREATEST[i]];
      };
      if (expected != null) {
        return shown + ": position " + (i + 1) + " (" + LEVEL_OF_POSITION[i] + ") must be " + expected + ", was '"
            + c + "'";
      }
    }
    return shown + ": length must be 4, 6, 7, 9, 11, 12, 14, 16, 18 or 20 (levels 1 to 10), was " + code.length();
  }

  private static String zoneFault(char tens, char ones) {
    if (ones < '0' || ones > '9') return "0..9";
    if (tens == '0' && ones == '0') return "such that the zone is 01..60 (00 is polar, which is not supported)";
    return tens == '6' && ones != '0' ? "such that the zone is 01..60" : null;
  }
}
