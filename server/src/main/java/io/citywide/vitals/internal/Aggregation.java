package io.citywide.vitals.internal;

/** How the value of an area follows from those of the areas below it. */
public enum Aggregation {
  /** It is their sum. */
  SUM,
  /** What is above the line is summed up, and what is below it: a mean weighted by the denominators. */
  MEAN,
  /** The worst of them. */
  WORST,
  /** Computed for each area from its own figures; nothing can be said from the areas below. */
  EACH
}
