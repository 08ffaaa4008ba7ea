package io.citywide.flink;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The documents of the control topic as one worker has them. Until {@link Control.Ready} was seen they are collected; then they are applied, what others
 * need first and the others by their times, so that it does not matter in which order a compacted topic has kept them.
 */
final class Documents {
  private final Consumer<Control> apply;
  private final BiConsumer<String, String> refused;
  /** By key, the newest last; once ready only what is needed to begin again. */
  private final Map<String, Control> kept = new LinkedHashMap<>();
  private boolean ready;

  /**
   * @param apply throws {@link IllegalArgumentException} where it cannot take one
   * @param refused is told why, and what
   */
  Documents(Consumer<Control> apply, BiConsumer<String, String> refused) {
    this.apply = apply;
    this.refused = refused;
  }

  boolean ready() {
    return ready;
  }

  void take(Control document) {
    if (ready) {
      apply(document);
    } else if (document instanceof Control.Ready) {
      ready = true;
      List<Control> all = new ArrayList<>(kept.values());
      kept.clear();
      all.sort(Comparator.comparingInt(Documents::rank).thenComparingLong(Documents::time));
      all.forEach(this::apply);
    } else {
      keep(document);
    }
  }

  private void apply(Control document) {
    try {
      apply.accept(document);
    } catch (IllegalArgumentException e) {
      refused.accept(e.getMessage(), document.write());
    }
  }

  private static int rank(Control document) {
    return switch (document) {
      case Control.Model _ -> 0;
      case Control.Calendar _ -> 1;
      case Control.Source _ -> 2;
      case Control.Register _, Control.Forget _, Control.Publish _, Control.Withdraw _, Control.End _, Control.Ready _ -> 3;
    };
  }

  private static long time(Control document) {
    return switch (document) {
      case Control.Model _, Control.Calendar _, Control.Ready _ -> 0;
      case Control.Source s -> s.at();
      case Control.Register r -> r.at();
      case Control.Forget f -> f.at();
      case Control.Publish p -> p.at();
      case Control.Withdraw w -> w.at();
      case Control.End e -> e.at();
    };
  }

  /** It is needed to begin again, in place of the one of its key. */
  void keep(Control document) {
    kept.remove(document.key());
    kept.put(document.key(), document);
  }

  void drop(String key) {
    kept.remove(key);
  }

  /** What is needed to begin again, in order; with {@link Control.Ready} at the end when it is. */
  List<String> save() {
    List<String> all = new ArrayList<>();
    kept.values().forEach(d -> all.add(d.write()));
    if (ready) all.add(new Control.Ready().write());
    return all;
  }

  void restore(List<String> all) {
    for (String text : all) {
      Control document = Control.read(text);
      kept.put(document.key(), document);
    }
    ready = kept.remove("ready") != null;
    if (!ready) return;
    List<Control> again = new ArrayList<>(kept.values());
    kept.clear();
    again.sort(Comparator.comparingInt(Documents::rank));
    again.forEach(this::apply);
  }
}
