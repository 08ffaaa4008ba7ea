package io.citywide.grid.index;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An index of points that changes: one file, and the changes since in memory.
 *
 * <p>Readers take a {@link #snapshot()} and are never waited for, nor wait. One writer at a time {@linkplain #apply
 * applies} changes; {@link #merge()} writes file and changes into a new file meanwhile. Changes are not written to disk
 * before: with them comes a note, and the note of the file says from where the owner must bring in its changes again
 * after a start. Saying a change twice changes nothing, so the note may be too early, never too late. A file appears
 * under its name only when it is complete and on disk; it is never altered.
 *
 * <p>Files are called {@code <name>-<number>.cgi}. One process at a time may have an index open; seeing to that is the
 * owner's part.
 */
public final class PointIndex implements AutoCloseable {
  private static final int LEAST_DUE = 20_000;
  private static final int MOST_DUE = 500_000;

  private final Path folder;
  private final String name;
  /** Guards all below; {@link #current} is read without. */
  private final ReentrantLock lock = new ReentrantLock();
  /** Held while a file is written. */
  private final ReentrantLock writing = new ReentrantLock();
  private long number;
  private Overlay overlay;
  private volatile View current;
  /** Changes that came while a file is being written; null: none is. */
  private List<Changes> meanwhile;
  private View begun;
  private volatile boolean closed;

  private PointIndex(Path folder, String name, long number, BaseFile base) {
    this.folder = folder;
    this.name = name;
    this.number = number;
    overlay = new Overlay(base.points);
    current = overlay.view(base, base.points.note);
  }

  /**
   * Opens the newest intact file, or begins an empty index. What an interrupted merge left is removed, and so are older
   * files.
   *
   * @param folder made where it is not there
   * @param name 1 to 40 of {@code a-z 0-9 -}
   * @param refused is told of each file that is damaged, before it is removed; the index then is the one before it, or empty
   * @throws UncheckedIOException when the folder or a file cannot be read or written
   */
  public static PointIndex open(Path folder, String name, Consumer<DamagedIndexException> refused) {
    if (!name.matches("[a-z][a-z0-9-]{0,39}")) throw new IllegalArgumentException("the name of an index has 1 to 40 of a-z 0-9 -, was '" + name + "'");
    try {
      Files.createDirectories(folder);
      List<Path> files = new ArrayList<>();
      try (Stream<Path> all = Files.list(folder)) {
        for (Path path : (Iterable<Path>) all::iterator) {
          String its = path.getFileName().toString();
          if (number(name, path) >= 0) files.add(path);
          else if (its.startsWith(name + "-") && its.endsWith(".tmp")) Files.delete(path);
        }
      }
      files.sort(Comparator.comparingLong((Path path) -> number(name, path)).reversed());
      long number = files.isEmpty() ? 0 : number(name, files.getFirst());
      BaseFile base = null;
      for (Path path : files) {
        if (base == null) {
          try {
            base = BaseFile.open(path);
            continue;
          } catch (DamagedIndexException e) {
            refused.accept(e);
          }
        }
        Files.deleteIfExists(path);
      }
      return new PointIndex(folder, name, number, base == null ? BaseFile.none() : base);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open the index " + name + " in " + folder, e);
    }
  }

  /** Number of a file of this index, -1 for others. */
  private static long number(String name, Path path) {
    Matcher matcher = Pattern.compile(Pattern.quote(name) + "-([0-9]{12})\\.cgi").matcher(path.getFileName().toString());
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  /** Whether there is a file; without one the index was never filled, or what it had was damaged. */
  public boolean isFilled() {
    return current.file.path != null;
  }

  /** The file that is in use; null when there is none. */
  public Path file() {
    return current.file.path;
  }

  /** The note of the last change, or of the file where nothing changed since; empty when there is neither. */
  public String note() {
    return current.note;
  }

  /** The index as it stands now. */
  public Snapshot snapshot() {
    while (true) {
      View view = current;
      if (view.file.retain()) return new Snapshot(view);
      if (closed) throw new IllegalStateException("the index " + name + " is closed");
    }
  }

  /**
   * Takes changes in; every snapshot from now on has them all, earlier ones none.
   *
   * @param changes must not be added to any more
   * @param note what the owner needs to know to go on from here, at most 1 MiB
   */
  public void apply(Changes changes, String note) {
    lock.lock();
    try {
      checkOpen();
      if (changes.isEmpty()) {
        current = current.noted(note);
        return;
      }
      if (meanwhile != null) meanwhile.add(changes);
      overlay.apply(changes);
      current = overlay.view(current.file, note);
    } finally {
      lock.unlock();
    }
  }

  /** How many ids changed since the file was written. */
  public int changed() {
    lock.lock();
    try {
      return overlay.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a merge is worth its time. */
  public boolean mergeDue() {
    return changed() > Math.clamp(current.base.rows / 16, LEAST_DUE, MOST_DUE);
  }

  /**
   * Writes the index as it stands now into a new file, which takes the place of the old. Changes may come meanwhile.
   *
   * @throws UncheckedIOException when it cannot be written, such as for lack of space; the index is then as before
   * @throws DamagedIndexException when the old file is
   */
  public void merge() {
    writing.lock();
    try (Snapshot stays = begin()) {
      View view = stays.view();
      replace(new Rows.Merged(new Rows.OfSegment(view.base, view.dead), new Rows.OfSegment(view.added, new int[0])), view.note);
    } finally {
      forgetMeanwhile();
      writing.unlock();
    }
  }

  /**
   * Begins to fill the index anew. The points go to the sorter, which then goes to {@link #replace(PointSorter, String)}
   * and must be closed after it.
   */
  public PointSorter rebuild() {
    return new PointSorter(folder.resolve(name + "-rows.tmp"));
  }

  /**
   * Puts these points in the place of all others; changes that were applied before are forgotten.
   *
   * @param note as in {@link #apply}
   * @throws IllegalArgumentException when a point is there twice
   * @throws UncheckedIOException when it cannot be written; the index is then as before
   */
  public void replace(PointSorter points, String note) {
    writing.lock();
    try {
      begin().close();
      replace(points.sorted(), note);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the points of " + name, e);
    } finally {
      forgetMeanwhile();
      writing.unlock();
    }
  }

  private Snapshot begin() {
    lock.lock();
    try {
      checkOpen();
      meanwhile = new ArrayList<>();
      begun = current;
      return snapshot();
    } finally {
      lock.unlock();
    }
  }

  private void forgetMeanwhile() {
    lock.lock();
    meanwhile = null;
    begun = null;
    lock.unlock();
  }

  private void replace(Rows rows, String note) {
    Path unfinished = folder.resolve(name + "-" + (number + 1) + ".tmp");
    Path path = folder.resolve("%s-%012d.cgi".formatted(name, number + 1));
    try {
      try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
        SegmentWriter writer = SegmentWriter.toFile(channel, note);
        while (rows.next()) writer.add(rows.key, rows.kind, rows.id);
        writer.finishFile();
      }
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
      take(BaseFile.open(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }

  private void take(BaseFile file) throws IOException {
    BaseFile old;
    lock.lock();
    try {
      old = current.file;
      String note = current == begun ? file.points.note : current.note;
      Overlay fresh = new Overlay(file.points);
      for (Changes changes : meanwhile) fresh.apply(changes);
      number++;
      overlay = fresh;
      current = fresh.view(file, note);
    } finally {
      lock.unlock();
    }
    if (old.path != null) Files.deleteIfExists(old.path);
    old.release();
  }

  /**
   * Reads the whole file and compares all checksums. Queries do so for the parts that they read; this finds damage
   * where nobody looks.
   *
   * @throws DamagedIndexException when something was altered
   */
  public void verify() {
    try (Snapshot stays = snapshot()) {
      stays.view().base.checkAll();
    }
  }

  private void checkOpen() {
    if (closed) throw new IllegalStateException("the index " + name + " is closed");
  }

  /** Ends the index; changes that were not merged are in no file. Snapshots stay good until they are closed. */
  @Override
  public void close() {
    writing.lock();
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        current.file.release();
      }
    } finally {
      lock.unlock();
      writing.unlock();
    }
  }
}
