package io.citywide.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.flink.local.Sample;
import io.citywide.watch.DaysOff;
import io.citywide.watch.Decision;
import io.citywide.watch.Fate;
import io.citywide.watch.Settings;
import io.citywide.watch.Thing;
import io.citywide.watch.ThingModel;
import io.citywide.watch.Words;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Engines that share the shards among them decide as one engine does. */
class EnginesTest {
  private static final int SHARDS = 8;
  private static final Settings SETTINGS = new Settings(Settings.DEFAULT.lateness(), Duration.ofDays(366_000), Settings.DEFAULT.valuesKept(), Settings.DEFAULT.zone());
  private final ObservationReader reader = new ObservationReader(SHARDS, 300_000);
  private final List<Decision> decisions = new ArrayList<>();
  private final List<String> refusals = new ArrayList<>();
  private List<Sources> sources = List.of(sources(0, 1));

  /** Tells {@link #sources} of who has spoken. */
  private Engines worker(int number, int of) {
    return new Engines(SHARDS, shard -> shard % of == number, SETTINGS, decisions::add, heard -> sources.get(worker(heard.source(), sources.size())).accept(heard), (why, _) -> refusals.add(why));
  }

  private static int worker(String source, int of) {
    return Math.floorMod(source.hashCode(), of);
  }

  private Sources sources(int number, int of) {
    return new Sources(source -> worker(source, of) == number, SETTINGS, decisions::add);
  }

  private static Map<String, List<String>> bySubject(List<Decision> decisions) {
    Map<String, List<String>> sorted = new TreeMap<>();
    decisions.forEach(d -> sorted.computeIfAbsent(d.rule() + "/" + d.subject(), _ -> new ArrayList<>()).add(DecisionLine.of(d).value()));
    return sorted;
  }

  private Message message(Sample.Batch batch) {
    return reader.read(Shards.of(batch.route(), SHARDS), batch.arrived(), batch.json());
  }

  @Test
  void workersThatAreSavedAndMovedDecideWhatOneEngineDecides() {
    Sample sample = new Sample(6, 10, 600, 7);
    SplittableRandom random = new SplittableRandom(8);
    List<Engines> workers = new ArrayList<>(List.of(worker(0, 1)));
    Map<Integer, byte[]> states = new HashMap<>();
    Map<String, byte[]> sourceStates = new HashMap<>();
    Map<Integer, Long> newest = new HashMap<>();
    sample.control().forEach(workers.getFirst()::control);
    sample.control().forEach(sources.getFirst()::control);
    sample.send((second, batch) -> {
      Message message = message(batch);
      newest.merge(message.shard(), message.newest(), Math::max);
      workers.get(message.shard() % workers.size()).accept(message);
      // Each worker hears of the time at its own moments.
      workers.forEach(w -> {
        if (random.nextInt(20) == 0) w.watermark(batch.arrived() - 61_001);
      });
      // What every partition has come to, less lateness.
      if (second > 60) {
        sources.forEach(s -> {
          if (random.nextInt(20) == 0) s.watermark(Collections.min(newest.values()) - 60_001);
        });
      }
      if (random.nextInt(900) != 0) return;
      List<String> documents = workers.getFirst().saveDocuments();
      workers.forEach(w -> states.putAll(w.saveChanged()));
      int count = random.nextInt(1, 4);
      workers.clear();
      for (int i = 0; i < count; i++) {
        Engines worker = worker(i, count);
        worker.restoreDocuments(documents);
        int number = i;
        states.forEach((shard, state) -> {
          if (shard % count == number) worker.restore(shard, state);
        });
        workers.add(worker);
      }
      List<String> sourceDocuments = sources.getFirst().saveDocuments();
      List<Heard> waiting = sources.stream().flatMap(s -> s.waiting().stream()).toList();
      sources.forEach(s -> sourceStates.putAll(s.saveChanged()));
      int parts = random.nextInt(1, 4);
      sources = new ArrayList<>();
      for (int i = 0; i < parts; i++) {
        Sources part = sources(i, parts);
        part.restoreDocuments(sourceDocuments);
        int number = i;
        sourceStates.forEach((source, state) -> {
          if (worker(source, parts) == number) part.restore(source, state);
        });
        sources.add(part);
      }
      waiting.forEach(heard -> sources.get(worker(heard.source(), parts)).accept(heard));
    });
    workers.forEach(w -> w.watermark(sample.end() - 60_001));
    sources.forEach(s -> s.watermark(sample.end() - 60_001));
    sources.forEach(s -> s.watermark(Long.MAX_VALUE));
    List<Decision> expected = sample.decide(SHARDS);
    assertThat(expected).hasSizeGreaterThan(100);
    assertThat(bySubject(decisions)).isEqualTo(bySubject(expected));
    assertThat(new HashSet<>(decisions.stream().map(DecisionLine::id).toList())).as("each has an id of its own").hasSameSizeAs(decisions);
    assertThat(refusals).isEmpty();
    List<Decision> ofHubs = expected.stream().filter(d -> d.subject().startsWith("@hub-")).toList();
    assertThat(ofHubs).extracting(Decision::kind).as("hubs fall silent and come back").contains(Decision.Kind.SILENT, Decision.Kind.HEARD);
    assertThat(ofHubs).as("with their things, which are not announced one by one").anyMatch(d -> d.values().getOrDefault("silentThings", 0.0) > 5);
    assertThat(expected).as("the day off counts").anyMatch(d -> d.rule().equals("on-a-day-off"));
  }

