package io.citywide.platform.internal.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's programs, unpacked once from the archive that the build put on the class path (it holds only
 * {@code initdb}, {@code pg_ctl} and {@code postgres}, with their libraries).
 *
 * <p>The folder's name carries the SHA-256 of the archive, so another version gets another folder. It appears
 * whole or not at all: unpacked beside its place, given a marker with its file count and byte count, then
 * renamed. A folder that no longer agrees with its marker is unpacked anew.
 *
 * @param home folder with {@code bin}, {@code lib} and {@code share}
 */
record PostgresBinaries(Path home) {
  private static final Logger log = LoggerFactory.getLogger(PostgresBinaries.class);
  private static final String MARKER = ".complete";

  /**
   * The unpacked programs under {@code parent}, unpacking them first where needed; other versions and the
   * remains of interrupted unpacking are removed. Processes that share the folder wait for one another.
   *
   * @param cache where the archive is kept ready for the next folder
   * @throws DatabaseUnavailableException if this platform's archive is not on the class path, or the folder
   *     cannot be written
   */
  static synchronized PostgresBinaries unpackInto(Path parent, ArchiveCache cache) {
    String resource = archiveName(System.getProperty("os.name"), System.getProperty("os.arch"));
    try (FileChannel channel = FileChannel.open(Files.createDirectories(parent).resolve("unpack.lock"),
            StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      String version = digest(resource).substring(0, 16);
      Path home = parent.resolve("bin-" + version);
      if (!isWhole(home)) {
        deleteTree(home);
        ArchiveCache.Tar archive = () -> new XZCompressorInputStream(new BufferedInputStream(open(resource), 1 << 16));
        unpack(() -> cache.open(version, archive), home);
      }
      removeOthers(parent, home);
      return new PostgresBinaries(home);
    } catch (IOException e) {
      throw new DatabaseUnavailableException("cannot unpack PostgreSQL into " + parent + ": " + e, e);
    }
  }

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  boolean hasLibrary(String name) {
    return Stream.of(".so", ".dylib").anyMatch(end -> Files.exists(home.resolve("lib/postgresql/" + name + end)));
  }

  /**
   * The major version, such as 18, as the {@code postgres} program tells it.
   *
   * @throws DatabaseUnavailableException if the program does not run on this machine
   */
  int majorVersion() {
    List<String> command = List.of(program("postgres").toString(), "--version");
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes()).strip(); // postgres (PostgreSQL) 18.1
      if (process.waitFor() != 0) throw new IOException(said);
      return Integer.parseInt(said.replaceAll(".*\\(PostgreSQL\\) (\\d+).*", "$1"));
    } catch (IOException | NumberFormatException e) {
      throw new DatabaseUnavailableException("PostgreSQL does not run on this machine (" + e.getMessage()
          + "); use an external database instead", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseUnavailableException("interrupted while starting PostgreSQL", e);
    }
  }

  static String archiveName(String osName, String osArch) {
    String os = osName.toLowerCase(Locale.ROOT);
    String system = os.startsWith("mac") ? "darwin" : os.startsWith("linux") ? "linux" : os;
    String machine = switch (osArch) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64", "arm64" -> "arm_64";
      default -> osArch;
    };
    return "postgres-" + system + "-" + machine + ".txz";
  }

  private static InputStream open(String resource) throws IOException {
    InputStream in = PostgresBinaries.class.getClassLoader().getResourceAsStream(resource);
    if (in == null) {
      throw new DatabaseUnavailableException("this build holds no PostgreSQL for this machine (" + resource
          + " is not on the class path): build on the kind of machine it will run on, or use an external database");
    }
    return in;
  }

  private static String digest(String resource) throws IOException {
    try (DigestInputStream in = new DigestInputStream(open(resource), MessageDigest.getInstance("SHA-256"))) {
      byte[] buffer = new byte[1 << 16];
      while (in.read(buffer) >= 0) continue;
      return HexFormat.of().formatHex(in.getMessageDigest().digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void unpack(ArchiveCache.Tar archive, Path home) throws IOException {
    long from = System.nanoTime();
    Path part = home.resolveSibling(home.getFileName() + ".part");
    deleteTree(part);
    Files.createDirectories(part);
    try (TarArchiveInputStream tar = new TarArchiveInputStream(archive.open())) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        Path target = part.resolve(entry.getName()).normalize();
        if (!target.startsWith(part)) throw new IOException("entry outside of the archive: " + entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.copy(part.resolve(entry.getLinkName()).normalize(), target);
        } else {
          Files.copy(tar, target);
          boolean program = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
    Files.writeString(part.resolve(MARKER), Contents.of(part).toString());
    Files.move(part, home, StandardCopyOption.ATOMIC_MOVE);
    log.info("unpacked PostgreSQL into {} in {} ms", home, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
  }

  private static boolean isWhole(Path home) throws IOException {
    Path marker = home.resolve(MARKER);
    if (!Files.exists(marker)) return false;
    boolean whole = Files.readString(marker).equals(Contents.of(home).toString());
    if (!whole) log.warn("{} does not agree with its marker, unpacking it anew", home);
    return whole;
  }

  private static void removeOthers(Path parent, Path home) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      for (Path other : entries.filter(p -> p.getFileName().toString().startsWith("bin-")).toList()) {
        if (!other.equals(home)) deleteTree(other);
      }
    }
  }

  /** What a folder holds, without its marker: enough to see a file that is missing or cut short. */
  private record Contents(long files, long bytes) {
    static Contents of(Path folder) throws IOException {
      long files = 0;
      long bytes = 0;
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.filter(p -> !p.getFileName().toString().equals(MARKER)).toList()) {
          if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) continue;
          files++;
          if (!Files.isSymbolicLink(path)) bytes += Files.size(path);
        }
      }
      return new Contents(files, bytes);
    }
  }

  /** Deletes a folder with all in it, also while somebody who is dying still removes files of his own there. */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) return;
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (!(e instanceof NoSuchFileException)) throw e;
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
        if (e != null) throw e;
        Files.delete(folder);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
