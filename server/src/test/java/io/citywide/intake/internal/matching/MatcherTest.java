package io.citywide.intake.internal.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When two reports are the same problem. */
class MatcherTest {

  private static final Instant NOON = Instant.parse("2026-05-11T04:00:00Z");
  private static final double METER = 1 / 111_320.0;
  private static final String GARBAGE = "gb47678.5-M06010";

  private final Matcher matcher = new Matcher(new MatchProfiles(MatchProfiles.defaults()), new PlainLikeness());

  private static Sighting seen(String kind, double meters, Duration later, String text, String component) {
    return new Sighting(kind, 118.8 + meters * METER / Math.cos(Math.toRadians(32)), 32, null, component, NOON.plus(later), text, null);
  }

  private static Candidate open(long id, String kind, String text, String component) {
    return new Candidate(id, "No" + id, kind, 118.8, 32, null, component, NOON, NOON, List.of(text), Set.of());
  }

  private double score(Sighting sighting, Candidate candidate) {
    return matcher.best(sighting, List.of(candidate)).map(Match::score).orElse(0.0);
  }

  @Test
  void nearnessInPlaceAndTimeAndLikenessOfWordsEachSpeakForIt() {
    Candidate known = open(1, GARBAGE, "路口有一堆垃圾没人清理", null);
    double near = score(seen(GARBAGE, 20, Duration.ofHours(1), "路口垃圾没人清理", null), known);
    assertThat(near).isGreaterThan(Matcher.JOIN);
    assertThat(score(seen(GARBAGE, 80, Duration.ofHours(1), "路口垃圾没人清理", null), known)).isLessThan(near);
    assertThat(score(seen(GARBAGE, 20, Duration.ofHours(40), "路口垃圾没人清理", null), known)).isLessThan(near);
    assertThat(score(seen(GARBAGE, 20, Duration.ofHours(1), "装修建材占用绿化带", null), known)).isLessThan(near);
    assertThat(score(seen(GARBAGE, 80, Duration.ofHours(60), "装修建材占用绿化带", null), known)).isLessThan(Matcher.JOIN);
  }

  @Test
  void beyondRadiusOrWindowOrGroupNothingIsCompared() {
    Candidate known = open(1, GARBAGE, "垃圾", null);
    assertThat(matcher.best(seen(GARBAGE, 150, Duration.ZERO, "垃圾", null), List.of(known))).isEmpty();
    assertThat(matcher.best(seen(GARBAGE, 0, Duration.ofDays(4), "垃圾", null), List.of(known))).isEmpty();
    assertThat(matcher.best(seen("gb47678.5-M07001", 0, Duration.ZERO, "垃圾", null), List.of(known))).isEmpty();
  }

  @Test
  void theSameComponentIsNearlyCertainAndAnotherOneExcludes() {
    Candidate manhole = open(1, "gb47678.5-C01001", "井盖丢失", "32010201001000001");
    assertThat(score(seen("gb47678.5-C01001", 2, Duration.ofDays(3), "盖子没了", "32010201001000001"), manhole)).isGreaterThan(0.95);
    assertThat(score(seen("gb47678.5-C01001", 2, Duration.ofMinutes(1), "井盖丢失", "32010201001000002"), manhole)).isLessThan(0.05);
  }

  @Test
  void aMatterAboutAComponentAndTheComponentAreOneGroup() {
    assertThat(matcher.profiles().groupOf("gb47678.5-M01001")).isEqualTo(matcher.profiles().groupOf("gb47678.5-C01001"));
    assertThat(matcher.profiles().groupOf("gb47678.5-M06010")).isNotEqualTo(matcher.profiles().groupOf("gb47678.5-M07001"));
  }

  @Test
  void theAnswerDoesNotDependOnTheOrderOfTheCandidates() {
    Candidate a = open(1, GARBAGE, "垃圾", null);
    Candidate b = open(2, GARBAGE, "垃圾", null);
    Sighting s = seen(GARBAGE, 5, Duration.ofMinutes(3), "垃圾", null);
    assertThat(matcher.best(s, List.of(a, b)).orElseThrow().candidate()).isEqualTo(a);
    assertThat(matcher.best(s, List.of(b, a)).orElseThrow().candidate()).isEqualTo(a);
  }

  @Test
  void saysWhyInADispatchersWords() {
    Match match = matcher.best(seen("gb47678.5-C01001", 34, Duration.ofHours(2), "井盖破损", "x"), List.of(open(1, "gb47678.5-C01001", "井盖破损", "x"))).orElseThrow();
    assertThat(match.why()).isEqualTo("相距 34 米，晚 2 小时，类别相同，同一部件，文字相似 1.00");
    assertThat(match.facts()).containsEntry("caseNo", "No1").containsEntry("minutesApart", 120L).containsEntry("sameComponent", true);
  }

  @Test
  void likenessFoldsWidthCaseAndPunctuationAndKnowsBothScripts() {
    var likeness = new PlainLikeness();
    assertThat(likeness.between("Ｂ１２号 路灯不亮！", "b12号，路灯不亮")).isEqualTo(1, within(1e-9));
    assertThat(likeness.between("Street light is out", "the STREET-LIGHT out")).isEqualTo(1, within(1e-9));
    assertThat(likeness.between("市民来电反映路面破损", "路面破损严重")).isGreaterThan(0.6);
    assertThat(likeness.between("路面破损", "犬只扰民")).isZero();
    assertThat(likeness.between("12号楼电梯坏了", "15号楼电梯坏了")).isLessThan(likeness.between("12号楼电梯坏了", "12号楼电梯故障"));
    assertThat(likeness.between("", "x")).isNaN();
    assertThat(likeness.between(null, "x")).isNaN();
    String a = "梧桐路口有积水";
    String b = "路口积水深";
    assertThat(likeness.between(a, b)).isEqualTo(likeness.between(b, a));
  }

  @Test
  void metresAreThoseOfTheEllipsoid() {
    // One degree along the meridian at 32° and along the parallel, by Vincenty's formulae.
    assertThat(Meters.between(118.8, 32, 118.8, 32.001)).isCloseTo(110.883, within(0.01));
    assertThat(Meters.between(118.8, 32, 118.801, 32)).isCloseTo(94.492, within(0.01));
  }
}
