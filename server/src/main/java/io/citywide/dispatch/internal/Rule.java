package io.citywide.dispatch.internal;

import io.citywide.identity.AreaScope;
import java.time.LocalDate;
import java.util.List;

/**
 * One row of the responsibility matrix.
 *
 * @param areaCode root of the area subtree it holds in; empty: everywhere
 * @param leadUnitId unit that leads
 * @param assistUnitIds units that assist, without the lead
 * @param validFrom first day, {@code null}: ever since
 * @param validTo last day, {@code null}: until further notice
 * @param version counts the changes, from 1
 */
public record Rule(
    long id,
    KindPattern kind,
    String areaCode,
    Hours hours,
    long leadUnitId,
    List<Long> assistUnitIds,
    LocalDate validFrom,
    LocalDate validTo,
    int version) {

  public Rule {
    assistUnitIds = List.copyOf(assistUnitIds);
    if (validFrom != null && validTo != null && validTo.isBefore(validFrom)) {
      throw new IllegalArgumentException("the last day " + validTo + " lies before the first " + validFrom);
    }
    if (assistUnitIds.contains(leadUnitId)) {
      throw new IllegalArgumentException("unit " + leadUnitId + " cannot lead and assist at once");
    }
  }

  /** What the area codes of its subtree begin with. */
  String areaPrefix() {
    return AreaScope.of(areaCode).low();
  }

  boolean validOn(LocalDate day) {
    return (validFrom == null || !day.isBefore(validFrom)) && (validTo == null || !day.isAfter(validTo));
  }

  /** Whether it says the same as {@code other}, id and version aside. */
  boolean saysTheSameAs(Rule other) {
    return equals(other.withId(id).withVersion(version));
  }

  Rule withId(long newId) {
    return new Rule(newId, kind, areaCode, hours, leadUnitId, assistUnitIds, validFrom, validTo, version);
  }

  Rule withVersion(int newVersion) {
    return new Rule(id, kind, areaCode, hours, leadUnitId, assistUnitIds, validFrom, validTo, newVersion);
  }
}
