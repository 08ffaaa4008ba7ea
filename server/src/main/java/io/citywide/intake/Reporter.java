package io.citywide.intake;

/**
 * Who reported. Personal data: shown masked, in clear only for a stated purpose, which is logged.
 *
 * @param name {@code null} or as given
 * @param phone {@code null} or as given
 * @param email {@code null} or as given
 * @param confidential the reporter asks that nobody outside the centre learns who it was; {@code null} means no
 */
public record Reporter(String name, String phone, String email, Boolean confidential) {

  public Reporter {
    confidential = confidential != null && confidential;
  }

  /** Whether nothing is known about the reporter. */
  public boolean anonymous() {
    return blank(name) && blank(phone) && blank(email);
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }
}
