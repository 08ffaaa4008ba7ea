package io.citywide.platform;

/**
 * A way in which a request can be refused. Each module lists its own in one enum; the code is stable
 * and part of the API, the words are not.
 */
public interface ProblemCode {

  /** Stable, dotted and lower case, such as {@code case.changed}. */
  String code();

  /** HTTP status, 400..599. */
  int status();

  /** One short sentence for a person. */
  String title();
}
