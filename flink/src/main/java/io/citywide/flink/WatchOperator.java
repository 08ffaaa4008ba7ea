package io.citywide.flink;

import io.citywide.watch.Decision;
import io.citywide.watch.Fate;
import io.citywide.watch.Settings;
import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.AbstractKeyedStateBackend;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Runs the {@link Engines} of a worker: first input the messages by shard, second the control documents, broadcast. Engines live
 * in memory; a checkpoint puts those that changed into the keyed state of their shard, the documents into broadcast state. An
 * operator and not a function, since it moves all its keys by the watermark and saves them at the barrier.
 */
final class WatchOperator extends AbstractStreamOperator<Line> implements TwoInputStreamOperator<Message, String, Line> {
  static final OutputTag<Line> REFUSED = new OutputTag<>("refused", TypeInformation.of(Line.class));
  /** Which things of watched sources have spoken; for {@link SourceOperator}. */
  static final OutputTag<Heard> HEARD = new OutputTag<>("heard", TypeInformation.of(Heard.class));

  /**
   * How engines judge.
   *
   * @param shards partitions of the observations
   * @param zone name of the time zone
   */
  record Manner(int shards, long latenessMillis, String zone) implements Serializable {
    /** How far ahead a value may be was decided where it came in, against the clock of Kafka: the watermark may lag behind for other reasons. */
    Settings settings() {
      return new Settings(Duration.ofMillis(latenessMillis), Duration.ofDays(366_000), Settings.DEFAULT.valuesKept(), ZoneId.of(zone));
    }
  }

  private final Manner manner;

  private transient Shards keys;
  private transient Engines engines;
  private transient KeyedStateBackend<Integer> backend;
  private transient ValueState<byte[]> states;
  private transient ListState<Message> held;
  private transient BroadcastState<Integer, String> documents;
  private transient Counter refusals;
  private transient Counter decisions;
  private transient boolean documentsChanged;
  /** The last of the time that was not passed on, since nothing was judged yet. */
  private transient Watermark kept;

  WatchOperator(Manner manner) {
    this.manner = manner;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    keys = new Shards(manner.shards());
    backend = getKeyedStateBackend();
    KeyGroupRange range = ((AbstractKeyedStateBackend<Integer>) backend).getKeyGroupRange();
    decisions = metrics.counter("watchDecisions");
    refusals = metrics.counter("watchRefusals");
    engines = new Engines(manner.shards(), range::contains, manner.settings(), this::decide, heard -> output.collect(HEARD, new StreamRecord<>(heard)), this::refuse);
    for (Fate fate : Fate.values()) metrics.<Long, Gauge<Long>>gauge("watchReadings" + camel(fate), () -> engines.count(fate));
    ValueStateDescriptor<byte[]> stateOf = new ValueStateDescriptor<>("engine", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    states = backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, stateOf);
    ListStateDescriptor<Message> heldOf = new ListStateDescriptor<>("held", TypeInformation.of(Message.class));
    held = backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, heldOf);
    documents = getOperatorStateBackend().getBroadcastState(new MapStateDescriptor<>("documents", Types.INT, Types.STRING));
    if (context.isRestored()) restore();
  }

  private void restore() throws Exception {
    Map<Integer, String> all = new TreeMap<>();
    documents.entries().forEach(e -> all.put(e.getKey(), e.getValue()));
    engines.restoreDocuments(List.copyOf(all.values()));
    for (int key : keysOf("engine")) {
      setCurrentKey(key);
      engines.restore(shardOf(key), states.value());
    }
    for (int key : keysOf("held")) {
      setCurrentKey(key);
      for (Message message : held.get()) engines.accept(message);
    }
  }

  private List<Integer> keysOf(String state) {
    return backend.getKeys(state, VoidNamespace.INSTANCE).sorted().toList();
  }

  private int shardOf(int key) {
    return KeyGroupRangeAssignment.assignToKeyGroup(key, manner.shards());
  }

  private static String camel(Fate fate) {
    StringBuilder name = new StringBuilder();
    for (String word : fate.name().split("_")) name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    return name.toString();
  }

  private void decide(Decision decision) {
    decisions.inc();
    output.collect(new StreamRecord<>(DecisionLine.of(decision)));
  }

  private void refuse(String why, String what) {
    refusals.inc();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("why", why);
    json.put("what", what);
    output.collect(REFUSED, new StreamRecord<>(new Line("", Control.JSON.writeValueAsString(json))));
  }

  @Override
  public void processElement1(StreamRecord<Message> element) {
    engines.accept(element.getValue());
  }

  @Override
  public void processElement2(StreamRecord<String> element) {
    try {
      engines.control(Control.read(element.getValue()));
      documentsChanged = true;
    } catch (IllegalArgumentException e) {
      refuse(e.getMessage(), element.getValue());
    }
    if (kept != null && engines.ready()) {
      output.emitWatermark(kept);
      kept = null;
    }
  }

  /** Event time is that of the observations alone. That there will be no more of them (the last watermark) does not say that time went on. */
  @Override
  public void processWatermark1(Watermark mark) {
    if (mark.getTimestamp() != Long.MAX_VALUE) engines.watermark(mark.getTimestamp());
    // Messages that are held have not told yet who spoke.
    if (engines.ready()) output.emitWatermark(mark);
    else kept = mark;
  }

  @Override
  public void processWatermark2(Watermark mark) {
    // A control document moves no time.
  }

  @Override
  public void finish() throws Exception {
    engines.finish();
    super.finish();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    for (Map.Entry<Integer, byte[]> changed : engines.saveChanged().entrySet()) {
      setCurrentKey(keys.key(changed.getKey()));
      states.update(changed.getValue());
    }
    for (int key : keysOf("held")) {
      setCurrentKey(key);
      held.clear();
    }
    for (Message message : new ArrayList<>(engines.held())) {
      setCurrentKey(keys.key(message.shard()));
      held.add(message);
    }
    if (!documentsChanged) return;
    documentsChanged = false;
    documents.clear();
    int at = 0;
    for (String document : engines.saveDocuments()) documents.put(at++, document);
  }
}
