package io.citywide.intake.internal.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Files {@code ab/cd/abcd…} below a folder: written beside their place, forced to the disk, then moved there in one
 * step, so that a file under its name is whole even after a power cut. What is being written is locked, so that what a
 * killed server left can be told from it.
 */
final class DiskBlobStore implements BlobStore {

  private static final String UNFINISHED = ".part";

  private final Path folder;
  private final Set<Path> beingWritten = ConcurrentHashMap.newKeySet();

  DiskBlobStore(Path folder) {
    this.folder = folder;
  }

  @Override
  public void put(String name, byte[] content) throws IOException {
    Path file = file(name);
    if (Files.exists(file)) {
      return;
    }
    Files.createDirectories(file.getParent());
    while (!put(file, content)) {
      // taken for an abandoned one in the moment before it was locked: once more
    }
    // The entries of all the folders on the way may be new.
    for (Path entry = file.getParent(); entry.startsWith(folder); entry = entry.getParent()) {
      try (FileChannel directory = FileChannel.open(entry, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  /** @return false where another server removed the file before it was locked */
  private boolean put(Path file, byte[] content) throws IOException {
    Path beside = Files.createTempFile(file.getParent(), ".", UNFINISHED);
    beingWritten.add(beside);
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
      if (!Files.exists(beside)) {
        return false;
      }
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException | OverlappingFileLockException e) {
      return false;
    } finally {
      Files.deleteIfExists(beside);
      beingWritten.remove(beside);
    }
  }

  @Override
  public Optional<byte[]> get(String name) throws IOException {
    try {
      return Optional.of(Files.readAllBytes(file(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(file(name));
  }

  @Override
  public Stream<String> names() throws IOException {
    return files().map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(UNFINISHED));
  }

  @Override
  public void removeUnfinished() throws IOException {
    List<Path> unfinished;
    try (Stream<Path> files = files()) {
      unfinished = files.filter(file -> file.getFileName().toString().endsWith(UNFINISHED)).toList();
    }
    for (Path file : unfinished) {
      // Not even opened where this server writes it: closing a file gives up the locks of the whole process on it.
      if (beingWritten.contains(file)) {
        continue;
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
        // What is being written is locked, by whichever server; the lock ends with the process, also with one that was killed.
        if (lock != null) {
          Files.deleteIfExists(file);
        }
      } catch (NoSuchFileException | OverlappingFileLockException e) {
        // finished, or removed by another
      }
    }
  }

  private Stream<Path> files() throws IOException {
    return Files.isDirectory(folder) ? Files.find(folder, 3, (path, attributes) -> attributes.isRegularFile()) : Stream.empty();
  }

  private Path file(String name) {
    return folder.resolve(name.substring(0, 2)).resolve(name.substring(2, 4)).resolve(name);
  }
}
