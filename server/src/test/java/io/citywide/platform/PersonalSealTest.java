package io.citywide.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.platform.PersonalSeal.Suite;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a seal keeps secret, and what it notices. */
class PersonalSealTest {

  private static final String COLUMN = "intake_signal.personal";
  private static final String PHONE = "13812345678";

  @TempDir Path data;
  private KeyFolder folder;

  @BeforeEach
  void keys() {
    folder = new KeyFolder(data.resolve("keys"));
    folder.get(PersonalSeal.indexFile(), PersonalSeal::newMaster);
    folder.get(PersonalSeal.file(1), PersonalSeal::newMaster);
  }

  private PersonalSeal seal(Suite suite) {
    return new PersonalSeal(folder, suite, 1);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSealedOpensAgainAndShowsNothingOfTheValue(Suite suite) {
    byte[] sealed = seal(suite).seal(COLUMN, "7", "张三 " + PHONE);

    assertThat(seal(suite).open(COLUMN, "7", sealed)).isEqualTo("张三 " + PHONE);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain(PHONE);
  }

  @ParameterizedTest
  @EnumSource
  void equalValuesAreSealedDifferentlyEachTime(Suite suite) {
    assertThat(seal(suite).seal(COLUMN, "7", PHONE)).isNotEqualTo(seal(suite).seal(COLUMN, "7", PHONE));
  }

  @ParameterizedTest
  @EnumSource
  void aValueMovedToAnotherRowOrColumnDoesNotOpen(Suite suite) {
    byte[] sealed = seal(suite).seal(COLUMN, "7", PHONE);

    assertThatThrownBy(() -> seal(suite).open(COLUMN, "8", sealed)).isInstanceOf(PersonalSeal.BrokenSeal.class).hasMessageContaining("row 8").hasMessageNotContaining(PHONE);
    assertThatThrownBy(() -> seal(suite).open("identity_person.phone_sealed", "7", sealed)).isInstanceOf(PersonalSeal.BrokenSeal.class);
  }

  @ParameterizedTest
  @EnumSource
  void everyChangedByteIsNoticed(Suite suite) {
    byte[] sealed = seal(suite).seal(COLUMN, "7", PHONE);
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> seal(suite).open(COLUMN, "7", changed)).as("byte %d", i).isInstanceOf(PersonalSeal.BrokenSeal.class);
    }
    assertThatThrownBy(() -> seal(suite).open(COLUMN, "7", new byte[3])).isInstanceOf(PersonalSeal.BrokenSeal.class);
  }

  @Test
  void eachSuiteOpensWhatTheOtherSealed() {
    assertThat(seal(Suite.AES_256_GCM).open(COLUMN, "7", seal(Suite.SM4_GCM).seal(COLUMN, "7", PHONE))).isEqualTo(PHONE);
    assertThat(seal(Suite.SM4_GCM).open(COLUMN, "7", seal(Suite.AES_256_GCM).seal(COLUMN, "7", PHONE))).isEqualTo(PHONE);
  }

  @Test
  void aNewerKeySealsAndTheOlderStillOpens() {
    byte[] old = seal(Suite.AES_256_GCM).seal(COLUMN, "7", PHONE);
    PersonalSeal before = seal(Suite.AES_256_GCM);
    folder.get(PersonalSeal.file(2), PersonalSeal::newMaster);
    PersonalSeal now = new PersonalSeal(folder, Suite.AES_256_GCM, 2);

    assertThat(now.open(COLUMN, "7", old)).isEqualTo(PHONE);
    assertThat(now.current(old)).isFalse();
    assertThat(now.current(now.seal(COLUMN, "7", PHONE))).isTrue();
    assertThat(before.open(COLUMN, "7", now.seal(COLUMN, "7", PHONE))).as("a server that was not restarted yet").isEqualTo(PHONE);
  }

  @Test
  void anIndexIsEqualForEqualValuesOfOneKindOnly() {
    PersonalSeal seal = seal(Suite.AES_256_GCM);

    assertThat(seal.index("phone", PHONE)).hasSize(16).isEqualTo(seal.index("phone", PHONE)).isNotEqualTo(seal.index("email", PHONE));
    assertThat(seal.indexes("phone", PHONE)).hasSize(2).contains(seal.index("phone", PHONE), seal(Suite.SM4_GCM).index("phone", PHONE));
    assertThat(seal.index("phone", null)).isNull();
  }

  @Test
  void aMissingOrShortKeyIsNamed() throws Exception {
    Files.delete(folder.folder().resolve(PersonalSeal.file(1)));
    assertThatThrownBy(() -> seal(Suite.AES_256_GCM)).isInstanceOf(KeyMissingException.class).hasMessageContaining("personal-1.key").hasMessageContaining("put it back");
    folder.get(PersonalSeal.file(1), () -> new byte[5]);
    assertThatThrownBy(() -> seal(Suite.AES_256_GCM)).isInstanceOf(KeyMissingException.class).hasMessageContaining("has 5 bytes");
  }

  /** GB/T 32907-2016 appendix A and GB/T 32905-2016 appendix A. */
  @Test
  void theLibraryOfTheSmSuiteAgreesWithTheStandards() {
    byte[] key = HexFormat.of().parseHex("0123456789abcdeffedcba9876543210");
    byte[] out = new byte[16];
    SM4Engine sm4 = new SM4Engine();
    sm4.init(true, new KeyParameter(key));
    sm4.processBlock(key, 0, out, 0);
    assertThat(HexFormat.of().formatHex(out)).isEqualTo("681edf34d206965e86b3e94f536e4246");
    SM3Digest sm3 = new SM3Digest();
    sm3.update("abc".getBytes(StandardCharsets.US_ASCII), 0, 3);
    byte[] digest = new byte[32];
    sm3.doFinal(digest, 0);
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  }
}
