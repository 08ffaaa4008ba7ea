package io.citywide.watch;

import io.citywide.watch.Decision.Kind;
import io.citywide.watch.Rule.From;
import io.citywide.watch.Rule.Input;
import io.citywide.watch.Rule.Rung;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One rule on one subject. It is looked at whenever something could have changed: when a value comes, when a time that it
 * asked for is there. So it decides as though it looked at every millisecond.
 */
final class Watch extends Due {
  private static final long NONE = Long.MIN_VALUE;

  final Plan plan;
  final String subject;
  final Stream[] streams;
  private final Learner[] learners;
  private final String[] texts;
  private final Settings settings;
  private final Consumer<Decision> sink;
  private final long[] upSince;
  private final long[] downSince;
  private final boolean[] on;
  /** A person has ended the warning while this held: it does not count until it has held no longer. */
  private final boolean[] masked;
  private final boolean[][] stepHolds;
  private final boolean[][] stepActive;
  private final long[][] stepLeft;
  /** Of each window that says that nothing was heard: its time counts from here at the earliest, because nobody listened before. */
  private final long[] listenedFrom;
  private long now = NONE;
  private Grade live;
  private Grade peak;
  private long since;
  private long number;
  private Grade quietPeak;
  private long quietUntil = NONE;
  private boolean heldSaid;
  private boolean held;

  /** @param texts thing, group, area */
  Watch(Plan plan, String subject, String[] texts, Stream[] streams, Settings settings, Consumer<Decision> sink) {
    this.plan = plan;
    this.subject = subject;
    this.texts = texts;
    this.streams = streams;
    this.settings = settings;
    this.sink = sink;
    learners = Learner.of(plan, streams, settings.zone());
    int rungs = plan.when.length;
    upSince = new long[rungs];
    downSince = new long[rungs];
    Arrays.fill(upSince, NONE);
    Arrays.fill(downSince, NONE);
    on = new boolean[rungs];
    masked = new boolean[rungs];
    listenedFrom = new long[plan.missingFor.length];
    Arrays.fill(listenedFrom, NONE);
    int sequences = plan.steps.length;
    stepHolds = new boolean[sequences][];
    stepActive = new boolean[sequences][];
    stepLeft = new long[sequences][];
    for (int i = 0; i < sequences; i++) {
      stepHolds[i] = new boolean[plan.steps[i].length];
      stepActive[i] = new boolean[plan.steps[i].length];
      stepLeft[i] = new long[plan.steps[i].length];
      Arrays.fill(stepLeft[i], NONE);
    }
  }

  @Override
  String rule() {
    return plan.rule.id();
  }

  @Override
  String subject() {
    return subject;
  }

  @Override
  void fire(long time) {
    look(time);
  }

  String[] texts() {
    return texts;
  }

  long number() {
    return number;
  }

  /** Warnings up to this number have been, of a watch of the same rule and subject that is gone. */
  void numberFrom(long last) {
    number = last;
  }

  Grade live() {
    return live;
  }

  Live describe() {
    return new Live(plan.rule.id(), plan.rule.version(), subject, number, live, since);
  }

  /** Judges the subject at this time, or at the latest it was judged at if that is later. */
  void look(long time) {
    long at = Math.max(now, time);
    now = at;
    double[] v = plan.scratch;
    fill(v, at);
    sequences(v, at);
    Grade reached = null;
    int top = -1;
    for (int i = 0; i < on.length; i++) {
      judge(i, v, at);
      if (on[i] && !masked[i]) {
        reached = plan.rule.grades().get(i).grade();
        top = i;
      }
    }
    decide(reached, top, v, at);
    due = nextDue(at);
  }

