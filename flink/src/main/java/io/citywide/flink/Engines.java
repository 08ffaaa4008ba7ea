package io.citywide.flink;

import io.citywide.watch.DaysOff;
import io.citywide.watch.Decision;
import io.citywide.watch.Engine;
import io.citywide.watch.Fate;
import io.citywide.watch.Flaw;
import io.citywide.watch.Observation;
import io.citywide.watch.Rule;
import io.citywide.watch.RuleReader;
import io.citywide.watch.RuleReading;
import io.citywide.watch.Settings;
import io.citywide.watch.Thing;
import io.citywide.watch.ThingModel;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * The engines of the shards (partitions of the observations) that one worker has, one for each that has a thing. Knows nothing of Flink; for one thread.
 *
 * <p>Until {@link Control.Ready} was seen, messages are held. The silence of things that come by a watched source is not theirs to tell: {@link Sources} hears of
 * them and tells it.
 */
final class Engines {
  private static final int MOST_HELD = 1_000_000;

  private final int shards;
  private final IntPredicate mine;
  private final Settings settings;
  private final long latenessMillis;
  private final Consumer<Decision> decided;
  private final Consumer<Heard> heard;
  private final BiConsumer<String, String> refused;
  private final Map<Integer, Engine> engines = new TreeMap<>();
  private final Map<Integer, Boolean> changed = new HashMap<>();
  private final Documents documents;
  private final List<Message> held = new ArrayList<>();
  private final Map<Fate, Long> fates = new EnumMap<>(Fate.class);
  private int readingsHeld;
  private DaysOff calendar = DaysOff.NONE;
  private final Set<String> sources = new HashSet<>();
  private ThingModel model;
  private RuleReader reader;
  /** Those of {@link #documents}, read. */
  private final Map<String, Published> rules = new LinkedHashMap<>();

  private final Map<String, Known> things = new HashMap<>();
  /** How many things of each group are in each shard. */
  private final Map<String, Map<Integer, Integer>> groups = new HashMap<>();

  private record Published(Rule rule, long at) {}

  private record Known(int shard, Thing thing) {}

  /**
   * @param mine whether a shard is this worker's
   * @param settings but for their workdays, which are those of {@link Control.Calendar}
   * @param heard is told which things of watched sources have spoken
   * @param refused is told why, and what
   */
  Engines(int shards, IntPredicate mine, Settings settings, Consumer<Decision> decided, Consumer<Heard> heard, BiConsumer<String, String> refused) {
    this.shards = shards;
    this.mine = mine;
    this.settings = new Settings(settings.lateness(), settings.ahead(), settings.valuesKept(), settings.zone(), day -> calendar.test(day));
    latenessMillis = settings.lateness().toMillis();
    this.decided = decision -> {
      if (decision.kind() != Decision.Kind.SILENT && decision.kind() != Decision.Kind.HEARD || !ofSource(decision.subject())) decided.accept(decision);
    };
    this.heard = heard;
    this.refused = refused;
    documents = new Documents(this::apply, refused);
    for (Fate fate : Fate.values()) fates.put(fate, 0L);
  }

  /** Whether a thing comes by a source that was known before it. */
  private boolean ofSource(String id) {
    Known known = things.get(id);
    return known != null && !known.thing().source().isEmpty();
  }

  /** How many readings had this fate since this worker began. */
  long count(Fate fate) {
    return fates.get(fate);
  }

  /** Whether it has seen {@link Control.Ready}, and judges what it is given. */
  boolean ready() {
    return documents.ready();
  }

  /** Takes a document of the control topic. */
  void control(Control document) {
    documents.take(document);
    if (!ready() || held.isEmpty()) return;
    List<Message> then = List.copyOf(held);
    held.clear();
    readingsHeld = 0;
    then.forEach(this::accept);
  }

