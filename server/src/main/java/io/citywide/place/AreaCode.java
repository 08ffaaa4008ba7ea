package io.citywide.place;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Area codes are hierarchical by prefix: six characters of GB/T 2260 for a city ({@code 320100}) or district
 * ({@code 320102}), three more of GB/T 10114 for a street, three for a community, three for a unit grid.
 * Digits are the norm; capital letters are accepted, as GB/T 47678.5 accepts them in unit-grid codes.
 */
public final class AreaCode {

  private static final Pattern CHARACTERS = Pattern.compile("[0-9A-Z]+");

  private AreaCode() {}

  /**
   * The level a code stands for.
   *
   * @throws IllegalArgumentException when it is not an area code, saying why
   */
  public static AreaLevel levelOf(String code) {
    fault(code).ifPresent(
        fault -> {
          throw new IllegalArgumentException(fault);
        });
    return switch (code.length()) {
      case 6 -> code.endsWith("00") ? AreaLevel.CITY : AreaLevel.DISTRICT;
      case 9 -> AreaLevel.STREET;
      case 12 -> AreaLevel.COMMUNITY;
      default -> AreaLevel.UNIT_GRID;
    };
  }

  /** What is wrong with a code, in words; empty when it is an area code. */
  public static Optional<String> fault(String code) {
    if (code == null || code.isEmpty()) {
      return Optional.of("an area code is missing");
    }
    if (!CHARACTERS.matcher(code).matches()) {
      return Optional.of("an area code has only digits and capital letters, was '" + code + "'");
    }
    return switch (code.length()) {
      case 6 ->
          code.startsWith("00")
              ? Optional.of("an area code begins with a province, 01 or above, was '" + code + "'")
              : Optional.empty();
      case 9, 12 ->
          code.endsWith("000")
              ? Optional.of("the last three characters of a street or community code are 001 or above, was '" + code + "'")
              : Optional.empty();
      case 15 ->
          code.endsWith("000")
              ? Optional.of("the sequence of a unit grid is 001 or above, was '" + code + "'")
              : Optional.empty();
      case 14, 16, 17 ->
          Optional.of(
              "a unit-grid code has 15 characters (district 6 + street 3 + community 3 + sequence 3), '" + code + "' has "
                  + code.length() + "; keep an older code as an alias of the grid");
      default ->
          Optional.of(
              "an area code has 6 (city, district), 9 (street), 12 (community) or 15 (unit grid) characters, '" + code
                  + "' has " + code.length());
    };
  }

  /**
   * The code one level up; empty for a city.
   *
   * @throws IllegalArgumentException when it is not an area code
   */
  public static Optional<String> parentOf(String code) {
    return switch (levelOf(code)) {
      case CITY -> Optional.empty();
      case DISTRICT -> Optional.of(code.substring(0, 4) + "00");
      case STREET, COMMUNITY, UNIT_GRID -> Optional.of(code.substring(0, code.length() - 3));
    };
  }

  /**
   * Whether {@code code} is {@code ancestor} or lies below it, by prefix alone.
   *
   * @throws IllegalArgumentException when either is not an area code
   */
  public static boolean within(String code, String ancestor) {
    return code.startsWith(prefix(ancestor));
  }

  /** What the codes of an area's whole subtree begin with: trailing zeros of a city or province code are no part of it. */
  public static String prefix(String code) {
    if (code.length() == 6 && code.endsWith("0000")) {
      return code.substring(0, 2);
    }
    return levelOf(code) == AreaLevel.CITY ? code.substring(0, 4) : code;
  }
}
