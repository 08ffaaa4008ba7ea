package io.citywide.vitals.internal;

/** Where the values of an indicator come from. */
public enum Source {
  /** Computed over named figures. */
  FORMULA,
  /** Entered by a person. */
  MANUAL,
  /** Entered by a person, as a mean over answers. */
  SURVEY,
  /** From data that the city has yet to connect (待接入): no values until then. */
  DATASET,
  /** No values of its own: what its children come to. */
  GROUP;

  boolean isEntered() {
    return this == MANUAL || this == SURVEY;
  }
}
