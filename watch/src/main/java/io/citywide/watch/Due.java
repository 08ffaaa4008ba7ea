package io.citywide.watch;

/** Something that wants to be looked at when a time comes. */
abstract class Due {
  static final long NEVER = Long.MAX_VALUE;

  /** When it next changes by itself. */
  long due = NEVER;
  /** Where it stands in the queue; {@link #NEVER}: nowhere. */
  long queuedAt = NEVER;

  /** With {@link #subject}, breaks ties between those that are due at the same time. */
  abstract String rule();

  abstract String subject();

  abstract void fire(long time);
}
