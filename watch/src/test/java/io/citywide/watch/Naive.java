package io.citywide.watch;

import io.citywide.watch.Decision.Kind;
import io.citywide.watch.Rule.Measure;
import io.citywide.watch.Rule.Rung;
import io.citywide.watch.Rule.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The engine as one would first write it: one thing, every value kept for ever, every window added up anew, and a look at
 * every single millisecond. What it decides is what the engine must decide.
 */
final class Naive {
  record Value(long time, double value) {}

  final List<Decision> decisions = new ArrayList<>();
  private final Rule rule;
  private final Plan plan;
  private final long lateness;
  private final Map<String, List<Value>> series = new HashMap<>();
  private final Map<String, Long> newest = new HashMap<>();
  private long now = -1;
  private final List<Boolean> on = new ArrayList<>();
  private final List<Integer> held = new ArrayList<>();
  private final List<Integer> over = new ArrayList<>();
  private final Map<String, List<boolean[]>> past = new HashMap<>();
  private Grade live;
  private Grade peak;
  private Grade quietPeak;
  private long quietUntil = -1;
  private boolean said;
  private long number;

  Naive(Rule rule, long lateness) {
    this.rule = rule;
    this.plan = Plan.of(rule);
    this.lateness = lateness;
    for (int i = 0; i < rule.grades().size(); i++) {
      on.add(false);
      held.add(0);
      over.add(0);
    }
    if (rule.windows().stream().anyMatch(w -> w.measure() == Measure.MISSING)) look(0);
  }

  void accept(String property, long time, double value) {
    List<Value> values = series.computeIfAbsent(property, p -> new ArrayList<>());
    if (values.stream().anyMatch(v -> v.time() == time)) return;
    if (newest.containsKey(property) && newest.get(property) - time > lateness) return;
    if (now < 0) now = time;
    while (now < time - 1) look(now + 1);
    int at = values.size();
    while (at > 0 && values.get(at - 1).time() > time) at--;
    values.add(at, new Value(time, value));
    newest.merge(property, time, Math::max);
    look(Math.max(now, time));
  }

  void advance(long time) {
    if (now < 0) return;
    while (now < time) look(now + 1);
  }

  private void look(long time) {
    long before = now;
    now = time;
    Map<String, Double> values = new LinkedHashMap<>();
    for (Rule.Input input : rule.inputs()) {
      List<Value> all = series.getOrDefault(input.property(), List.of());
      if (!all.isEmpty()) values.put(input.name(), all.getLast().value());
    }
    for (Window window : rule.windows()) {
      Double measured = measure(window);
      if (measured != null) values.put(window.name(), measured);
    }
    for (Rule.Sequence sequence : rule.sequences()) values.put(sequence.name(), sequence(sequence, values, before) ? 1.0 : 0.0);
    Grade reached = null;
    for (int i = 0; i < on.size(); i++) {
      Rung rung = rule.grades().get(i);
      byte when = test(plan.when[i].condition(), values);
      int step = (int) (time - before);
      boolean down = rung.until() == null ? when == Condition.NO : when != Condition.YES && test(plan.until[i].condition(), values) == Condition.YES;
      // A count of the milliseconds it has held, 1 for the first look.
      held.set(i, when != Condition.YES ? 0 : held.get(i) == 0 ? 1 : held.get(i) + step);
      over.set(i, !down ? 0 : over.get(i) == 0 ? 1 : over.get(i) + step);
      if (on.get(i) && over.get(i) > rung.untilHold()) on.set(i, false);
      else if (!on.get(i) && held.get(i) > rung.hold()) on.set(i, true);
      if (on.get(i)) reached = rung.grade();
    }
    if (reached == live) return;
    if (live == null && time < quietUntil && reached.ordinal() <= quietPeak.ordinal()) {
      if (!said) say(Kind.HELD, number + 1, null, reached, values);
      said = true;
      return;
    }
    Grade was = live;
    live = reached;
    if (was == null) {
      peak = reached;
      say(Kind.RAISED, ++number, null, reached, values);
    } else if (reached == null) {
      quietPeak = peak;
      quietUntil = time + rule.grades().stream().filter(r -> r.grade() == peak).findFirst().orElseThrow().quiet();
      said = false;
      say(Kind.ENDED, number, was, null, values);
    } else {
      if (reached.ordinal() > peak.ordinal()) peak = reached;
      say(reached.ordinal() > was.ordinal() ? Kind.ESCALATED : Kind.LOWERED, number, was, reached, values);
    }
  }

