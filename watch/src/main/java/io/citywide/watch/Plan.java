package io.citywide.watch;

import io.citywide.watch.Expressions.Kind;
import io.citywide.watch.Expressions.Name;
import io.citywide.watch.Rule.Measure;
import io.citywide.watch.Rule.Per;
import io.citywide.watch.Rule.Rung;
import io.citywide.watch.Rule.Sequence;
import io.citywide.watch.Rule.Window;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A rule ready to run. Slots of values: inputs, then windows, then what learns, then sequences, then hour, weekday, workday and holiday.
 * Slots of texts: thing, group, area.
 */
final class Plan {
  static final String HOUR = "hour";
  static final String WEEKDAY = "weekday";
  static final String WORKDAY = "workday";
  static final String HOLIDAY = "holiday";
  static final String THING = "thing";
  static final String GROUP = "group";
  static final String AREA = "area";
  private static final Pattern HOLE = Pattern.compile("\\{([^{}]*)}");

  final Rule rule;
  final Map<String, Name> names = new LinkedHashMap<>();
  final Expressions.Compiled[] when;
  final Expressions.Compiled[] until;
  final Condition[][] steps;
  /** Windows of each input that hold values, in the order of the stream, and the slot of each. */
  final List<List<Window>> windowsOf = new ArrayList<>();
  final int[][] slotsOf;
  /** Windows that say that nothing was heard: the input, the slot and the time of each. */
  final int[] missingInput;
  final int[] missingSlot;
  final long[] missingFor;
  final int firstLearned;
  /** The inputs of each watch that learns. */
  final int[][] learnedInputs;
  final int firstSequence;
  final int hour;
  final int slots;
  final boolean calendar;
  /** Where one look after the other lays its values; an engine is one thread. */
  final double[] scratch;

  private Plan(Rule rule, List<Flaw> flaws) {
    this.rule = rule;
    int slot = 0;
    for (Rule.Input input : rule.inputs()) {
      names.put(input.name(), new Name(Kind.NUMBER, slot++));
      windowsOf.add(new ArrayList<>());
    }
    List<List<Integer>> at = new ArrayList<>();
    rule.inputs().forEach(i -> at.add(new ArrayList<>()));
    List<int[]> missing = new ArrayList<>();
    List<Long> missingTimes = new ArrayList<>();
    for (Window window : rule.windows()) {
      int input = names.get(window.input()).slot();
      if (window.measure() == Measure.MISSING) {
        missing.add(new int[] {input, slot});
        missingTimes.add(window.over());
      } else {
        windowsOf.get(input).add(window);
        at.get(input).add(slot);
      }
      names.put(window.name(), new Name(window.measure() == Measure.MISSING ? Kind.FLAG : Kind.NUMBER, slot++));
    }
    slotsOf = at.stream().map(l -> l.stream().mapToInt(Integer::intValue).toArray()).toArray(int[][]::new);
    missingInput = missing.stream().mapToInt(m -> m[0]).toArray();
    missingSlot = missing.stream().mapToInt(m -> m[1]).toArray();
    missingFor = missingTimes.stream().mapToLong(Long::longValue).toArray();
    firstLearned = slot;
    learnedInputs = new int[rule.learned().size()][];
    for (Rule.Learned learned : rule.learned()) {
      learnedInputs[slot - firstLearned] = learned.inputs().stream().mapToInt(i -> names.get(i).slot()).toArray();
      names.put(learned.name(), new Name(Kind.NUMBER, slot++));
    }
    firstSequence = slot;
    hour = slot + rule.sequences().size();
    slots = hour + 4;
    names.put(HOUR, new Name(Kind.NUMBER, hour));
    names.put(WEEKDAY, new Name(Kind.NUMBER, hour + 1));
    names.put(WORKDAY, new Name(Kind.FLAG, hour + 2));
    names.put(HOLIDAY, new Name(Kind.FLAG, hour + 3));
    names.put(GROUP, new Name(Kind.TEXT, 1));
    if (rule.per() == Per.THING) {
      names.put(THING, new Name(Kind.TEXT, 0));
      names.put(AREA, new Name(Kind.TEXT, 2));
    }
    scratch = new double[slots];

    BitSet read = new BitSet();
    steps = new Condition[rule.sequences().size()][];
    Expressions before = new Expressions(names);
    for (Sequence sequence : rule.sequences()) {
      Condition[] compiled = new Condition[sequence.steps().size()];
      for (int i = 0; i < compiled.length; i++) {
        Expressions.Compiled step = compile(before, sequence.steps().get(i), "sequences." + sequence.name() + ".steps[" + i + "]", flaws, read);
        compiled[i] = step == null ? null : step.condition();
      }
      steps[slot - firstSequence] = compiled;
      names.put(sequence.name(), new Name(Kind.FLAG, slot++));
    }
    Expressions all = rule.sequences().isEmpty() ? before : new Expressions(names);
    when = new Expressions.Compiled[rule.grades().size()];
    until = new Expressions.Compiled[rule.grades().size()];
    for (int i = 0; i < when.length; i++) {
      Rung rung = rule.grades().get(i);
      String path = "grades." + rung.grade().nameEn();
      when[i] = compile(all, rung.when(), path + ".when", flaws, read);
      if (rung.until() != null) until[i] = compile(all, rung.until(), path + ".until", flaws, read);
    }
    calendar = read.nextSetBit(hour) >= 0;
    if (rule.reason() != null) {
      holes(rule.reason().zh(), "reason.zh", flaws);
      holes(rule.reason().en(), "reason.en", flaws);
    }
  }

