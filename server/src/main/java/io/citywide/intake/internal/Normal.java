package io.citywide.intake.internal;

import java.text.Normalizer;
import java.util.Locale;

/** The one form in which equal telephone numbers, addresses and identity numbers are equal, however they were typed. */
final class Normal {

  private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  private static final int MOBILE = 11;
  private static final int SHORTEST_WITH_AREA = 9;

  private Normal() {}

  /** Digits without {@code +86} and punctuation; a number of another country keeps its {@code +}. {@code null} where nothing is left. */
  static String phone(String phone) {
    String text = plain(phone);
    String digits = text.replaceAll("[^0-9]", "");
    if (text.startsWith("+") && !digits.startsWith("86")) {
      return digits.isEmpty() ? null : "+" + digits;
    }
    String national = text.startsWith("+") ? digits.substring(2)
        : digits.startsWith("0086") ? digits.substring(4)
        : digits.length() == MOBILE + 2 && digits.startsWith("861") ? digits.substring(2) : digits;
    // Abroad the 0 before the area is left out.
    boolean areaWithoutZero = national.length() < digits.length() && national.length() >= SHORTEST_WITH_AREA && !national.startsWith("0")
        && !(national.startsWith("1") && national.length() == MOBILE);
    return national.isEmpty() ? null : areaWithoutZero ? "0" + national : national;
  }

  /** Small letters. */
  static String email(String email) {
    String text = plain(email);
    return text.isEmpty() ? null : text.toLowerCase(Locale.ROOT);
  }

  /** 17 digits and a digit or capital X. */
  static String identityNumber(String number) {
    String text = plain(number).replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
    return text.isEmpty() ? null : text;
  }

  /** Whether the check digit of GB 11643 is right. */
  static boolean isIdentityNumber(String number) {
    String text = identityNumber(number);
    if (text == null || !text.matches("[1-9][0-9]{16}[0-9X]")) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < WEIGHTS.length; i++) {
      sum += WEIGHTS[i] * (text.charAt(i) - '0');
    }
    return "10X98765432".charAt(sum % 11) == text.charAt(17);
  }

  /** Full-width digits and letters become the usual ones. */
  private static String plain(String text) {
    return text == null ? "" : Normalizer.normalize(text, Normalizer.Form.NFKC).strip();
  }
}
