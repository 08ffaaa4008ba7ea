package io.citywide.platform.internal.backup;

import io.citywide.platform.BackupRefused;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes one tar file from its beginning to its end, without compression: pages of a database written under load hardly
 * shrink, and whoever wants to can compress the whole. It has its name only when it is complete and on the disk.
 */
final class ArchiveWriter implements AutoCloseable {

  private static final int CHUNK = 1 << 20;
  private static final int FILE_MODE = 0100600;

  /** Written to the disk while the next is read; otherwise all of it waits for the disk at the end. */
  private static final long STRETCH = 64L << 20;

  private final Path target;
  private final Path part;
  private final FileChannel channel;
  private final TarArchiveOutputStream tar;
  private final Manifest manifest = new Manifest();
  private final byte[] chunk = new byte[CHUNK];
  private long bytes;
  private long settledFrom;
  private CompletableFuture<Void> settling = CompletableFuture.completedFuture(null);
  private boolean complete;

  /** @throws BackupRefused where there is such a file already */
  ArchiveWriter(Path target) throws IOException {
    this.target = target.toAbsolutePath();
    if (Files.exists(target)) {
      throw new BackupRefused("there is a file " + target + " already; choose another name, no backup is written over another");
    }
    if (!Files.isDirectory(this.target.getParent())) {
      throw new BackupRefused("there is no folder " + this.target.getParent() + " to write the backup to");
    }
    part = this.target.resolveSibling(this.target.getFileName() + ".part");
    Files.deleteIfExists(part);
    Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    channel = FileChannel.open(part, StandardOpenOption.WRITE);
    // The archive's last block comes with its close; the file must then still be open, to be forced to the disk.
    tar = new TarArchiveOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), CHUNK) {
      @Override
      public void close() throws IOException {
        flush();
      }
    }, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  Manifest manifest() {
    return manifest;
  }

  /** Of the members so far. */
  long bytes() {
    return bytes;
  }

  void folder(String name) throws IOException {
    tar.putArchiveEntry(new TarArchiveEntry(name + "/"));
    tar.closeArchiveEntry();
  }

  void text(String name, byte[] content) throws IOException {
    begin(name, content.length);
    tar.write(content);
    tar.closeArchiveEntry();
    bytes += content.length;
    manifest.add(name, new Manifest.Member(Manifest.hex(Manifest.sha256().digest(content)), content.length));
  }

  /**
   * A file as long as it is now. What PostgreSQL adds meanwhile, or takes away, its log makes good at the restore.
   *
   * @return false where it is gone
   */
  boolean file(String name, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      long size = Files.size(file);
      begin(name, size);
      MessageDigest digest = Manifest.sha256();
      for (long left = size; left > 0; ) {
        int read = in.readNBytes(chunk, 0, (int) Math.min(CHUNK, left));
        if (read == 0) {
          read = (int) Math.min(CHUNK, left);
          Arrays.fill(chunk, 0, read, (byte) 0);
        }
        digest.update(chunk, 0, read);
        tar.write(chunk, 0, read);
        left -= read;
        settle();
      }
      tar.closeArchiveEntry();
      bytes += size;
      manifest.add(name, new Manifest.Member(Manifest.hex(digest.digest()), size));
      return true;
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /** Has another thread bring to the disk what was written so far. */
  private void settle() throws IOException {
    if (channel.position() - settledFrom < STRETCH || !settling.isDone()) return;
    settled();
    settledFrom = channel.position();
    settling = CompletableFuture.runAsync(() -> {
      try {
        channel.force(false);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  /** Waits for that thread. A disk tells of a failed write only once: what it heard must not be lost. */
  private void settled() throws IOException {
    try {
      settling.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof UncheckedIOException io ? io.getCause() : new IOException(e.getCause());
    }
  }

  private void begin(String name, long size) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setMode(FILE_MODE);
    tar.putArchiveEntry(entry);
  }

  /** The manifest, then the name. */
  void finish() throws IOException {
    byte[] lines = manifest.toBytes();
    begin(Manifest.NAME, lines.length);
    tar.write(lines);
    tar.closeArchiveEntry();
    tar.close();
    settled();
    channel.force(true);
    channel.close();
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel entries = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
      entries.force(true);
    }
    complete = true;
  }

  /** Leaves nothing where it was not finished. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!complete) {
      Files.deleteIfExists(part);
    }
  }
}
