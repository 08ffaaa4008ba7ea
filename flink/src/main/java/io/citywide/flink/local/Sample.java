package io.citywide.flink.local;

import io.citywide.flink.Control;
import io.citywide.flink.Shards;
import io.citywide.watch.DaysOff;
import io.citywide.watch.Decision;
import io.citywide.watch.Engine;
import io.citywide.watch.Observation;
import io.citywide.watch.Rule;
import io.citywide.watch.RuleReader;
import io.citywide.watch.Settings;
import io.citywide.watch.Thing;
import io.citywide.watch.ThingModel;
import io.citywide.watch.ThingModel.Property;
import io.citywide.watch.ThingModel.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Bicycle sheds that are not there: in each a smoke detector, a door and a charging plug, in each area a rain gauge; some burn, some are forced, some fall
 * silent. All but the rain gauges come by hubs, which fail now and then for some minutes with all of their sheds. Some days of the calendar are others than usual. A part of the values comes late within a minute, twice, or out of range. The same seed gives the same.
 */
public final class Sample {
  /** When it begins, milliseconds since 1970 UTC. */
  public static final long BEGIN = 1_790_000_000_000L;
  /** Monday to Friday are workdays but for the day on which it begins. */
  private static final DaysOff CALENDAR = new DaysOff(Set.of(LocalDate.ofInstant(Instant.ofEpochMilli(BEGIN), Settings.DEFAULT.zone())), Set.of());
  private static final Settings SETTINGS =
      new Settings(Settings.DEFAULT.lateness(), Duration.ofDays(366_000), Settings.DEFAULT.valuesKept(), Settings.DEFAULT.zone(), CALENDAR);
  private static final int HUBS = 3;
  /** Sooner than the things that come by it. */
  private static final long HUB_SILENT_AFTER = 60_000;
  private static final ThingModel MODEL = new ThingModel(types());

  private final int areas;
  private final int sheds;
  private final int seconds;
  private final long seed;