  /** Adds to {@code flaws} what does not compile. */
  static Plan of(Rule rule, List<Flaw> flaws) {
    return new Plan(rule, flaws);
  }

  /** @throws IllegalArgumentException where the rule was not made by a {@link RuleReader} and does not compile */
  static Plan of(Rule rule) {
    List<Flaw> flaws = new ArrayList<>();
    Plan plan = new Plan(rule, flaws);
    if (!flaws.isEmpty()) throw new IllegalArgumentException("rule " + rule.id() + " " + flaws.getFirst().where() + ": " + flaws.getFirst().what().en());
    return plan;
  }

  private Expressions.Compiled compile(Expressions expressions, String text, String where, List<Flaw> flaws, BitSet read) {
    try {
      Expressions.Compiled compiled = expressions.compile(text);
      read.or(compiled.reads());
      return compiled;
    } catch (Expressions.Wrong e) {
      String known = String.join(", ", names.keySet());
      flaws.add(new Flaw("bad-condition", where, new Words("The condition \"" + text + "\" is wrong: " + e.getMessage() + ".", "条件“" + text + "”有误：" + e.getMessage() + "。"),
          new Words("Write a CEL expression that is true or false, with the names: " + known + ".", "请写真假值的CEL表达式，可用名称：" + known + "。")));
      return null;
    }
  }

  private void holes(String template, String where, List<Flaw> flaws) {
    Matcher m = HOLE.matcher(template);
    while (m.find()) {
      if (!m.group(1).equals("grade") && !names.containsKey(m.group(1))) {
        flaws.add(new Flaw("unknown-name", where, new Words("There is no \"" + m.group(1) + "\".", "没有名称“" + m.group(1) + "”。"),
            new Words("Write {grade} or one of: " + String.join(", ", names.keySet()) + ".", "请写 {grade} 或：" + String.join("、", names.keySet()) + "。")));
      }
    }
  }

  /** Every number and flag that is known, by name. */
  Map<String, Double> known(double[] values) {
    Map<String, Double> known = new LinkedHashMap<>();
    names.forEach((name, is) -> {
      if (is.kind() != Kind.TEXT && is.slot() < hour && !Double.isNaN(values[is.slot()])) known.put(name, values[is.slot()]);
    });
    return known;
  }

