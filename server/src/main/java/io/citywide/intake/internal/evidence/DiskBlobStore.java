package io.citywide.intake.internal.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Files {@code ab/cd/abcd…} below a folder: written beside their place, forced to the disk, then moved there in one
 * step, so that a file under its name is whole even after a power cut.
 */
final class DiskBlobStore implements BlobStore {

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
    Path beside = Files.createTempFile(file.getParent(), ".", ".part");
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

  private Path file(String name) {
    return folder.resolve(name.substring(0, 2)).resolve(name.substring(2, 4)).resolve(name);
  }
}
