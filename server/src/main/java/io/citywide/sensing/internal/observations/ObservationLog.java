package io.citywide.sensing.internal.observations;

/** The log of observations, for those who must hear each of them. */
public interface ObservationLog {

  /** Going on until it is closed. */
  interface Following extends AutoCloseable {

    /** Waits for the tap to return from the batch under way; no more come. */
    @Override
    void close();
  }

  /**
   * Brings every batch after {@code after} to {@code tap}, in order and without gaps: first what is stored, then whatever is
   * committed, on this server or another. On a thread of its own, so a slow tap holds up nobody but itself.
   *
   * @param name of the follower, for logs and metrics
   */
  Following follow(String name, LogPosition after, ObservationTap tap);

  /** Position of the newest batch known here. */
  LogPosition head();

  /**
   * Says that a follower has made everything up to {@code position} durable; what is after it stays in the log. To be called
   * in the transaction that stores what was made of it: then a follower that begins again at {@link #kept} loses and doubles
   * nothing, whenever it was killed.
   */
  void keep(String name, LogPosition position);

  /**
   * Where a follower begins again. One that was never there before begins at the end, and from then on the log is kept for it.
   * Not to be called within a transaction.
   */
  LogPosition kept(String name);
}
