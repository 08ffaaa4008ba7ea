package io.citywide.sensing.internal.ways;

/** Why a line was not stored. The codes are part of the interface. */
public enum Refusal {
  BAD_LINE("sensing.bad-line"),
  UNKNOWN_DEVICE("sensing.unknown-device"),
  UNKNOWN_PROPERTY("sensing.unknown-property"),
  /** The device is switched off in the register. */
  DISABLED("sensing.disabled"),
  /** The device is another one than who is speaking, or outside its scope. */
  NOT_YOURS("sensing.not-yours"),
  /** Further ahead of the clock than {@code citywide.observations.ahead}. */
  FUTURE("sensing.future"),
  /** Older than its type keeps values. */
  TOO_OLD("sensing.too-old");

  private final String code;

  Refusal(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }
}
