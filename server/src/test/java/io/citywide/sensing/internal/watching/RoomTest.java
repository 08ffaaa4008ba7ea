package io.citywide.sensing.internal.watching;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.sensing.internal.observations.Batch;
import io.citywide.sensing.internal.watching.Operation.Done;
import io.citywide.watch.Decision;
import io.citywide.watch.Settings;
import io.citywide.watch.ThingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Whatever is killed whenever: what was written down is decided again the same way, and nothing is missing or twice. */
class RoomTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int THINGS = 6;
  private static final Model.Made MODEL = new Model.Made(Map.of(), new ThingModel(List.of(
      new ThingModel.Type("box", List.of(new ThingModel.Property("x", "1", -100, 100)), Duration.ofSeconds(20)))));
  private static final String RULE = """
      rule: high
      name: {zh: 高, en: High}
      watch: {type: box}
      inputs: {x: x}
      windows: {avg: {avg: x, over: 5s}, gone: {missing: x, for: 8s}}
      learned: {moved: {change: x, learn: 10}}
      grades:
        blue: {when: gone}
        yellow: {when: "avg > 4", for: 2s, until: "avg < 3", quiet: 3s}
        red: {when: "x > 8 || moved > 1"}
      """;

  /** Something that happens: a batch of the log, or an operation. */
  private sealed interface Event {
    record Logged(Batch batch) implements Event {}

    record Operated(Operation operation) implements Event {}
  }

  private static List<Event> events(SplittableRandom random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < THINGS; i++) {
      events.add(new Event.Operated(new Operation.Source("@maker", 15_000, 0)));
      events.add(new Event.Operated(new Operation.Register("b" + i, "box", "", "3201", i % 2 == 0 ? "@maker" : "", 0)));
    }
    events.add(new Event.Operated(new Operation.Publish("high", 1, RULE, 0)));
    long time = 1000;
    for (int i = 0; i < 400; i++) {
      time += random.nextInt(2000);
      int roll = random.nextInt(20);
      if (roll < 12) {
        int size = random.nextInt(1, 8);
        int[] series = new int[size];
        long[] times = new long[size];
        double[] values = new double[size];
        for (int k = 0; k < size; k++) {
          series[k] = random.nextInt(THINGS);
          times[k] = time - random.nextInt(1500);
          values[k] = random.nextInt(0, 11);
        }
        events.add(new Event.Logged(new Batch(size, series, times, values, time)));
      } else {
        String thing = "b" + random.nextInt(THINGS);
        events.add(new Event.Operated(switch (roll) {
          case 12 -> new Operation.Forget(thing, time);
          case 13 -> new Operation.Register(thing, "box", "", "3202", "", time);
          case 14 -> new Operation.End("high", thing, random.nextInt(1, 4), "done", "已处置", time);
          case 15 -> new Operation.Publish("high", i, RULE.replace("avg > 4", "avg > " + random.nextInt(3, 6)), time);
          case 16 -> new Operation.Listen(time);
          default -> new Operation.Tick(time - 1000);
        }));
      }
    }
    return events;
  }

  private static Room room(long position, long operations, byte[] state) {
    return new Room(Settings.DEFAULT, 3_600_000, MODEL, position, operations, state);
  }

  private static void take(Room room, Batch batch) {
    for (int series : room.unknown(batch)) {
      room.bind(series, "b" + series, "x");
    }
    room.take(room.position() + 1, batch);
  }

  @Test
  void decidesTheSameWheneverItIsKilled() {
    for (int seed = 0; seed < 4; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Event> events = events(random);
      Room whole = room(0, 0, null);
      for (Event event : events) {
        switch (event) {
          case Event.Logged(Batch batch) -> take(whole, batch);
          case Event.Operated(Operation operation) -> {
            whole.perform(operation);
            whole.unbindAll();
          }
        }
      }
      List<Decision> right = whole.takeDecided();
      assertThat(right.size()).isGreaterThan(20);
      assertThat(killedNowAndThen(events, random)).as("seed " + seed).isEqualTo(right);
    }
  }

  /** The same events, with deaths in between; what a death took away happens again. */
  private static List<Decision> killedNowAndThen(List<Event> events, SplittableRandom random) {
    List<Batch> stored = events.stream().filter(Event.Logged.class::isInstance).map(e -> ((Event.Logged) e).batch()).toList();
    List<Decision> written = new ArrayList<>();
    List<Done> journal = new ArrayList<>();
    byte[] state = null;
    long statePosition = 0;
    long stateOperations = 0;
    int writtenEvents = 0;
    int at = 0;
    Room room = room(0, 0, null);
    while (at < events.size() || writtenEvents < at) {
      if (at < events.size()) {
        switch (events.get(at++)) {
          case Event.Logged(Batch batch) -> take(room, batch);
          case Event.Operated(Operation operation) -> {
            room.perform(operation);
            room.unbindAll();
          }
        }
      }
      int roll = at == events.size() ? 0 : random.nextInt(12);
      if (roll < 3) {
        written.addAll(room.takeDecided());
        journal.addAll(JSON.readValue(JSON.writeValueAsString(room.takeUnsaved()), new TypeReference<List<Done>>() {}));
        writtenEvents = at;
        if (roll == 1) {
          state = room.save();
          statePosition = room.position();
          stateOperations = room.operations();
          journal.clear();
        }
      } else if (roll == 3) {
        long position = events.subList(0, writtenEvents).stream().filter(Event.Logged.class::isInstance).count();
        room = room(statePosition, stateOperations, state);
        List<Done> again = new ArrayList<>(journal);
        while (true) {
          while (!again.isEmpty() && again.getFirst().after() <= room.position()) {
            room.repeat(again.removeFirst());
          }
          if (room.position() == position) {
            break;
          }
          take(room, stored.get((int) room.position()));
        }
        assertThat(again).isEmpty();
        List<Decision> repeated = room.takeDecided();
        assertThat(written.subList(written.size() - repeated.size(), written.size())).isEqualTo(repeated);
        room.unbindAll();
        at = writtenEvents;
      }
    }
    return written;
  }
}
