package io.citywide.vitals.internal;

import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.vitals.internal.FigureSource.Figure;
import io.citywide.vitals.internal.FigureSource.Nature;
import io.citywide.vitals.internal.Indicator.Ready;
import io.citywide.watch.Formula;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The tree as it is in force, formulas understood. In memory; follows the table within a second. Within a transaction. */
@Component
class IndicatorBook {

  private static final Logger log = LoggerFactory.getLogger(IndicatorBook.class);

  /** What formulas call the value of another indicator: {@code indicator.GOV01}. */
  static final String OTHER = "indicator.";

  /** @param ready in an order in which what is read comes before what reads it */
  record Tree(long revision, LocalDate day, List<Indicator> indicators, Map<String, Indicator> byCode, Map<String, List<Indicator>> children, List<Ready> ready) {

    List<Indicator> dimensions() {
      return children.getOrDefault("", List.of());
    }

    List<Indicator> childrenOf(String code) {
      return children.getOrDefault(code, List.of());
    }

    Optional<Ready> findReady(String code) {
      return ready.stream().filter(r -> r.indicator().code().equals(code)).findFirst();
    }

    /** Those whose formula reads this indicator, also through others. */
    List<Ready> readersOf(String code) {
      Set<String> names = new HashSet<>(Set.of(OTHER + code));
      List<Ready> readers = new ArrayList<>();
      for (Ready r : ready) {
        if (r.formula().reads().stream().anyMatch(names::contains)) {
          names.add(OTHER + r.indicator().code());
          readers.add(r);
        }
      }
      return readers;
    }

    /** @throws ProblemException {@code vitals.unknown-indicator} */
    Indicator get(String code) {
      Indicator indicator = byCode.get(code);
      if (indicator == null) {
        throw IndicatorDesk.unknown(code);
      }
      return indicator;
    }

    /** Judged when the period is over. */
    boolean grows(String code) {
      return findReady(code).map(Ready::grows).orElse(false);
    }
  }

  private final IndicatorStore store;
  private final FigureBook figures;
  private final Clock clock;
  private final ServerSettings server;
  private volatile Tree tree;

  IndicatorBook(IndicatorStore store, FigureBook figures, Clock clock, ServerSettings server) {
    this.store = store;
    this.figures = figures;
    this.clock = clock;
    this.server = server;
  }

  Tree tree() {
    Tree known = tree;
    long revision = store.revision();
    LocalDate day = LocalDate.now(clock.withZone(server.zone()));
    if (known == null || known.revision() != revision || !known.day().equals(day)) {
      tree = known = read(revision, day);
    }
    return known;
  }

  private Tree read(long revision, LocalDate day) {
    Map<String, Indicator> byCode = new LinkedHashMap<>();
    Map<String, List<Indicator>> children = new HashMap<>();
    for (Indicator i : store.list()) {
      if (i.isActive(day)) {
        byCode.put(i.code(), i);
      }
    }
    byCode.values().forEach(i -> children.computeIfAbsent(i.parentCode() == null ? "" : i.parentCode(), p -> new ArrayList<>()).add(i));
    List<Indicator> ordered = new ArrayList<>();
    order("", children, ordered);
    Map<String, Ready> ready = new LinkedHashMap<>();
    ordered.forEach(i -> prepare(i, byCode, ready, new ArrayList<>()));
    return new Tree(revision, day, List.copyOf(ordered), byCode, children, List.copyOf(ready.values()));
  }

  private static void order(String parent, Map<String, List<Indicator>> children, List<Indicator> ordered) {
    for (Indicator child : children.getOrDefault(parent, List.of())) {
      ordered.add(child);
      order(child.code(), children, ordered);
    }
  }

  private void prepare(Indicator i, Map<String, Indicator> byCode, Map<String, Ready> ready, List<String> way) {
    if (i.source() != Source.FORMULA || ready.containsKey(i.code()) || way.contains(i.code())) {
      return;
    }
    way.add(i.code());
    try {
      Formula formula = Formula.compile(i.formula(), known(byCode));
      for (String name : formula.reads()) {
        if (name.startsWith(OTHER)) {
          prepare(byCode.get(name.substring(OTHER.length())), byCode, ready, way);
        }
      }
      ready.put(i.code(), ready(i, formula, byCode, ready));
    } catch (Formula.Refused e) {
      // It was good when it was written: a type of devices or an indicator that it reads is gone. It has no values until somebody mends it.
      log.warn("the formula of indicator {} no longer holds: {}", i.code(), e.getMessage());
    }
    way.removeLast();
  }

  /** What a formula may read. */
  Predicate<String> known(Map<String, Indicator> byCode) {
    return name -> name.startsWith(OTHER) ? byCode.containsKey(name.substring(OTHER.length())) : figures.find(name).isPresent();
  }

  Ready ready(Indicator i, Formula formula, Map<String, Indicator> byCode, Map<String, Ready> others) {
    double[] below = formula.factorsBelow();
    boolean flowAbove = false;
    boolean flowBelow = false;
    boolean past = true;
    List<Indicator> entered = new ArrayList<>();
    for (int n = 0; n < formula.reads().size(); n++) {
      String name = formula.reads().get(n);
      if (name.startsWith(OTHER)) {
        String code = name.substring(OTHER.length());
        if (byCode.get(code).source().isEntered()) {
          entered.add(byCode.get(code));
        } else {
          past &= others.containsKey(code) && others.get(code).past();
        }
        continue;
      }
      Nature nature = figures.find(name).map(Figure::nature).orElse(Nature.STATE);
      past &= nature != Nature.STATE;
      if (nature == Nature.FLOW) {
        if (below != null && below[n] != 0) {
          flowBelow = true;
        } else {
          flowAbove = true;
        }
      }
    }
    boolean grows = flowAbove && !flowBelow && (i.aggregation() == Aggregation.SUM || i.aggregation() == Aggregation.MEAN);
    return new Ready(i, formula, grows, past, List.copyOf(entered));
  }
}
