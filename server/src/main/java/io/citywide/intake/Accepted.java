package io.citywide.intake;

import java.util.List;

/**
 * The answer to a report that was taken. It is on disk by then.
 *
 * @param trackingCode secret by which the reporter follows it, 128 bits; {@code null} where somebody else had brought the report
 * @param caseId {@code null} while it waits for a place
 * @param caseNo {@code null} while it waits for a place
 * @param repeated it had been taken before (same idempotency key or natural key); nothing was changed now
 */
public record Accepted(
    long signalId, String trackingCode, Outcome outcome, Long caseId, String caseNo, List<Decision> decisions, boolean repeated) {

  /** Where the signal went. */
  public enum Outcome {
    /** A person has to give it a place first. */
    WAITING_PLACE,
    /** It opened a case. */
    OPENED,
    /** It joined an open case about the same problem. */
    JOINED,
    /** A person decided that it is no matter for the city. */
    DECLINED
  }

  public Accepted {
    decisions = List.copyOf(decisions);
  }
}
