package io.citywide.sensing.internal.observations;

/**
 * How series are shared out: 64 that follow one another (most often of a few devices) make a slot, whose values lie in pages
 * together, and the slots are dealt out to 32 parts, so that the log can be sealed and searched a part at a time.
 */
final class Parts {

  static final int COUNT = 32;
  static final int SLOT_BITS = 6;
  static final int SLOT = 1 << SLOT_BITS;

  private Parts() {}

  static int slotOf(int series) {
    return series >>> SLOT_BITS;
  }

  static int partOf(int series) {
    return series >>> SLOT_BITS & COUNT - 1;
  }

  /** Numbers the series of one part from 0 on, without gaps, in their order. */
  static int indexIn(int series) {
    return series >>> SLOT_BITS + 5 << SLOT_BITS | series & SLOT - 1;
  }

  static int seriesAt(int part, int index) {
    return ((index >>> SLOT_BITS) * COUNT + part << SLOT_BITS) + (index & SLOT - 1);
  }
}
