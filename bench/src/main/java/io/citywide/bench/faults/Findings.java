package io.citywide.bench.faults;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a run has found so far: violations of what must hold, and numbers. Safe for use by several threads. */
final class Findings {

  private final Consumer<String> progress;
  private final List<Invariants.Violation> violations = new ArrayList<>();
  private final Map<String, Double> figures = new TreeMap<>();
  private final Map<String, List<Double>> samples = new TreeMap<>();

  Findings(Consumer<String> progress) {
    this.progress = progress;
  }

  void say(String line) {
    progress.accept(line);
  }

  synchronized void violation(Invariants.Kind kind, String words) {
    violations.add(new Invariants.Violation(kind, words));
  }

  synchronized void violations(List<Invariants.Violation> found) {
    violations.addAll(found);
  }

  synchronized List<Invariants.Violation> violations() {
    return List.copyOf(violations);
  }

  synchronized void figure(String name, double value) {
    figures.put(name, value);
  }

  synchronized void count(String name, double more) {
    figures.merge(name, more, Double::sum);
  }

  /** A measurement of which the figures tell the middle and the 95th percentile. */
  synchronized void sample(String name, double value) {
    samples.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  /** Everything, with four digits; each kind of violation is a figure of its own, zero where there is none. */
  synchronized Map<String, Double> figures() {
    Map<String, Double> all = new TreeMap<>(figures);
    for (Invariants.Kind kind : Invariants.Kind.values()) {
      all.put(kind.name().toLowerCase(Locale.ROOT), (double) violations.stream().filter(v -> v.kind() == kind).count());
    }
    samples.forEach((name, values) -> {
      List<Double> sorted = values.stream().sorted().toList();
      all.put(name + "_p50", sorted.get((sorted.size() - 1) / 2));
      all.put(name + "_p95", sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1));
    });
    all.replaceAll((key, value) -> new BigDecimal(value).round(new MathContext(4)).doubleValue());
    return all;
  }
}
