package io.citywide.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.watch.Decision.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine by example. Times are seconds. */
class EngineTest {
  private static final Settings SETTINGS = new Settings(Duration.ofSeconds(30), Duration.ofMinutes(5), 4096, ZoneId.of("Asia/Shanghai"));
  private final List<Decision> decisions = new ArrayList<>();
  private Engine engine = new Engine(Samples.MODEL, SETTINGS, decisions::add);

  private static final String SMOKE = """
      rule: smoke
      name: {zh: 烟感, en: Smoke}
      watch: {type: smoke}
      inputs: {level: level}
      grades:
        yellow: {when: "level > 2", for: 10s, until: "level < 1", quiet: 60s}
        red: {when: "level > 10"}
      """;

  private Fate say(String thing, String property, long second, double value) {
    return engine.accept(new Observation(thing, property, second * 1000, value));
  }

  private List<String> told() {
    List<String> told = decisions.stream().map(d -> d.at() / 1000 + " " + d.subject() + " " + d.kind() + (d.to() == null ? "" : " " + d.to())).toList();
    decisions.clear();
    return told;
  }

  @Test
  void climbsAndComesDownInOneWarning() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule(SMOKE), 0);
    say("s1", "level", 1, 3);
    engine.advance(10_000);
    assertThat(told()).isEmpty();
    engine.advance(11_000);
    assertThat(decisions.getFirst().reason().en()).isEqualTo("level > 2 held for 10 s (level = 3)");
    assertThat(decisions.getFirst().reason().zh()).isEqualTo("level > 2 持续10 s（level = 3）");
    assertThat(told()).containsExactly("11 s1 RAISED YELLOW");
    say("s1", "level", 12, 11);
    say("s1", "level", 13, 5);
    say("s1", "level", 14, 1.5);
    assertThat(told()).containsExactly("12 s1 ESCALATED RED", "13 s1 LOWERED YELLOW");
    say("s1", "level", 15, 0.5);
    assertThat(told()).containsExactly("15 s1 ENDED");
    assertThat(engine.listLive()).isEmpty();
  }

  @Test
  void quietHoldsBackWhatIsNoWorseAndLetsThroughWhatIs() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule(SMOKE), 0);
    say("s1", "level", 1, 3);
    say("s1", "level", 12, 0);
    assertThat(told()).containsExactly("11 s1 RAISED YELLOW", "12 s1 ENDED");
    say("s1", "level", 13, 3);
    say("s1", "level", 30, 3);
    assertThat(told()).containsExactly("23 s1 HELD YELLOW");
    say("s1", "level", 31, 11);
    assertThat(told()).containsExactly("31 s1 RAISED RED");
  }

  @Test
  void quietOverWhatStillHoldsIsRaised() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule(SMOKE), 0);
    say("s1", "level", 1, 3);
    say("s1", "level", 12, 0);
    say("s1", "level", 13, 3);
    engine.advance(100_000);
    assertThat(told()).containsExactly("11 s1 RAISED YELLOW", "12 s1 ENDED", "23 s1 HELD YELLOW", "72 s1 RAISED YELLOW");
  }

  @Test
  void twoHundredIdenticalAlarmsAreOneWarning() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule(SMOKE), 0);
    for (int i = 0; i < 200; i++) assertThat(say("s1", "level", 5, 15)).isEqualTo(i == 0 ? Fate.TAKEN : Fate.DUPLICATE);
    for (int i = 1; i < 200; i++) engine.accept(new Observation("s1", "level", 5000 + i, 15));
    assertThat(told()).containsExactly("5 s1 RAISED RED");
  }

  @Test
  void aPersonEndsAWarningAndItStaysEndedUntilItsConditionWasOver() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule(SMOKE), 0);
    say("s1", "level", 5, 15);
    assertThat(engine.end("smoke", "s1", 6000, new Words("False alarm", "误报"))).isTrue();
    assertThat(engine.end("smoke", "s1", 6000, new Words("False alarm", "误报"))).isFalse();
    say("s1", "level", 7, 15);
    say("s1", "level", 27, 15);
    assertThat(told()).containsExactly("5 s1 RAISED RED", "6 s1 ENDED");
    say("s1", "level", 28, 0);
    say("s1", "level", 29, 15);
    assertThat(told()).containsExactly("29 s1 RAISED RED");
  }

  @Test
  void everyValueHasItsFate() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule(SMOKE), 0);
    assertThat(say("s9", "level", 100, 1)).isEqualTo(Fate.UNKNOWN);
    assertThat(say("s1", "colour", 100, 1)).isEqualTo(Fate.UNKNOWN);
    assertThat(say("s1", "level", 100, 1)).isEqualTo(Fate.TAKEN);
    assertThat(say("s1", "level", 100, 2)).isEqualTo(Fate.DUPLICATE);
    assertThat(say("s1", "level", 80, 2)).isEqualTo(Fate.REORDERED);
    assertThat(say("s1", "level", 80, 2)).isEqualTo(Fate.DUPLICATE);
    assertThat(say("s1", "level", 69, 2)).isEqualTo(Fate.LATE);
    assertThat(say("s1", "level", 101, 21)).isEqualTo(Fate.OUT_OF_RANGE);
    assertThat(say("s1", "level", 101, Double.NaN)).isEqualTo(Fate.OUT_OF_RANGE);
    assertThat(say("s1", "level", 101, Double.POSITIVE_INFINITY)).isEqualTo(Fate.OUT_OF_RANGE);
    engine.advance(110_000);
    assertThat(say("s1", "level", 411, 1)).isEqualTo(Fate.FUTURE);
    assertThat(say("s1", "level", 410, 1)).isEqualTo(Fate.TAKEN);
  }

  @Test
  void aSequenceIsSeenInTheSameShedOnly() {
    for (String shed : List.of("A", "B")) {
      engine.register(new Thing("door" + shed, "door", shed, "320102", ""), 0);
      engine.register(new Thing("smoke" + shed, "smoke", shed, "320102", ""), 0);
    }
    engine.publish(Samples.rule("""
        rule: forced
        name: {zh: 撬门起火, en: Forced and on fire}
        watch: {type: smoke, per: group}
        inputs: {smoke: level, door: {type: door, property: open}}
        sequences: {forced: {steps: ["door > 0", "smoke > 3"], within: 5m}}
        grades: {red: {when: forced}}
        """), 0);
    say("doorA", "open", 10, 1);
    say("doorA", "open", 12, 0);
    say("smokeB", "level", 20, 9);
    assertThat(told()).isEmpty();
    say("smokeA", "level", 311, 9);
    assertThat(told()).containsExactly("180 smokeA SILENT", "311 smokeA HEARD", "311 A RAISED RED");
    say("smokeA", "level", 312, 0);
    say("doorA", "open", 320, 1);
    say("doorA", "open", 321, 0);
    say("smokeA", "level", 330, 0);
    engine.accept(new Observation("smokeA", "level", 621_001, 9));
    assertThat(told()).contains("312 A ENDED").doesNotContain("621 A RAISED RED");
  }

  @Test
  void nearbySeriesAreRead() {
    engine.register(new Thing("r", "rain", "320102"), 0);
    engine.register(new Thing("b1", "box", "320102"), 0);
    engine.register(new Thing("b2", "box", "320105"), 0);
    engine.publish(Samples.rule("""
        rule: flood
        name: {zh: 积水, en: Flood}
        watch: {type: box}
        inputs: {x: x, rain: {type: rain, property: rate, from: area}}
        windows: {rain10: {avg: rain, over: 10m}}
        grades: {orange: {when: "x > 5 && rain10 > 20"}}
        """), 0);
    say("r", "rate", 1, 30);
    say("r", "rate", 2, 40);
    say("b1", "x", 3, 6);
    say("b2", "x", 3, 6);
    assertThat(decisions.getFirst().values()).containsEntry("rain10", 35.0);
    assertThat(told()).containsExactly("3 b1 RAISED ORANGE");
  }

  @Test
  void aThingThatStopsIsSilentAndASourceSpeaksForItsThings() {
    engine.source("gate", 60_000, 0);
    for (int i = 0; i < 3; i++) engine.register(new Thing("s" + i, "smoke", "", "320102", "gate"), 0);
    for (int i = 0; i < 3; i++) say("s" + i, "level", 10, 0);
    for (int t = 40; t < 240; t += 40) say("s0", "level", t, 0);
    engine.advance(220_000);
    assertThat(told()).containsExactly("190 s1 SILENT", "190 s2 SILENT");
    engine.advance(500_000);
    assertThat(told()).containsExactly("260 gate SILENT");
    say("s0", "level", 510, 0);
    say("s1", "level", 511, 0);
    assertThat(told()).containsExactly("510 gate HEARD", "511 s1 HEARD");
  }

  @Test
  void whoeverHasJustBegunToListenHasNotListenedLongEnoughToCallAnybodySilent() {
    engine.source("gate", 60_000, 0);
    engine.source("yard", 60_000, 0);
    engine.source("door", 60_000, 0);
    for (String source : List.of("gate", "yard", "door")) {
      engine.register(new Thing(source + "1", "smoke", "", "320102", source), 0);
      say(source + "1", "level", 10, 0);
    }
    engine.advance(65_000);
    byte[] bytes = engine.save();
    decisions.clear();
    // Nobody listened until 1000.
    engine = Engine.load(Samples.MODEL, SETTINGS, decisions::add, bytes);
    engine.listen(1_000_000);
    engine.source("yard", 90_000, 1_000_000);
    engine = Engine.load(Samples.MODEL, SETTINGS, decisions::add, engine.save());
    engine.advance(1_005_000);
    say("door1", "level", 12, 0);
    say("gate1", "level", 1_010, 0);
    engine.advance(1_059_000);
    assertThat(told()).as("not yet, nor between two values").isEmpty();
    engine.advance(1_069_000);
    assertThat(told()).as("a value from before is no sign of life after").containsExactly("1060 door SILENT");
    engine.advance(1_100_000);
    assertThat(told()).containsExactly("1070 gate SILENT", "1090 yard SILENT");
    engine.advance(2_000_000);
    engine.listen(2_000_000);
    say("gate1", "level", 2_001, 0);
    assertThat(told()).as("what is silent stays so until it speaks").containsExactly("2001 gate HEARD");
  }

  @Test
  void noValueIsMissingBeforeItsTimeHasPassedSinceSomebodyListens() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule("""
        rule: gone
        name: {zh: 断供, en: Gone}
        watch: {type: smoke}
        inputs: {level: level}
        windows: {gone: {missing: level, for: 30s}, gone2: {missing: level, for: 90s}}
        grades: {blue: {when: gone}, yellow: {when: gone2}}
        """), 0);
    engine.advance(40_000);
    assertThat(told()).containsExactly("30 s1 RAISED BLUE");
    // Nobody listened until 1000: what was missed stays so, what was not is given its time.
    engine = Engine.load(Samples.MODEL, SETTINGS, decisions::add, engine.save());
    engine.listen(1_000_000);
    engine.advance(1_050_000);
    engine = Engine.load(Samples.MODEL, SETTINGS, decisions::add, engine.save());
    engine.listen(1_000_000);
    engine.advance(1_085_000);
    assertThat(told()).isEmpty();
    engine.advance(1_095_000);
    assertThat(told()).containsExactly("1090 s1 ESCALATED YELLOW");
    say("s1", "level", 1_100, 0);
    assertThat(told()).containsExactly("1100 s1 ENDED");
    engine.advance(1_110_000);
    engine.listen(2_000_000);
    engine.advance(2_010_000);
    assertThat(told()).isEmpty();
    engine.advance(2_040_000);
    assertThat(told()).containsExactly("2030 s1 RAISED BLUE");
  }

  @Test
  void missingIsJudgedWithoutAnyValue() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule("""
        rule: gone
        name: {zh: 断供, en: Gone}
        watch: {type: smoke}
        inputs: {level: level}
        windows: {gone: {missing: level, for: 30s}, gone2: {missing: level, for: 90s}}
        grades: {blue: {when: gone}, yellow: {when: gone2}}
        """), 0);
    engine.advance(100_000);
    say("s1", "level", 101, 0);
    assertThat(told()).containsExactly("30 s1 RAISED BLUE", "90 s1 ESCALATED YELLOW", "101 s1 ENDED");
  }

  @Test
  void aReplacedRuleKeepsItsWindowsAndItsWarning() {
    String text = """
        rule: avg
        version: 1
        name: {zh: 均值, en: Average}
        watch: {type: box}
        inputs: {x: x}
        windows: {a: {avg: x, over: 10m}}
        grades: {yellow: {when: "a > 4"}}
        """;
    engine.register(new Thing("b", "box", "320102"), 0);
    engine.publish(Samples.rule(text), 0);
    for (int i = 1; i <= 8; i++) say("b", "x", i, i);
    assertThat(told()).containsExactly("8 b RAISED YELLOW");
    engine.publish(Samples.rule(text.replace("version: 1", "version: 2").replace("grades: {", "grades: {red: {when: \"a > 4.4\"}, ")), 9000);
    assertThat(decisions.getFirst().values()).containsEntry("a", 4.5);
    assertThat(decisions.getFirst().warning()).isEqualTo(1);
    assertThat(told()).containsExactly("9 b ESCALATED RED");
    engine.withdraw("avg", 10_000);
    assertThat(told()).containsExactly("10 b ENDED");
  }

  @Test
  void hourAndWeekdayAreThoseOfTheCity() {
    engine.register(new Thing("b", "box", "320102"), 0);
    engine.publish(Samples.rule("""
        rule: night
        name: {zh: 夜间, en: At night}
        watch: {type: box}
        inputs: {x: x}
        grades: {blue: {when: "x > 1 && hour >= 22 && weekday == 1"}}
        """), 0);
    long at = Instant.parse("2026-11-23T13:30:00Z").getEpochSecond();
    say("b", "x", at, 2);
    engine.advance((at + 7200) * 1000);
    engine.advance((at + 3 * 3600) * 1000);
    assertThat(decisions).extracting(Decision::kind).containsExactly(Kind.RAISED, Kind.ENDED);
    assertThat(decisions.getFirst().at()).isEqualTo(Instant.parse("2026-11-23T14:00:00Z").toEpochMilli());
  }

  @Test
  void whatAnInputKeepsIsBounded() {
    Engine small = new Engine(Samples.MODEL, new Settings(Duration.ZERO, Duration.ofMinutes(5), 10, ZoneId.of("UTC")), decisions::add);
    small.register(new Thing("b", "box", "320102"), 0);
    small.publish(Samples.rule("""
        rule: many
        name: {zh: 多, en: Many}
        watch: {type: box}
        inputs: {x: x}
        windows: {n: {count: x, over: 1h}, s: {sum: x, over: 1h}, m: {max: x, over: 1h}}
        grades: {red: {when: "x == 99"}}
        """), 0);
    for (int i = 1; i < 1000; i++) small.accept(new Observation("b", "x", i, i == 500 ? 50 : 1));
    small.accept(new Observation("b", "x", 2000, 99));
    assertThat(decisions.getFirst().values()).containsEntry("n", 10.0).containsEntry("s", 108.0).containsEntry("m", 99.0);
  }

  @Test
  void damagedStateIsRefusedAndSilenceOutlivesARestart() {
    engine.source("gate", 60_000, 0);
    engine.register(new Thing("s1", "smoke", "A", "320102", "gate"), 0);
    engine.publish(Samples.rule(SMOKE), 0);
    say("s1", "level", 5, 15);
    byte[] bytes = engine.save();
    decisions.clear();
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= 4;
      assertThatThrownBy(() -> Engine.load(Samples.MODEL, SETTINGS, decisions::add, damaged)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Engine.load(Samples.MODEL, SETTINGS, decisions::add, new byte[3])).isInstanceOf(IllegalArgumentException.class);
    Engine again = Engine.load(Samples.MODEL, SETTINGS, decisions::add, bytes);
    again.advance(300_000);
    again.accept(new Observation("s1", "level", 301_000, 0));
    assertThat(told()).containsExactly("65 gate SILENT", "301 gate HEARD", "301 s1 ENDED");
  }

  @Test
  void aRehearsalTellsWhatWouldHaveBeen() {
    List<Observation> history = new ArrayList<>();
    for (int s = 0; s < 10_000; s++) history.add(new Observation("s1", "level", s * 1000L, s % 1000 < 100 ? s % 2000 < 1000 ? 3 : 12 : 0));
    Rehearsal.Outcome outcome = Rehearsal.run(Samples.rule(SMOKE), Samples.MODEL, SETTINGS, List.of(new Thing("s1", "smoke", "320102")), history.iterator(), 0, 10_000_000, 3);
    assertThat(outcome.warnings()).isEqualTo(10);
    assertThat(outcome.byPeak()).containsEntry(Grade.YELLOW, 5L).containsEntry(Grade.RED, 5L);
    assertThat(outcome.episodes()).hasSize(3);
    assertThat(outcome.episodes().getFirst().raised()).isEqualTo(10_000);
    assertThat(outcome.episodes().getFirst().ended()).isEqualTo(100_000);
    assertThat(outcome.fates()).containsEntry(Fate.TAKEN, 10_000L);
  }

  @Test
  void numbersWarningsOnWhenAThingOrARuleWasGoneInBetween() {
    Thing thing = new Thing("s1", "smoke", "320102");
    engine.register(thing, 0);
    engine.publish(Samples.rule(SMOKE), 0);
    say("s1", "level", 1, 11);
    engine.forget("s1", 2000);
    assertThat(engine.listThings()).isEmpty();
    assertThat(say("s1", "level", 3, 11)).isEqualTo(Fate.UNKNOWN);
    engine.register(thing, 3000);
    say("s1", "level", 3, 11);
    engine.withdraw("smoke", 4000);
    Engine again = Engine.load(Samples.MODEL, SETTINGS, decisions::add, engine.save());
    again.publish(Samples.rule(SMOKE), 4000);
    again.accept(new Observation("s1", "level", 5000, 11));
    assertThat(decisions.stream().map(d -> d.kind() + " " + d.warning())).containsExactly("RAISED 1", "ENDED 1", "RAISED 2", "ENDED 2", "RAISED 3");
    assertThat(again.end("smoke", "s1", 2, 6000, new Words("handled", "已处置"))).isFalse();
    assertThat(again.end("smoke", "s1", 3, 6000, new Words("handled", "已处置"))).isTrue();
  }

  @Test
  void takesValuesByTheWayInAsByName() {
    engine.register(new Thing("s1", "smoke", "320102"), 0);
    engine.publish(Samples.rule(SMOKE), 0);
    assertThat(engine.findFeed("s1", "nothing")).isEmpty();
    Engine.Feed feed = engine.findFeed("s1", "level").orElseThrow();
    assertThat(engine.accept(feed, 1000, 11)).isEqualTo(Fate.TAKEN);
    assertThat(say("s1", "level", 1, 11)).isEqualTo(Fate.DUPLICATE);
    assertThat(told()).containsExactly("1 s1 RAISED RED");
  }

  @Test
  void knowsWorkdaysAndHolidays() {
    Settings festive = new Settings(Duration.ZERO, Duration.ofDays(1), 10, ZoneId.of("UTC"), day -> day.getDayOfMonth() != 2);
    Engine calendar = new Engine(Samples.MODEL, festive, decisions::add);
    calendar.register(new Thing("s1", "smoke", "320102"), 0);
    calendar.publish(Samples.rule(SMOKE.replace("level > 10", "level > 1 && holiday && !workday")), 0);
    calendar.accept(new Observation("s1", "level", 86_399_000, 1.5));
    calendar.advance(3 * 86_400_000L);
    decisions.removeIf(d -> d.rule().equals("silence"));
    assertThat(told()).containsExactly("86400 s1 RAISED RED", "172800 s1 ENDED");
  }

  private static final String LEARNED = """
      rule: odd
      name: {zh: 异常, en: Odd}
      watch: {type: box}
      inputs: {a: x, b: y}
      learned:
        course: {baseline: a}
        moved: {change: a, learn: 20}
        misfit: {residual: [a, b], every: 10m, learn: 60}
      grades:
        blue: {when: "moved > 1"}
        yellow: {when: "course > 1"}
        red: {when: "misfit > 3"}
      reason: {zh: "{course}|{moved}|{misfit}", en: "{course}|{moved}|{misfit}"}
      """;

  /** Five weeks of two series that move together by day, then the one lets the other down. */
  private static List<Observation> weeks() {
    java.util.SplittableRandom random = new java.util.SplittableRandom(7);
    List<Observation> all = new java.util.ArrayList<>();
    for (long time = 0; time < 5 * 7 * 86_400_000L; time += 600_000) {
      double day = Math.sin(2 * Math.PI * time / 86_400_000) + random.nextDouble(-0.1, 0.1);
      boolean broken = time > 33 * 86_400_000L;
      all.add(new Observation("d", "x", time, 3 + day + (broken ? 2 : 0)));
      all.add(new Observation("d", "y", time + 1000, 3 + day + random.nextDouble(-0.1, 0.1)));
    }
    return all;
  }

  @Test
  void goesOnLearningAfterARestartAndAChangeOfTheRule() {
    List<Decision> plain = new java.util.ArrayList<>();
    List<Decision> broken = new java.util.ArrayList<>();
    Engine whole = new Engine(Samples.MODEL, SETTINGS, plain::add);
    Engine parts = new Engine(Samples.MODEL, SETTINGS, broken::add);
    for (Engine one : List.of(whole, parts)) {
      one.register(new Thing("d", "box", "320102"), 0);
      one.publish(Samples.rule(LEARNED), 0);
    }
    int i = 0;
    for (Observation o : weeks()) {
      whole.accept(o);
      parts.accept(o);
      if (++i % 1009 == 0) parts = Engine.load(Samples.MODEL, SETTINGS, broken::add, parts.save());
      if (i == 7000) parts.publish(Samples.rule(LEARNED.replace("misfit > 3", "misfit > 3.0")), o.time());
    }
    assertThat(broken).isEqualTo(plain);
    assertThat(plain.stream().filter(d -> d.at() > 33 * 86_400_000L).map(Decision::to)).contains(Grade.RED);
    assertThat(plain.stream().filter(d -> d.to() == Grade.RED).findFirst().orElseThrow().reason().zh()).contains("各序列之间的关系异常");
    assertThat(plain.stream().map(d -> d.reason().en())).anyMatch(r -> r.contains("above its usual course over the last 24 hours"));
  }

  @Test
  void saysWhatIsWrongWithALearnedWatch() {
    RuleReading reading = new RuleReader(Samples.MODEL).read(LEARNED.replace("baseline: a", "baseline: c").replace("learn: 20", "learn: 3").replace("every: 10m", "avery: 10m"));
    assertThat(((RuleReading.Refused) reading).flaws().stream().map(f -> f.where() + " " + f.code()))
        .contains("learned.course.baseline unknown-input", "learned.moved.learn bad-number", "learned.misfit.avery unknown-key");
  }
}
