package io.citywide.intake;

import io.citywide.platform.ProblemCode;

/** Refusals of the module intake. */
public enum IntakeProblem implements ProblemCode {
  INVALID("signal.invalid", 422, "The report is not valid"),
  DESCRIPTION("signal.description", 422, "The description is missing or too long"),
  COORDINATES("signal.coordinates", 422, "The coordinates are not valid"),
  COORDINATES_SWAPPED("signal.coordinates-swapped", 422, "Longitude and latitude are swapped"),
  OUTSIDE_CITY("signal.outside-city", 422, "The position lies outside the city"),
  COORDINATE_SYSTEM("signal.coordinate-system", 422, "The coordinate system is unknown"),
  UNKNOWN_KIND("signal.unknown-kind", 422, "There is no such kind"),
  UNKNOWN_AREA("signal.unknown-area", 422, "There is no such area"),
  UNKNOWN_COMPONENT("signal.unknown-component", 422, "There is no such component"),
  UNKNOWN_MEDIA("signal.unknown-media", 422, "There is no such photo"),
  FUTURE("signal.future", 422, "The time lies in the future"),
  REPORTER("signal.reporter", 422, "The reporter's data are not valid"),
  KEY_REQUIRED("signal.key-required", 400, "An Idempotency-Key is required"),
  KEY_REUSED("signal.key-reused", 409, "This key was used for another report"),
  FOREIGN_ORIGIN("signal.foreign-origin", 403, "This channel or source system is not the caller's"),
  NOT_FOUND("signal.not-found", 404, "There is no such signal"),
  NOT_WAITING("signal.not-waiting", 409, "The signal does not wait for a place"),
  NO_PLACE("signal.no-place", 422, "The place is missing"),
  TOO_MANY_ROWS("signal.too-many-rows", 413, "The batch has too many rows"),
  TOO_MANY_REPORTS("signal.too-many-reports", 429, "Too many reports from this address"),
  NOT_RATEABLE("signal.not-rateable", 409, "The case cannot be rated now"),
  MEDIA_TYPE("media.type", 415, "This is not a photo that can be taken"),
  MEDIA_TOO_LARGE("media.too-large", 413, "The photo is too large"),
  MEDIA_UNREADABLE("media.unreadable", 422, "The photo cannot be read"),
  MEDIA_NOT_FOUND("media.not-found", 404, "There is no such photo");

  private final String code;
  private final int status;
  private final String title;

  IntakeProblem(String code, int status, String title) {
    this.code = code;
    this.status = status;
    this.title = title;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public String title() {
    return title;
  }
}
