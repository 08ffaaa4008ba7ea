package io.citywide.identity;

/**
 * An area and all below it, as a half-open range of area codes. Codes are hierarchical by prefix
 * (GB/T 2260, GB/T 10114 and the unit grid's sequence), so that a subtree is one range of a B-tree.
 *
 * @param low first code that belongs to it
 * @param high first code that does not
 */
public record AreaScope(String low, String high) {

  /** Everything. */
  public static final AreaScope ALL = new AreaScope("", "~");

  /** Nothing. */
  public static final AreaScope NONE = new AreaScope("~", "");

  /** The subtree of {@code code}; a city's ({@code 320100}) or province's ({@code 320000}) trailing zeros are no part of the prefix. */
  public static AreaScope of(String code) {
    String prefix = code;
    if (code.length() == 6 && code.endsWith("0000")) {
      prefix = code.substring(0, 2);
    } else if (code.length() == 6 && code.endsWith("00")) {
      prefix = code.substring(0, 4);
    }
    return new AreaScope(prefix, prefix + "~");
  }

  /** Whether it reaches over a whole city, or more. */
  public boolean wholeCity() {
    return low.length() <= 4 && !equals(NONE);
  }

  public boolean covers(String code) {
    return code != null && code.compareTo(low) >= 0 && code.compareTo(high) < 0;
  }
}
