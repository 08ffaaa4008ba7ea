package io.citywide.platform.internal.backup;

import io.citywide.platform.Backup;
import io.citywide.platform.BackupRefused;
import io.citywide.platform.internal.postgres.DataFolderLock;
import io.citywide.platform.internal.postgres.DatabaseUnavailableException;
import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Brings one backup back. The database has its place only when every member was checked and is on the disk. */
public final class RestoreJob {

  private static final int CHUNK = 1 << 20;
  private static final int SYNCS_AT_ONCE = 16;
  private static final int LARGEST_MANIFEST = 1 << 30;
  private static final Set<String> TOPS = Set.of("postgres", "evidence", "keys", "citywide.yaml", BackupJob.HEADS);

  private final Path file;
  private final Path data;
  private final Map<String, Manifest.Member> seen = new LinkedHashMap<>();
  private final Set<Path> folders = new LinkedHashSet<>();
  private final List<Path> files = new ArrayList<>();
  private final byte[] chunk = new byte[CHUNK];

  /** See {@link Backup#restore}. */
  public RestoreJob(Path file, Path data) {
    this.file = file;
    this.data = data.toAbsolutePath().normalize();
  }

  /** See {@link Backup#restore}. */
  public Backup.Restored run() {
    long from = System.nanoTime();
    if (!Files.isReadable(file)) {
      throw new BackupRefused("there is no file " + file);
    }
    try {
      refuseWhatIsNotEmpty();
      Manifest manifest;
      try (DataFolderLock _ = DataFolderLock.acquire(data)) {
        boolean done = false;
        try {
          manifest = unpack();
          compare(manifest);
          sync();
          Files.move(data.resolve(EmbeddedPostgres.RESTORING), data.resolve(ClusterCopy.PGDATA), StandardCopyOption.ATOMIC_MOVE);
          syncFolder(data.resolve("postgres"));
          done = true;
        } finally {
          if (!done) {
            clear();
          }
        }
      }
      long bytes = seen.values().stream().mapToLong(Manifest.Member::bytes).sum();
      Duration took = Duration.ofNanos(System.nanoTime() - from);
      // Its log is replayed here and now: a database that does not start is no backup.
      EmbeddedPostgres.start(data).close();
      return new Backup.Restored(Instant.parse(manifest.facts().get("made")), bytes, seen.size(), took, "yes".equals(manifest.facts().get("keys")));
    } catch (IOException e) {
      throw new BackupRefused("the backup " + file + " could not be restored: " + e.getMessage(), e);
    } catch (DatabaseUnavailableException e) {
      throw new BackupRefused(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BackupRefused("interrupted", e);
    }
  }

  private void refuseWhatIsNotEmpty() throws IOException {
    if (Files.exists(data)) {
      try (Stream<Path> entries = Files.list(data)) {
        entries.findFirst().ifPresent(first -> {
          throw new BackupRefused("the folder " + data + " is not empty (it holds " + first.getFileName() + "); a backup is restored into an empty one");
        });
      }
    }
  }

  private Manifest unpack() throws IOException {
    try (var tar = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(file), CHUNK), "UTF-8")) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        String name = entry.getName();
        if (name.equals(Manifest.NAME)) {
          if (entry.getSize() > LARGEST_MANIFEST) {
            throw new BackupRefused("the member " + Manifest.NAME + " of the backup was altered");
          }
          byte[] bytes = tar.readNBytes((int) entry.getSize());
          if (bytes.length < entry.getSize()) {
            throw new EOFException();
          }
          return Manifest.read(bytes);
        }
        Path place = place(name);
        if (entry.isDirectory()) {
          makeFolder(place);
        } else if (entry.isFile() && seen.put(name, write(tar, place, entry.getSize())) == null) {
          files.add(place);
        } else {
          throw new BackupRefused("the backup holds '" + name + "', which no backup holds: it was altered");
        }
      }
    } catch (EOFException | IllegalArgumentException e) {
      throw incomplete(e);
    } catch (IOException e) {
      // The archive's reader says so of a header or a member that breaks off.
      if (e.getMessage() != null && (e.getMessage().contains("Truncated") || e.getMessage().contains("header") || e.getMessage().contains("Corrupted"))) {
        throw incomplete(e);
      }
      throw e;
    }
    throw incomplete(null);
  }

  private BackupRefused incomplete(Exception e) {
    return new BackupRefused("the backup " + file + " is incomplete: it breaks off after " + seen.size() + " members"
        + (seen.isEmpty() ? "" : ", the last is '" + new ArrayList<>(seen.keySet()).getLast() + "'"), e);
  }

  /** Inside the data folder and of a kind that backups hold; the database beside its place. */
  private Path place(String name) {
    String top = name.split("/", 2)[0];
    Path place = data.resolve(name).normalize();
    if (!TOPS.contains(top) || name.startsWith("/") || name.contains("\\") || List.of(name.split("/")).contains("..") || !place.startsWith(data)) {
      throw new BackupRefused("the backup holds '" + name + "', which no backup holds: it was altered");
    }
    String pgdata = ClusterCopy.PGDATA + "/";
    return name.startsWith(pgdata) ? data.resolve(EmbeddedPostgres.RESTORING).resolve(name.substring(pgdata.length())).normalize() : place;
  }

  private void makeFolder(Path folder) throws IOException {
    if (folders.contains(folder)) {
      return;
    }
    if (!folder.equals(data)) {
      makeFolder(folder.getParent());
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    folders.add(folder);
  }

  private Manifest.Member write(TarArchiveInputStream tar, Path place, long size) throws IOException {
    makeFolder(place.getParent());
    MessageDigest digest = Manifest.sha256();
    long written = 0;
    Files.createFile(place, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(place, StandardOpenOption.WRITE)) {
      for (int read; (read = tar.readNBytes(chunk, 0, CHUNK)) > 0; written += read) {
        digest.update(chunk, 0, read);
        for (ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, read); buffer.hasRemaining(); ) {
          channel.write(buffer);
        }
      }
    }
    if (written < size) {
      throw new EOFException();
    }
    return new Manifest.Member(Manifest.hex(digest.digest()), written);
  }

  private void compare(Manifest manifest) {
    manifest.members().forEach((name, member) -> {
      Manifest.Member here = seen.get(name);
      if (here == null) {
        throw new BackupRefused("the backup lacks its member '" + name + "': it was altered");
      }
      if (!here.equals(member)) {
        throw new BackupRefused("the member '" + name + "' of the backup was altered: its SHA-256 is " + here.sha256() + ", the manifest has " + member.sha256());
      }
    });
    seen.keySet().stream().filter(name -> !manifest.members().containsKey(name)).findFirst().ifPresent(name -> {
      throw new BackupRefused("the manifest of the backup does not know its member '" + name + "': it was altered");
    });
  }

  /** Everything on the disk before the database gets its place. */
  private void sync() throws IOException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(SYNCS_AT_ONCE, Thread.ofVirtual().factory())) {
      List<Future<?>> syncs = new ArrayList<>();
      files.forEach(path -> syncs.add(threads.submit(() -> {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
          channel.force(true);
        }
        return null;
      })));
      for (Future<?> sync : syncs) {
        sync.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a file could not be forced to the disk: " + e.getCause().getMessage(), e.getCause());
    }
    for (Path folder : folders) {
      syncFolder(folder);
    }
  }

  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
      entries.force(true);
    }
  }

  private void clear() throws IOException {
    try (Stream<Path> all = Files.walk(data)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(data) && !path.getFileName().toString().equals("citywide.lock")) {
          Files.delete(path);
        }
      }
    }
  }
}
