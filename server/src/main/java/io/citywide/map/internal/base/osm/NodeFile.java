package io.citywide.map.internal.base.osm;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Positions of all nodes, on disk: 16 bytes each (id, longitude, latitude), looked up by halving in the mapped file. The
 * heap holds none of them, so a country costs disk (150 million nodes 2.4 GB) and not memory.
 */
final class NodeFile implements AutoCloseable {

  private static final ValueLayout.OfLong ID = ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN).withByteAlignment(1);
  private static final ValueLayout.OfInt E7 = ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN).withByteAlignment(1);
  private static final int RECORD = 16;

  private final Path file;
  private final DataOutputStream out;
  private final Arena arena = Arena.ofShared();
  private MemorySegment nodes;
  private long count;
  private long last = Long.MIN_VALUE;
  private boolean sorted = true;

  /** @param folder in which the temporary file is made */
  NodeFile(Path folder) throws IOException {
    file = Files.createTempFile(folder, "nodes", null);
    out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16));
  }

  void add(long id, int lonE7, int latE7) throws IOException {
    out.writeLong(id);
    out.writeInt(lonE7);
    out.writeInt(latE7);
    sorted &= id > last;
    last = id;
    count++;
  }

  long count() {
    return count;
  }

  /** To be called after the last node, before the first question. */
  void seal() throws IOException {
    out.close();
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      nodes = channel.map(FileChannel.MapMode.READ_WRITE, 0, count * RECORD, arena);
    }
    if (!sorted) {
      sort();
    }
  }

  /** Longitude in the high and latitude in the low half, degrees times 1e7; {@code Long.MIN_VALUE} for an unknown node. */
  long find(long id) {
    long low = 0;
    long high = count - 1;
    while (low <= high) {
      long middle = low + high >>> 1;
      long there = id(middle);
      if (there < id) {
        low = middle + 1;
      } else if (there > id) {
        high = middle - 1;
      } else {
        return (long) nodes.get(E7, middle * RECORD + 8) << 32 | nodes.get(E7, middle * RECORD + 12) & 0xFFFFFFFFL;
      }
    }
    return Long.MIN_VALUE;
  }

  private long id(long index) {
    return nodes.get(ID, index * RECORD);
  }

  /** Files of editors are not sorted. In place: a heap needs no memory beside the file, and no order makes it slow. */
  private void sort() {
    for (long i = count / 2 - 1; i >= 0; i--) {
      sink(i, count);
    }
    for (long end = count - 1; end > 0; end--) {
      swap(0, end);
      sink(0, end);
    }
  }

  private void sink(long root, long end) {
    while (2 * root + 1 < end) {
      long child = 2 * root + 1;
      if (child + 1 < end && id(child) < id(child + 1)) {
        child++;
      }
      if (id(root) >= id(child)) {
        return;
      }
      swap(root, child);
      root = child;
    }
  }

  private void swap(long a, long b) {
    long idA = id(a);
    long placeA = nodes.get(ID, a * RECORD + 8);
    nodes.set(ID, a * RECORD, id(b));
    nodes.set(ID, a * RECORD + 8, nodes.get(ID, b * RECORD + 8));
    nodes.set(ID, b * RECORD, idA);
    nodes.set(ID, b * RECORD + 8, placeA);
  }

  @Override
  public void close() throws IOException {
    out.close();
    arena.close();
    Files.deleteIfExists(file);
  }
}
