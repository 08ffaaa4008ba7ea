package io.citywide.place;

import io.citywide.platform.ProblemCode;

/** Refusals of the module place. */
public enum PlaceProblem implements ProblemCode {
  UNREADABLE_GEOJSON("place.unreadable-geojson", 422, "The body is not the GeoJSON that is needed here"),
  INVALID_AREAS("place.invalid-areas", 422, "The areas have faults; nothing was imported"),
  UNKNOWN_AREA("place.unknown-area", 404, "There is no such area"),
  OUTSIDE("place.outside", 404, "The position is outside every area"),
  INVALID_POSITION("place.invalid-position", 422, "The position is not valid"),
  INVALID_KIND("place.invalid-kind", 422, "The kind is not valid"),
  KIND_TAKEN("place.kind-taken", 409, "Another kind has this code"),
  UNKNOWN_KIND("place.unknown-kind", 404, "There is no such kind"),
  UNKNOWN_COMPONENT("place.unknown-component", 404, "There is no such component"),
  INVALID_BATCH("place.invalid-batch", 422, "The batch is not valid; nothing was imported"),
  UNREADABLE_IMPORT("place.unreadable-import", 422, "The rows cannot be read; nothing was imported"),
  TOO_MANY_REJECTS("place.too-many-rejects", 422, "Too many rows are bad; nothing was imported"),
  IMPORT_UNDER_WAY("place.import-under-way", 409, "Another import of components is under way; nothing was imported"),
  STATE_MOVED_ON("place.state-moved-on", 409, "The component's state has changed since you saw it"),
  STATE_NOT_ALLOWED("place.state-not-allowed", 409, "This change of state is not allowed"),
  INVALID_STATE_CHANGE("place.invalid-state-change", 422, "The change of state is not valid"),
  NOTHING_TO_TAKE_BACK("place.nothing-to-take-back", 409, "There is no change to take back"),
  UNKNOWN_BUILDING("place.unknown-building", 404, "There is no such building"),
  UNKNOWN_HOUSEHOLD("place.unknown-household", 404, "There is no such household"),
  UNKNOWN_ENTERPRISE("place.unknown-enterprise", 404, "There is no such enterprise"),
  INVALID_BOX("place.invalid-box", 422, "The box is not valid"),
  UNKNOWN_LAYER("place.unknown-layer", 404, "The base map has no such layer"),
  INVALID_LAYER("place.invalid-layer", 422, "The layer is not valid; nothing was imported"),
  INDEX_BUILDING("place.index-building", 503, "The index of components is being built");

  private final String code;
  private final int status;
  private final String title;

  PlaceProblem(String code, int status, String title) {
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
