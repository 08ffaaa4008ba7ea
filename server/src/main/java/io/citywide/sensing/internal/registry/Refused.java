package io.citywide.sensing.internal.registry;

import io.citywide.platform.Words;

/** Why a row is refused; the words say how to mend it. */
final class Refused extends Exception {

  private final String field;
  private final String value;
  private final transient Words why;

  Refused(String field, String value, String en, String zh) {
    super(en, null, false, false);
    this.field = field;
    this.value = value == null ? null : value.substring(0, Math.min(80, value.length()));
    this.why = new Words(en, zh);
  }

  /** Name of the field that is at fault; {@code null}: the row as a whole. */
  String field() {
    return field;
  }

  /** {@code null}: it says nothing. */
  String value() {
    return value;
  }

  Words why() {
    return why;
  }
}
