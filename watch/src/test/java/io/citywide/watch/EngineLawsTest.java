package io.citywide.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.watch.Decision.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Laws of the engine, tried on seeded random rules and streams. */
class EngineLawsTest {
  private static final int TRIES = 200;
  private final SplittableRandom random = new SplittableRandom(35965);

  private record Said(Kind kind, long warning, Grade from, Grade to, long at, Map<String, Double> values) {
    static List<Said> of(List<Decision> decisions) {
      return decisions.stream().map(d -> new Said(d.kind(), d.warning(), d.from(), d.to(), d.at(), d.values())).toList();
    }
  }

  private static Engine engine(Rule rule, List<Decision> into) {
    Engine engine = new Engine(Samples.MODEL, Samples.SETTINGS, into::add);
    engine.register(new Thing("d", "box", "320102"), 0);
    engine.publish(rule, 0);
    return engine;
  }

  @Test
  void itDecidesWhatOneWouldDecideWhoLooksAtEveryMillisecondAtEverything() {
    long decided = 0;
    for (int i = 0; i < TRIES; i++) {
      Rule rule = Samples.randomRule(random, "r" + i);
      List<Decision> decisions = new ArrayList<>();
      Engine engine = engine(rule, decisions);
      Naive naive = new Naive(rule, 10);
      List<Observation> stream = Samples.randomStream(random, 80);
      for (int k = 0; k < stream.size(); k++) {
        Observation o = stream.get(k);
        engine.accept(o);
        naive.accept(o.property(), o.time(), o.value());
        // Told of a time that nothing to come lies before.
        long told = stream.subList(k + 1, stream.size()).stream().mapToLong(Observation::time).min().orElse(0) - 1;
        if (random.nextInt(3) == 0 && told > 0) {
          engine.advance(told);
          naive.advance(told);
        }
      }
      engine.advance(3000);
      naive.advance(3000);
      assertThat(Said.of(decisions)).as(rule.text()).isEqualTo(Said.of(naive.decisions));
      decided += decisions.size();
    }
    assertThat(decided).as("the rules are not idle").isGreaterThan(TRIES);
  }

  @Test
  void oneWarningAtMostIsLiveUnderAnyOrderOfMessages() {
    for (int i = 0; i < TRIES; i++) {
      Rule rule = Samples.randomRule(random, "r" + i);
      List<Observation> stream = new ArrayList<>(Samples.randomStream(random, 60));
      stream.addAll(stream.subList(0, 30));
      Collections.shuffle(stream, new Random(i));
      List<Decision> decisions = new ArrayList<>();
      Engine engine = engine(rule, decisions);
      stream.forEach(engine::accept);
      engine.advance(3000);
      Grade live = null;
      long number = 0;
      long at = 0;
      for (Decision d : decisions) {
        assertThat(d.at()).isGreaterThanOrEqualTo(at);
        at = d.at();
        assertThat(d.from()).isEqualTo(live);
        if (d.kind() == Kind.HELD) continue;
        if (d.kind() == Kind.RAISED) assertThat(d.warning()).isEqualTo(++number);
        assertThat(d.warning()).isEqualTo(number);
        live = d.to();
      }
      assertThat(engine.listLive().stream().map(Live::grade).toList()).isEqualTo(live == null ? List.of() : List.of(live));
    }
  }

  @Test
  void theSameInputGivesTheSameDecisionsWithTheSameWords() {
    for (int i = 0; i < TRIES / 5; i++) {
      Rule rule = Samples.randomRule(random, "r" + i);
      List<Observation> stream = Samples.randomStream(random, 80);
      List<Decision> first = new ArrayList<>();
      List<Decision> second = new ArrayList<>();
      Engine a = engine(rule, first);
      Engine b = engine(rule, second);
      stream.forEach(a::accept);
      stream.forEach(b::accept);
      assertThat(first).isEqualTo(second);
    }
  }

  @Test
  void howOftenTimeIsToldChangesNothing() {
    for (int i = 0; i < TRIES / 5; i++) {
      Rule rule = Samples.randomRule(random, "r" + i);
      List<Observation> stream = Samples.randomStream(random, 60);
      List<Decision> once = new ArrayList<>();
      List<Decision> often = new ArrayList<>();
      Engine a = engine(rule, once);
      Engine b = engine(rule, often);
      stream.forEach(a::accept);
      stream.forEach(b::accept);
      a.advance(3000);
      for (long t = 0; t <= 3000; t += random.nextInt(1, 30)) b.advance(t);
      b.advance(3000);
      assertThat(once).isEqualTo(often);
    }
  }

  @Test
  void savingAndLoadingAtAnyPointChangesNothing() {
    for (int i = 0; i < TRIES / 5; i++) {
      Rule rule = Samples.randomRule(random, "r" + i);
      List<Decision> straight = new ArrayList<>();
      List<Decision> restarted = new ArrayList<>();
      Engine a = engine(rule, straight);
      Engine b = engine(rule, restarted);
      for (Observation o : Samples.randomStream(random, 60)) {
        Fate fate = a.accept(o);
        assertThat(b.accept(o)).isEqualTo(fate);
        if (random.nextInt(10) == 0) {
          a.advance(o.time() + 7);
          b.advance(o.time() + 7);
        }
        if (random.nextInt(12) == 0) {
          byte[] bytes = b.save();
          b = Engine.load(Samples.MODEL, Samples.SETTINGS, restarted::add, bytes);
          assertThat(b.save()).isEqualTo(bytes);
        }
        assertThat(b.listLive()).isEqualTo(a.listLive());
      }
      a.advance(3000);
      b.advance(3000);
      assertThat(restarted).isEqualTo(straight);
    }
  }

  @Test
  void publishingTheSameRuleAgainChangesNothing() {
    for (int i = 0; i < TRIES / 5; i++) {
      Rule rule = Samples.randomRule(random, "r" + i);
      List<Decision> straight = new ArrayList<>();
      List<Decision> replaced = new ArrayList<>();
      Engine a = engine(rule, straight);
      Engine b = engine(rule, replaced);
      for (Observation o : Samples.randomStream(random, 60)) {
        a.accept(o);
        b.accept(o);
        if (random.nextInt(12) == 0) b.publish(rule, o.time());
      }
      a.advance(3000);
      b.advance(3000);
      assertThat(Said.of(replaced)).as(rule.text()).isEqualTo(Said.of(straight));
    }
  }

  @Test
  void plainConditionsMeanWhatCelMeans() throws Exception {
    List<String> numbers = List.of("a", "b", "w");
    Map<String, Expressions.Name> names = new HashMap<>();
    for (String n : numbers) names.put(n, new Expressions.Name(Expressions.Kind.NUMBER, names.size()));
    names.put("f", new Expressions.Name(Expressions.Kind.FLAG, 3));
    Expressions expressions = new Expressions(names);
    for (int i = 0; i < 1000; i++) {
      String text = Samples.condition(random, numbers, List.of("f"), 3);
      Expressions.Compiled plain = expressions.compile(text);
      Condition cel = expressions.general(text);
      assertThat(plain.plain()).isTrue();
      for (int j = 0; j < 20; j++) {
        double[] v = new double[4];
        for (int k = 0; k < 3; k++) v[k] = random.nextInt(4) == 0 ? Double.NaN : random.nextInt(-2, 4);
        v[3] = random.nextInt(4) == 0 ? Double.NaN : random.nextInt(2);
        assertThat(plain.condition().test(v, null)).as("%s of %s", text, v).isEqualTo(cel.test(v, null));
      }
    }
  }
}
