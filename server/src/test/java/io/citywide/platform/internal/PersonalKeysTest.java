package io.citywide.platform.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.platform.KeyFolder;
import io.citywide.platform.KeyMissingException;
import io.citywide.platform.PersonalDataSettings;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.PlatformDatabase;
import io.citywide.platform.SealedTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which key a start takes, and which stop it. */
class PersonalKeysTest {

  @TempDir Path folders;
  private final PlatformDatabase database = PlatformDatabase.fresh();
  private KeyFolder folder;

  @BeforeEach
  void aFolderOfKeys() {
    folder = new KeyFolder(folders.resolve("keys"));
  }

  private PersonalSeal start(KeyFolder keys) {
    return new PersonalKeys().personalSeal(keys, new PersonalDataSettings(PersonalSeal.Suite.AES_256_GCM), database.jdbc(), database.transaction());
  }

  @Test
  void theFirstStartMakesAKeyAndLaterOnesTakeIt() {
    byte[] sealed = start(folder).seal("t.c", "1", "13812345678");

    assertThat(start(folder).open("t.c", "1", sealed)).isEqualTo("13812345678");
    assertThat(folder.list()).containsExactlyInAnyOrder("personal-1.key", "personal-index.key");
  }

  @Test
  void aMissingKeyStopsTheStartInWordsAndNoNewOneIsMade() throws Exception {
    start(folder);
    for (String name : List.of("personal-1.key", "personal-index.key")) {
      byte[] kept = Files.readAllBytes(folder.folder().resolve(name));
      Files.delete(folder.folder().resolve(name));

      assertThatThrownBy(() -> start(folder)).isInstanceOf(KeyMissingException.class).hasMessageContaining(name).hasMessageContaining("put it back from your copy of the keys");
      assertThat(folder.list()).doesNotContain(name);
      folder.get(name, () -> kept);
    }
    KeyFolder elsewhere = new KeyFolder(folders.resolve("of another server"));
    assertThatThrownBy(() -> start(elsewhere)).isInstanceOf(KeyMissingException.class);
    assertThat(elsewhere.list()).isEmpty();
    assertThat(new StartFailures().analyze(new IllegalStateException(new KeyMissingException("the key is missing"))).getDescription()).isEqualTo("the key is missing");
  }

  @Test
  void anotherKeyOfTheSameNameStopsTheStart() {
    start(folder);
    KeyFolder wrong = new KeyFolder(folders.resolve("wrong"));
    wrong.get("personal-1.key", PersonalSeal::newMaster);
    wrong.get("personal-index.key", () -> folder.find("personal-index.key").orElseThrow());

    assertThatThrownBy(() -> start(wrong)).isInstanceOf(KeyMissingException.class).hasMessageContaining("is another one");
  }

  @Test
  void afterARotationTheNewKeySealsAndTheOldOneIsNeededUntilNoRowUsesIt() throws Exception {
    start(folder);
    folder.get("personal-2.key", PersonalSeal::newMaster);
    PersonalSeal seal = start(folder);
    Rows rows = new Rows();

    assertThat(seal.version()).isEqualTo(2);
    var sealing = new PersonalKeys.Sealing(seal, List.of(rows), database.jdbc(), database.transaction());
    rows.old.add(1);
    rows.stuck = true;
    sealing.reseal();
    Path old = folder.folder().resolve("personal-1.key");
    byte[] kept = Files.readAllBytes(old);
    Files.delete(old);
    assertThatThrownBy(() -> start(folder)).as("a row still needs it").isInstanceOf(KeyMissingException.class);
    folder.get("personal-1.key", () -> kept);

    rows.stuck = false;
    sealing.reseal();
    Files.delete(old);
    assertThat(start(folder).version()).isEqualTo(2);
  }

  /** A table of which one row is of the first key until it is looked at. */
  private static final class Rows implements SealedTable {
    final Set<Integer> old = new HashSet<>();
    boolean stuck;

    @Override
    public String name() {
      return "rows";
    }

    @Override
    public int sealClear(int most) {
      return 0;
    }

    @Override
    public OptionalLong resealAfter(long id, int most) {
      if (stuck || old.isEmpty()) {
        return OptionalLong.empty();
      }
      old.clear();
      return OptionalLong.of(1);
    }

    @Override
    public boolean uses(int version) {
      return old.contains(version);
    }
  }
}
