package io.citywide.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers of one database have one secret, whichever begins, and the database shows it to nobody. */
class SharedSecretsTest {

  @TempDir Path folders;
  private final PlatformDatabase database = PlatformDatabase.fresh();
  private KeyFolder first;
  private KeyFolder second;

  @BeforeEach
  void twoServersWithTheSameKeys() {
    first = new KeyFolder(folders.resolve("first"));
    second = new KeyFolder(folders.resolve("second"));
    for (String name : List.of(PersonalSeal.indexFile(), PersonalSeal.file(1), PersonalSeal.file(2))) {
      byte[] key = first.get(name, PersonalSeal::newMaster);
      second.get(name, () -> key);
    }
  }

  private SharedSecrets server(KeyFolder folder, int version) {
    return new SharedSecrets(database.jdbc(), database.transaction(), new PersonalSeal(folder, PersonalSeal.Suite.AES_256_GCM, version), folder);
  }

  @Test
  void serversThatBeginAtOnceTakeTheSameSecret() throws Exception {
    int servers = 8;
    CyclicBarrier start = new CyclicBarrier(servers);
    try (var pool = Executors.newFixedThreadPool(servers)) {
      List<Future<String>> taken = IntStream.range(0, servers).mapToObj(i -> pool.submit(() -> {
        SharedSecrets own = server(i % 2 == 0 ? first : second, 1);
        start.await();
        return new String(own.get("hook.key", () -> ("made by " + i).getBytes()));
      })).toList();
      String one = taken.getFirst().get();
      for (Future<String> each : taken) {
        assertThat(each.get()).isEqualTo(one);
      }
      assertThat(one).startsWith("made by ");
    }
    assertThat(first.list()).as("no file").doesNotContain("hook.key");
    assertThat(database.jdbc().sql("SELECT count(*) FROM platform_secret").query(Long.class).single()).isEqualTo(1);
    assertThat(database.jdbc().sql("SELECT encode(sealed, 'escape') FROM platform_secret").query(String.class).single()).doesNotContain("made by");
  }

  @Test
  void whatAFileHeldBeforeBecomesTheSecretOfAll() {
    second.get("hook.key", () -> "of the file".getBytes());
    assertThat(server(second, 1).get("hook.key", () -> "fresh".getBytes())).asString().isEqualTo("of the file");
    first.get("hook.key", () -> "of another file".getBytes());
    assertThat(server(first, 1).get("hook.key", () -> "fresh".getBytes())).asString().isEqualTo("of the file");
  }

  @Test
  void aRotationSealsItAnew() {
    byte[] secret = server(first, 1).get("hook.key", () -> "kept".getBytes());
    SharedSecrets rotated = server(first, 2);
    assertThat(rotated.uses(1)).isTrue();
    assertThat(rotated.resealAfter(Long.MIN_VALUE, 10)).isPresent();
    assertThat(rotated.resealAfter(Long.MIN_VALUE, 10)).isEqualTo(OptionalLong.empty());
    assertThat(rotated.uses(1)).isFalse();
    assertThat(server(second, 2).get("hook.key", () -> "fresh".getBytes())).isEqualTo(secret);
  }
}
