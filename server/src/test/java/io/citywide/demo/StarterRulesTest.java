package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.demo.SensorWorld.Sort;
import io.citywide.demo.Sensors.Planned;
import io.citywide.demo.Speakers.Said;
import io.citywide.demo.StarterRules.Starter;
import io.citywide.watch.Decision;
import io.citywide.watch.Engine;
import io.citywide.watch.Fate;
import io.citywide.watch.Grade;
import io.citywide.watch.Live;
import io.citywide.watch.Observation;
import io.citywide.watch.Rule;
import io.citywide.watch.RuleReader;
import io.citywide.watch.Settings;
import io.citywide.watch.Thing;
import io.citywide.watch.ThingModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The rules of the demo over the sensors of the demo, in the engine itself: a few warnings at a time, and none where nothing happens. */
class StarterRulesTest {

  private static final long SEED = 20_261_122;
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final String AREA = "990102001001";
  private static final Path TYPES = Path.of("src/main/resources/db/migration/sensing/V201__starter_types.sql");
  private static final Pattern TYPE = Pattern.compile("\\('([a-z-]+)', '[^']*', '[^']*', '(\\d+) (minutes|hours)', '\\d+ days', '(\\[.*?])',", Pattern.DOTALL);

  private static ThingModel model;
  private static List<Rule> rules;
  private static List<Planned> all;

  @BeforeAll
  static void read() throws IOException {
    List<ThingModel.Type> types = new ArrayList<>();
    Matcher row = TYPE.matcher(Files.readString(TYPES));
    while (row.find()) {
      List<ThingModel.Property> properties = new ArrayList<>();
      for (JsonNode p : JsonMapper.shared().readTree(row.group(4))) {
        properties.add(new ThingModel.Property(p.path("name").asString(), p.path("unit").asString(), p.path("low").asDouble(), p.path("high").asDouble()));
      }
      long count = Long.parseLong(row.group(2));
      types.add(new ThingModel.Type(row.group(1), properties, row.group(3).equals("hours") ? Duration.ofHours(count) : Duration.ofMinutes(count)));
    }
    assertThat(types).hasSize(15);
    model = new ThingModel(types);
    rules = StarterRules.ALL.stream().map(r -> new RuleReader(model).read(r.document(CityPlan.CITY)).orThrow()).toList();
    all = Sensors.of(CityData.of(CityPlan.generate(SEED)), SEED);
  }

  /** The city for some time, with what the watch decides of it. */
  private static final class Day {
    final List<Decision> decisions = new ArrayList<>();
    final Engine engine = new Engine(model, Settings.DEFAULT, decisions::add);
    final List<Planned> devices;
    final Speakers speakers;
    int mostLive;
    Instant now;

    Day(List<Planned> devices, LocalDate date, int hour, int happenings) {
      this.devices = devices;
      Random random = new Random(SEED);
      speakers = new Speakers(devices, new Happenings(devices, random, Happenings.GAP, happenings), random);
      now = date.atTime(hour, 0).atZone(ZONE).toInstant();
      rules.forEach(rule -> engine.publish(rule, now.toEpochMilli()));
      for (Sort sort : Sort.values()) {
        engine.source("@" + sort.source(), 240_000, now.toEpochMilli());
      }
      for (Planned d : devices) {
        engine.register(new Thing(d.code(), d.sort().type(), d.group() == null ? "" : d.group(), AREA, "@" + d.sort().source()), now.toEpochMilli());
      }
      speakers.begin(now);
    }

    void live(Duration time, Duration step) {
      for (Instant end = now.plus(time); now.isBefore(end); now = now.plus(step)) {
        for (Said said : speakers.turn(now)) {
          for (int i = 0; i < said.reading().names().length; i++) {
            Fate fate = engine.accept(new Observation(said.device().code(), said.reading().names()[i], now.toEpochMilli(), said.reading().values()[i]));
            if (fate != Fate.TAKEN) {
              throw new AssertionError(said + " was " + fate);
            }
          }
        }
        engine.advance(now.toEpochMilli() - 1000);
        mostLive = Math.max(mostLive, engine.listLive().size());
      }
    }

    Map<String, Integer> raised() {
      Map<String, Integer> raised = new TreeMap<>();
      decisions.stream().filter(d -> d.kind() == Decision.Kind.RAISED || d.kind() == Decision.Kind.SILENT).forEach(d -> raised.merge(d.rule(), 1, Integer::sum));
      return raised;
    }

    /** How many warnings by their highest grade. */
    Map<Grade, Integer> byPeak() {
      Map<String, Grade> peaks = new HashMap<>();
      for (Decision d : decisions) {
        if (d.to() != null && d.kind() != Decision.Kind.HELD) {
          peaks.merge(d.rule() + " " + d.subject() + " " + d.warning(), d.to(), (a, b) -> a.compareTo(b) > 0 ? a : b);
        }
      }
      Map<Grade, Integer> counts = new EnumMap<>(Grade.class);
      peaks.values().forEach(grade -> counts.merge(grade, 1, Integer::sum));
      return counts;
    }
  }