  /** Why rung {@code index} is given: the rule's own words, else its condition with the values it reads. */
  Words fired(int index, double[] values, String[] texts, Learner[] learners) {
    Rung rung = rule.grades().get(index);
    if (rule.reason() != null) {
      return new Words(fill(rule.reason().en(), values, texts, rung.grade().nameEn(), learners, false),
          fill(rule.reason().zh(), values, texts, rung.grade().nameZh(), learners, true));
    }
    String held = rung.hold() == 0 ? "" : said(rung.hold());
    return new Words(rung.when() + (held.isEmpty() ? "" : " held for " + held) + with(" (", when[index].reads(), values, ", ", ")") + found(when[index].reads(), learners, false),
        rung.when() + (held.isEmpty() ? " 成立" : " 持续" + held) + with("（", when[index].reads(), values, "，", "）") + found(when[index].reads(), learners, true));
  }

  /** Why rung {@code index} is left. */
  Words left(int index, double[] values) {
    Rung rung = rule.grades().get(index);
    String condition = rung.until() == null ? rung.when() : rung.until();
    BitSet reads = rung.until() == null ? when[index].reads() : until[index].reads();
    String held = rung.untilHold() == 0 ? "" : said(rung.untilHold());
    return new Words((rung.until() == null ? condition + " holds no longer" : condition + " holds") + (held.isEmpty() ? "" : " for " + held) + with(" (", reads, values, ", ", ")"),
        condition + (rung.until() == null ? " 不再成立" : " 成立") + (held.isEmpty() ? "" : "，已" + held) + with("（", reads, values, "，", "）"));
  }

  /** Whether what learns here as {@code index} learns from what {@code was} in the other plan learns from. */
  boolean sameInputs(int index, Plan other, int was) {
    for (int k = 0; k < learnedInputs[index].length; k++) {
      Rule.Input a = rule.inputs().get(learnedInputs[index][k]);
      Rule.Input b = other.rule.inputs().get(other.learnedInputs[was][k]);
      if (!a.type().equals(b.type()) || !a.property().equals(b.property())) return false;
    }
    return true;
  }

  private String with(String before, BitSet reads, double[] values, String between, String after) {
    Map<Integer, String> bySlot = new TreeMap<>();
    names.forEach((name, is) -> {
      if (is.kind() != Kind.TEXT && reads.get(is.slot())) bySlot.put(is.slot(), name + " = " + number(is, values));
    });
    return bySlot.isEmpty() ? "" : before + String.join(between, bySlot.values()) + after;
  }

  /** What those of the learned watches that are read have to say. */
  private String found(BitSet reads, Learner[] learners, boolean zh) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < learners.length; i++) {
      if (reads.get(firstLearned + i)) all.append(zh ? "；" : "; ").append(zh ? learners[i].reason().zh() : learners[i].reason().en());
    }
    return all.toString();
  }

  private String fill(String template, double[] values, String[] texts, String grade, Learner[] learners, boolean zh) {
    return HOLE.matcher(template).replaceAll(m -> {
      if (m.group(1).equals("grade")) return grade;
      Name is = names.get(m.group(1));
      if (is.kind() == Kind.NUMBER && is.slot() >= firstLearned && is.slot() < firstSequence) {
        Words found = learners[is.slot() - firstLearned].reason();
        return Matcher.quoteReplacement(zh ? found.zh() : found.en());
      }
      return Matcher.quoteReplacement(is.kind() == Kind.TEXT ? texts[is.slot()] : number(is, values));
    });
  }

  private static String number(Name is, double[] values) {
    double value = values[is.slot()];
    if (Double.isNaN(value)) return "?";
    return is.kind() == Kind.FLAG ? String.valueOf(value != 0) : rounded(value);
  }

  /** With four digits that count. */
  static String rounded(double value) {
    if (value == 0 || !Double.isFinite(value)) return value == 0 ? "0" : String.valueOf(value);
    return new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }

  static String said(long millis) {
    Duration d = Duration.ofMillis(millis);
    if (millis % 86_400_000 == 0) return d.toDays() + " d";
    if (millis % 3_600_000 == 0) return d.toHours() + " h";
    if (millis % 60_000 == 0) return d.toMinutes() + " min";
    return millis % 1000 == 0 ? d.toSeconds() + " s" : millis + " ms";
  }
}
