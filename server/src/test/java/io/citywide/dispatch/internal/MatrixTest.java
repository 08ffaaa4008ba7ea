package io.citywide.dispatch.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.dispatch.internal.Matrix.Absence;
import io.citywide.dispatch.internal.Matrix.Beaten;
import io.citywide.dispatch.internal.Matrix.Preference;
import io.citywide.dispatch.internal.Matrix.Question;
import io.citywide.dispatch.internal.Matrix.Skipped;
import io.citywide.dispatch.internal.Matrix.Verdict;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/** The order of the responsibility matrix: kind, then area, then hours, then the newest. */
class MatrixTest {

  private static final LocalDate DAY = LocalDate.of(2026, 11, 22);
  private static final String GARBAGE = "gb47678.5-M06010";
  private static final KindPattern APPEARANCE = new KindPattern("gb47678.5-M06*");
  private static final String GRID = "990102003004005";
  private static final LongFunction<Optional<Absence>> ALL_PRESENT = unit -> Optional.empty();

  private static Rule rule(long id, String kind, String area, Hours hours) {
    return new Rule(id, new KindPattern(kind), area, hours, 100 + id, List.of(), null, null, 1);
  }

  private static Rule since(Rule r, LocalDate from, LocalDate to) {
    return new Rule(r.id(), r.kind(), r.areaCode(), r.hours(), r.leadUnitId(), r.assistUnitIds(), from, to, 1);
  }

  private static Verdict ask(boolean working, Rule... rules) {
    return new Matrix(List.of(rules)).choose(new Question(GARBAGE, APPEARANCE, GRID, working, DAY), ALL_PRESENT);
  }

  @Test
  void theExactKindComesBeforeTheLargeClassAndThatBeforeAny() {
    Rule any = rule(1, "*", GRID, Hours.WORKING);
    Rule major = rule(2, "gb47678.5-M06*", "990102003", Hours.ANY);
    Rule exact = rule(3, GARBAGE, "990100", Hours.ANY);

    Verdict verdict = ask(true, any, major, exact);

    assertThat(verdict.chosen()).contains(exact);
    assertThat(verdict.beaten()).containsExactly(new Beaten(major, Preference.KIND), new Beaten(any, Preference.KIND));
  }

  @Test
  void ofTheSameKindTheSmallerAreaComesFirst() {
    Rule city = rule(1, GARBAGE, "990100", Hours.ANY);
    Rule street = rule(2, GARBAGE, "990102003", Hours.ANY);
    Rule everywhere = rule(3, GARBAGE, "", Hours.WORKING);

    Verdict verdict = ask(true, city, street, everywhere);

    assertThat(verdict.chosen()).contains(street);
    assertThat(verdict.beaten()).containsExactly(new Beaten(city, Preference.AREA), new Beaten(everywhere, Preference.AREA));
  }

  @Test
  void ofTheSameKindAndAreaTheRuleForTheseHoursComesFirst() {
    Rule always = rule(1, GARBAGE, "990102", Hours.ANY);
    Rule working = rule(2, GARBAGE, "990102", Hours.WORKING);
    Rule off = rule(3, GARBAGE, "990102", Hours.OFF);

    assertThat(ask(true, always, working, off).chosen()).contains(working);
    assertThat(ask(false, always, working, off).chosen()).contains(off);
    assertThat(ask(false, always, working, off).beaten()).containsExactly(new Beaten(always, Preference.HOURS));
  }

  @Test
  void ofOtherwiseEqualRulesTheOneThatBeganLastComesFirst() {
    Rule old = rule(1, GARBAGE, "990102", Hours.ANY);
    Rule july = since(rule(2, GARBAGE, "990102", Hours.ANY), LocalDate.of(2026, 7, 1), null);
    Rule march = since(rule(3, GARBAGE, "990102", Hours.ANY), LocalDate.of(2026, 3, 1), null);

    Verdict verdict = ask(true, old, july, march);

    assertThat(verdict.chosen()).contains(july);
    assertThat(verdict.beaten()).containsExactly(new Beaten(march, Preference.NEWER), new Beaten(old, Preference.NEWER));
  }

  @Test
  void aRuleHoldsFromItsFirstDayToItsLastBothIncluded() {
    Rule r = rule(1, GARBAGE, "990102", Hours.ANY);

    assertThat(ask(true, since(r, DAY, DAY)).chosen()).isPresent();
    assertThat(ask(true, since(r, DAY.plusDays(1), null)).chosen()).isEmpty();
    assertThat(ask(true, since(r, null, DAY.minusDays(1))).chosen()).isEmpty();
  }

  @Test
  void aRuleOfANeighbourAreaOrAnotherKindDoesNotHold() {
    assertThat(ask(true, rule(1, GARBAGE, "990102004", Hours.ANY)).chosen()).isEmpty();
    assertThat(ask(true, rule(1, "gb47678.5-M06011", "990102", Hours.ANY)).chosen()).isEmpty();
    assertThat(ask(true, rule(1, "gb47678.5-C06*", "990102", Hours.ANY)).chosen()).isEmpty();
  }

