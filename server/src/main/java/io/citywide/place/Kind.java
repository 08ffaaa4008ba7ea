package io.citywide.place;

import java.time.LocalDate;
import java.util.List;

/**
 * A kind of component (部件) or matter (事项): the small class of a catalogue.
 *
 * @param id {@code <standard>-<C|M><code>}, such as {@code gb47678.5-M06010}
 * @param standardRef such as {@code GB/T 47678.5-2026}, or a local catalogue's name
 * @param code code within standard and family, such as {@code 06010}
 * @param majorCode code of the large class, such as {@code 06}
 * @param keywords words of either language that speak for this kind in a text
 * @param provenance how well the row is known
 * @param validTo last day, {@code null} while in force
 * @param extension whether the city added it itself
 */
public record Kind(
    String id,
    String standardRef,
    Family family,
    String code,
    String nameZh,
    String nameEn,
    String majorCode,
    String majorZh,
    String majorEn,
    List<String> keywords,
    Provenance provenance,
    LocalDate validFrom,
    LocalDate validTo,
    boolean extension) {

  /** Things that stand in the city, and things that happen in it. */
  public enum Family {
    COMPONENT,
    MATTER
  }

  /** How well a catalogue row is known. */
  public enum Provenance {
    /** As the standard's catalogue lists it. */
    VERIFIED,
    /** Derived from the successor standard or recalled: check against the printed standard before relying on it. */
    RECALLED,
    /** Added by the city. */
    LOCAL
  }

  public Kind {
    keywords = List.copyOf(keywords);
  }

  /** Whether it may be used on {@code day}. */
  public boolean activeOn(LocalDate day) {
    return !day.isBefore(validFrom) && (validTo == null || !day.isAfter(validTo));
  }

  /** {@code gb47678.5-M01001} (供水井盖异常) is about the component {@code gb47678.5-C01001}; {@code null} for other matters. */
  public String componentKindId() {
    return family == Family.MATTER && majorCode.compareTo("06") < 0 && standardRef.startsWith("GB/T 47678.5")
        ? id.replace("-M", "-C")
        : null;
  }
}
