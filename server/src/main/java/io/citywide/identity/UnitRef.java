package io.citywide.identity;

import java.time.LocalDate;

/**
 * A unit that works in the city: a centre, a department, a street office, a community or an enterprise.
 *
 * @param code unified social credit code (GB 32100) or a local code; unique
 * @param areaCode area in which it works
 * @param stationing how it is stationed at the centre above it: wholly, regularly, for a time, or not
 * @param stationedUntil last day of a temporary stationing, else {@code null}
 */
public record UnitRef(
    long id,
    String code,
    String name,
    UnitKind kind,
    Long parentId,
    String areaCode,
    Stationing stationing,
    LocalDate stationedUntil,
    boolean active) {

  /** What kind of unit it is. */
  public enum UnitKind {
    CENTRE,
    DEPARTMENT,
    STREET_OFFICE,
    COMMUNITY,
    ENTERPRISE
  }

  /** 整体进驻, 常态派驻, 临时派驻, or none. */
  public enum Stationing {
    NONE,
    WHOLE,
    REGULAR,
    TEMPORARY
  }
}
