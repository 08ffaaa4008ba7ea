package io.citywide.flink;

import io.citywide.watch.Decision;
import io.citywide.watch.Engine;
import io.citywide.watch.Settings;
import io.citywide.watch.Thing;
import io.citywide.watch.ThingModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The silence of the sources that one worker has, and of the things that come by them: one engine for each source, without rules. Its things lie in many
 * partitions, so what is heard waits until every partition has come so far, and is then told in the order of their newest times; of one partition in its own order.
 * Knows nothing of Flink; for one thread.
 */
final class Sources {
  private static final Comparator<Turn> ORDER = Comparator.comparingLong(Turn::at).thenComparingInt(Turn::shard);

  private final Predicate<String> mine;
  private final Settings settings;
  private final long latenessMillis;
  private final Consumer<Decision> decided;
  private final Documents documents;
  private final Map<String, Control.Source> known = new LinkedHashMap<>();
  private final Map<String, Engine> engines = new TreeMap<>();
  private final Set<String> changed = new HashSet<>();
  /** By source, what waits for its turn. */
  private final Map<String, TreeMap<Turn, List<Heard>>> waiting = new TreeMap<>();
  /** The source of each thing that an engine here has. */
  private final Map<String, String> sourceOf = new HashMap<>();
  private ThingModel model;
  private long mark = Long.MIN_VALUE;

  private record Turn(long at, int shard) {}

  /** @param mine whether a source is this worker's */
  Sources(Predicate<String> mine, Settings settings, Consumer<Decision> decided) {
    this.mine = mine;
    this.settings = settings;
    latenessMillis = settings.lateness().toMillis();
    this.decided = decided;
    // What cannot be taken the engines of the shards refuse too, and say so.
    documents = new Documents(this::apply, (_, _) -> { });
  }

  /** A thing as it is watched: its source counts where it was known before it. */
  static Thing known(Thing thing, Set<String> sources) {
    return thing.source().isEmpty() || sources.contains(thing.source()) ? thing : new Thing(thing.id(), thing.type(), thing.group(), thing.area(), "");
  }

  /** Takes a document of the control topic. */
  void control(Control document) {
    boolean before = documents.ready();
    documents.take(document);
    if (!before && documents.ready() && mark != Long.MIN_VALUE) watermark(mark);
  }

  private void apply(Control document) {
    switch (document) {
      case Control.Model m -> model(m);
      case Control.Source s -> source(s);
      case Control.Register r -> register(r);
      case Control.Forget f -> forget(f.thing(), f.at());
      case Control.End e -> engines.forEach((source, engine) -> {
        if (engine.end(e.rule(), e.subject(), e.number(), e.at(), e.why())) changed.add(source);
      });
      case Control.Calendar _, Control.Publish _, Control.Withdraw _, Control.Ready _ -> { }
    }
  }

  private void model(Control.Model document) {
    model = new ThingModel(document.types());
    engines.replaceAll((_, engine) -> Engine.load(model, settings, decided, engine.save()));
    documents.keep(document);
    known.values().stream().filter(source -> !engines.containsKey(source.source())).forEach(this::watch);
  }

  private void source(Control.Source document) {
    known.put(document.source(), document);
    documents.keep(document);
    watch(document);
  }

  private void watch(Control.Source document) {
    String source = document.source();
    if (model == null || !mine.test(source)) return;
    engines.computeIfAbsent(source, _ -> new Engine(model, settings, decided)).source(source, document.silentAfterMs(), document.at());
    changed.add(source);
  }

  private void register(Control.Register document) {
    Thing thing = known(document.thing(), known.keySet());
    Engine engine = engines.get(thing.source());
    Engine before = engines.get(sourceOf.getOrDefault(thing.id(), ""));
    if (before != null && before == engine && engine.findThing(thing.id()).orElseThrow().equals(thing)) return;
    forget(thing.id(), document.at());
    if (engine == null) return;
    engine.register(thing, document.at());
    sourceOf.put(thing.id(), thing.source());
    changed.add(thing.source());
  }

  private void forget(String thing, long at) {
    String source = sourceOf.remove(thing);
    if (source == null) return;
    engines.get(source).forget(thing, at);
    changed.add(source);
  }

  void accept(Heard heard) {
    waiting.computeIfAbsent(heard.source(), _ -> new TreeMap<>(ORDER)).computeIfAbsent(new Turn(heard.at(), heard.shard()), _ -> new ArrayList<>()).add(heard);
  }

  /**
   * Every partition has come to this time: none has a newest time any more that is lateness or less behind it.
   *
   * @param time {@link Long#MAX_VALUE}: nothing more will be heard; that does not say that time went on
   */
  void watermark(long time) {
    mark = time;
    if (!documents.ready()) return;
    boolean end = time == Long.MAX_VALUE;
    engines.forEach((source, engine) -> {
      TreeMap<Turn, List<Heard>> turns = waiting.getOrDefault(source, new TreeMap<>(ORDER));
      while (!turns.isEmpty() && (end || turns.firstKey().at() <= time + latenessMillis)) {
        Map.Entry<Turn, List<Heard>> turn = turns.pollFirstEntry();
        engine.advance(turn.getKey().at() - latenessMillis - 1);
        turn.getValue().forEach(heard -> tell(engine, heard));
        changed.add(source);
      }
      if (end) return;
      if (engine.nextDue() <= time) changed.add(source);
      engine.advance(time);
    });
  }

  private static void tell(Engine engine, Heard heard) {
    for (int i = 0; i < heard.things().length; i++) engine.hear(heard.things()[i], heard.times()[i]);
  }

  /** The documents it needs to begin again. */
  List<String> saveDocuments() {
    return documents.save();
  }

  void restoreDocuments(List<String> all) {
    documents.restore(all);
  }

  /** States of the engines that changed since this was last asked, by source. */
  Map<String, byte[]> saveChanged() {
    Map<String, byte[]> states = new TreeMap<>();
    changed.forEach(source -> states.put(source, engines.get(source).save()));
    changed.clear();
    return states;
  }

  void restore(String source, byte[] state) {
    Engine engine = Engine.load(model, settings, decided, state);
    engines.put(source, engine);
    engine.listThings().forEach(thing -> sourceOf.put(thing.id(), source));
  }

  /** What waits for its turn, in order. */
  List<Heard> waiting() {
    return waiting.values().stream().flatMap(turns -> turns.values().stream()).flatMap(List::stream).toList();
  }
}
