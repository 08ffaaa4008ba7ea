package io.citywide.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyFolderTest {

  @TempDir Path folder;

  @Test
  void makesASecretOnceAndKeepsItForItsOwnerAlone() throws IOException {
    KeyFolder keys = new KeyFolder(folder.resolve("keys"));
    assertThat(keys.find("ledger")).isEmpty();
    assertThat(keys.get("ledger", () -> new byte[] {1, 2})).containsExactly(1, 2);
    assertThat(keys.get("ledger", () -> new byte[] {3})).containsExactly(1, 2);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys/ledger")))).isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys")))).isEqualTo("rwx------");
    try (var files = Files.list(folder.resolve("keys"))) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void givesAllMakersOfOneMomentTheSameSecret() {
    var seen = new ConcurrentSkipListSet<String>();
    List<Thread> makers = IntStream.range(0, 20).mapToObj(i -> Thread.ofVirtual().start(() ->
        seen.add(new String(new KeyFolder(folder).get("one", () -> ("maker" + i).getBytes()))))).toList();
    makers.forEach(KeyFolderTest::join);
    assertThat(seen).hasSize(1);
  }

  @Test
  void refusesASecretThatOthersMayRead() throws IOException {
    Files.writeString(folder.resolve("open"), "secret");
    Files.setPosixFilePermissions(folder.resolve("open"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> new KeyFolder(folder).find("open")).isInstanceOf(IllegalStateException.class).hasMessageContaining("chmod 600");
  }

  @Test
  void refusesANameThatLeavesTheFolder() {
    assertThatThrownBy(() -> new KeyFolder(folder).find("../x")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("../x");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
