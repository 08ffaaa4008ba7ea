package io.citywide.watch;

import io.citywide.watch.Rule.From;
import io.citywide.watch.Rule.Input;
import io.citywide.watch.Rule.Measure;
import io.citywide.watch.Rule.Per;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Decides, in event time. The same calls in the same order give the same decisions, on every machine; what it decides of
 * one subject depends only on the values of this subject (and of what lies near, where a rule reads it) and on
 * {@link #advance}. For one thread; many engines share the subjects among them, all things of a group in one.
 */
public final class Engine {
  private static final Words UNWATCHED = new Words("The rule does not watch this any more", "规则不再监测该对象");

  final ThingModel model;
  private final Settings settings;
  private final long lateness;
  final Consumer<Decision> sink;
  final Map<String, Station> stations = new LinkedHashMap<>();
  /** How many things of each group are known. */
  private final Map<String, Integer> members = new HashMap<>();
  final Map<String, Lifeline> sources = new LinkedHashMap<>();
  final Map<String, Running> running = new LinkedHashMap<>();
  /** Of watches that are gone: the number of their last warning, by rule and subject. */
  final Map<String, Map<String, Long>> numbers = new LinkedHashMap<>();
  private final PriorityQueue<Turn> turns =
      new PriorityQueue<>(Comparator.comparingLong(Turn::at).thenComparing(t -> t.of().rule()).thenComparing(t -> t.of().subject()));
  long clock = Long.MIN_VALUE;
  private long epoch;
  /** Numbers of warnings up to this one may have been given away by an engine of which nothing is known. */
  long base;
  /** Bytes of the state when it was last asked for. */
  private int saved;

  private record Turn(long at, Due of) {}

  /** A thing with its series, each at the place of its property among those of the type; {@code null} until it is asked for. */
  record Station(Thing thing, ThingModel.Type type, Lifeline life, Lifeline source, Series[] series) {}

  /** A way in for the values of one property of one thing, without asking for their names each time. Good until the thing is forgotten. */
  public abstract static sealed class Feed permits Series {
    Feed() {}
  }

  /** A rule at work. */
  record Running(Plan plan, Map<String, Watch> watches, Map<String, Stream> nearby) {}

  /** @param sink is told each decision, in order, before the call that caused it returns */
  public Engine(ThingModel model, Settings settings, Consumer<Decision> sink) {
    this.model = model;
    this.settings = settings;
    lateness = settings.lateness().toMillis();
    this.sink = sink;
  }

  /**
   * Watches a source: it is silent when none of its things has said anything for {@code silentAfter} milliseconds. While
   * it is, its things that fall silent are counted, not announced; so give it less time than its things. One that is watched
   * already is given the new time.
   *
   * @throws IllegalArgumentException where the time is not positive
   */
  public void source(String id, long silentAfter, long at) {
    if (silentAfter <= 0) throw new IllegalArgumentException("silentAfter of source " + id + " must be positive, was " + silentAfter);
    Lifeline line = sources.get(id);
    if (line == null) {
      line = new Lifeline(id, "source", "数据源", silentAfter, at, null, sink);
      line.numberFrom(base);
      sources.put(id, line);
    } else {
      line.allow(silentAfter);
    }
    queue(line);
  }

  /**
   * Somebody listens from this time on, and nobody did for a while before: no source and no thing is silent, and no value missing, before its
   * time has passed since then. What is silent or missing already stays so.
   */
  public void listen(long from) {
    for (Lifeline source : sources.values()) source.listen(from);
    for (Station station : stations.values()) station.life().listen(from);
    for (Running rule : running.values()) {
      for (Watch watch : rule.watches().values()) watch.listen(from);
    }
  }

  /**
   * Makes a thing known. From this time on it is expected to speak. A thing already known is left as it is.
   *
   * @throws IllegalArgumentException where its type is not in the model
   */
  public void register(Thing thing, long at) {
    if (stations.containsKey(thing.id())) return;
    Station station = station(thing, at);
    queue(station.life());
    for (Running rule : running.values()) {
      if (waitsForSilence(rule.plan())) watch(rule, thing, at);
    }
  }

  Station station(Thing thing, long at) {
    ThingModel.Type type = model.findType(thing.type()).orElseThrow(() -> new IllegalArgumentException("thing " + thing.id() + " is of unknown type " + thing.type()));
    Lifeline source = sources.get(thing.source());
    Lifeline life = new Lifeline(thing.id(), "thing", "设备", type.silentAfter().toMillis(), at, source, sink);
    Station station = new Station(thing, type, life, source, new Series[type.properties().size()]);
    life.numberFrom(lastNumber(Lifeline.RULE, thing.id()));
    stations.put(thing.id(), station);
    if (!thing.group().isEmpty()) members.merge(thing.group(), 1, Integer::sum);
    return station;
  }

  /** Lets go of a thing: its live warnings end, those of its group when nothing else of the group is known. */
  public void forget(String id, long at) {
    Station station = stations.remove(id);
    if (station == null) return;
    station.life().end(at, UNWATCHED);
    station.life().due = Due.NEVER;
    keepNumber(Lifeline.RULE, id, station.life().number());
    String group = station.thing().group();
    boolean alone = !group.isEmpty() && members.merge(group, -1, (a, b) -> a + b == 0 ? null : a + b) == null;
    for (Running rule : running.values()) {
      boolean perThing = rule.plan().rule.per() == Per.THING;
      Watch watch = perThing ? rule.watches().remove(id) : alone ? rule.watches().remove(group) : null;
      if (watch != null) retire(watch, at);
    }
  }

  /** All things it knows. */
  public List<Thing> listThings() {
    return stations.values().stream().map(Station::thing).toList();
  }

  /** The thing as it was registered. */
  public Optional<Thing> findThing(String id) {
    return Optional.ofNullable(stations.get(id)).map(Station::thing);
  }

  /** The rules at work. */
  public List<Rule> listRules() {
    return running.values().stream().map(r -> r.plan().rule).toList();
  }

  /** The first warning of each rule and subject of which nothing is known has a number above this one. */
  public void numberAfter(long last) {
    base = last;
  }

  /** When something is due next; {@link Long#MAX_VALUE}: nothing is. */
  public long nextDue() {
    return turns.isEmpty() ? Due.NEVER : turns.peek().at();
  }

  void keepNumber(String rule, String subject, long number) {
    if (number > base) numbers.computeIfAbsent(rule, r -> new LinkedHashMap<>()).put(subject, number);
  }

  private long lastNumber(String rule, String subject) {
    Map<String, Long> bySubject = numbers.get(rule);
    Long last = bySubject == null ? null : bySubject.remove(subject);
    return last == null ? base : last;
  }

  /**
   * Puts a rule to work, or in place of the one of the same id: inputs that are the same keep their values, grades that
   * are the same how long they hold, live warnings live on and are judged anew at {@code at}.
   *
   * @throws IllegalArgumentException where the rule was not made by a {@link RuleReader} and does not compile
   */
  public void publish(Rule rule, long at) {
    Running before = running.get(rule.id());
    Running after = new Running(Plan.of(rule), new LinkedHashMap<>(), new LinkedHashMap<>());
    running.put(rule.id(), after);
    epoch++;
    if (before != null) replace(before, after, at);
    if (!waitsForSilence(after.plan())) return;
    for (Station station : stations.values()) watch(after, station.thing(), at);
  }

  /** Takes a rule away; its live warnings end. */
  public void withdraw(String rule, long at) {
    Running gone = running.remove(rule);
    epoch++;
    if (gone != null) gone.watches().values().forEach(w -> retire(w, at));
  }

  private void retire(Watch watch, long at) {
    watch.end(at, UNWATCHED);
    keepNumber(watch.plan.rule.id(), watch.subject, watch.number());
    watch.due = Due.NEVER;
  }

  private void replace(Running before, Running after, long at) {
    List<Input> inputs = after.plan().rule.inputs();
    for (Map.Entry<String, Stream> old : before.nearby().entrySet()) {
      int cut = old.getKey().indexOf('/');
      Input was = before.plan().rule.inputs().get(Integer.parseInt(old.getKey().substring(0, cut)));
      for (int i = 0; i < inputs.size(); i++) {
        if (same(inputs.get(i), was)) stream(after.plan(), i, old.getValue().heard(), after.nearby(), i + old.getKey().substring(cut)).inherit(old.getValue());
      }
    }
    boolean sameSubjects = before.plan().rule.per() == after.plan().rule.per();
    for (Watch old : before.watches().values()) {
      Thing thing = new Thing(old.subject, after.plan().rule.type(), old.texts()[1], old.texts()[2], "");
      boolean stays = sameSubjects && before.plan().rule.type().equals(after.plan().rule.type()) && covers(after.plan().rule, thing);
      if (!stays) {
        retire(old, at);
        continue;
      }
      Watch watch = create(after, thing, at);
      for (int i = 0; i < inputs.size(); i++) {
        if (inputs.get(i).from() != From.SUBJECT) continue;
        for (int j = 0; j < old.streams.length; j++) {
          if (same(inputs.get(i), before.plan().rule.inputs().get(j))) watch.streams[i].inherit(old.streams[j]);
        }
      }
      watch.inherit(old);
      old.due = Due.NEVER;
      watch.look(at);
      queue(watch);
    }
  }

  static boolean same(Input a, Input b) {
    return a.type().equals(b.type()) && a.property().equals(b.property()) && a.from() == b.from();
  }

  /** Takes in one value: first whatever was due before it, then the value. */
  public Fate accept(Observation o) {
    Station station = stations.get(o.thing());
    Series series = station == null ? null : series(station, o.property());
    return series == null ? Fate.UNKNOWN : accept(series, o.time(), o.value());
  }

  /** The way in for this property of this thing; empty where one of them is not known. */
  public Optional<Feed> findFeed(String thing, String property) {
    Station station = stations.get(thing);
    Series series = station == null ? null : series(station, property);
    return Optional.ofNullable(series);
  }

  /** As {@link #accept(Observation)}. */
  public Fate accept(Feed feed, long time, double value) {
    return accept((Series) feed, time, value);
  }

  Series series(Station station, String name) {
    int place = station.type().placeOf(name);
    return place < 0 ? null : seriesAt(station, place);
  }

  private static Series seriesAt(Station station, int place) {
    Series known = station.series()[place];
    if (known != null) return known;
    Series series = new Series(station, station.type().properties().get(place));
    station.series()[place] = series;
    return series;
  }

  private Fate accept(Series series, long time, double value) {
    Station station = series.station;
    if (clock != Long.MIN_VALUE && time - clock > settings.ahead().toMillis()) return Fate.FUTURE;
    if (series.epoch != epoch) route(station, series, time);
    hear(station, time);
    Fate fate = value >= series.property.low() && value <= series.property.high() ? series.fate(time, lateness) : Fate.OUT_OF_RANGE;
    if (fate == Fate.LATE || fate == Fate.DUPLICATE) return fate;
    for (Watch watch : series.wakes) {
      while (watch.due < time) watch.look(watch.due);
    }
    for (Stream stream : series.feeds) {
      if (fate == Fate.OUT_OF_RANGE) stream.hear(time);
      else stream.add(time, value);
    }
    for (Watch watch : series.wakes) {
      watch.look(time);
      queue(watch);
    }
    return fate;
  }

  /** A thing has spoken, whatever it said; nothing where it is not known. For an engine that watches silence alone. */
  public void hear(String thing, long time) {
    Station station = stations.get(thing);
    if (station != null) hear(station, time);
  }

  private void hear(Station station, long time) {
    if (station.source() != null) {
      station.source().hear(time);
      queue(station.source());
    }
    station.life().hear(time);
    queue(station.life());
  }

  /** The latest time to which {@link #advance} came; {@link Long#MIN_VALUE} before. */
  public long clock() {
    return clock;
  }

  /** Lets the time come to {@code time}, milliseconds since 1970 UTC: everything due by then is decided, in order. */
  public void advance(long time) {
    clock = Math.max(clock, time);
    while (!turns.isEmpty() && turns.peek().at() <= time) {
      Turn turn = turns.poll();
      Due of = turn.of();
      if (of.queuedAt != turn.at()) continue;
      of.queuedAt = Due.NEVER;
      if (of.due == turn.at()) of.fire(turn.at());
      queue(of);
    }
  }

  void queue(Due of) {
    if (of.due < of.queuedAt) {
      of.queuedAt = of.due;
      turns.add(new Turn(of.due, of));
    }
  }

  /**
   * A person ends a live warning, or what was said of the silence of a thing or a source.
   *
   * @param number of the warning
   * @return whether it was live
   */
  public boolean end(String rule, String subject, long number, long at, Words why) {
    if (rule.equals(Lifeline.RULE)) {
      Station station = stations.get(subject);
      Lifeline line = station != null ? station.life() : sources.get(subject);
      return line != null && line.number() == number && line.end(at, why);
    }
    Running found = running.get(rule);
    Watch watch = found == null ? null : found.watches().get(subject);
    return watch != null && watch.number() == number && end(rule, subject, at, why);
  }

  /** A person ends a live warning, whatever its number. @return whether there was one */
  public boolean end(String rule, String subject, long at, Words why) {
    Running found = running.get(rule);
    Watch watch = found == null ? null : found.watches().get(subject);
    if (watch == null || !watch.end(at, why)) return false;
    queue(watch);
    return true;
  }

  /** All live warnings, by rule and then in the order in which their subjects were first seen. */
  public List<Live> listLive() {
    List<Live> live = new ArrayList<>();
    for (Running rule : running.values()) {
      for (Watch watch : rule.watches().values()) {
        if (watch.live() != null) live.add(watch.describe());
      }
    }
    return live;
  }

  private static boolean waitsForSilence(Plan plan) {
    return plan.rule.windows().stream().anyMatch(w -> w.measure() == Measure.MISSING);
  }

  private static boolean covers(Rule rule, Thing thing) {
    return (rule.per() == Per.THING || !thing.group().isEmpty())
        && (rule.group().isEmpty() || rule.group().equals(thing.group())) && thing.area().startsWith(rule.areaPrefix());
  }

  private void route(Station station, Series series, long at) {
    List<Stream> feeds = new ArrayList<>();
    List<Watch> wakes = new ArrayList<>();
    Thing thing = station.thing();
    for (Running rule : running.values()) {
      List<Input> inputs = rule.plan().rule.inputs();
      for (int i = 0; i < inputs.size(); i++) {
        Input input = inputs.get(i);
        if (!input.type().equals(thing.type()) || !input.property().equals(series.property.name())) continue;
        if (input.from() == From.SUBJECT) {
          if (!covers(rule.plan().rule, thing)) continue;
          Watch watch = watch(rule, thing, at);
          feeds.add(watch.streams[i]);
          if (!wakes.contains(watch)) wakes.add(watch);
        } else {
          String scope = input.from() == From.GROUP ? thing.group() : thing.area();
          if (!scope.isEmpty()) feeds.add(stream(rule.plan(), i, at, rule.nearby(), i + "/" + scope));
        }
      }
    }
    series.lead(feeds, wakes, epoch);
  }

  /** The watch of a rule on this thing or its group, made if need be; {@code null} where the rule does not cover it. */
  private Watch watch(Running rule, Thing thing, long at) {
    Rule document = rule.plan().rule;
    if (!covers(document, thing) || document.inputs().stream().noneMatch(i -> i.from() == From.SUBJECT && i.type().equals(thing.type()))) return null;
    Watch known = rule.watches().get(document.per() == Per.THING ? thing.id() : thing.group());
    if (known != null) return known;
    Watch watch = create(rule, thing, at);
    if (waitsForSilence(rule.plan())) {
      watch.look(at);
      queue(watch);
    }
    return watch;
  }

  Watch create(Running rule, Thing thing, long at) {
    Plan plan = rule.plan();
    List<Input> inputs = plan.rule.inputs();
    Stream[] streams = new Stream[inputs.size()];
    for (int i = 0; i < streams.length; i++) {
      streams[i] = switch (inputs.get(i).from()) {
        case SUBJECT -> new Stream(plan.windowsOf.get(i), settings.valuesKept(), at);
        case GROUP -> stream(plan, i, at, rule.nearby(), i + "/" + thing.group());
        case AREA -> stream(plan, i, at, rule.nearby(), i + "/" + thing.area());
      };
    }
    String subject = plan.rule.per() == Per.THING ? thing.id() : thing.group();
    Watch watch = new Watch(plan, subject, new String[] {thing.id(), thing.group(), thing.area()}, streams, settings, sink);
    watch.numberFrom(lastNumber(plan.rule.id(), subject));
    rule.watches().put(subject, watch);
    return watch;
  }

  Stream stream(Plan plan, int input, long at, Map<String, Stream> among, String key) {
    return among.computeIfAbsent(key, k -> new Stream(plan.windowsOf.get(input), settings.valuesKept(), at));
  }

  /** Everything it knows: things, rules, windows, live warnings. An engine made of it by {@link #load} goes on as this one. */
  public byte[] save() {
    byte[] state = EngineState.write(this, saved + saved / 8 + 1024);
    saved = state.length;
    return state;
  }

  /**
   * Goes on from what {@link #save} gave.
   *
   * @throws IllegalArgumentException where the bytes are not of an engine, or the model has lost a type or a property that a rule or a thing needs
   */
  public static Engine load(ThingModel model, Settings settings, Consumer<Decision> sink, byte[] bytes) {
    Engine engine = new Engine(model, settings, sink);
    EngineState.read(engine, bytes);
    return engine;
  }
}