  @Test
  void aCityCodeStandsForEveryDistrictOfTheCity() {
    assertThat(ask(true, rule(1, GARBAGE, "990100", Hours.ANY)).chosen()).isPresent();
    assertThat(ask(true, rule(1, GARBAGE, "990200", Hours.ANY)).chosen()).isEmpty();
  }

  @Test
  void aRuleWhoseUnitCannotWorkIsSkippedAndTheNextOneTaken() {
    Rule street = rule(1, GARBAGE, "990102003", Hours.ANY);
    Rule city = rule(2, GARBAGE, "990100", Hours.ANY);
    Absence ended = new Absence.StationingEnded(LocalDate.of(2026, 10, 31));

    Verdict verdict = new Matrix(List.of(street, city)).choose(new Question(GARBAGE, APPEARANCE, GRID, true, DAY),
        unit -> unit == street.leadUnitId() ? Optional.of(ended) : Optional.empty());

    assertThat(verdict.chosen()).contains(city);
    assertThat(verdict.skipped()).containsExactly(new Skipped(street, ended));
    assertThat(verdict.beaten()).isEmpty();
  }

  @Test
  void aCaseOfUnknownKindIsAnsweredByRulesForAnyKindOnly() {
    Rule any = rule(1, "*", "990102", Hours.ANY);

    Verdict verdict = new Matrix(List.of(any, rule(2, GARBAGE, "990102", Hours.ANY)))
        .choose(new Question(null, null, GRID, true, DAY), ALL_PRESENT);

    assertThat(verdict.chosen()).contains(any);
    assertThat(verdict.beaten()).isEmpty();
  }

  /** The compiled look-up against the plain reading of the order, over seeded random matrices. */
  @Test
  void agreesWithAScanOfAllRulesInTheDocumentedOrder() {
    var random = new Random(20261122);
    String[] kinds = {"*", "gb47678.5-M06*", GARBAGE, "gb47678.5-M06011", "gb47678.5-M07*"};
    String[] areas = {"", "990000", "990100", "990102", "990103", "990102003", "990102003004", GRID};
    for (int round = 0; round < 300; round++) {
      List<Rule> rules = new ArrayList<>();
      for (int id = 1; id <= 25; id++) {
        LocalDate from = random.nextInt(4) == 0 ? null : LocalDate.of(2026, 1 + random.nextInt(12), 1);
        rules.add(since(rule(id, kinds[random.nextInt(kinds.length)], areas[random.nextInt(areas.length)],
            Hours.values()[random.nextInt(3)]), from, null));
      }
      boolean working = random.nextBoolean();
      Optional<Rule> scanned = rules.stream()
          .filter(r -> r.kind().text().equals("*") || r.kind().text().equals(GARBAGE) || r.kind().equals(APPEARANCE))
          .filter(r -> GRID.startsWith(r.areaPrefix()))
          .filter(r -> r.hours() == Hours.ANY || (r.hours() == Hours.WORKING) == working)
          .filter(r -> r.validOn(DAY))
          .min((a, b) -> {
            int order = a.kind().match().compareTo(b.kind().match());
            order = order != 0 ? order : Integer.compare(b.areaPrefix().length(), a.areaPrefix().length());
            order = order != 0 ? order : Boolean.compare(a.hours() == Hours.ANY, b.hours() == Hours.ANY);
            LocalDate fromA = a.validFrom() == null ? LocalDate.MIN : a.validFrom();
            LocalDate fromB = b.validFrom() == null ? LocalDate.MIN : b.validFrom();
            order = order != 0 ? order : fromB.compareTo(fromA);
            return order != 0 ? order : Long.compare(b.id(), a.id());
          });

      Optional<Rule> chosen =
          new Matrix(rules).choose(new Question(GARBAGE, APPEARANCE, GRID, working, DAY), ALL_PRESENT).chosen();

      assertThat(chosen).as("round %d of %s", round, rules).isEqualTo(scanned);
    }
  }

  @Test
  void theNumberOfRulesDoesNotSlowTheAnswer() {
    List<Rule> rules = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      rules.add(rule(i, "gb47678.5-M%05d".formatted(6000 + i % 100), "99%04d%03d".formatted(i / 900 % 9000, 1 + i % 900), Hours.ANY));
    }
    rules.add(rule(1_000_000, GARBAGE, GRID, Hours.ANY));
    Matrix matrix = new Matrix(rules);
    Question question = new Question(GARBAGE, APPEARANCE, GRID, true, DAY);

    long begin = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      assertThat(matrix.choose(question, ALL_PRESENT).chosen().orElseThrow().id()).isEqualTo(1_000_000);
    }

    // A scan of 200,000 rules takes about a millisecond each, ten seconds in all.
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void refusesWhatIsNoPatternAndNoRule() {
    assertThatThrownBy(() -> new KindPattern("M06")).hasMessageContaining("gb47678.5-M06*").hasMessageContaining("M06'");
    assertThatThrownBy(() -> new KindPattern("gb47678.5-M0*6")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> since(rule(1, "*", "990100", Hours.ANY), DAY, DAY.minusDays(1)))
        .hasMessageContaining("2026-11-21").hasMessageContaining("before");
    assertThatThrownBy(() -> new Rule(1, KindPattern.ANY, "990100", Hours.ANY, 7, List.of(7L), null, null, 1))
        .hasMessageContaining("lead and assist");
  }
}
