package io.citywide.sensing.internal.watching;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What the watch does besides reading the log. Done again at the same place of the log, it gives the same decisions.
 * {@code at}: event time, milliseconds since 1970 UTC.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Operation.Tick.class, name = "tick"),
  @JsonSubTypes.Type(value = Operation.Listen.class, name = "listen"),
  @JsonSubTypes.Type(value = Operation.Source.class, name = "source"),
  @JsonSubTypes.Type(value = Operation.Register.class, name = "register"),
  @JsonSubTypes.Type(value = Operation.Forget.class, name = "forget"),
  @JsonSubTypes.Type(value = Operation.Publish.class, name = "publish"),
  @JsonSubTypes.Type(value = Operation.Withdraw.class, name = "withdraw"),
  @JsonSubTypes.Type(value = Operation.End.class, name = "end")
})
sealed interface Operation {

  long at();

  /** Time has come so far. */
  record Tick(long at) implements Operation {}

  /** From then on somebody has listened, after nobody did. */
  record Listen(long at) implements Operation {}

  record Source(String id, long silentAfter, long at) implements Operation {}

  record Register(String thing, String type, String group, String area, String source, long at) implements Operation {}

  record Forget(String thing, long at) implements Operation {}

  record Publish(String rule, int version, String document, long at) implements Operation {}

  record Withdraw(String rule, long at) implements Operation {}

  record End(String rule, String subject, long number, String en, String zh, long at) implements Operation {}

  /**
   * An operation in its place.
   *
   * @param number counted up from 1
   * @param after position of the log after which it was done
   */
  record Done(long number, long after, Operation operation) {}
}
