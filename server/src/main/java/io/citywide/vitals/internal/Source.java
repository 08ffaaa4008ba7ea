package io.citywide.vitals.internal;

/** Where the values of an indicator come from. */
public enum Source {
  /** Computed over named figures. */
  FORMULA,
  /** Entered by a person. */
  MANUAL,
  /** Entered by a person, as a mean over answers. */
  SURVEY,
  /** Delivered, for each period, by a system of the city that has the data; to be connected (待接入) until the first value. */
  DATASET,
  /** No values of its own: what its children come to. */
  GROUP;

  /** Whether its values come one by one, from a person or a system, instead of being computed. */
  boolean isEntered() {
    return this == MANUAL || this == SURVEY || this == DATASET;
  }
}
