package io.citywide.sensing.internal.watching;

import io.citywide.sensing.internal.observations.Batch;
import io.citywide.sensing.internal.watching.Operation.Done;
import io.citywide.watch.Decision;
import io.citywide.watch.Engine;
import io.citywide.watch.RuleReader;
import io.citywide.watch.RuleReading;
import io.citywide.watch.Settings;
import io.citywide.watch.Thing;
import io.citywide.watch.Words;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine, and what it has done since that was last written down. For one thread at a time.
 *
 * <p>Whatever reaches the engine is either a batch of the log or an {@link Operation}, each in its place; so the same batches and
 * operations after the same state give the same decisions.
 */
final class Room {

  /** The number of a series that the watch knows nothing of. */
  private static final Object NOTHING = new Object();

  private static final Logger log = LoggerFactory.getLogger(Room.class);

  private final Settings settings;
  private final long oldestMillis;
  private Model.Made model;
  private Engine engine;
  /** By the number of a series: its feed, {@link #NOTHING}, or {@code null} where nobody has asked yet. */
  private Object[] feeds = new Object[1024];
  private long position;
  private long operations;
  private List<Done> unsaved = new ArrayList<>();
  private List<Decision> decided = new ArrayList<>();
  private boolean bindAnew;
  private boolean faultSaid;

  /** @param state {@code null}: begins with nothing */
  Room(Settings settings, long oldestMillis, Model.Made model, long position, long operations, byte[] state) {
    this.settings = settings;
    this.oldestMillis = oldestMillis;
    this.model = model;
    this.position = position;
    this.operations = operations;
    engine = state == null ? new Engine(model.model(), settings, this::decide) : Engine.load(model.model(), settings, this::decide, state);
  }

  private void decide(Decision decision) {
    decided.add(decision);
  }

  long position() {
    return position;
  }

  long operations() {
    return operations;
  }

  int decidedCount() {
    return decided.size();
  }

  int unsavedCount() {
    return unsaved.size();
  }

  Engine engine() {
    return engine;
  }

  Model.Made model() {
    return model;
  }

  /** What was decided since the last call. */
  List<Decision> takeDecided() {
    List<Decision> taken = decided;
    decided = new ArrayList<>();
    return taken;
  }

  /** What was done since the last call. */
  List<Done> takeUnsaved() {
    List<Done> taken = unsaved;
    unsaved = new ArrayList<>();
    return taken;
  }

  /** Does it now, for the first time. */
  void perform(Operation operation) {
    operations++;
    unsaved.add(new Done(operations, position, operation));
    apply(operation);
  }

  /** Does again what was done before the restart. */
  void repeat(Done done) {
    operations = done.number();
    bindAnew |= done.operation() instanceof Operation.Register;
    apply(done.operation());
  }

  private void apply(Operation operation) {
    switch (operation) {
      case Operation.Tick(long at) -> engine.advance(at);
      case Operation.Listen(long at) -> engine.listen(at);
      case Operation.Source(String id, long silentAfter, long at) -> engine.source(id, silentAfter, at);
      case Operation.Register(String thing, String type, String group, String area, String source, long at) -> {
        if (model.model().findType(type).isPresent()) {
          engine.register(new Thing(thing, type, group, area, source), at);
        }
      }
      case Operation.Forget(String thing, long at) -> {
        engine.forget(thing, at);
        bindAnew = true;
      }
      case Operation.Publish(String rule, int version, String document, long at) -> {
        switch (new RuleReader(model.model()).read(document)) {
          case RuleReading.Read(var read) -> engine.publish(read.withVersion(version), at);
          case RuleReading.Refused(var flaws) -> log.warn("rule {} version {} cannot be put to work: {} {}", rule, version, flaws.getFirst().where(), flaws.getFirst().what().en());
        }
      }
      case Operation.Withdraw(String rule, long at) -> engine.withdraw(rule, at);
      case Operation.End(String rule, String subject, long number, String en, String zh, long at) -> engine.end(rule, subject, number, at, new Words(en, zh));
    }
  }

  /** Series of a batch that nobody has asked for yet. */
  Set<Integer> unknown(Batch batch) {
    if (bindAnew) {
      unbindAll();
      bindAnew = false;
    }
    Set<Integer> unknown = null;
    for (int i = 0; i < batch.size(); i++) {
      int series = batch.series()[i];
      if (series >= feeds.length) {
        feeds = Arrays.copyOf(feeds, Math.max(series + 1, feeds.length * 2));
      }
      if (feeds[series] == null) {
        unknown = unknown == null ? new java.util.TreeSet<>() : unknown;
        unknown.add(series);
      }
    }
    return unknown == null ? Set.of() : unknown;
  }

  /** From now on a series is that of this property. */
  void bind(int series, String thing, String property) {
    Optional<Engine.Feed> feed = engine.findFeed(thing, property);
    feeds[series] = feed.isPresent() ? feed.get() : NOTHING;
  }

  void bindNothing(int series) {
    feeds[series] = NOTHING;
  }

  /** Asks anew whose the series are. */
  void unbind(int[] series) {
    for (int s : series) {
      if (s >= 0 && s < feeds.length) {
        feeds[s] = null;
      }
    }
  }

  void unbindAll() {
    Arrays.fill(feeds, null);
  }

  /** Judges a batch whose series are all bound. */
  void take(long number, Batch batch) {
    long oldest = batch.arrivedAt() - oldestMillis;
    for (int i = 0; i < batch.size(); i++) {
      if (batch.time()[i] >= oldest && feeds[batch.series()[i]] instanceof Engine.Feed feed) {
        try {
          engine.accept(feed, batch.time()[i], batch.value()[i]);
        } catch (RuntimeException e) {
          // One value that the engine cannot bear must not stop all others for good.
          if (!faultSaid) {
            log.error("the watch failed on a value of series {}; it goes on with the next", batch.series()[i], e);
          }
          faultSaid = true;
        }
      }
    }
    position = number;
  }

  /** Goes on with other types; what it knows stays. @throws IllegalArgumentException where a rule or a device needs what they have no more */
  void change(Model.Made fresh) {
    engine = Engine.load(fresh.model(), settings, this::decide, engine.save());
    model = fresh;
    unbindAll();
  }

  byte[] save() {
    return engine.save();
  }
}
