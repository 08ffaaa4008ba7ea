package io.citywide.map;

import io.citywide.platform.ProblemCode;

/** Refusals of the module map. */
public enum MapProblem implements ProblemCode {
  UNKNOWN_LAYER("map.unknown-layer", 404, "There is no such layer"),
  UNREADABLE_OSM("map.unreadable-osm", 422, "The file cannot be read as OpenStreetMap; the base map is as it was"),
  IMPORT_RUNNING("map.import-running", 409, "Another import of the base map is under way"),
  /** Extras: field, and value or bound. */
  INVALID_REGION("map.invalid-region", 422, "The region is not valid"),
  /** Extras: field, value. */
  INVALID_QUERY("map.invalid-query", 400, "The query is not valid"),
  /** Extras: layer. */
  NO_PAST("map.no-past", 422, "The layer does not know the past"),
  /** Extras: retryAfterSeconds. */
  TILES_BUSY("map.tiles-busy", 503, "Too many tiles are being drawn");

  private final String code;
  private final int status;
  private final String title;

  MapProblem(String code, int status, String title) {
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
