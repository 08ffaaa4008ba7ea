package io.citywide.cases;

/** How soon a case must be handled; urgent cases run on the continuous clock (紧急工作时). */
public enum Urgency {
  NORMAL,
  URGENT
}