  @Test
  void holdsReadingsUntilItKnowsEverythingInWhateverOrderThatComes() {
    Sample sample = new Sample(2, 5, 400, 9);
    Engines worker = worker(0, 1);
    List<io.citywide.flink.Control> documents = new ArrayList<>(sample.control());
    documents.removeLast();
    Collections.shuffle(documents, new Random(1));
    sample.send((_, batch) -> worker.accept(message(batch)));
    documents.forEach(worker::control);
    documents.forEach(sources.getFirst()::control);
    assertThat(decisions).isEmpty();
    Engines after = worker(0, 1);
    after.restoreDocuments(worker.saveDocuments());
    worker.held().forEach(after::accept);
    after.control(new Control.Ready());
    after.watermark(sample.end() - 60_001);
    sources.getFirst().watermark(sample.end() - 60_001);
    assertThat(decisions).as("what is heard waits for the documents too").noneMatch(d -> d.subject().startsWith("@hub-"));
    sources.getFirst().control(new Control.Ready());
    assertThat(bySubject(decisions)).isEqualTo(bySubject(sample.decide(SHARDS)));
  }

  @Test
  void aRuleIsPutInPlaceTakenAwayAndItsWarningEndedByAPerson() {
    Engines worker = worker(0, 1);
    Thing thing = new Thing("d1", "box", "", "320102", "");
    worker.control(new Control.Model(List.of(new ThingModel.Type("box", List.of(new ThingModel.Property("x", "1", 0, 100)), Duration.ZERO))));
    worker.control(new Control.Register(thing, "320102", 0));
    worker.control(new Control.Ready());
    worker.control(new Control.Publish("high", 0, rule(50), 0));
    reading(worker, 1000, 60);
    worker.control(new Control.End("high", "d1", 1, 1500, new Words("seen to", "已处置")));
    reading(worker, 2000, 10);
    worker.control(new Control.Publish("high", 7, rule(5), 2500));
    worker.control(new Control.Withdraw("high", 3000));
    reading(worker, 4000, 60);
    assertThat(decisions.stream().map(d -> d.kind() + " " + d.at()).toList()).containsExactly("RAISED 1000", "ENDED 1500", "RAISED 2500", "ENDED 3000");
    assertThat(decisions.stream().map(Decision::version).toList()).containsExactly(1, 1, 7, 7);
    assertThat(refusals).isEmpty();
  }