  private void fill(double[] v, long at) {
    for (int i = 0; i < streams.length; i++) {
      Stream stream = streams[i];
      v[i] = stream.latest();
      int[] slots = plan.slotsOf[i];
      if (slots.length > 0) {
        stream.to(at);
        for (int w = 0; w < slots.length; w++) v[slots[w]] = stream.measure(w);
      }
    }
    for (int m = 0; m < plan.missingFor.length; m++) {
      v[plan.missingSlot[m]] = at - unheardFrom(m) >= plan.missingFor[m] ? 1 : 0;
    }
    for (int i = 0; i < learners.length; i++) v[plan.firstLearned + i] = learners[i].value();
    if (plan.calendar) {
      ZonedDateTime local = Instant.ofEpochMilli(at).atZone(settings.zone());
      v[plan.hour] = local.getHour();
      v[plan.hour + 1] = local.getDayOfWeek().getValue();
      boolean workday = settings.workday().test(local.toLocalDate());
      v[plan.hour + 2] = workday ? 1 : 0;
      v[plan.hour + 3] = workday ? 0 : 1;
    }
  }

  private long unheardFrom(int m) {
    return Math.max(streams[plan.missingInput[m]].heard(), listenedFrom[m]);
  }

  /** Nobody listened before: what is not missed yet is not before its time has passed again. What is missed stays so. */
  void listen(long from) {
    boolean later = false;
    for (int m = 0; m < listenedFrom.length; m++) {
      if (now == NONE || now - unheardFrom(m) < plan.missingFor[m]) {
        listenedFrom[m] = Math.max(listenedFrom[m], from);
        later = true;
      }
    }
    if (later && now != NONE) due = nextDue(now);
  }

  private void sequences(double[] v, long at) {
    for (int s = 0; s < plan.steps.length; s++) {
      Condition[] steps = plan.steps[s];
      long within = plan.rule.sequences().get(s).within();
      for (int k = steps.length - 1; k >= 0; k--) {
        boolean holds = steps[k].test(v, texts) == Condition.YES;
        boolean begins = holds && !stepHolds[s][k];
        if (!holds && stepActive[s][k]) {
          stepActive[s][k] = false;
          stepLeft[s][k] = at;
        } else if (begins && (k == 0 || stepActive[s][k - 1] || stepLeft[s][k - 1] != NONE && at - stepLeft[s][k - 1] < within)) {
          stepActive[s][k] = true;
        }
        stepHolds[s][k] = holds;
      }
      v[plan.firstSequence + s] = stepActive[s][steps.length - 1] ? 1 : 0;
    }
  }

  private void judge(int i, double[] v, long at) {
    Rung rung = plan.rule.grades().get(i);
    byte when = plan.when[i].condition().test(v, texts);
    upSince[i] = when == Condition.YES ? upSince[i] == NONE ? at : upSince[i] : NONE;
    boolean down = plan.until[i] == null ? when == Condition.NO : when != Condition.YES && plan.until[i].condition().test(v, texts) == Condition.YES;
    downSince[i] = down ? downSince[i] == NONE ? at : downSince[i] : NONE;
    if (!on[i]) {
      if (upSince[i] == NONE) masked[i] = false;
      on[i] = upSince[i] != NONE && at - upSince[i] >= rung.hold();
    } else if (down && at - downSince[i] >= rung.untilHold()) {
      on[i] = false;
      masked[i] = false;
    }
  }

  private void decide(Grade reached, int top, double[] v, long at) {
    held = false;
    if (reached == live) return;
    if (live == null) {
      if (at < quietUntil && reached.compareTo(quietPeak) <= 0) {
        held = true;
        if (!heldSaid) say(Kind.HELD, null, reached, at, plan.fired(top, v, texts, learners), v);
        heldSaid = true;
        return;
      }
      number++;
      since = at;
      peak = reached;
      live = reached;
      say(Kind.RAISED, null, reached, at, plan.fired(top, v, texts, learners), v);
      return;
    }
    Grade before = live;
    live = reached;
    if (reached == null) {
      settle(at);
      say(Kind.ENDED, before, null, at, whyLeft(before, v), v);
    } else if (reached.compareTo(before) > 0) {
      if (reached.compareTo(peak) > 0) peak = reached;
      say(Kind.ESCALATED, before, reached, at, plan.fired(top, v, texts, learners), v);
    } else {
      say(Kind.LOWERED, before, reached, at, whyLeft(before, v), v);
    }
  }

