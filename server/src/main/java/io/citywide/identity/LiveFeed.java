package io.citywide.identity;

import java.util.function.Consumer;

/** Carries notices to the screens of those who may see them. */
public interface LiveFeed {

  /** Delivers after the commit of the transaction under way, or at once where there is none. */
  void publish(Notice notice);

  /** Hears every notice regardless of scope, until the returned handle is closed. For citizens' follow pages. */
  AutoCloseable listen(Consumer<Notice> listener);
}
