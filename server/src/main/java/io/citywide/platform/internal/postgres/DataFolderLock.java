package io.citywide.platform.internal.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * One process per data folder. The operating system holds the lock on {@code citywide.lock} as long as this
 * process lives and drops it when the process dies, however it dies; the file's text only tells who holds it.
 */
public final class DataFolderLock implements AutoCloseable {
  /**
   * The folders this process holds. A POSIX lock belongs to the process and is lost as soon as the process
   * closes any descriptor of the file, so a second try from inside must be refused before it opens the file.
   */
  private static final Map<Path, DataFolderLock> HELD_HERE = new HashMap<>();

  private final Path folder;
  private final FileChannel channel;
  private String holder;

  private DataFolderLock(Path folder, FileChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /**
   * Takes the lock of a data folder, creating the folder where it is missing.
   *
   * @throws DatabaseUnavailableException if another process, or this one, already holds it; the message names
   *     the folder and the holder's pid and address
   */
  public static DataFolderLock acquire(Path dataDir) {
    try {
      Path folder = Files.createDirectories(dataDir.toAbsolutePath()).toRealPath();
      synchronized (HELD_HERE) {
        DataFolderLock here = HELD_HERE.get(folder);
        if (here != null) throw inUse(folder, here.holder);
        Path file = folder.resolve("citywide.lock");
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
          channel.close();
          throw inUse(folder, Files.readString(file).strip());
        }
        DataFolderLock held = new DataFolderLock(folder, channel);
        held.describe("pid " + ProcessHandle.current().pid());
        HELD_HERE.put(folder, held);
        return held;
      }
    } catch (IOException e) {
      throw new DatabaseUnavailableException("cannot lock the data folder " + dataDir.toAbsolutePath() + ": " + e, e);
    }
  }

  private static DatabaseUnavailableException inUse(Path folder, String holder) {
    return new DatabaseUnavailableException("the data folder " + folder + " is in use by another Citywide ("
        + (holder.isEmpty() ? "which is just starting" : holder)
        + "): stop that one first, or choose another folder");
  }

  /** Adds the address at which the holder answers, for the message that a second process gets. */
  public void announce(String address) {
    try {
      describe("pid " + ProcessHandle.current().pid() + ", " + address);
    } catch (IOException e) {
      throw new DatabaseUnavailableException("cannot write citywide.lock in " + folder + ": " + e, e);
    }
  }

  private void describe(String text) throws IOException {
    holder = text;
    channel.truncate(0);
    channel.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)), 0);
  }

  /** Gives the folder back. The file stays: removing it would let two processes lock two different files. */
  @Override
  public void close() {
    synchronized (HELD_HERE) {
      if (!HELD_HERE.remove(folder, this)) return;
      try {
        channel.truncate(0);
        channel.close();
      } catch (IOException e) {
        throw new DatabaseUnavailableException("cannot release the data folder " + folder + ": " + e, e);
      }
    }
  }
}
