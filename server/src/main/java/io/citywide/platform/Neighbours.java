package io.citywide.platform;

import java.util.Map;
import java.util.function.Consumer;

/**
 * The other servers on the same database. What one of them changed reaches the memory and the screens of the others
 * within a fraction of a second; where that cannot be promised, those who listen are told that there was a gap.
 */
public interface Neighbours {

  /** Whether no other server is known: then telling them costs nothing. */
  boolean alone();

  /** Whether the others cannot be heard at the moment: what is remembered of the database may be out of date. */
  boolean deaf();

  /**
   * Tells the other servers, soon, without waiting. To be called after the commit of what it is about.
   *
   * @param facts ids and facts, as JSON below 7 KB (a larger one becomes a gap); never personal data
   */
  void tell(String topic, Map<String, Object> facts);

  /** Runs the listeners of {@code topic} on this server and on the others, after the commit of the transaction under way (at once where there is none). */
  void everywhere(String topic, Map<String, Object> facts);

  /** Hears what others tell, and what is told {@link #everywhere}. Integers arrive as {@code Long}. Listeners must not block. */
  void hear(String topic, Consumer<Map<String, Object>> listener);

  /** Runs when something may have been missed: forget what is remembered, let screens read anew. Must not block. */
  void hearGap(Runnable listener);
}