  private Words whyLeft(Grade grade, double[] v) {
    for (int i = 0; i < on.length; i++) {
      if (plan.rule.grades().get(i).grade() == grade) return plan.left(i, v);
    }
    return new Words("The rule has no grade " + grade.nameEn() + " any more", "规则不再设" + grade.nameZh() + "等级");
  }

  /** The live warning is over: quiet begins. */
  private void settle(long at) {
    quietPeak = peak;
    long quiet = 0;
    for (Rung rung : plan.rule.grades()) {
      if (rung.grade() == peak) quiet = rung.quiet();
    }
    quietUntil = at + quiet;
    heldSaid = false;
    peak = null;
  }

  /** A person, or the end of the rule, ends the live warning. It begins again only after its condition was over. */
  boolean end(long time, Words why) {
    if (live == null) return false;
    long at = Math.max(now, time);
    now = at;
    Grade before = live;
    live = null;
    settle(at);
    for (int i = 0; i < on.length; i++) masked[i] = on[i] || upSince[i] != NONE && plan.rule.grades().get(i).grade().compareTo(before) <= 0;
    fill(plan.scratch, at);
    for (int s = 0; s < stepActive.length; s++) plan.scratch[plan.firstSequence + s] = stepActive[s][stepActive[s].length - 1] ? 1 : 0;
    say(Kind.ENDED, before, null, at, why, plan.scratch);
    look(at);
    return true;
  }

  private void say(Kind kind, Grade from, Grade to, long at, Words reason, double[] v) {
    Map<String, Double> values = plan.known(v);
    sink.accept(new Decision(kind, plan.rule.id(), plan.rule.version(), subject, kind == Kind.HELD ? number + 1 : number, from, to, at, reason, values));
  }

  private long nextDue(long at) {
    long next = NEVER;
    for (int i = 0; i < on.length; i++) {
      if (!on[i] && upSince[i] != NONE) next = Math.min(next, upSince[i] + plan.rule.grades().get(i).hold());
      if (on[i] && downSince[i] != NONE) next = Math.min(next, downSince[i] + plan.rule.grades().get(i).untilHold());
    }
    if (held) next = Math.min(next, quietUntil);
    for (int m = 0; m < plan.missingFor.length; m++) {
      long then = unheardFrom(m) + plan.missingFor[m];
      if (then > at) next = Math.min(next, then);
    }
    for (int i = 0; i < streams.length; i++) {
      if (streams[i].windowCount() > 0 && plan.rule.inputs().get(i).from() == From.SUBJECT) next = Math.min(next, streams[i].nextLeaving());
    }
    if (plan.calendar) next = Math.min(next, Instant.ofEpochMilli(at).atZone(settings.zone()).truncatedTo(ChronoUnit.HOURS).plusHours(1).toInstant().toEpochMilli());
    return next;
  }

