package io.citywide.intake.internal.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files {@code ab/cd/abcd…} below a folder: written beside their place, forced to the disk, then moved there in one
 * step, so that a file under its name is whole even after a power cut.
 */
final class DiskBlobStore implements BlobStore {

  private static final String UNFINISHED = ".part";
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Path folder;

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
    Path beside = Files.createTempFile(file.getParent(), ".", UNFINISHED);
    try {
      try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(beside);
    }
    // The entries of all the folders on the way may be new.
    for (Path entry = file.getParent(); entry.startsWith(folder); entry = entry.getParent()) {
      try (FileChannel directory = FileChannel.open(entry, StandardOpenOption.READ)) {
        directory.force(true);
      }
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
  public void removeUnfinished(Instant start) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> files = files()) {
      unfinished = files.filter(file -> file.getFileName().toString().endsWith(UNFINISHED)).toList();
    }
    for (Path file : unfinished) {
      // One that another server of this folder is writing is gone within seconds, also where its clock differs.
      try {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(start.minus(ABANDONED))) {
          Files.deleteIfExists(file);
        }
      } catch (NoSuchFileException e) {
        // finished, or removed by the other
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
