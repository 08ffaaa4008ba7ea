package io.citywide.grid.index;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/** A file of points that is mapped until the last who uses it gives it back. */
final class BaseFile {
  /** Null: no file yet. */
  final Path path;
  final Segment points;
  private final Arena arena;
  private final AtomicInteger users = new AtomicInteger(1);

  private BaseFile(Path path, Segment points, Arena arena) {
    this.path = path;
    this.points = points;
    this.arena = arena;
  }

  static BaseFile none() {
    return new BaseFile(null, Segment.empty(), null);
  }

  /** @throws DamagedIndexException when it is not what was written */
  static BaseFile open(Path path) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      MemorySegment memory = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new BaseFile(path, new Segment(memory, path), arena);
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  /** False when the last user has gone. */
  boolean retain() {
    while (true) {
      int now = users.get();
      if (now == 0) return false;
      if (users.compareAndSet(now, now + 1)) return true;
    }
  }

  void release() {
    if (users.decrementAndGet() == 0 && arena != null) arena.close();
  }
}
