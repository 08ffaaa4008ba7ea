package io.citywide.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a rule document may say, and what a wrong one is told. */
class RuleReaderTest {
  private static final String GOOD = """
      rule: shed-smoke
      version: 3
      name: {zh: 车棚烟感, en: Smoke in a bicycle shed}
      watch: {type: smoke, area: "320102", per: thing}
      inputs:
        level: level
        rain: {type: rain, property: rate, from: area}
      windows:
        avg5: {avg: level, over: 5m, name: {zh: 平均浓度, en: Mean density}}
        gone: {missing: level, for: 10m}
      grades:
        blue: {when: "avg5 > 1 && rain < 1"}
        red: {when: "level > 10 || avg5 > 8", for: 30s, until: "level < 5", untilFor: 1m, quiet: 10m}
      reason: {zh: "{thing}烟雾{level}，{grade}", en: "Smoke of {level} at {thing}: {grade}"}
      """;

  private static List<String> codes(String text) {
    return switch (new RuleReader(Samples.MODEL).read(text)) {
      case RuleReading.Read read -> List.of();
      case RuleReading.Refused(List<Flaw> flaws) -> {
        assertThat(flaws).allSatisfy(f -> {
          assertThat(f.what().en()).isNotBlank();
          assertThat(f.what().zh()).matches("(?s).*[\\u4e00-\\u9fff].*");
          assertThat(f.mend().zh()).matches("(?s).*[\\u4e00-\\u9fff].*");
        });
        yield flaws.stream().map(f -> f.code() + " " + f.where()).toList();
      }
    };
  }

  @Test
  void readsADocument() {
    Rule rule = Samples.rule(GOOD);
    assertThat(rule.version()).isEqualTo(3);
    assertThat(rule.windows()).containsExactly(
        new Rule.Window("avg5", Rule.Measure.AVG, "level", 300_000, 0), new Rule.Window("gone", Rule.Measure.MISSING, "level", 600_000, 0));
    assertThat(rule.grades().getLast()).isEqualTo(
        new Rule.Rung(Grade.RED, "level > 10 || avg5 > 8", 30_000, "level < 5", 60_000, 600_000));
    assertThat(rule.names()).containsExactly(Map.entry("avg5", new Words("Mean density", "平均浓度")));
  }

  @Test
  void aNameForPeopleIsInBothLanguages() {
    assertThat(codes(GOOD.replace(", en: Mean density", ""))).containsExactly("missing windows.avg5.name.en");
    assertThat(codes(GOOD.replace("{zh: 平均浓度, en: Mean density}", "density"))).containsExactly("not-a-mapping windows.avg5.name");
  }

  @Test
  void readsJsonToo() {
    assertThat(codes("""
        {"rule": "a", "name": {"zh": "甲", "en": "A"}, "watch": {"type": "box"}, "inputs": {"x": "x"}, "grades": {"red": {"when": "x > 1"}}}
        """)).isEmpty();
  }

  @Test
  void aWrongNameIsAnErrorBeforeItRuns() {
    assertThat(codes(GOOD.replace("avg5 > 1", "avg6 > 1"))).containsExactly("bad-condition grades.blue.when");
    assertThat(codes(GOOD.replace("level: level", "level: levle"))).contains("unknown-property inputs.level");
    assertThat(codes(GOOD.replace("type: smoke,", "type: smog,"))).contains("unknown-type watch.type");
    assertThat(codes(GOOD.replace("{avg: level", "{avg: lvl"))).contains("unknown-input windows.avg5.avg");
    assertThat(codes(GOOD.replace("at {thing}", "at {thin}"))).containsExactly("unknown-name reason.en");
    assertThat(codes(GOOD.replace("version: 3", "verison: 3"))).containsExactly("unknown-key verison");
  }

  @Test
  void aConditionThatIsNotTrueOrFalseIsRefused() {
    assertThat(codes(GOOD.replace("avg5 > 1 && rain < 1", "avg5 + 1"))).containsExactly("bad-condition grades.blue.when");
    assertThat(codes(GOOD.replace("avg5 > 1 && rain < 1", "avg5 > 'a'"))).containsExactly("bad-condition grades.blue.when");
    assertThat(codes(GOOD.replace("avg5 > 1 && rain < 1", "avg5 >"))).containsExactly("bad-condition grades.blue.when");
  }

  @Test
  void saysEveryFlawAtOnceWithItsPlace() {
    assertThat(codes(GOOD.replace("5m", "5 parsecs").replace("for: 30s", "for: 99d").replace("shed-smoke", "Shed Smoke")))
        .containsExactly("bad-id rule", "bad-time windows.avg5.over", "bad-time grades.red.for");
    assertThat(codes("rule: a\n")).contains("missing name", "missing watch", "missing inputs", "missing grades");
  }

  @Test
  void refusesWhatIsNotADocument() {
    assertThat(codes("a: [")).hasSize(1).first().asString().startsWith("not-yaml line");
    assertThat(codes("")).containsExactly("not-a-mapping ");
    assertThat(codes("- 1")).containsExactly("not-a-mapping ");
    assertThat(codes("a: 1\na: 2")).hasSize(1);
    assertThat(codes("a: &x {b: 1}\nc: *x")).hasSize(1);
    assertThat(codes("rule: " + "x".repeat(200_000))).hasSize(1);
    assertThat(codes("!!java.io.File [a]")).hasSize(1);
  }

  @Test
  void namesMayNotHideOthers() {
    assertThat(codes(GOOD.replace("avg5:", "level:"))).contains("name-twice windows.level");
    assertThat(codes(GOOD.replace("gone:", "hour:"))).contains("bad-name windows.hour");
  }

  @Test
  void aConditionMayCallWhatCelKnows() {
    assertThat(codes(GOOD.replace("avg5 > 1 && rain < 1", "thing.startsWith('a') && weekday in [6, 7] && avg5 > 1"))).isEmpty();
  }
}
