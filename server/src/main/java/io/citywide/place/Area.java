package io.citywide.place;

import java.time.LocalDate;
import java.util.List;

/**
 * One area of the tree.
 *
 * @param code see {@link AreaCode}; never reused, a changed unit grid gets a new one
 * @param parentCode {@code null} for a city
 * @param name in Chinese, such as 梧桐社区
 * @param nameEn may be {@code null}
 * @param aliases further names and older codes by which texts and other systems call it
 * @param center longitude and latitude of a point inside it, WGS-84 degrees; {@code null} where nothing is known
 * @param tier class of the area for deadlines, such as 成熟 or 一般; may be {@code null}
 * @param boundary whether a boundary is known, without which no point is found in it
 * @param validFrom first day
 * @param validTo last day, {@code null} while in force
 */
public record Area(
    String code,
    String parentCode,
    AreaLevel level,
    String name,
    String nameEn,
    List<String> aliases,
    double[] center,
    String tier,
    boolean boundary,
    LocalDate validFrom,
    LocalDate validTo) {

  public Area {
    aliases = List.copyOf(aliases);
  }

  /** Areas are the same when their codes are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Area area && area.code.equals(code);
  }

  @Override
  public int hashCode() {
    return code.hashCode();
  }

  @Override
  public String toString() {
    return code + " " + name;
  }
}
