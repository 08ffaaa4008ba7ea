package io.citywide.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The secrets of an installation, one file each, outside the database: whoever holds only the database, or only a
 * copy of it, can read no personal data and sign no head of the ledger. The folder has mode 0700, a file 0600.
 */
public final class KeyFolder {

  private static final int LARGEST = 64 * 1024;

  private final Path folder;

  public KeyFolder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  public Path folder() {
    return folder;
  }

  /**
   * Reads a secret.
   *
   * @param name file name without a folder
   * @throws IllegalStateException if others may read the file, or it cannot be read
   */
  public Optional<byte[]> find(String name) {
    Path file = file(name);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      refuseWhatOthersRead(file);
      if (Files.size(file) > LARGEST) {
        throw new IllegalStateException("the key file " + file + " is larger than " + LARGEST + " bytes: it is no key");
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read the key file " + file + ": " + e.getMessage(), e);
    }
  }

  /** Names of the secrets there are, in no order. */
  public List<String> list() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).filter(n -> n.endsWith(".key")).toList();
    } catch (IOException e) {
      throw new IllegalStateException("cannot list the key folder " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The secret of this name; where there is none, {@code maker} makes it and it is on disk before this returns. Of two makers at once one wins. */
  public byte[] get(String name, Supplier<byte[]> maker) {
    Optional<byte[]> known = find(name);
    if (known.isPresent()) {
      return known.get();
    }
    Path file = file(name);
    try {
      Files.createDirectories(folder, forOwner("rwx------"));
      Path fresh = Files.createTempFile(folder, name, ".new", forOwner("rw-------"));
      try {
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
          ByteBuffer bytes = ByteBuffer.wrap(maker.get());
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
          channel.force(true);
        }
        // A link, not a move: it does not replace what another process made in the meantime.
        Files.createLink(file, fresh);
      } catch (FileAlreadyExistsException e) {
        // The other's counts.
      } finally {
        Files.deleteIfExists(fresh);
      }
      try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
        entries.force(true);
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalStateException("cannot write the key file " + file + ": " + e.getMessage(), e);
    }
  }

  private Path file(String name) {
    if (!name.matches("[a-z0-9][a-z0-9.-]{0,99}")) {
      throw new IllegalArgumentException("a key is named by 1 to 100 of a-z, 0-9, '.' and '-', was '" + name + "'");
    }
    return folder.resolve(name);
  }

  private static void refuseWhatOthersRead(Path file) throws IOException {
    if (!posix()) {
      return;
    }
    Set<PosixFilePermission> open = EnumSet.copyOf(Files.getPosixFilePermissions(file));
    open.removeAll(PosixFilePermissions.fromString("rwx------"));
    if (!open.isEmpty()) {
      throw new IllegalStateException("the key file " + file + " can be read by others; run: chmod 600 " + file);
    }
  }

  private static FileAttribute<?>[] forOwner(String permissions) {
    return posix() ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))} : new FileAttribute<?>[0];
  }

  private static boolean posix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
