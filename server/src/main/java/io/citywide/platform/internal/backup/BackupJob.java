package io.citywide.platform.internal.backup;

import io.citywide.platform.Backup;
import io.citywide.platform.BackupRefused;
import io.citywide.platform.internal.postgres.CredentialFile;
import io.citywide.platform.internal.postgres.Credentials;
import io.citywide.platform.internal.postgres.DataFolderLock;
import io.citywide.platform.internal.postgres.DatabaseUnavailableException;
import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** Makes one backup: the database first, then the photos, so that every photo a row names is in it. */
public final class BackupJob {

  static final String CREDENTIALS = "postgres/credentials.properties";

  static final String HEADS = "ledger-heads.log";

  private final Path data;
  private final Path file;
  private final Path keys;

  /** See {@link Backup#make}. */
  public BackupJob(Path data, Path file, Path keys) {
    this.data = data.toAbsolutePath().normalize();
    this.file = file;
    this.keys = keys;
  }

  /** See {@link Backup#make}. */
  public Backup.Made run() {
    if (!Files.isDirectory(data.resolve(ClusterCopy.PGDATA))) {
      throw new BackupRefused("the folder " + data + " holds no embedded database; a server with citywide.database.url is backed up by pg_basebackup "
          + "or pg_dump of its PostgreSQL, together with the folders evidence and keys");
    }
    long from = System.nanoTime();
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    try (ArchiveWriter archive = new ArchiveWriter(file)) {
      archive.manifest().fact("made", now.toString());
      if (!archive.file(CREDENTIALS, data.resolve(CREDENTIALS))) {
        throw new BackupRefused("the passwords of the database are missing: there is no file " + data.resolve(CREDENTIALS));
      }
      archive.file(HEADS, data.resolve(HEADS)); // before the database, which then has signed all of them
      boolean online = copyDatabase(archive);
      copyFolder(archive, data.resolve("evidence"), "evidence");
      archive.file("citywide.yaml", data.resolve("citywide.yaml"));
      boolean withKeys = keys != null && Files.isDirectory(keys);
      if (withKeys) {
        copyFolder(archive, keys, "keys");
      }
      archive.manifest().fact("keys", withKeys ? "yes" : "no");
      archive.finish();
      return new Backup.Made(file, archive.bytes(), archive.manifest().members().size(), Duration.ofNanos(System.nanoTime() - from), online, withKeys);
    } catch (IOException | SQLException e) {
      throw new BackupRefused("the backup could not be written: " + e.getMessage(), e);
    }
  }

  /** True where a server runs on the folder. */
  private boolean copyDatabase(ArchiveWriter archive) throws IOException, SQLException {
    ClusterCopy copy = new ClusterCopy(data.resolve(ClusterCopy.PGDATA), archive);
    DataFolderLock lock;
    try {
      lock = DataFolderLock.acquire(data);
    } catch (DatabaseUnavailableException running) {
      try (Connection superuser = connect()) {
        copy.atWork(superuser);
      }
      return true;
    }
    try (lock) {
      EmbeddedPostgres.takeDownLeftovers(data);
      copy.atRest();
      return false;
    }
  }

  private Connection connect() throws IOException, SQLException {
    Credentials superuser = new CredentialFile(data.resolve(CREDENTIALS)).get("postgres");
    Path port = data.resolve("postgres/run/port");
    if (!Files.exists(port)) {
      throw new BackupRefused("the server of " + data + " is only just starting; try again in a moment");
    }
    return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + Files.readString(port).strip() + "/postgres", superuser.user(), superuser.password());
  }

  /** Files may come and go meanwhile; those that come are named by no row of the copy, those that go were held by none. */
  private static void copyFolder(ArchiveWriter archive, Path folder, String name) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.find(folder, 8, (path, attributes) -> attributes.isRegularFile())) {
      files = all.filter(path -> !path.getFileName().toString().startsWith(".")).sorted().toList();
    }
    for (Path path : files) {
      archive.file(name + "/" + folder.relativize(path), path);
    }
  }
}
