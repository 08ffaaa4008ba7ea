package io.citywide.place;

import io.citywide.place.Component.State;
import java.time.Instant;

/**
 * One change in the life of a component.
 *
 * @param seq within the component, from 1
 * @param act how it came about
 * @param personId {@code null} for a machine or the server itself
 * @param actorName as it was at the time
 * @param reason in words
 */
public record ComponentEvent(long id, String ident, int seq, Act act, State from, State to, Instant at, Long personId, Long positionId, String actorName,
    String reason) {

  /** How a change came about. */
  public enum Act {
    /** Somebody said so. */
    CHANGED,
    /** The change before it was taken back. */
    TAKEN_BACK,
    /** The register was imported. */
    IMPORTED
  }
}
