package io.citywide.identity;

import io.citywide.platform.ProblemException;
import java.util.List;
import java.util.Map;

/**
 * Why somebody looks at personal data in clear. It is kept in the access log with the look.
 *
 * @param purpose what for
 * @param reason in words, 5 to 200 characters
 */
public record Purpose(Kind purpose, String reason) {

  /** What personal data may be needed for. */
  public enum Kind {
    /** To call the reporter back about this case. */
    CALL_BACK,
    /** To find the place or the person on the spot. */
    FIND,
    /** Danger to life or property. */
    EMERGENCY,
    /** A complaint about how the case was handled. */
    COMPLAINT,
    /** To correct or complete what is on record. */
    CORRECTION,
    /** A request by law. */
    BY_LAW
  }

  static final int SHORTEST = 5;
  static final int LONGEST = 200;

  public Purpose {
    reason = reason == null ? "" : reason.strip();
    int length = reason.codePointCount(0, reason.length());
    if (purpose == null) {
      throw new ProblemException(IdentityProblem.PURPOSE, "say what the data are needed for: one of " + List.of(Kind.values()), Map.of("field", "purpose"))
          .zh("请选择查看用途");
    }
    if (length < SHORTEST || length > LONGEST || reason.chars().anyMatch(Character::isISOControl)) {
      throw new ProblemException(IdentityProblem.PURPOSE, "say in " + SHORTEST + " to " + LONGEST + " characters why the data are needed, there were " + length,
          Map.of("field", "reason", "value", length, "bound", LONGEST)).zh("请用 " + SHORTEST + " 至 " + LONGEST + " 个字说明理由，现有 " + length + " 字");
    }
  }

  /** For the access log: why, and which fields were shown; never what they hold. */
  public Map<String, Object> details(List<String> fields) {
    return Map.of("purpose", purpose.name(), "reason", reason, "fields", fields);
  }
}