  private void apply(Control document) {
    switch (document) {
      case Control.Model m -> model(m);
      case Control.Calendar c -> {
        calendar = c.days();
        documents.keep(c);
      }
      case Control.Source s -> {
        sources.add(s.source());
        documents.keep(s);
      }
      case Control.Register r -> register(r);
      case Control.Forget f -> forget(f.thing(), f.at());
      case Control.Publish p -> publish(p);
      case Control.Withdraw w -> withdraw(w);
      case Control.End e -> engines.forEach((shard, engine) -> {
        if (engine.end(e.rule(), e.subject(), e.number(), e.at(), e.why())) changed.put(shard, true);
      });
      case Control.Ready _ -> { }
    }
  }

  private void model(Control.Model document) {
    ThingModel next = new ThingModel(document.types());
    Map<Integer, Engine> moved = new TreeMap<>();
    engines.forEach((shard, engine) -> moved.put(shard, Engine.load(next, settings, decided, engine.save())));
    model = next;
    reader = new RuleReader(next);
    engines.putAll(moved);
    documents.keep(document);
  }

  private void register(Control.Register document) {
    int shard = Shards.of(document.route(), shards);
    Thing thing = Sources.known(document.thing(), sources);
    Known before = things.get(thing.id());
    if (before != null && before.shard() == shard && before.thing().equals(thing)) return;
    if (!mine.test(shard)) {
      // It went to another worker, if it was here.
      forget(thing.id(), document.at());
      return;
    }
    if (model == null || model.findType(thing.type()).isEmpty()) throw new IllegalArgumentException("thing " + thing.id() + " is of unknown type " + thing.type());
    forget(thing.id(), document.at());
    Engine engine = engines.get(shard);
    if (engine == null) {
      engine = new Engine(model, settings, decided);
      for (Published published : rules.values()) engine.publish(published.rule(), published.at());
      engines.put(shard, engine);
    }
    engine.register(thing, document.at());
    know(shard, thing);
    changed.put(shard, true);
    Map<Integer, Integer> at = groups.getOrDefault(thing.group(), Map.of());
    if (at.size() > 1) refused.accept("the things of group " + thing.group() + " come by different routes: a rule on the group does not see them together; give them one", document.write());
  }

  private void know(int shard, Thing thing) {
    things.put(thing.id(), new Known(shard, thing));
    if (!thing.group().isEmpty()) groups.computeIfAbsent(thing.group(), _ -> new TreeMap<>()).merge(shard, 1, Integer::sum);
  }

  private void forget(String id, long at) {
    Known known = things.get(id);
    if (known == null) return;
    engines.get(known.shard()).forget(id, at);
    things.remove(id);
    changed.put(known.shard(), true);
    groups.computeIfPresent(known.thing().group(), (_, counts) -> {
      counts.computeIfPresent(known.shard(), (_, n) -> n == 1 ? null : n - 1);
      return counts.isEmpty() ? null : counts;
    });
  }

  private void publish(Control.Publish document) {
    Rule rule = read(document);
    engines.forEach((shard, engine) -> {
      engine.publish(rule, document.at());
      changed.put(shard, true);
    });
    rules.put(rule.id(), new Published(rule, document.at()));
    documents.keep(document);
  }

  private Rule read(Control.Publish document) {
    if (reader == null) throw new IllegalArgumentException("rule " + document.rule() + " came before the model");
    return switch (reader.read(document.text())) {
      case RuleReading.Read(Rule rule) -> {
        if (!rule.id().equals(document.rule())) throw new IllegalArgumentException("the rule " + document.rule() + " calls itself " + rule.id());
        yield document.version() == 0 ? rule : rule.withVersion(document.version());
      }
      case RuleReading.Refused(List<Flaw> flaws) -> throw new IllegalArgumentException("rule " + document.rule() + ": "
          + String.join("; ", flaws.stream().map(f -> f.where() + ": " + f.what().en() + " " + f.mend().en()).toList()));
    };
  }

