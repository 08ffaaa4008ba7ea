package io.citywide.sensing.internal.ways;

import io.citywide.platform.Words;

/** A line that is not stored. */
final class BadLine extends Exception {

  private final Refusal refusal;
  private final transient Words words;

  BadLine(Refusal refusal, String en, String zh) {
    super(en, null, false, false);
    this.refusal = refusal;
    this.words = new Words(en, zh);
  }

  Refusal refusal() {
    return refusal;
  }

  Words words() {
    return words;
  }
}
