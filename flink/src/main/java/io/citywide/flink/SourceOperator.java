package io.citywide.flink;

import io.citywide.watch.Settings;
import java.util.List;
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

/**
 * Runs the {@link Sources} of a worker: first input what was heard, by source, second the control documents, broadcast. Kept in checkpoints as
 * {@link WatchOperator} keeps its engines.
 */
final class SourceOperator extends AbstractStreamOperator<Line> implements TwoInputStreamOperator<Heard, String, Line> {
  private final WatchOperator.Manner manner;

  private transient Sources sources;
  private transient KeyedStateBackend<String> backend;
  private transient ValueState<byte[]> states;
  private transient ListState<Heard> waiting;
  private transient BroadcastState<Integer, String> documents;
  private transient boolean documentsChanged;

  SourceOperator(WatchOperator.Manner manner) {
    this.manner = manner;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    backend = getKeyedStateBackend();
    KeyGroupRange range = ((AbstractKeyedStateBackend<String>) backend).getKeyGroupRange();
    Counter decisions = metrics.counter("watchDecisions");
    Settings settings = manner.settings();
    sources = new Sources(source -> range.contains(KeyGroupRangeAssignment.assignToKeyGroup(source, manner.shards())), settings, decision -> {
      decisions.inc();
      output.collect(new StreamRecord<>(DecisionLine.of(decision)));
    });
    states = backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE,
        new ValueStateDescriptor<>("source", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    waiting = backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, new ListStateDescriptor<>("waiting", TypeInformation.of(Heard.class)));
    documents = getOperatorStateBackend().getBroadcastState(new MapStateDescriptor<>("documents", Types.INT, Types.STRING));
    if (context.isRestored()) restore();
  }

  private void restore() throws Exception {
    Map<Integer, String> all = new TreeMap<>();
    documents.entries().forEach(e -> all.put(e.getKey(), e.getValue()));
    sources.restoreDocuments(List.copyOf(all.values()));
    for (String source : keysOf("source")) {
      setCurrentKey(source);
      sources.restore(source, states.value());
    }
    for (String source : keysOf("waiting")) {
      setCurrentKey(source);
      for (Heard heard : waiting.get()) sources.accept(heard);
    }
  }

  private List<String> keysOf(String state) {
    return backend.getKeys(state, VoidNamespace.INSTANCE).sorted().toList();
  }

  @Override
  public void processElement1(StreamRecord<Heard> element) {
    sources.accept(element.getValue());
  }

  @Override
  public void processElement2(StreamRecord<String> element) {
    try {
      sources.control(Control.read(element.getValue()));
      documentsChanged = true;
    } catch (IllegalArgumentException e) {
      // The operator of the engines reads it too, and says why it is refused.
      LOG.debug("a control document is refused", e);
    }
  }

  @Override
  public void processWatermark1(Watermark mark) {
    sources.watermark(mark.getTimestamp());
    output.emitWatermark(mark);
  }

  @Override
  public void processWatermark2(Watermark mark) {
    // A control document moves no time.
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    for (Map.Entry<String, byte[]> changed : sources.saveChanged().entrySet()) {
      setCurrentKey(changed.getKey());
      states.update(changed.getValue());
    }
    for (String source : keysOf("waiting")) {
      setCurrentKey(source);
      waiting.clear();
    }
    for (Heard heard : sources.waiting()) {
      setCurrentKey(heard.source());
      waiting.add(heard);
    }
    if (!documentsChanged) return;
    documentsChanged = false;
    documents.clear();
    int at = 0;
    for (String document : sources.saveDocuments()) documents.put(at++, document);
  }
}