  /** What one area sends in one second. */
  public record Batch(String route, long arrived, List<Observation> readings) {
    /** As {@code POST /api/observations} takes it. */
    public byte[] json() {
      StringBuilder text = new StringBuilder(readings.size() * 80).append('[');
      for (Observation o : readings) {
        if (text.length() > 1) text.append(',');
        text.append("{\"device\":\"").append(o.thing()).append("\",\"time\":").append(o.time()).append(",\"values\":{\"").append(o.property()).append("\":")
            .append(o.value()).append("}}");
      }
      return text.append(']').toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  /**
   * @param areas at least 1
   * @param sheds in each area
   */
  public Sample(int areas, int sheds, int seconds, long seed) {
    this.areas = areas;
    this.sheds = sheds;
    this.seconds = seconds;
    this.seed = seed;
  }

  private static List<Type> types() {
    return List.of(
        new Type("smoke", List.of(new Property("level", "%/m", 0, 20), new Property("battery", "V", 0, 5)), Duration.ofMinutes(2)),
        new Type("door", List.of(new Property("open", "1", 0, 1)), Duration.ZERO),
        new Type("plug", List.of(new Property("current", "A", 0, 100), new Property("heat", "Cel", -40, 200)), Duration.ofMinutes(2)),
        new Type("rain", List.of(new Property("rate", "mm/h", 0, 300)), Duration.ZERO));
  }

  private static List<String> rules() {
    return List.of("""
        rule: shed-smoke
        name: {zh: 车棚烟感, en: Smoke in a bicycle shed}
        watch: {type: smoke}
        inputs: {level: level, rain: {type: rain, property: rate, from: area}}
        windows: {avg: {avg: level, over: 30s}, rise: {rate: level, over: 1m, per: 1m}, gone: {missing: level, for: 70s}}
        grades:
          blue: {when: "gone"}
          yellow: {when: "avg > 3 || rise > 6", for: 5s, quiet: 1m}
          orange: {when: "level > 8", for: 3s, until: "level < 6", untilFor: 10s}
          red: {when: "level > 10 && rain < 50", until: "level < 5", untilFor: 20s, quiet: 2m}
        reason: {zh: "{thing}烟雾{level}，{grade}", en: "Smoke of {level} at {thing}: {grade}"}
        """, """
        rule: forced
        name: {zh: 撬门起火, en: Forced and on fire}
        watch: {type: smoke, per: group}
        inputs: {smoke: level, door: {type: door, property: open}}
        sequences: {forced: {steps: ["door > 0", "smoke > 4"], within: 2m}}
        grades: {red: {when: forced}}
        """, """
        rule: charging
        name: {zh: 充电过热, en: Charging too hot}
        watch: {type: plug}
        inputs: {current: current, heat: heat, smoke: {type: smoke, property: level, from: group}}
        windows: {top: {max: heat, over: 1m}, draws: {count: current, over: 1m}}
        grades:
          yellow: {when: "top > 70 && draws > 2", for: 10s, untilFor: 30s}
          red: {when: "heat > 90 && smoke > 2"}
        """, """
        rule: on-a-day-off
        name: {zh: 休息日暴雨, en: Heavy rain on a day off}
        watch: {type: rain}
        inputs: {rate: rate}
        grades: {orange: {when: "holiday && rate > 60"}}
        """);
  }

  private static String area(int area) {
    return "320102%06d".formatted(area + 1);
  }

  private static String group(int area, int shed) {
    return "shed-" + area + "-" + shed;
  }

  private static String hub(int number) {
    return "@hub-" + number;
  }

  /** A hub fails twice in ten minutes: once for so long that its things would be silent too, once so shortly that it is none. */
  private static boolean failed(int hub, int second) {
    int at = (second + 150 * hub) % 600;
    return at >= 200 && at < 400 || at >= 500 && at < 540;
  }

  private List<Thing> things() {
    List<Thing> things = new ArrayList<>();
    for (int a = 0; a < areas; a++) {
      things.add(new Thing("rain-" + a, "rain", "", area(a), ""));
      for (int s = 0; s < sheds; s++) {
        for (String type : List.of("smoke", "door", "plug")) things.add(new Thing(type + "-" + a + "-" + s, type, group(a, s), area(a), hub(s % HUBS)));
      }
    }
    return things;
  }

  /** What the job must know, in the order of the control topic. */
  public List<Control> control() {
    List<Control> documents = new ArrayList<>(List.of(new Control.Model(types()), new Control.Calendar(CALENDAR)));
    for (int hub = 0; hub < HUBS; hub++) documents.add(new Control.Source(hub(hub), HUB_SILENT_AFTER, BEGIN));
    RuleReader reader = new RuleReader(MODEL);
    for (String text : rules()) documents.add(new Control.Publish(reader.read(text).orThrow().id(), 0, text, BEGIN));
    for (Thing thing : things()) documents.add(new Control.Register(thing, thing.area(), BEGIN));
    documents.add(new Control.Ready());
    return documents;
  }

  /** Time of the last tick, some minutes after the last value. */
  public long end() {
    return BEGIN + (seconds + 300) * 1000L;
  }

  /** Tells each batch in the order in which it comes. @param to is told the second and the batch */
  public void send(BiConsumer<Integer, Batch> to) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] burning = new int[areas * sheds];
    int[] open = new int[areas * sheds];
    int[] silent = new int[areas * sheds];
    for (int second = 0; second < seconds; second++) {
      long now = BEGIN + second * 1000L;
      for (int a = 0; a < areas; a++) {
        List<Observation> readings = new ArrayList<>(sheds + 1);
        if ((second + a) % 60 == 0) readings.add(new Observation("rain-" + a, "rate", now, random.nextInt(10) == 0 ? 80 : random.nextInt(10)));
        for (int s = 0; s < sheds; s++) {
          int shed = a * sheds + s;
          if (random.nextInt(20_000) == 0) burning[shed] = 90;
          if (random.nextInt(10_000) == 0) open[shed] = 30;
          if (random.nextInt(20_000) == 0) silent[shed] = 200;
          if (burning[shed] > 0) burning[shed]--;
          if (open[shed] > 0) open[shed]--;
          if (silent[shed] > 0) {
            silent[shed]--;
            continue;
          }
          if ((second + shed) % 5 != 0 || failed(s % HUBS, second)) continue;
          String at = a + "-" + s;
          double smoke = burning[shed] > 0 ? random.nextInt(140) / 10.0 : random.nextInt(10) / 10.0;
          value(random, readings, "smoke-" + at, "level", now, smoke);
          if (random.nextInt(10) == 0) value(random, readings, "smoke-" + at, "battery", now, 3 + random.nextInt(10) / 10.0);
          value(random, readings, "door-" + at, "open", now, open[shed] > 0 ? 1 : 0);
          value(random, readings, "plug-" + at, "current", now, random.nextInt(16));
          value(random, readings, "plug-" + at, "heat", now, burning[shed] > 0 ? 60 + random.nextInt(50) : 20 + random.nextInt(30));
        }
        if (!readings.isEmpty()) to.accept(second, new Batch(area(a), now, readings));
      }
    }
  }