  /** Takes over what a watch of an earlier version of the rule knew, as far as it means the same here. */
  void inherit(Watch other) {
    now = other.now;
    live = other.live;
    peak = other.peak;
    since = other.since;
    number = other.number;
    quietPeak = other.quietPeak;
    quietUntil = other.quietUntil;
    heldSaid = other.heldSaid;
    for (int i = 0; i < on.length; i++) {
      Rung rung = plan.rule.grades().get(i);
      for (int j = 0; j < other.on.length; j++) {
        Rung was = other.plan.rule.grades().get(j);
        if (was.grade() != rung.grade()) continue;
        on[i] = other.on[j];
        masked[i] = other.masked[j];
        if (was.equals(rung)) {
          upSince[i] = other.upSince[j];
          downSince[i] = other.downSince[j];
        }
      }
    }
    for (int m = 0; m < listenedFrom.length; m++) {
      Input of = plan.rule.inputs().get(plan.missingInput[m]);
      for (int j = 0; j < other.listenedFrom.length; j++) {
        if (plan.missingFor[m] == other.plan.missingFor[j] && Engine.same(of, other.plan.rule.inputs().get(other.plan.missingInput[j]))) {
          listenedFrom[m] = other.listenedFrom[j];
        }
      }
    }
    for (int i = 0; i < learners.length; i++) {
      int was = other.plan.rule.learned().indexOf(plan.rule.learned().get(i));
      if (was >= 0 && plan.sameInputs(i, other.plan, was)) learners[i].inherit(other.learners[was]);
    }
    for (int s = 0; s < stepHolds.length; s++) {
      int was = other.plan.rule.sequences().indexOf(plan.rule.sequences().get(s));
      if (was < 0) continue;
      System.arraycopy(other.stepHolds[was], 0, stepHolds[s], 0, stepHolds[s].length);
      System.arraycopy(other.stepActive[was], 0, stepActive[s], 0, stepActive[s].length);
      System.arraycopy(other.stepLeft[was], 0, stepLeft[s], 0, stepLeft[s].length);
    }
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(now);
    out.writeLong(due);
    writeGrade(out, live);
    writeGrade(out, peak);
    out.writeLong(since);
    out.writeLong(number);
    writeGrade(out, quietPeak);
    out.writeLong(quietUntil);
    out.writeBoolean(heldSaid);
    out.writeBoolean(held);
    for (int i = 0; i < on.length; i++) {
      out.writeLong(upSince[i]);
      out.writeLong(downSince[i]);
      out.writeBoolean(on[i]);
      out.writeBoolean(masked[i]);
    }
    for (int s = 0; s < stepHolds.length; s++) {
      for (int k = 0; k < stepHolds[s].length; k++) {
        out.writeBoolean(stepHolds[s][k]);
        out.writeBoolean(stepActive[s][k]);
        out.writeLong(stepLeft[s][k]);
      }
    }
    for (long from : listenedFrom) out.writeLong(from);
    for (int i = 0; i < streams.length; i++) {
      if (plan.rule.inputs().get(i).from() == From.SUBJECT) streams[i].write(out);
    }
    for (Learner learner : learners) learner.write(out);
  }

  /** @param listened whether it was written with since when somebody has listened */
  void read(DataInput in, boolean listened) throws IOException {
    now = in.readLong();
    due = in.readLong();
    live = readGrade(in);
    peak = readGrade(in);
    since = in.readLong();
    number = in.readLong();
    quietPeak = readGrade(in);
    quietUntil = in.readLong();
    heldSaid = in.readBoolean();
    held = in.readBoolean();
    for (int i = 0; i < on.length; i++) {
      upSince[i] = in.readLong();
      downSince[i] = in.readLong();
      on[i] = in.readBoolean();
      masked[i] = in.readBoolean();
    }
    for (int s = 0; s < stepHolds.length; s++) {
      for (int k = 0; k < stepHolds[s].length; k++) {
        stepHolds[s][k] = in.readBoolean();
        stepActive[s][k] = in.readBoolean();
        stepLeft[s][k] = in.readLong();
      }
    }
    for (int m = 0; listened && m < listenedFrom.length; m++) listenedFrom[m] = in.readLong();
    for (int i = 0; i < streams.length; i++) {
      if (plan.rule.inputs().get(i).from() == From.SUBJECT) streams[i].read(in);
    }
    for (Learner learner : learners) learner.read(in);
  }

  private static void writeGrade(DataOutput out, Grade grade) throws IOException {
    out.writeByte(grade == null ? -1 : grade.ordinal());
  }

  private static Grade readGrade(DataInput in) throws IOException {
    byte ordinal = in.readByte();
    return ordinal < 0 ? null : Grade.values()[ordinal];
  }
}
