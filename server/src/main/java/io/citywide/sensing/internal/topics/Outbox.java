package io.citywide.sensing.internal.topics;

import io.citywide.sensing.internal.sta.Change;
import io.citywide.sensing.internal.ways.MqttTree;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What waits to be told to one client: notes of some ten bytes, of which the payload is made when its turn has come. At most
 * {@value #MOST} wait, and of all clients {@value Crier#MOST_WAITING}; whoever is slower than what it listens to loses the oldest.
 */
final class Outbox {

  static final int MOST = 5_000;

  /** Something to be told of a subscription. */
  sealed interface Note {

    Subscription subscription();

    record OfEntity(Subscription subscription, Change change) implements Note {}

    /** @param newest later than all values of the series before it; else it is looked whether it stands */
    record OfValue(Subscription subscription, int series, long at, double value, boolean newest) implements Note {}
  }

  final MqttTree.Client client;
  /** By filter; only the client's turns use it. */
  final Map<String, Subscription> subscriptions = new HashMap<>();
  private final Crier crier;
  private final Deque<Note> waiting = new ArrayDeque<>(); // guarded by this
  private boolean telling; // guarded by this
  private boolean closed; // guarded by this

  Outbox(MqttTree.Client client, Crier crier) {
    this.client = client;
    this.crier = crier;
  }

  void add(Note note) {
    synchronized (this) {
      if (closed) {
        return;
      }
      if (waiting.size() >= MOST || !crier.hasRoom()) {
        crier.lost();
        if (waiting.poll() == null) {
          return;
        }
        crier.left(1);
      }
      waiting.add(note);
      crier.joined();
      if (telling) {
        return;
      }
      telling = true;
    }
    Thread.ofVirtual().name("mqtt-telling").start(this::tell);
  }

  synchronized void close() {
    closed = true;
    crier.left(waiting.size());
    waiting.clear();
  }

  private synchronized Note next() {
    Note note = waiting.poll();
    telling = note != null;
    if (telling) {
      crier.left(1);
    }
    return note;
  }

  private void tell() {
    for (Note note = next(); note != null; note = next()) {
      crier.tell(client, note);
    }
  }
}
