package io.citywide.platform.internal.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveCacheTest {
  private static final byte[] TAR = new byte[200_000];

  static {
    new Random(18).nextBytes(TAR);
  }

  @TempDir Path home;
  private final AtomicInteger opened = new AtomicInteger();
  private Path folder;
  private ArchiveCache cache;

  @BeforeEach
  void begin() {
    folder = home.resolve(".cache/citywide");
    cache = new ArchiveCache(folder);
  }

  private InputStream archive() {
    opened.incrementAndGet();
    return new ByteArrayInputStream(TAR);
  }

  private byte[] read(String version) throws IOException {
    try (InputStream tar = cache.open(version, this::archive)) {
      return tar.readAllBytes();
    }
  }

  private Path kept() {
    return folder.resolve("postgres-a.tar.gz");
  }

  @Test
  void opensTheArchiveOnceAndReadsFromItsOwnFileFromThenOn() throws IOException {
    assertThat(read("a")).isEqualTo(TAR);
    assertThat(read("a")).isEqualTo(TAR);
    assertThat(opened).hasValue(1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))).isEqualTo("rwx------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept()))).isEqualTo("rw-------");
  }

  @Test
  void manyStartsAtOnceMakeOneFile() throws Exception {
    try (var starts = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<byte[]> start : IntStream.range(0, 8).mapToObj(i -> starts.submit(() -> read("a"))).toList()) {
        assertThat(start.get(30, TimeUnit.SECONDS)).isEqualTo(TAR);
      }
    }
    assertThat(opened).hasValue(1);
  }

  @Test
  void keepsOneVersion() throws IOException {
    read("a");
    read("b");
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("postgres-b.tar.gz", "postgres.lock");
    }
  }

  @Test
  void makesADamagedFileAnewAndPassesOverWhatAKilledStartLeft() throws IOException {
    read("a");
    byte[] bytes = Files.readAllBytes(kept());
    bytes[bytes.length / 2] ^= 1;
    Files.write(kept(), bytes);
    assertThat(read("a")).isEqualTo(TAR);
    Files.write(kept(), Arrays.copyOf(bytes, bytes.length / 2));
    Files.write(folder.resolve("postgres.part"), bytes);
    assertThat(read("a")).isEqualTo(TAR);
    assertThat(opened).hasValue(3);
    assertThat(read("a")).isEqualTo(TAR);
    assertThat(opened).hasValue(3);
  }

  @Test
  void readsNothingThatAnotherUserCouldHavePutThere() throws IOException {
    read("a");
    for (Path open : List.of(kept(), folder, folder.getParent())) {
      var before = Files.getPosixFilePermissions(open);
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
      opened.set(0);
      assertThat(read("a")).isEqualTo(TAR);
      assertThat(opened).as("%s is open to all", open).hasValue(1);
      Files.setPosixFilePermissions(open, before);
    }
    Path theirs = Files.move(kept(), home.resolve("theirs"));
    Files.createSymbolicLink(kept(), theirs);
    opened.set(0);
    assertThat(read("a")).isEqualTo(TAR);
    assertThat(opened).as("a link leads elsewhere").hasValue(1);
  }

  @Test
  void goesWithoutWhereItCannotKeepAnything() throws IOException {
    Files.writeString(home.resolve(".cache"), "not a folder");
    assertThat(read("a")).isEqualTo(TAR);
    cache = new ArchiveCache(null);
    assertThat(read("a")).isEqualTo(TAR);
    assertThat(opened).hasValue(2);
  }

  @Test
  void leavesNothingHalfWrittenWhenTheArchiveBreaksOff() throws IOException {
    ArchiveCache.Tar broken = () -> new SequenceInputStream(archive(), new InputStream() {
      @Override
      public int read() throws IOException {
        throw new IOException("broken off");
      }
    });
    cache.open("a", broken).close();
    try (var files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("postgres.lock");
    }
  }
}
