package io.citywide.watch;

import io.citywide.watch.Decision.Kind;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Tells when a thing or a source falls silent (断供), and when it speaks again. */
final class Lifeline extends Due {
  static final String RULE = "silence";

  private final String id;
  private final String kindEn;
  private final String kindZh;
  private long silentAfter;
  /** The source a thing comes by, {@code null} for none. */
  private final Lifeline source;
  private final Consumer<Decision> sink;
  private long heard;
  private boolean silent;
  private boolean said;
  private long number;
  /** Of a source: how many of its things fell silent with it. */
  private int quieted;

  /** @param silentAfter milliseconds; 0: it may be silent for ever */
  Lifeline(String id, String kindEn, String kindZh, long silentAfter, long born, Lifeline source, Consumer<Decision> sink) {
    this.id = id;
    this.kindEn = kindEn;
    this.kindZh = kindZh;
    this.silentAfter = silentAfter;
    this.source = source;
    this.sink = sink;
    heard = born;
    due = silentAfter == 0 ? NEVER : born + silentAfter;
  }

  @Override
  String rule() {
    return kindEn;
  }

  @Override
  String subject() {
    return id;
  }

  /** From now on it may be silent for so long, counted from when it was heard last, or from when somebody began to listen. */
  void allow(long time) {
    long from = due == NEVER ? heard : due - silentAfter;
    silentAfter = time;
    due = time == 0 || silent ? NEVER : from + time;
  }

  /** Nobody listened before: what was not heard until then says nothing of it. */
  void listen(long from) {
    if (due != NEVER) due = Math.max(due, from + silentAfter);
  }

  long number() {
    return number;
  }

  void numberFrom(long last) {
    number = last;
  }

  /** A person, or the end of the watch, ends the warning of its silence: its return is not announced. */
  boolean end(long at, Words why) {
    if (!said) return false;
    said = false;
    sink.accept(new Decision(Kind.HEARD, RULE, 0, id, number, null, null, at, why, Map.of("silentSeconds", (at - heard) / 1000.0)));
    return true;
  }

  void hear(long time) {
    if (silentAfter == 0 || time <= heard) return;
    if (due < time) fire(due);
    if (silent) {
      silent = false;
      if (said) say(Kind.HEARD, time, "It speaks again after " + Plan.said(time - heard), "时隔" + Plan.said(time - heard) + "恢复上报");
      quieted = 0;
      said = false;
    }
    heard = time;
    due = due == NEVER ? time + silentAfter : Math.max(due, time + silentAfter);
  }

  @Override
  void fire(long time) {
    due = NEVER;
    silent = true;
    if (source != null && source.silent) {
      source.quieted++;
      return;
    }
    said = true;
    number++;
    say(Kind.SILENT, time, "Nothing was heard for " + Plan.said(silentAfter), "已" + Plan.said(silentAfter) + "未上报");
  }

  private void say(Kind kind, long at, String en, String zh) {
    Map<String, Double> values = new HashMap<>();
    values.put("silentSeconds", (at - heard) / 1000.0);
    if (kind == Kind.HEARD && quieted > 0) values.put("silentThings", (double) quieted);
    sink.accept(new Decision(kind, RULE, 0, id, number, null, null, at, new Words(en + " (" + kindEn + " " + id + ")", zh + "（" + kindZh + id + "）"), values));
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(silentAfter);
    out.writeLong(heard);
    out.writeLong(due);
    out.writeBoolean(silent);
    out.writeBoolean(said);
    out.writeLong(number);
    out.writeInt(quieted);
  }

  /**
   * Reads all but the first number, which its maker needs.
   *
   * @param was that number: how long it could be silent when it was written
   */
  void read(DataInput in, long was) throws IOException {
    heard = in.readLong();
    due = in.readLong();
    silent = in.readBoolean();
    said = in.readBoolean();
    number = in.readLong();
    quieted = in.readInt();
    if (was != silentAfter) {
      long now = silentAfter;
      silentAfter = was;
      allow(now);
    }
  }
}