  @Test
  void aThingThatMovesIsWatchedWhereItIsAndAGroupInTwoPlacesIsTold() {
    Engines worker = worker(0, 1);
    worker.control(new Control.Model(List.of(new ThingModel.Type("box", List.of(new ThingModel.Property("x", "1", 0, 100)), Duration.ZERO))));
    worker.control(new Control.Register(new Thing("d1", "box", "g", "320102", ""), "320102", 0));
    worker.control(new Control.Publish("high", 0, rule(50), 0));
    worker.control(new Control.Ready());
    reading(worker, 1000, 60);
    worker.control(new Control.Register(new Thing("d2", "box", "g", "320105", ""), "320105", 1500));
    assertThat(refusals).singleElement().asString().contains("group g come by different routes");
    worker.control(new Control.Register(new Thing("d1", "box", "g", "320105", ""), "320105", 2000));
    reading(worker, 3000, 60);
    assertThat(refusals).hasSize(2).last().asString().contains("d1").contains("not known by this key");
    worker.control(new Control.Forget("d2", 4000));
    assertThat(decisions.stream().map(d -> d.kind() + " " + d.at()).toList()).containsExactly("RAISED 1000", "ENDED 2000");
  }

  @Test
  void aSourceOfTwoPartitionsIsSilentWhenNobodyOfItSpeaksAndAPersonEndsThat() {
    Engines worker = worker(0, 1);
    Sources source = sources.getFirst();
    List<Control> documents = List.of(new Control.Model(List.of(new ThingModel.Type("box", List.of(new ThingModel.Property("x", "1", 0, 100)), Duration.ofMinutes(2)))),
        new Control.Register(new Thing("d1", "box", "", "320102", "@hub"), "320102", 0), new Control.Register(new Thing("d2", "box", "", "320105", "@hub"), "320105", 0),
        new Control.Register(new Thing("d3", "box", "", "320105", "@other"), "320105", 0), new Control.Source("@hub", 60_000, 0), new Control.Ready());
    documents.forEach(worker::control);
    documents.forEach(source::control);
    for (long time = 1_000; time <= 90_000; time += 1_000) spoken(worker, time, time < 50_000 ? "d1" : "d2", time < 50_000 ? "320102" : "320105");
    source.watermark(90_000 - 60_001);
    source.watermark(149_999);
    worker.watermark(400_000);
    assertThat(decisions).as("d1 is silent for long, but not its source; of d3 its source is not watched").singleElement()
        .matches(d -> d.kind() == Decision.Kind.SILENT && d.subject().equals("d3") && d.at() == 120_000);
    source.watermark(150_000);
    Decision silent = decisions.getLast();
    assertThat(silent.kind() + " " + silent.subject() + " " + silent.at()).isEqualTo("SILENT @hub 150000");
    source.watermark(300_000);
    assertThat(decisions).as("its things are silent with it").hasSize(2);
    source.control(new Control.End("silence", "@hub", silent.warning(), 310_000, new Words("seen to", "已处置")));
    spoken(worker, 400_000, "d1", "320102");
    source.watermark(400_000);
    assertThat(decisions.stream().skip(2).map(d -> d.kind() + " " + d.subject() + " " + d.at()).toList()).containsExactly("HEARD @hub 310000");
    assertThat(refusals).isEmpty();
  }

