package io.citywide.platform.internal.postgres;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's archive without its xz compression, kept once for each user of the operating system: to undo that takes
 * seconds, and each new data folder needs it.
 *
 * <p>One file {@code postgres-<version>.tar.gz} of 60 MB, stored rather than compressed, whose check sum is tried before each
 * use. It appears whole or not at all, and another version takes its place. Nothing runs from here and no data folder needs
 * it again, so it may be deleted at any time. Nobody but this user and root could have written what is read from here:
 * folder and file, and every folder above, belong to one of them and cannot be changed by others.
 */
final class ArchiveCache {

  /** Opens the archive's tar anew. */
  @FunctionalInterface
  interface Tar {
    InputStream open() throws IOException;
  }

  private static final Logger log = LoggerFactory.getLogger(ArchiveCache.class);
  private static final String SUFFIX = ".tar.gz";
  private static final int MAY_BE_WRITTEN_BY_OTHERS = 0022;
  private static final int STICKY = 01000;

  private final Path folder;

  /** @param folder where the file is kept, made at the first use; null: nothing is kept */
  ArchiveCache(Path folder) {
    this.folder = folder;
  }

  /**
   * {@code citywide} in {@code $XDG_CACHE_HOME}, else in {@code ~/.cache}. Keeps nothing where that lies in the data folder
   * itself, as under a service manager or in a container: no other data folder would gain from it.
   */
  static ArchiveCache ofThisUser(Path dataDir) {
    String named = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
    Path caches = named.startsWith("/") ? Path.of(named) : Path.of(System.getProperty("user.home"), ".cache").toAbsolutePath();
    return new ArchiveCache(caches.startsWith(dataDir) ? null : caches.resolve("citywide"));
  }

  /**
   * The tar of a version, kept from now on; the archive itself where it cannot be kept here, or not safely.
   *
   * @param version tells this archive from any other
   */
  InputStream open(String version, Tar archive) throws IOException {
    if (folder == null) {
      return archive.open();
    }
    try {
      return new GZIPInputStream(Files.newInputStream(keep(version, archive)), 1 << 16);
    } catch (IOException e) {
      log.info("PostgreSQL's archive is not kept in {}: {}", folder, e.toString());
      return archive.open();
    }
  }

  private Path keep(String version, Tar archive) throws IOException {
    // The file's lock keeps other processes away; a second one in this process would not wait for it but fail.
    synchronized (ArchiveCache.class) {
      return keepAlone(version, archive);
    }
  }

  private Path keepAlone(String version, Tar archive) throws IOException {
    Path there = folder;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    // Before anything is made: root leaves nothing in the folder of another user.
    refuseWhatOthersMayChange(there.toRealPath(), false);
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path ours = folder.toRealPath();
    refuseWhatOthersMayChange(ours, true);
    try (FileChannel channel = FileChannel.open(ours.resolve("postgres.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        FileLock _ = channel.lock()) {
      Path kept = ours.resolve("postgres-" + version + SUFFIX);
      if (!isWhole(kept)) {
        removeAll(ours);
        write(archive, ours.resolve("postgres.part"), kept);
      }
      return kept;
    }
  }

  /** @param whole whether others may not even add something to {@code path} itself */
  private static void refuseWhatOthersMayChange(Path path, boolean whole) throws IOException {
    long user = new UnixSystem().getUid();
    for (Path part = path; part != null; part = part.getParent()) {
      Map<String, Object> facts = Files.readAttributes(part, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
      int owner = (int) facts.get("uid");
      int mode = (int) facts.get("mode");
      // In a sticky folder, such as /tmp, others may add what is theirs, but not exchange what is ours.
      boolean closed = (mode & MAY_BE_WRITTEN_BY_OTHERS) == 0 || (mode & STICKY) != 0 && !(whole && part.equals(path));
      if (owner != user && owner != 0 || !closed) {
        throw new IOException(part + " can be changed by others than this user");
      }
    }
  }

  private static boolean isWhole(Path kept) throws IOException {
    if (!Files.isRegularFile(kept, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    refuseWhatOthersMayChange(kept, true);
    try (InputStream tar = new GZIPInputStream(Files.newInputStream(kept), 1 << 16)) {
      tar.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (IOException e) {
      log.warn("{} is damaged, making it anew: {}", kept, e.toString());
      return false;
    }
  }

  private static void removeAll(Path folder) throws IOException {
    try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder, "postgres-*" + SUFFIX)) {
      for (Path version : versions) {
        Files.delete(version);
      }
    }
  }

  private static void write(Tar archive, Path part, Path kept) throws IOException {
    GzipParameters stored = new GzipParameters();
    stored.setCompressionLevel(Deflater.NO_COMPRESSION);
    Files.deleteIfExists(part);
    try {
      Files.createFile(part, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try (InputStream tar = archive.open(); OutputStream out = new GzipCompressorOutputStream(Files.newOutputStream(part), stored)) {
        tar.transferTo(out);
      }
      Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
