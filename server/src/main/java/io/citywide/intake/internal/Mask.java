package io.citywide.intake.internal;

import io.citywide.intake.Reporter;
import java.util.Objects;

/** Personal data as shown to those who have no need of it: 张**, 138****5678, z***@example.com. */
final class Mask {

  private Mask() {}

  static Reporter of(Reporter reporter) {
    return new Reporter(name(reporter.name()), phone(reporter.phone()), email(reporter.email()), identityNumber(reporter.identityNumber()), reporter.confidential());
  }

  static String name(String name) {
    return name == null || name.isBlank() ? null : name.strip().substring(0, name.strip().offsetByCodePoints(0, 1)) + "**";
  }

  static String phone(String phone) {
    if (phone == null || phone.isBlank()) {
      return null;
    }
    String digits = Objects.requireNonNullElse(Normal.phone(phone), "").replaceAll("[^0-9]", "");
    return digits.length() >= 11 ? digits.substring(0, 3) + "****" + digits.substring(digits.length() - 4) : "****" + digits.substring(Math.max(0, digits.length() - 2));
  }

  /** The region and the last four stay, as on official notices: 3201**********0017. */
  static String identityNumber(String number) {
    if (number == null || number.isBlank()) {
      return null;
    }
    String text = Normal.identityNumber(number);
    return text.length() < 12 ? "*".repeat(text.length()) : text.substring(0, 4) + "*".repeat(text.length() - 8) + text.substring(text.length() - 4);
  }

  static String email(String email) {
    if (email == null || email.isBlank()) {
      return null;
    }
    int at = email.indexOf('@');
    return at < 1 ? "***" : email.substring(0, email.offsetByCodePoints(0, 1)) + "***" + email.substring(at);
  }
}
