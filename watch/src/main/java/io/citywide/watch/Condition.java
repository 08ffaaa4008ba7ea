package io.citywide.watch;

/** A condition over the values of one subject, each in its slot; NaN: there is no value. */
interface Condition {
  byte NO = 0;
  byte YES = 1;
  /** It reads something that has no value, and the rest does not decide. */
  byte UNKNOWN = -1;

  byte test(double[] values, String[] texts);
}
