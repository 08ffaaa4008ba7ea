package io.citywide.conformance;

/**
 * One thing that was tried.
 *
 * @param result passed, failed, or disputed: failed for a reason that the page gives, known beforehand
 * @param reason of what did not pass; else empty
 */
record Outcome(String test, String description, Result result, long milliseconds, String reason) {

  enum Result { PASSED, FAILED, DISPUTED }
}
