package io.citywide.platform.internal.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RotatingLogTest {
  @TempDir Path folder;

  @Test
  void neverHoldsMoreThanItsCapTimesItsFilesAndKeepsTheNewest() throws IOException {
    Path file = folder.resolve("postgres.log");
    try (RotatingLog log = new RotatingLog(file, 100, 2)) {
      for (int n = 1; n <= 100; n++) log.line("line " + n); // 8 to 9 bytes each
      assertThat(log.tail()).hasSize(40).last().isEqualTo("line 100");
    }
    try (var files = Files.list(folder)) {
      assertThat(files.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrder("postgres.log", "postgres.log.1", "postgres.log.2");
    }
    for (String name : new String[] {"postgres.log", "postgres.log.1", "postgres.log.2"}) {
      assertThat(Files.size(folder.resolve(name))).isLessThanOrEqualTo(100);
    }
    assertThat(Files.readString(file)).endsWith("line 100\n");
  }

  @Test
  void goesOnWhereItStoppedAfterARestart() throws IOException {
    Path file = folder.resolve("postgres.log");
    for (int start = 1; start <= 2; start++) {
      try (RotatingLog log = new RotatingLog(file, 1_000, 1)) {
        log.line("start " + start);
      }
    }
    assertThat(Files.readString(file)).isEqualTo("start 1\nstart 2\n");
  }

  @Test
  void leavesTheFolderAloneAfterItsEnd() throws IOException {
    Path file = folder.resolve("postgres.log");
    RotatingLog log = new RotatingLog(file, 100, 1);
    log.line("first");
    log.close();
    Files.delete(file);
    log.line("last words");
    assertThat(file).doesNotExist();
    assertThat(log.tail()).endsWith("last words");
  }

  @Test
  void dropsLinesRatherThanFailWhereItCannotWrite() {
    try (RotatingLog log = new RotatingLog(folder.resolve("missing/postgres.log"), 100, 1)) {
      log.line("still in memory");
      assertThat(log.tail()).containsExactly("still in memory");
    }
  }
}
