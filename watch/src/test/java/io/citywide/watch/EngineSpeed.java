package io.citywide.watch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values a second of the processor's time on one core, by kind of rule, over 10,000 things of which each speaks once a second. A rough figure; nothing is written. */
public final class EngineSpeed {
  private static final int THINGS = 10_000;
  private static final int ROUNDS = 200;

  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private EngineSpeed() {}

  public static void main(String[] args) {
    String head = "rule: r\nname: {zh: 规则, en: Rule}\nwatch: {type: box}\ninputs: {x: x}\n";
    Map<String, String> rules = new LinkedHashMap<>();
    rules.put("a comparison", head + "grades: {red: {when: \"x > 99\"}}\n");
    rules.put("four grades with times", head + "grades: {blue: {when: \"x > 60\", for: 3s}, yellow: {when: \"x > 70\", for: 3s}, orange: {when: \"x > 80\", for: 3s}, red: {when: \"x > 90\", until: \"x < 80\"}}\n");
    rules.put("three windows of a minute", head + "windows: {a: {avg: x, over: 60s}, m: {max: x, over: 60s}, r: {rate: x, over: 60s}}\ngrades: {red: {when: \"a > 60 && m > 99 || r > 90\"}}\n");
    rules.put("run by CEL", head + "grades: {red: {when: \"x > 99 && thing.startsWith('b')\"}}\n");
    rules.put("run by CEL, always to the end", head + "grades: {red: {when: \"thing.startsWith('b') && x > 99\"}}\n");
    for (int warm = 0; warm < 2; warm++) {
      for (Map.Entry<String, String> rule : rules.entrySet()) {
        long[] decisions = new long[1];
        Engine engine = new Engine(Samples.MODEL, Settings.DEFAULT, d -> decisions[0]++);
        String[] names = new String[THINGS];
        for (int i = 0; i < THINGS; i++) engine.register(new Thing(names[i] = "box" + i, "box", "320102"), 0);
        engine.publish(Samples.rule(rule.getValue()), 0);
        long begin = CPU.getCurrentThreadCpuTime();
        long seed = 1;
        for (int r = 1; r <= ROUNDS; r++) {
          for (int i = 0; i < THINGS; i++) {
            seed = seed * 6364136223846793005L + 1442695040888963407L;
            engine.accept(new Observation(names[i], "x", r * 1000L, (seed >>> 40) / 167773.0));
          }
          engine.advance(r * 1000L);
        }
        double seconds = (CPU.getCurrentThreadCpuTime() - begin) / 1e9;
        if (warm == 1) System.out.printf("%s: %,.0f values a second, %,d decisions%n", rule.getKey(), THINGS * (double) ROUNDS / seconds, decisions[0]);
      }
    }
  }
}
