package io.citywide.sensing.internal.watching;

import java.time.Duration;

/** When what the room knows is saved, so that a restart need not begin with an old state. Under the lock of the term. */
final class Saving {

  private static final int MOST_UNSAVED = 20_000;
  /** Saving stops the watch for its length; it is to take a two hundredth of the time at most. */
  private static final int PAUSE_SHARE = 200;

  private final Room room;
  private final Duration every;
  private boolean soon;
  private long savedOperations;
  private long savedPosition;
  private long savedAtNanos = System.nanoTime();
  private long pauseNanos;

  /** @param saved whether the room as it is now was read from what is saved */
  Saving(Room room, Duration every, boolean saved) {
    this.room = room;
    this.every = every;
    savedOperations = saved ? room.operations() : -1;
    savedPosition = room.position();
  }

  /** Does not wait until it is time. */
  void soon() {
    soon = true;
  }

  /** Whether a restart would have too many operations to do again. */
  boolean hasMany() {
    return room.unsavedCount() > MOST_UNSAVED;
  }

  private boolean hasAny() {
    return room.operations() != savedOperations || room.position() != savedPosition;
  }

  boolean due() {
    return hasAny() && (soon || hasMany() || System.nanoTime() - savedAtNanos > Math.max(every.toNanos(), PAUSE_SHARE * pauseNanos));
  }

  /**
   * What the room knows, if it is due; {@code null}: it is not.
   *
   * @param last nothing follows: then it is due whenever there is something new
   */
  byte[] save(boolean last) {
    if (!due() && !(last && hasAny())) {
      return null;
    }
    long begun = System.nanoTime();
    byte[] state = room.save();
    savedAtNanos = System.nanoTime();
    pauseNanos = savedAtNanos - begun;
    savedOperations = room.operations();
    savedPosition = room.position();
    soon = false;
    return state;
  }
}
