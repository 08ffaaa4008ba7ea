package io.citywide.dispatch.internal;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * The responsibility matrix, compiled: rules lie under (kind pattern, area prefix), so that a case is answered by
 * at most 3 kinds × 7 area levels of map look-ups, whatever the number of rules. Immutable.
 */
final class Matrix {

  /** What is asked: the kind (may be {@code null}: unknown), its large class, where, whether it is working time, which day. */
  record Question(String kindId, KindPattern major, String areaCode, boolean working, LocalDate day) {}

  /** Why a unit cannot be given work on a day. */
  sealed interface Absence {
    record Unknown() implements Absence {}

    record Inactive() implements Absence {}

    /** Its temporary stationing (临时派驻) ended with {@code lastDay}. */
    record StationingEnded(LocalDate lastDay) implements Absence {}
  }

  /** Why one rule comes before another: the first criterion in which they differ, in this order. */
  enum Preference {
    KIND,
    AREA,
    HOURS,
    NEWER
  }

  /** A rule that also holds, and by what the chosen one comes before it. */
  record Beaten(Rule rule, Preference by) {}

  /** A rule that would have come first, but its lead unit cannot work. */
  record Skipped(Rule rule, Absence absence) {}

  /** @param chosen empty where no rule holds */
  record Verdict(Optional<Rule> chosen, List<Beaten> beaten, List<Skipped> skipped) {}

  /** Codes of one city (GB/T 2260) begin with the same four digits. */
  private static final int CITY_DIGITS = 4;

  private record Cell(String kind, String areaPrefix) {}

  private static final Comparator<Rule> WITHIN_CELL =
      Comparator.comparing((Rule r) -> r.hours() == Hours.ANY)
          .thenComparing(Rule::validFrom, Comparator.nullsFirst(Comparator.<LocalDate>naturalOrder()).reversed())
          .thenComparing(Rule::id, Comparator.reverseOrder());

  private final Map<Cell, List<Rule>> cells = new HashMap<>();
  private final Map<String, List<Rule>> byKind = new HashMap<>();
  private final List<Integer> prefixLengths;

  Matrix(Collection<Rule> rules) {
    var lengths = new TreeSet<Integer>(Comparator.reverseOrder());
    for (Rule rule : rules) {
      lengths.add(rule.areaPrefix().length());
      cells.computeIfAbsent(new Cell(rule.kind().text(), rule.areaPrefix()), c -> new ArrayList<>()).add(rule);
      byKind.computeIfAbsent(rule.kind().text(), k -> new ArrayList<>()).add(rule);
    }
    cells.values().forEach(list -> list.sort(WITHIN_CELL));
    this.prefixLengths = List.copyOf(lengths);
  }

  /**
   * The rule that decides.
   *
   * @param absence answers why a unit cannot work on the day of the question, empty where it can
   */
  Verdict choose(Question question, LongFunction<Optional<Absence>> absence) {
    Rule chosen = null;
    List<Beaten> beaten = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    for (Rule rule : holding(question)) {
      if (chosen != null) {
        beaten.add(new Beaten(rule, preference(chosen, rule)));
        continue;
      }
      Optional<Absence> absent = absence.apply(rule.leadUnitId());
      if (absent.isPresent()) {
        skipped.add(new Skipped(rule, absent.get()));
      } else {
        chosen = rule;
      }
    }
    return new Verdict(Optional.ofNullable(chosen), List.copyOf(beaten), List.copyOf(skipped));
  }

  /** The rules that hold, the most specific first. */
  private List<Rule> holding(Question question) {
    List<Rule> found = new ArrayList<>();
    for (String kind : kinds(question)) {
      for (int length : prefixLengths) {
        if (length > question.areaCode().length()) {
          continue;
        }
        for (Rule rule : cells.getOrDefault(new Cell(kind, question.areaCode().substring(0, length)), List.of())) {
          if (rule.hours().holds(question.working()) && rule.validOn(question.day())) {
            found.add(rule);
          }
        }
      }
    }
    return found;
  }

  /**
   * Rules of the same kind or large class that hold elsewhere in the city or at other hours, the exact kind and the
   * nearest area (the longest common beginning of the codes) first.
   */
  List<Rule> related(Question question) {
    List<Rule> found = new ArrayList<>();
    for (String kind : kinds(question)) {
      if (kind.equals(KindPattern.ANY.text())) {
        continue;
      }
      byKind.getOrDefault(kind, List.of()).stream()
          .filter(rule -> rule.validOn(question.day()))
          .filter(rule -> common(rule.areaPrefix(), question.areaCode()) >= Math.min(CITY_DIGITS, rule.areaPrefix().length()))
          .sorted(Comparator.comparing((Rule rule) -> common(rule.areaPrefix(), question.areaCode())).reversed().thenComparing(Rule::id))
          .forEach(found::add);
    }
    return found;
  }

  private static int common(String a, String b) {
    int length = 0;
    while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
      length++;
    }
    return length;
  }

  /** The patterns that describe the kind asked for, the closest first. */
  static List<String> kinds(Question question) {
    List<String> kinds = new ArrayList<>(3);
    if (question.kindId() != null) {
      kinds.add(question.kindId());
    }
    if (question.major() != null) {
      kinds.add(question.major().text());
    }
    kinds.add(KindPattern.ANY.text());
    return kinds;
  }

  private static Preference preference(Rule chosen, Rule other) {
    if (chosen.kind().match() != other.kind().match()) {
      return Preference.KIND;
    }
    if (chosen.areaPrefix().length() != other.areaPrefix().length()) {
      return Preference.AREA;
    }
    return chosen.hours() == other.hours() ? Preference.NEWER : Preference.HOURS;
  }
}
