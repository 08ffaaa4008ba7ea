package io.citywide.intake;

/**
 * Who reported. Personal data: sealed in the database, shown masked, in clear only for a stated purpose, which is logged.
 *
 * @param name {@code null} or as given
 * @param phone {@code null} or as given
 * @param email {@code null} or as given
 * @param identityNumber number of the identity card (GB 11643), {@code null} or as given
 * @param confidential the reporter asks that nobody outside the centre learns who it was; {@code null} means no
 */
public record Reporter(String name, String phone, String email, String identityNumber, Boolean confidential) {

  public Reporter {
    confidential = confidential != null && confidential;
  }

  /** A reporter whose identity card nobody asked for. */
  public Reporter(String name, String phone, String email, Boolean confidential) {
    this(name, phone, email, null, confidential);
  }

  /** Whether nothing is known about the reporter. */
  public boolean anonymous() {
    return blank(name) && blank(phone) && blank(email) && blank(identityNumber);
  }

  private static boolean blank(String text) {
    return text == null || text.isBlank();
  }

  /** Without the data: this may end in a log. */
  @Override
  public String toString() {
    return "Reporter[" + (anonymous() ? "anonymous" : "known") + "]";
  }
}
