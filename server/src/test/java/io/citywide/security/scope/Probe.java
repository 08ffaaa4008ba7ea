package io.citywide.security.scope;

import io.citywide.TestClient.Answer;
import java.util.function.Function;

/**
 * How one endpoint is tried.
 *
 * @param rows what it is tried on
 * @param call what is sent
 * @param marker what to find in the answer where the row is shown; {@code null}: only the status counts
 * @param expected what a caller with the permission is to get, such as {@code 200 shown}
 */
record Probe(Rows rows, Call call, Function<Target, String> marker, Expected expected) {

  enum Rows {
    /** The endpoint is about no row that has a place. */
    NONE,
    /** It is about rows of areas. */
    AREA,
    /** It is about rows of areas and units. */
    CASE
  }

  @FunctionalInterface
  interface Call {
    Answer make(Caller caller, Target target);
  }

  @FunctionalInterface
  interface Expected {
    String of(Caller caller, Target target);
  }
}
