package io.citywide.intake.spi;

/** How much two texts say the same. */
public interface Likeness {

  /**
   * Symmetric; 1 for texts that are equal after normalising, 0 for texts without anything in common.
   *
   * @param a may be empty or {@code null}, then the answer is {@link Double#NaN}: nothing can be said
   * @return 0..1 or NaN
   */
  double between(String a, String b);
}
