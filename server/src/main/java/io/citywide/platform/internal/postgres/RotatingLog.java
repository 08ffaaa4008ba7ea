package io.citywide.platform.internal.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * PostgreSQL's own log, bounded: {@code postgres.log}, and when that reaches its cap {@code postgres.log.1} to
 * {@code .N}, the oldest dropped. Also keeps the last lines in memory, to be quoted when a start fails.
 */
final class RotatingLog implements AutoCloseable {
  private static final int LINES_IN_MEMORY = 40;

  private final Path file;
  private final long capBytes;
  private final int oldFiles;
  private final Deque<String> tail = new ArrayDeque<>();
  private OutputStream out;
  private long size;
  private boolean closed;

  RotatingLog(Path file, long capBytes, int oldFiles) {
    this.file = file;
    this.capBytes = capBytes;
    this.oldFiles = oldFiles;
  }

  /**
   * Never throws: on a full disk the line is dropped, because a reader that stops reading would block
   * PostgreSQL on a full pipe. Nor after {@link #close}, when the folder may be somebody else's: the last words of a
   * PostgreSQL that ends are then in memory only.
   */
  synchronized void line(String line) {
    if (tail.size() == LINES_IN_MEMORY) tail.removeFirst();
    tail.addLast(line);
    if (closed) return;
    try {
      byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
      if (out == null) open();
      if (size > 0 && size + bytes.length > capBytes) rotate();
      out.write(bytes);
      size += bytes.length;
    } catch (IOException e) {
      release();
    }
  }

  synchronized List<String> tail() {
    return List.copyOf(tail);
  }

  private void open() throws IOException {
    out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    size = Files.size(file);
  }

  private void rotate() throws IOException {
    release();
    for (int n = oldFiles; n >= 1; n--) {
      Path from = n == 1 ? file : numbered(n - 1);
      if (Files.exists(from)) Files.move(from, numbered(n), StandardCopyOption.REPLACE_EXISTING);
    }
    open();
  }

  private Path numbered(int n) {
    return file.resolveSibling(file.getFileName() + "." + n);
  }

  @Override
  public synchronized void close() {
    closed = true;
    release();
  }

  private void release() {
    if (out == null) return;
    try {
      out.close();
    } catch (IOException e) {
      // Nothing to save: the lines were written one by one.
    }
    out = null;
  }
}
