package io.citywide.sensing.internal.ways;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work of one client that may block, one after the other in its order; a virtual thread does it while there is any. */
final class Turns {

  private static final Logger log = LoggerFactory.getLogger(Turns.class);

  private final Deque<Runnable> waiting = new ArrayDeque<>(); // guarded by this
  private boolean working; // guarded by this

  /** @return false: so much waits that it was not taken */
  synchronized boolean add(Runnable work, int most) {
    if (waiting.size() >= most) {
      return false;
    }
    waiting.add(work);
    if (!working) {
      working = true;
      Thread.ofVirtual().name("mqtt-turn").start(this::work);
    }
    return true;
  }

  private synchronized Runnable next() {
    Runnable work = waiting.poll();
    working = work != null;
    return work;
  }

  private void work() {
    for (Runnable work = next(); work != null; work = next()) {
      try {
        work.run();
      } catch (RuntimeException e) {
        log.error("what a client of MQTT did could not be done", e);
      }
    }
  }
}
