package io.citywide.platform.internal.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.platform.Backup;
import io.citywide.platform.BackupRefused;
import io.citywide.platform.TestPostgres;
import io.citywide.platform.internal.postgres.Credentials;
import io.citywide.platform.internal.postgres.DatabaseUnavailableException;
import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of a real database under load, brought back, broken and refused. */
class BackupTest {

  private static final EmbeddedPostgres.Options OPTIONS =
      new EmbeddedPostgres.Options(TestPostgres.binaries(), Map.of("shared_buffers", "16MB"), Duration.ofMinutes(1));

  @TempDir Path folder;

  @Test
  void aBackupMadeUnderLoadHoldsEverythingAcknowledgedBeforeIt() throws Exception {
    Path data = folder.resolve("data");
    Path file = folder.resolve("city.backup");
    photo(data, "ab/cd/abcd");
    key(data);
    AtomicLong acknowledged = new AtomicLong();
    long before;
    long after;
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, OPTIONS)) {
      make(postgres);
      AtomicBoolean ended = new AtomicBoolean();
      CountDownLatch some = new CountDownLatch(500);
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<?> load = threads.submit(() -> {
          try (Connection connection = connect(postgres); Statement sql = connection.createStatement()) {
            while (!ended.get()) {
              // Two tables in one transaction: a copy that is not of one moment shows it.
              sql.execute("BEGIN; INSERT INTO act VALUES (" + acknowledged.get() + "); INSERT INTO echo VALUES (" + acknowledged.get() + "); COMMIT");
              acknowledged.incrementAndGet();
              some.countDown();
            }
          }
          return null;
        });
        some.await();
        before = acknowledged.get();

        Backup.Made made = Backup.make(data, file, data.resolve("keys"));

        after = acknowledged.get();
        ended.set(true);
        load.get();
        assertThat(made.online()).isTrue();
        assertThat(made.keys()).isTrue();
      }
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");

    Path back = folder.resolve("back");
    Backup.Restored restored = Backup.restore(file, back);

    assertThat(restored.keys()).isTrue();
    assertThat(Files.readString(back.resolve("evidence/ab/cd/abcd"))).isEqualTo("a photo");
    assertThat(Files.readString(back.resolve("keys/sealing.key"))).isEqualTo("secret");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(back, OPTIONS); Connection connection = connect(postgres)) {
      long rows = number(connection, "SELECT count(*) FROM act");
      assertThat(rows).isBetween(before, after + 1);
      assertThat(number(connection, "SELECT max(n) + 1 FROM act")).as("no act without those before it").isEqualTo(rows);
      assertThat(number(connection, "SELECT count(*) FROM act FULL JOIN echo USING (n) WHERE act.n IS NULL OR echo.n IS NULL")).isZero();
    }
  }

  @Test
  void aServerAtRestIsBackedUpTooAndWithoutKeysWhereAsked() throws Exception {
    Path data = folder.resolve("data");
    Path file = folder.resolve("city.backup");
    key(data);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, OPTIONS)) {
      make(postgres);
    }

    Backup.Made made = Backup.make(data, file, null);

    assertThat(made.online()).isFalse();
    assertThat(made.keys()).isFalse();
    Path back = folder.resolve("back");
    assertThat(Backup.restore(file, back).keys()).isFalse();
    assertThat(back.resolve("keys")).doesNotExist();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(back, OPTIONS); Connection connection = connect(postgres)) {
      assertThat(number(connection, "SELECT count(*) FROM act")).isZero();
    }
    assertThatThrownBy(() -> Backup.make(data, file, null)).isInstanceOf(BackupRefused.class).hasMessageContaining("there is a file " + file + " already");
  }

  @Test
  void anIncompleteOrAlteredBackupIsRefusedByNameAndLeavesNothing() throws Exception {
    Path data = folder.resolve("data");
    Path file = folder.resolve("city.backup");
    photo(data, "ab/cd/abcd");
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(data, OPTIONS)) {
      make(postgres);
    }
    Backup.make(data, file, null);
    Path back = folder.resolve("back");

    Path cut = folder.resolve("cut.backup");
    Files.copy(file, cut);
    try (RandomAccessFile bytes = new RandomAccessFile(cut.toFile(), "rw")) {
      bytes.setLength(bytes.length() / 2);
    }
    assertThatThrownBy(() -> Backup.restore(cut, back)).isInstanceOf(BackupRefused.class).hasMessageContaining("is incomplete: it breaks off after");
    assertEmpty(back);

    Path withoutEnd = folder.resolve("without-end.backup");
    Files.copy(file, withoutEnd);
    try (RandomAccessFile bytes = new RandomAccessFile(withoutEnd.toFile(), "rw")) {
      bytes.setLength(find(file, "citywide-backup 1") - 512); // all members, no manifest
    }
    assertThatThrownBy(() -> Backup.restore(withoutEnd, back)).isInstanceOf(BackupRefused.class).hasMessageContaining("is incomplete");
    assertEmpty(back);

    Path altered = folder.resolve("altered.backup");
    Files.copy(file, altered);
    try (RandomAccessFile bytes = new RandomAccessFile(altered.toFile(), "rw")) {
      bytes.seek(find(file, "a photo"));
      bytes.write('A');
    }
    assertThatThrownBy(() -> Backup.restore(altered, back)).isInstanceOf(BackupRefused.class).hasMessageContaining("'evidence/ab/cd/abcd' of the backup was altered");
    assertEmpty(back);

    Path manifest = folder.resolve("manifest.backup");
    Files.copy(file, manifest);
    try (RandomAccessFile bytes = new RandomAccessFile(manifest.toFile(), "rw")) {
      bytes.seek(find(file, "citywide-backup 1") + 30);
      bytes.write('x');
    }
    assertThatThrownBy(() -> Backup.restore(manifest, back)).isInstanceOf(BackupRefused.class).hasMessageContaining("MANIFEST of the backup was altered");
    assertEmpty(back);

    assertThatThrownBy(() -> Backup.restore(file, data)).isInstanceOf(BackupRefused.class).hasMessageContaining("is not empty");
  }

  @Test
  void aFolderInWhichARestoreWasCutOffDoesNotStart() throws IOException {
    Path data = folder.resolve("data");
    Files.createDirectories(data.resolve(EmbeddedPostgres.RESTORING));

    assertThatThrownBy(() -> EmbeddedPostgres.start(data, OPTIONS)).isInstanceOf(DatabaseUnavailableException.class)
        .hasMessageContaining("was not restored to its end");
  }

  @Test
  void aFolderWithoutADatabaseIsRefusedByName() {
    assertThatThrownBy(() -> Backup.make(folder, folder.resolve("x"), null)).isInstanceOf(BackupRefused.class)
        .hasMessageContaining("holds no embedded database").hasMessageContaining("pg_basebackup");
  }

  @Test
  void segmentsOfTheLogAreCountedAcrossTheEndOfALog() {
    assertThat(ClusterCopy.segments("0000000100000000000000FE", "000000010000000100000001", 16L << 20))
        .containsExactly("0000000100000000000000FE", "0000000100000000000000FF", "000000010000000100000000", "000000010000000100000001");
  }

  private static void assertEmpty(Path data) throws IOException {
    try (Stream<Path> left = Files.list(data)) {
      assertThat(left.map(Path::getFileName).map(Path::toString).filter(name -> !name.equals("citywide.lock"))).isEmpty();
    }
    Files.deleteIfExists(data.resolve("citywide.lock"));
  }

  private static void make(EmbeddedPostgres postgres) throws SQLException {
    try (Connection connection = connect(postgres); Statement sql = connection.createStatement()) {
      sql.execute("CREATE TABLE act (n bigint); CREATE TABLE echo (n bigint)");
    }
  }

  private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
    Credentials owner = postgres.owner();
    return DriverManager.getConnection(postgres.jdbcUrl(), owner.user(), owner.password());
  }

  private static long number(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void photo(Path data, String name) throws IOException {
    Path file = data.resolve("evidence").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "a photo");
  }

  private static void key(Path data) throws IOException {
    Files.createDirectories(data.resolve("keys"));
    Files.writeString(data.resolve("keys/sealing.key"), "secret");
  }

  /** Where a text begins in a file, from its end. */
  private static long find(Path file, String text) throws IOException {
    String all = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    return all.lastIndexOf(text);
  }
}