  private void withdraw(Control.Withdraw document) {
    engines.forEach((shard, engine) -> {
      engine.withdraw(document.rule(), document.at());
      changed.put(shard, true);
    });
    rules.remove(document.rule());
    documents.drop(document.key());
  }

  /** Takes a message: its readings in their order. */
  void accept(Message message) {
    if (message.refusal().length > 0) {
      String sample = message.refusal()[message.refusal().length - 1];
      for (int i = 0; i < message.refusal().length - 1; i++) refused.accept(message.refusal()[i], sample);
    }
    int count = message.things().length;
    if (count == 0) return;
    if (!ready()) {
      readingsHeld += count;
      if (readingsHeld > MOST_HELD) {
        throw new IllegalStateException("more than " + MOST_HELD + " readings came before the control topic said that it is ready; write {\"ready\": true} into it after the model, the rules and the things");
      }
      held.add(new Message(message.shard(), message.arrived(), message.newest(), message.things(), message.properties(), message.times(), message.values(), new String[0]));
      return;
    }
    Engine engine = engines.get(message.shard());
    if (engine != null) {
      changed.put(message.shard(), true);
      engine.advance(message.newest() - latenessMillis - 1);
    }
    Map<String, Said> said = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Observation o = new Observation(message.things()[i], message.properties()[i], message.times()[i], message.values()[i]);
      Fate fate = engine == null ? Fate.UNKNOWN : engine.accept(o);
      fates.merge(fate, 1L, Long::sum);
      if (fate == Fate.UNKNOWN) refused.accept("device " + o.thing() + " with property " + o.property() + " is not known by this key", o.toString());
      else if (!sources.isEmpty() && fate != Fate.FUTURE) say(said, o);
    }
    said.forEach((source, things) -> heard.accept(things.of(source, engine.clock() + latenessMillis + 1, message.shard())));
  }

  /** What things of one source have said in one message. */
  private record Said(List<String> things, List<Long> times) {
    Heard of(String source, long at, int shard) {
      return new Heard(source, at, shard, things.toArray(String[]::new), times.stream().mapToLong(Long::longValue).toArray());
    }
  }

  private void say(Map<String, Said> said, Observation o) {
    String source = things.get(o.thing()).thing().source();
    if (source.isEmpty()) return;
    Said all = said.computeIfAbsent(source, _ -> new Said(new ArrayList<>(), new ArrayList<>()));
    // The values of one reading say it once.
    if (!all.things().isEmpty() && all.things().getLast().equals(o.thing()) && all.times().getLast() == o.time()) return;
    all.things().add(o.thing());
    all.times().add(o.time());
  }

  /**
   * Tells the time of all partitions to those from which nothing comes but ticks. A partition that speaks has the time from its own messages; this one
   * stays as much behind as they may, so that it never is there before them, and what is decided hangs on the order within the partition alone.
   */
  void watermark(long time) {
    if (!ready()) return;
    engines.forEach((shard, engine) -> {
      engine.advance(time - latenessMillis);
      changed.put(shard, true);
    });
  }

  /** The documents it needs to begin again. */
  List<String> saveDocuments() {
    return documents.save();
  }

  void restoreDocuments(List<String> all) {
    documents.restore(all);
  }

  /** States of the engines that changed since this was last asked. */
  Map<Integer, byte[]> saveChanged() {
    Map<Integer, byte[]> states = new TreeMap<>();
    changed.keySet().forEach(shard -> states.put(shard, engines.get(shard).save()));
    changed.clear();
    return states;
  }

  void restore(int shard, byte[] state) {
    Engine engine = Engine.load(model, settings, decided, state);
    engines.put(shard, engine);
    engine.listThings().forEach(thing -> know(shard, thing));
  }

  List<Message> held() {
    return held;
  }

  /** @throws IllegalStateException where readings were held to the end, because {@link Control.Ready} never came */
  void finish() {
    if (!held.isEmpty()) throw new IllegalStateException(readingsHeld + " readings came, and never {\"ready\": true} in the control topic");
  }
}