  /** All that are few, and some of those that are many and of which no rule asks more than of one. */
  private static List<Planned> some() {
    List<Planned> some = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      Sort sort = all.get(i).sort();
      if (sort != Sort.COVER && sort != Sort.LAMP && sort != Sort.BIN || i % 10 == 0) {
        some.add(all.get(i));
      }
    }
    return some;
  }

  private static double rain(LocalDate day) {
    double sum = 0;
    for (int hour = 0; hour < 24; hour++) {
      sum += SensorWorld.measure(Sort.WEATHER, 0, day.atTime(hour, 30).atZone(ZONE).toInstant(), 0).values()[5];
    }
    return sum;
  }

  private static LocalDate dryWeekendOfJuly() {
    return LocalDate.of(2026, 7, 1).datesUntil(LocalDate.of(2026, 8, 1)).filter(day -> day.getDayOfWeek() == DayOfWeek.SATURDAY || day.getDayOfWeek() == DayOfWeek.SUNDAY)
        .filter(day -> rain(day.minusDays(1)) == 0 && rain(day) == 0).findFirst().orElseThrow();
  }

  private static LocalDate rainiest() {
    LocalDate best = null;
    double most = 0;
    for (LocalDate day = LocalDate.of(2026, 1, 1); day.getYear() == 2026; day = day.plusDays(1)) {
      double sum = rain(day);
      if (sum > most) {
        most = sum;
        best = day;
      }
    }
    return best;
  }

  @Test
  void everyRuleCanBeReadAndTellsItsValues() {
    assertThat(rules).hasSizeBetween(8, 12);
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      Starter starter = StarterRules.ALL.get(i);
      assertThat(rule.id()).isEqualTo(starter.id());
      assertThat(rule.area()).isEqualTo(CityPlan.CITY);
      assertThat(rule.reason().zh()).containsPattern("\\{[a-z]");
      assertThat(rule.reason().en()).containsPattern("\\{[a-z]");
      assertThat(new RuleReader(model).read(starter.document("980100")).orThrow().area()).isEqualTo("980100");
    }
    assertThat(rules.stream().flatMap(r -> r.windows().stream()).map(Rule.Window::measure)).contains(Rule.Measure.RATE, Rule.Measure.MISSING, Rule.Measure.AVG);
    assertThat(rules.stream().filter(r -> !r.sequences().isEmpty())).isNotEmpty();
    assertThat(rules).as("what a rule computes has a name for people").allSatisfy(r -> assertThat(r.names().keySet()).containsExactlyInAnyOrderElementsOf(
        Stream.of(r.windows().stream().map(Rule.Window::name), r.learned().stream().map(Rule.Learned::name), r.sequences().stream().map(Rule.Sequence::name)).flatMap(n -> n).toList()));
    assertThat(rules.stream().flatMap(r -> r.grades().stream()).map(Rule.Rung::grade).distinct()).containsExactlyInAnyOrder(Grade.values());
  }

  @Test
  void nothingIsWarnedOfWhereNothingHappensButWaterOnTheWettestDay() {
    LocalDate dry = dryWeekendOfJuly();
    Day summer = new Day(some(), dry, 0, 0);
    summer.live(Duration.ofHours(24), Duration.ofSeconds(20));
    assertThat(summer.raised()).as("%s, a dry day in July", dry).isEmpty();

    Day wet = new Day(some(), rainiest(), 0, 0);
    wet.live(Duration.ofHours(24), Duration.ofSeconds(20));
    assertThat(wet.raised().keySet()).as("%s", rainiest()).isSubsetOf("drain-flood");
    assertThat(wet.raised().getOrDefault("drain-flood", 0)).isLessThanOrEqualTo(12);
  }

  @Test
  void aHandfulIsLiveAtATimeAndEachIsOverByItself() {
    Day day = new Day(all, LocalDate.of(2026, 11, 30), 8, Happenings.MOST);
    day.live(Duration.ofMinutes(4), Duration.ofSeconds(3));
    List<Live> early = day.engine.listLive();
    assertThat(early).as("after four minutes").hasSizeBetween(3, 12);
    assertThat(early.stream().map(Live::grade).distinct().count()).as("grades of %s", early).isGreaterThanOrEqualTo(2);

    day.live(Duration.ofHours(24).minusMinutes(4), Duration.ofSeconds(10));
    Map<String, Integer> raised = day.raised();
    System.out.println("warnings of a day: " + raised + " " + day.byPeak() + ", most live " + day.mostLive);
    Set<String> named = new HashSet<>(raised.keySet());
    named.remove("silence");
    assertThat(named).as("each rule has its day: %s", raised).containsExactlyInAnyOrderElementsOf(rules.stream().map(Rule::id).toList());
    assertThat(raised.values()).allSatisfy(count -> assertThat(count).isLessThanOrEqualTo(60));
    assertThat(raised.values().stream().mapToInt(Integer::intValue).sum()).isBetween(80, 320);
    assertThat(raised.get("silence")).as("cameras that went blind").isBetween(3, 40);
    assertThat(day.mostLive).isBetween(4, 16);
    Map<Grade, Integer> peaks = day.byPeak();
    assertThat(peaks.get(Grade.BLUE) + peaks.get(Grade.YELLOW)).as("%s", peaks).isGreaterThan(2 * (peaks.get(Grade.ORANGE) + peaks.getOrDefault(Grade.RED, 0)));

    Map<String, Long> since = new HashMap<>();
    for (Decision d : day.decisions) {
      String name = d.rule() + " " + d.subject() + " " + d.warning();
      if (d.kind() == Decision.Kind.RAISED) {
        since.put(name, d.at());
      } else if (d.kind() == Decision.Kind.ENDED) {
        // Rain takes as long as it takes.
        assertThat(Duration.ofMillis(d.at() - since.remove(name))).as(name).isLessThan(d.rule().equals("drain-flood") ? Duration.ofHours(7) : Duration.ofMinutes(75));
      }
    }
    assertThat(since).as("what did not end is live").hasSameSizeAs(day.engine.listLive());
  }
}
