package io.citywide.watch;

import io.citywide.watch.ThingModel.Property;
import io.citywide.watch.ThingModel.Type;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Things, rules and streams for the tests. */
final class Samples {
  static final ThingModel MODEL = new ThingModel(List.of(
      new Type("box", List.of(new Property("x", "1", -100, 100), new Property("y", "1", -100, 100)), Duration.ZERO),
      new Type("smoke", List.of(new Property("level", "%/m", 0, 20), new Property("battery", "V", 0, 5)), Duration.ofMinutes(3)),
      new Type("door", List.of(new Property("open", "", 0, 1)), Duration.ZERO),
      new Type("rain", List.of(new Property("rate", "mm/h", 0, 300)), Duration.ZERO)));
  static final Settings SETTINGS = new Settings(Duration.ofMillis(10), Duration.ofMinutes(5), 4096, ZoneId.of("Asia/Shanghai"));

  private Samples() {}

  static Rule rule(String text) {
    return new RuleReader(MODEL).read(text).orThrow();
  }

  /** A rule over x and y of a box, with anything a rule can have. */
  static Rule randomRule(SplittableRandom random, String id) {
    StringBuilder text = new StringBuilder("rule: " + id + "\nname: {zh: 规则, en: Rule}\nwatch: {type: box}\ninputs: {a: x, b: y}\nwindows:\n");
    List<String> numbers = new ArrayList<>(List.of("a", "b"));
    List<String> flags = new ArrayList<>();
    String[] measures = {"avg", "min", "max", "sum", "count", "rate"};
    int windows = random.nextInt(1, 6);
    for (int i = 0; i < windows; i++) {
      String measure = measures[random.nextInt(measures.length)];
      String extra = measure.equals("rate") ? ", per: 8ms" : "";
      text.append("  w%d: {%s: %s, over: %dms%s}%n".formatted(i, measure, random.nextBoolean() ? "a" : "b", random.nextInt(1, 40), extra));
      numbers.add("w" + i);
    }
    if (random.nextBoolean()) {
      text.append("  gone: {missing: %s, for: %dms}%n".formatted(random.nextBoolean() ? "a" : "b", random.nextInt(1, 30)));
      flags.add("gone");
    }
    if (random.nextBoolean()) {
      text.append("sequences:\n  chain: {within: %dms, steps: [\"%s\", \"%s\"%s]}%n".formatted(random.nextInt(1, 30), condition(random, numbers, flags, 1),
          condition(random, numbers, flags, 1), random.nextInt(3) == 0 ? ", \"" + condition(random, numbers, flags, 1) + "\"" : ""));
      flags.add("chain");
    }
    text.append("grades:\n");
    boolean any = false;
    for (Grade grade : Grade.values()) {
      if (random.nextBoolean() || grade == Grade.RED && !any) {
        any = true;
        text.append("  %s: {when: \"%s\"".formatted(grade.nameEn(), condition(random, numbers, flags, 2)));
        if (random.nextBoolean()) text.append(", for: %dms".formatted(random.nextInt(1, 15)));
        if (random.nextInt(3) == 0) text.append(", until: \"%s\"".formatted(condition(random, numbers, flags, 2)));
        if (random.nextBoolean()) text.append(", untilFor: %dms".formatted(random.nextInt(1, 15)));
        if (random.nextBoolean()) text.append(", quiet: %dms".formatted(random.nextInt(1, 40)));
        text.append("}\n");
      }
    }
    return rule(text.toString());
  }

  static String condition(SplittableRandom random, List<String> numbers, List<String> flags, int depth) {
    if (depth > 0 && random.nextInt(2) == 0) {
      return switch (random.nextInt(3)) {
        case 0 -> "(" + condition(random, numbers, flags, depth - 1) + " && " + condition(random, numbers, flags, depth - 1) + ")";
        case 1 -> "(" + condition(random, numbers, flags, depth - 1) + " || " + condition(random, numbers, flags, depth - 1) + ")";
        default -> "!(" + condition(random, numbers, flags, depth - 1) + ")";
      };
    }
    if (!flags.isEmpty() && random.nextInt(4) == 0) return flags.get(random.nextInt(flags.size()));
    String[] compare = {"<", "<=", ">", ">=", "==", "!="};
    return number(random, numbers, depth) + " " + compare[random.nextInt(compare.length)] + " " + number(random, numbers, depth);
  }

  private static String number(SplittableRandom random, List<String> numbers, int depth) {
    if (depth > 0 && random.nextInt(4) == 0) {
      return "(" + number(random, numbers, depth - 1) + " " + new String[] {"+", "-", "*", "/"}[random.nextInt(4)] + " " + number(random, numbers, depth - 1) + ")";
    }
    return random.nextInt(3) == 0 ? String.valueOf(random.nextInt(-2, 9)) : numbers.get(random.nextInt(numbers.size()));
  }

  /** Values of x and y of the box d: most in order, some late, some twice, whole numbers so that sums are exact. */
  static List<Observation> randomStream(SplittableRandom random, int count) {
    List<Observation> stream = new ArrayList<>();
    long time = 1;
    for (int i = 0; i < count; i++) {
      time += random.nextInt(6) == 0 ? random.nextInt(40) : random.nextInt(3);
      long at = random.nextInt(5) == 0 ? Math.max(1, time - random.nextInt(16)) : time;
      stream.add(new Observation("d", random.nextBoolean() ? "x" : "y", at, random.nextInt(0, 8)));
    }
    return stream;
  }
}
