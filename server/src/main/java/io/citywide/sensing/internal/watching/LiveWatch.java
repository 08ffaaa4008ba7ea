package io.citywide.sensing.internal.watching;

import io.citywide.platform.Words;

/** The watch at work, for those who own its warnings. */
public interface LiveWatch {

  /**
   * A person has ended a warning: the watch lets go of it, and raises the next only after the condition was over. To be called within the
   * transaction that ends the warning in the book, on any server; the watch's own {@code ENDED} comes to the book later and changes nothing there.
   *
   * @param number of the warning; if it is over by then, nothing happens
   * @param reason who ended it and why
   */
  void end(String rule, String subject, long number, Words reason);
}
