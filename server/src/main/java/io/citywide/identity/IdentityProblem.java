package io.citywide.identity;

import io.citywide.platform.ProblemCode;

/** Refusals of the module identity. */
public enum IdentityProblem implements ProblemCode {
  SIGN_IN("identity.sign-in", 401, "You are not signed in"),
  BAD_CREDENTIALS("identity.bad-credentials", 401, "Name or password is wrong"),
  LOCKED("identity.locked", 423, "The account is locked for a while"),
  MUST_CHANGE_PASSWORD("identity.must-change-password", 403, "Change your password first"),
  WEAK_PASSWORD("identity.weak-password", 422, "The new password is too weak"),
  FORBIDDEN("identity.forbidden", 403, "You may not do this"),
  UNDECLARED("identity.undeclared", 403, "This endpoint declares no permission"),
  UNKNOWN_UNIT("identity.unknown-unit", 404, "There is no such unit"),
  UNKNOWN_PERSON("identity.unknown-person", 404, "There is no such person"),
  INVALID_UNIT("identity.invalid-unit", 422, "The unit is not valid"),
  INVALID_PERSON("identity.invalid-person", 422, "The person is not valid"),
  LOGIN_TAKEN("identity.login-taken", 409, "This login name is taken"),
  CODE_TAKEN("identity.code-taken", 409, "This unit code is taken"),
  UNKNOWN_POSITION("identity.unknown-position", 404, "There is no such position"),
  PURPOSE("identity.purpose", 422, "The purpose is missing"),
  UNKNOWN_KEY("identity.unknown-key", 404, "There is no such API key"),
  /** Extras: permissions to be approved, and the roles that may. */
  KEY_WAITING("identity.key-waiting", 403, "The API key waits for approval"),
  KEY_SETTLED("identity.key-settled", 409, "The API key does not wait for approval"),
  OWN_KEY("identity.own-key", 403, "Nobody approves a key that they made"),
  OWN_RIGHTS("identity.own-rights", 403, "Nobody changes their own rights"),
  PROTECTED_PERSON("identity.protected-person", 403, "This account is beyond your administration"),
  LAST_ADMINISTRATOR("identity.last-administrator", 422, "The last administrator of a kind must stay"),
  EXCLUSIVE_ROLES("identity.exclusive-roles", 422, "These roles exclude each other"),
  INVALID_GRANT("identity.invalid-grant", 422, "The position cannot be granted"),
  INVALID_KEY("identity.invalid-key", 422, "The API key is not valid"),
  ON_DUTY("identity.on-duty", 409, "You are on duty already"),
  NOT_ON_DUTY("identity.not-on-duty", 409, "You are not on duty"),
  INVALID_DUTY("identity.invalid-duty", 422, "The duty, the position or the shift is not valid"),
  UNKNOWN_DUTY("identity.unknown-duty", 404, "There is no such duty or shift"),
  SHIFT_OVERLAPS("identity.shift-overlaps", 409, "The person has a shift in this time"),
  /** Extras: bound, in milliseconds. */
  TOO_OFTEN("identity.too-often", 429, "Positions are reported too often");

  private final String code;
  private final int status;
  private final String title;

  IdentityProblem(String code, int status, String title) {
    this.code = code;
    this.status = status;
    this.title = title;
  }

  @Override
  public String code() {
    return code;
  }

  @Override
  public int status() {
    return status;
  }

  @Override
  public String title() {
    return title;
  }
}
