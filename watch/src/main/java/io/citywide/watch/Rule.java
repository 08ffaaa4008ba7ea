package io.citywide.watch;

import java.util.List;
import java.util.Map;

/**
 * A watch rule that was read and checked; made by {@link RuleReader}. Times are milliseconds.
 *
 * @param text the document it was read from
 * @param type whose things it watches
 * @param group only those of this group; empty: of all
 * @param area only those in this area, by the beginning of their codes; empty: everywhere
 * @param per whether each thing or each group is one subject
 * @param grades lowest first
 * @param reason template with names in braces; {@code null}: made from the condition that fired
 * @param names what people read in place of the names of windows, learned watches and sequences; those without have none here
 */
public record Rule(
    String id, int version, Words name, String text, String type, String group, String area, Per per, List<Input> inputs,
    List<Window> windows, List<Learned> learned, List<Sequence> sequences, List<Rung> grades, Words reason, Map<String, Words> names) {

  public Rule {
    inputs = List.copyOf(inputs);
    windows = List.copyOf(windows);
    learned = List.copyOf(learned);
    sequences = List.copyOf(sequences);
    grades = List.copyOf(grades);
    names = Map.copyOf(names);
  }

  /** What the codes of its area begin with: the zeros at the end of a city's or a province's code of six (GB/T 2260) are no part of it. */
  String areaPrefix() {
    if (area.length() != 6 || !area.endsWith("00")) return area;
    return area.endsWith("0000") ? area.substring(0, 2) : area.substring(0, 4);
  }

  /** The same rule as another version of it, whatever its document says. */
  public Rule withVersion(int number) {
    return new Rule(id, number, name, text, type, group, area, per, inputs, windows, learned, sequences, grades, reason, names);
  }

  /** What one warning is about. */
  public enum Per { THING, GROUP }

  /** Whose values an input has. */
  public enum From {
    /** Those of the subject; they wake the rule. */
    SUBJECT,
    /** Those of all things of the type in the group of the subject; they are read, but wake nothing. */
    GROUP,
    /** Those of all things of the type in the area of the subject; they are read, but wake nothing. */
    AREA
  }

  /** A named series: a property of things of a type. */
  public record Input(String name, String type, String property, From from) {}

  /** What a window says of its values. */
  public enum Measure { AVG, MIN, MAX, SUM, COUNT, RATE, MISSING }

  /**
   * A named window over an input, of the time from {@code over} ago (excluded) to now (included).
   *
   * @param over length; of {@link Measure#MISSING}: how long nothing was heard
   * @param per for {@link Measure#RATE}: change in so much time
   */
  public record Window(String name, Measure measure, String input, long over, long per) {}

  /** How a learned watch knows what is usual; see {@code io.citywide.watch.stats}. */
  public enum Method { BASELINE, CHANGE, RESIDUAL }

  /**
   * A named watch that learns what is usual of its inputs. Its value is how unusual they are in units of its limit: above 1 they are.
   *
   * @param learn of {@link Method#CHANGE} the values, of {@link Method#RESIDUAL} the rows it learns from; else 0
   * @param every for {@link Method#RESIDUAL}: time from one row to the next; else 0
   */
  public record Learned(String name, Method method, List<String> inputs, int learn, long every) {
    public Learned {
      inputs = List.copyOf(inputs);
    }
  }

  /** Conditions that begin to hold one after the other, each while or at most {@code within} after the one before it held. */
  public record Sequence(String name, List<String> steps, long within) {
    public Sequence {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A grade of the ladder.
   *
   * @param when condition (CEL)
   * @param hold how long it must hold before the grade is given
   * @param until condition for going down again; {@code null}: {@code when} does not hold
   * @param untilHold how long that must hold
   * @param quiet after a warning that reached this grade ended, how long no other up to this grade begins
   */
  public record Rung(Grade grade, String when, long hold, String until, long untilHold, long quiet) {}
}