  private static void value(SplittableRandom random, List<Observation> into, String thing, String property, long now, double value) {
    int fate = random.nextInt(100);
    long time = fate < 6 ? now - random.nextInt(1, 50_000) : now - random.nextInt(900);
    Observation o = new Observation(thing, property, time, fate == 7 ? value + 1000 : value);
    into.add(o);
    if (fate == 8) into.add(new Observation(thing, property, time, value + 1));
  }

  /**
   * What is decided in one process: by engines that share the areas as the partitions do, each told the time by its own values, and of the silence of hubs and of what
   * comes by them by one engine for all, which is told what was said in the order of the newest times of the partitions. With one partition it
   * is one engine; their number matters only to rules that read what lies near, which read what is known when they are decided.
   */
  public List<Decision> decide(int partitions) {
    List<Decision> decisions = new ArrayList<>();
    Set<String> byHub = things().stream().filter(thing -> !thing.source().isEmpty()).map(Thing::id).collect(Collectors.toSet());
    List<Rule> rules = rules().stream().map(text -> new RuleReader(MODEL).read(text).orThrow()).toList();
    Map<Integer, Engine> engines = new LinkedHashMap<>();
    for (Thing thing : things()) {
      engines.computeIfAbsent(Shards.of(thing.area(), partitions), _ -> {
        Engine engine = new Engine(MODEL, SETTINGS, d -> {
          if (d.kind() != Decision.Kind.SILENT && d.kind() != Decision.Kind.HEARD || !byHub.contains(d.subject())) decisions.add(d);
        });
        rules.forEach(rule -> engine.publish(rule, BEGIN));
        return engine;
      }).register(thing, BEGIN);
    }
    long lateness = SETTINGS.lateness().toMillis();
    Map<Integer, Long> newest = new HashMap<>();
    List<Told> told = new ArrayList<>();
    send((_, batch) -> {
      int partition = Shards.of(batch.route(), partitions);
      Engine engine = engines.get(partition);
      long time = batch.readings().stream().mapToLong(Observation::time).max().orElseThrow();
      engine.advance(time - lateness - 1);
      batch.readings().forEach(engine::accept);
      told.add(new Told(newest.merge(partition, time, Math::max), partition, batch));
    });
    engines.values().forEach(engine -> engine.advance(end() - 2 * lateness - 1));
    told.sort(Comparator.comparingLong(Told::newest).thenComparingInt(Told::partition));
    hubs(told, decisions);
    return decisions;
  }

  /** @param newest time in its partition so far */
  private record Told(long newest, int partition, Batch batch) {}

  private void hubs(List<Told> told, List<Decision> decisions) {
    long lateness = SETTINGS.lateness().toMillis();
    Engine engine = new Engine(MODEL, SETTINGS, decisions::add);
    for (int hub = 0; hub < HUBS; hub++) engine.source(hub(hub), HUB_SILENT_AFTER, BEGIN);
    things().stream().filter(thing -> !thing.source().isEmpty()).forEach(thing -> engine.register(thing, BEGIN));
    for (Told each : told) {
      engine.advance(each.newest() - lateness - 1);
      each.batch().readings().forEach(engine::accept);
    }
    engine.advance(end() - lateness - 1);
  }
}