  private void say(Kind kind, long warning, Grade from, Grade to, Map<String, Double> values) {
    decisions.add(new Decision(kind, rule.id(), rule.version(), "d", warning, from, to, now, new Words("", ""), values));
  }

  private Double measure(Window window) {
    String property = rule.inputs().stream().filter(i -> i.name().equals(window.input())).findFirst().orElseThrow().property();
    List<Value> all = series.getOrDefault(property, List.of());
    if (window.measure() == Measure.MISSING) {
      long heard = all.isEmpty() ? first() : all.getLast().time();
      return now - heard >= window.over() ? 1.0 : 0.0;
    }
    List<Value> in = all.stream().filter(v -> v.time() > now - window.over() && v.time() <= now).toList();
    if (window.measure() == Measure.COUNT) return (double) in.size();
    if (in.isEmpty()) return null;
    double sum = in.stream().mapToDouble(Value::value).sum();
    return switch (window.measure()) {
      case SUM -> sum;
      case AVG -> sum / in.size();
      case MIN -> in.stream().mapToDouble(Value::value).min().orElseThrow();
      case MAX -> in.stream().mapToDouble(Value::value).max().orElseThrow();
      case RATE -> in.getFirst().time() == in.getLast().time() ? null
          : (in.getLast().value() - in.getFirst().value()) / (in.getLast().time() - in.getFirst().time()) * window.per();
      case COUNT, MISSING -> throw new IllegalStateException();
    };
  }

  private static long first() {
    return 0;
  }

  /** Active steps of the look before, then of this one; with the look at which each was last active. */
  private final Map<String, long[]> lastActive = new HashMap<>();

  private boolean sequence(Rule.Sequence sequence, Map<String, Double> values, long before) {
    int index = rule.sequences().indexOf(sequence);
    int steps = sequence.steps().size();
    List<boolean[]> looks = past.computeIfAbsent(sequence.name(), s -> new ArrayList<>(List.of(new boolean[steps], new boolean[steps])));
    boolean[] heldBefore = looks.get(0);
    boolean[] activeBefore = looks.get(1);
    long[] last = lastActive.computeIfAbsent(sequence.name(), s -> {
      long[] never = new long[steps];
      java.util.Arrays.fill(never, Long.MIN_VALUE / 2);
      return never;
    });
    // A look at the same millisecond again: what was active at the look before was active until now.
    for (int k = 0; k < steps; k++) if (activeBefore[k]) last[k] = Math.max(before, now - 1);
    boolean[] holds = new boolean[steps];
    boolean[] active = new boolean[steps];
    for (int k = 0; k < steps; k++) {
      holds[k] = test(plan.steps[index][k], values) == Condition.YES;
      boolean follows = k == 0 || last[k - 1] + 1 > now - sequence.within();
      if (k > 0 && activeBefore[k - 1]) follows = true;
      active[k] = holds[k] && (activeBefore[k] || !heldBefore[k] && follows);
    }
    looks.set(0, holds);
    looks.set(1, active);
    return active[steps - 1];
  }

  private byte test(Condition condition, Map<String, Double> values) {
    double[] v = new double[plan.slots];
    java.util.Arrays.fill(v, Double.NaN);
    values.forEach((name, value) -> v[plan.names.get(name).slot()] = value);
    return condition.test(v, new String[] {"d", "", ""});
  }
}