  private void spoken(Engines worker, long time, String device, String route) {
    worker.accept(reader.read(Shards.of(route, SHARDS), time, ("{\"device\":\"" + device + "\",\"time\":" + time + ",\"values\":{\"x\":1}}").getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theCalendarOfTheCityCounts() {
    Engines worker = worker(0, 1);
    worker.control(new Control.Model(List.of(new ThingModel.Type("box", List.of(new ThingModel.Property("x", "1", 0, 100)), Duration.ZERO))));
    worker.control(new Control.Register(new Thing("d1", "box", "", "320102", ""), "320102", 0));
    worker.control(new Control.Publish("high", 0, rule(50).replace("x > 50", "holiday && x > 50"), 0));
    worker.control(new Control.Ready());
    long thursday = Instant.parse("2026-10-01T02:00:00Z").toEpochMilli();
    reading(worker, thursday, 60);
    assertThat(decisions).isEmpty();
    worker.control(new Control.Calendar(new DaysOff(Set.of(LocalDate.of(2026, 10, 1)), Set.of(LocalDate.of(2026, 10, 10)))));
    Engines after = worker(0, 1);
    after.restoreDocuments(worker.saveDocuments());
    worker.saveChanged().forEach(after::restore);
    reading(after, thursday + 1000, 60);
    assertThat(decisions).singleElement().matches(d -> d.kind() == Decision.Kind.RAISED);
    reading(after, Instant.parse("2026-10-10T02:00:00Z").toEpochMilli(), 60);
    assertThat(decisions.getLast().kind()).as("people work on that Saturday").isEqualTo(Decision.Kind.ENDED);
  }

  private static String rule(int limit) {
    return "rule: high\nname: {zh: 高, en: High}\nwatch: {type: box}\ninputs: {x: x}\ngrades: {red: {when: \"x > " + limit + "\"}}\n";
  }

  private void reading(Engines worker, long time, double value) {
    worker.accept(reader.read(Shards.of("320102", SHARDS), time, ("{\"device\":\"d1\",\"values\":{\"x\":" + value + "}}").getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void refusesWhatItCannotTakeWithTheReasonAndGoesOn() {
    Engines worker = worker(0, 1);
    worker.control(new Control.Ready());
    worker.control(new Control.Publish("high", 0, rule(5), 0));
    worker.control(new Control.Model(List.of(new ThingModel.Type("box", List.of(new ThingModel.Property("x", "1", 0, 100)), Duration.ZERO))));
    worker.control(new Control.Register(new Thing("d1", "lift", "", "", ""), "320102", 0));
    worker.control(new Control.Publish("low", 0, rule(5), 0));
    worker.control(new Control.Publish("high", 0, rule(5).replace("x >", "z >"), 0));
    reading(worker, 1, 1);
    assertThat(refusals).hasSize(5);
    assertThat(refusals.get(0)).contains("before the model");
    assertThat(refusals.get(1)).isEqualTo("thing d1 is of unknown type lift");
    assertThat(refusals.get(2)).isEqualTo("the rule low calls itself high");
    assertThat(refusals.get(3)).contains("grades.red.when");
    assertThat(refusals.get(4)).contains("d1").contains("is not known");
    assertThat(worker.count(Fate.UNKNOWN)).isEqualTo(1);
  }

  @Test
  void everyShardIsOneKeyGroup() {
    Shards shards = new Shards(32);
    for (int i = 0; i < 32; i++) {
      assertThat(org.apache.flink.runtime.state.KeyGroupRangeAssignment.assignToKeyGroup(shards.key(i), 32)).isEqualTo(i);
    }
  }

  @Test
  void documentsAreReadAsTheyWereWritten() {
    for (Control document : new Sample(1, 1, 1, 1).control()) assertThat(Control.read(document.write())).isEqualTo(document);
    Control end = new Control.End("r", "s", 2, 5, new Words("a", "b"));
    assertThat(Control.read(end.write())).isEqualTo(end);
    Control model = new Control.Model(List.of(new ThingModel.Type("t", List.of(new ThingModel.Property("p", "1", Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)), Duration.ZERO)));
    assertThat(Control.read(model.write())).isEqualTo(model);
    for (String wrong : List.of("{\"calendar\":{\"off\":[\"1 October\"]}}", "{\"calendar\":{\"off\":[\"2026-10-01\"],\"worked\":[\"2026-10-01\"]}}",
        "{\"source\":\"@hub\",\"silentAfterMs\":0,\"at\":1}")) {
      assertThatThrownBy(() -> Control.read(wrong)).as(wrong).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
