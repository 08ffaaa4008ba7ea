package io.citywide.platform.internal.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each test finds the programs whole and leaves them so. */
class PostgresBinariesTest {
  private static final ArchiveCache CACHE = new ArchiveCache(null);

  @TempDir static Path folder;
  private static PostgresBinaries unpacked;

  @BeforeAll
  static void unpack() {
    unpacked = PostgresBinaries.unpackInto(folder, CACHE);
  }

  @Test
  void unpacksProgramsThatRun() {
    assertThat(unpacked.majorVersion()).isEqualTo(18);
    assertThat(List.of("initdb", "pg_ctl", "postgres")).allMatch(name -> Files.isExecutable(unpacked.program(name)));
  }

  @Test
  void unpacksOnlyOnce() throws IOException {
    Path untouched = unpacked.program("postgres");
    FileTime then = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(untouched, then);
    assertThat(PostgresBinaries.unpackInto(folder, CACHE)).isEqualTo(unpacked);
    assertThat(Files.getLastModifiedTime(untouched)).isEqualTo(then);
  }

  @Test
  void repairsAFolderInWhichAFileIsCutShortOrMissingOrTheMarkerIs() throws IOException {
    try (FileChannel channel = FileChannel.open(unpacked.program("postgres"), StandardOpenOption.WRITE)) {
      channel.truncate(4096);
    }
    assertThat(PostgresBinaries.unpackInto(folder, CACHE).majorVersion()).isEqualTo(18);
    for (String missing : List.of("bin/initdb", ".complete")) {
      Files.delete(unpacked.home().resolve(missing));
      assertThat(PostgresBinaries.unpackInto(folder, CACHE).majorVersion()).isEqualTo(18);
      assertThat(unpacked.home().resolve(missing)).exists();
    }
  }

  @Test
  void replacesOtherVersionsAndWhatAnInterruptedUnpackingLeft() throws IOException {
    Path part = Files.createDirectories(unpacked.home().resolveSibling(unpacked.home().getFileName() + ".part/bin"));
    Files.writeString(part.resolve("postgres"), "half");
    Files.createDirectories(folder.resolve("bin-of-an-older-version/bin"));
    PostgresBinaries.unpackInto(folder, CACHE);
    try (var entries = Files.list(folder)) {
      assertThat(entries.filter(Files::isDirectory)).containsExactly(unpacked.home());
    }
  }

  @Test
  void knowsTheArchiveOfEachPlatformItIsBuiltFor() {
    assertThat(PostgresBinaries.archiveName("Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
    assertThat(PostgresBinaries.archiveName("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
    assertThat(PostgresBinaries.archiveName("Mac OS X", "aarch64")).isEqualTo("postgres-darwin-arm_64.txz");
  }
}
