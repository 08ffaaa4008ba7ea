package io.citywide.intake.internal;

import io.citywide.intake.Reporter;

/** Personal data as shown to those who have no need of it: 张**, 138****5678, z***@example.com. */
final class Mask {

  private Mask() {}

  static Reporter of(Reporter reporter) {
    return new Reporter(name(reporter.name()), phone(reporter.phone()), email(reporter.email()), reporter.confidential());
  }

  static String name(String name) {
    return name == null || name.isBlank() ? null : name.strip().substring(0, name.strip().offsetByCodePoints(0, 1)) + "**";
  }

  static String phone(String phone) {
    if (phone == null || phone.isBlank()) {
      return null;
    }
    String digits = phone.replaceAll("[^0-9]", "");
    return digits.length() >= 11 ? digits.substring(0, 3) + "****" + digits.substring(digits.length() - 4) : "****" + digits.substring(Math.max(0, digits.length() - 2));
  }

  static String email(String email) {
    if (email == null || email.isBlank()) {
      return null;
    }
    int at = email.indexOf('@');
    return at < 1 ? "***" : email.substring(0, email.offsetByCodePoints(0, 1)) + "***" + email.substring(at);
  }
}
