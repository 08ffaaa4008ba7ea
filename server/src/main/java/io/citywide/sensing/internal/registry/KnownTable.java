package io.citywide.sensing.internal.registry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Consumer;

/**
 * Devices by code and by id, in two open hash tables of references: 16 to 32 bytes a device beside the device itself, where
 * two {@code ConcurrentHashMap}s would take about 110. Many threads read without a lock; one writes.
 */
final class KnownTable {

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(Known[].class);

  /** Where something was removed: the search goes on behind it. */
  private static final Known GONE = new Known(Long.MIN_VALUE, "", null, null, null, null, null, false, null, -1);

  private static final int SMALLEST = 1024;

  private volatile Known[] byCode = new Known[SMALLEST];
  private volatile Known[] byId = new Known[SMALLEST];
  private volatile int size;
  /** Cells of each table that are not empty. */
  private int filled;

  /** {@code null} where there is none. */
  Known find(String code) {
    Known[] cells = byCode;
    int mask = cells.length - 1;
    for (int at = spread(code.hashCode()) & mask; ; at = at + 1 & mask) {
      Known there = (Known) CELL.getAcquire(cells, at);
      if (there == null || there.code().equals(code) && there != GONE) {
        return there;
      }
    }
  }

  /** As {@link #find(String)}, of a code that stands in bytes. */
  Known find(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + (bytes[i] & 0xFF);
    }
    Known[] cells = byCode;
    int mask = cells.length - 1;
    for (int at = spread(hash) & mask; ; at = at + 1 & mask) {
      Known there = (Known) CELL.getAcquire(cells, at);
      if (there == null || same(there.code(), bytes, from, to) && there != GONE) {
        return there;
      }
    }
  }

  private static boolean same(String code, byte[] bytes, int from, int to) {
    if (code.length() != to - from) {
      return false;
    }
    for (int i = 0; i < code.length(); i++) {
      if (code.charAt(i) != (bytes[from + i] & 0xFF)) {
        return false;
      }
    }
    return true;
  }

  /** {@code null} where there is none. */
  Known find(long id) {
    Known[] cells = byId;
    int mask = cells.length - 1;
    for (int at = spread(Long.hashCode(id)) & mask; ; at = at + 1 & mask) {
      Known there = (Known) CELL.getAcquire(cells, at);
      if (there == null || there.deviceId() == id && there != GONE) {
        return there;
      }
    }
  }

  int size() {
    return size;
  }

  void forEach(Consumer<Known> action) {
    Known[] cells = byId;
    for (int at = 0; at < cells.length; at++) {
      Known there = (Known) CELL.getAcquire(cells, at);
      if (there != null && there != GONE) {
        action.accept(there);
      }
    }
  }

  /** Adds it, or puts it into the place of the one with its id. */
  void put(Known known) {
    if (find(known.deviceId()) == null) {
      if (2 * (filled + 1) > byId.length) {
        grow();
      }
      filled++;
      size++;
    }
    place(byId, spread(Long.hashCode(known.deviceId())), known);
    place(byCode, spread(known.code().hashCode()), known);
  }

  void remove(Known known) {
    if (find(known.deviceId()) != null) {
      bury(byId, spread(Long.hashCode(known.deviceId())), known);
      bury(byCode, spread(known.code().hashCode()), known);
      size--;
    }
  }

  private void grow() {
    int length = Math.max(SMALLEST, Integer.highestOneBit(4 * (size + 1)));
    Known[] codes = new Known[length];
    Known[] ids = new Known[length];
    forEach(known -> {
      place(ids, spread(Long.hashCode(known.deviceId())), known);
      place(codes, spread(known.code().hashCode()), known);
    });
    filled = size;
    byId = ids;
    byCode = codes;
  }

  private static void place(Known[] cells, int hash, Known known) {
    int mask = cells.length - 1;
    int at = hash & mask;
    for (Known there = cells[at]; there != null && there.deviceId() != known.deviceId(); there = cells[at]) {
      at = at + 1 & mask;
    }
    CELL.setRelease(cells, at, known);
  }

  private static void bury(Known[] cells, int hash, Known known) {
    int mask = cells.length - 1;
    int at = hash & mask;
    for (Known there = cells[at]; there != null; there = cells[at]) {
      if (there.deviceId() == known.deviceId()) {
        CELL.setRelease(cells, at, GONE);
        return;
      }
      at = at + 1 & mask;
    }
  }

  private static int spread(int hash) {
    int mixed = hash * 0x9E3779B9;
    return mixed ^ mixed >>> 16;
  }
}
