package io.citywide.platform;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals personal data for the database with keys that lie outside of it ({@link KeyFolder}), and opens them again.
 *
 * <p>A sealed value is {@code suite (1 byte) | key version (4, big-endian) | nonce (12, random) | ciphertext | tag (16)}.
 * What it belongs to, column and row, is authenticated with it: moved to another row it does not open. The master of
 * each version is 32 random bytes in {@code personal-VERSION.key}, from which the key of each suite is derived.
 *
 * <p>The blind index of a value is a keyed hash of 16 bytes under a key of its own, {@code personal-index.key}: equal
 * for equal values, so that a known telephone number is found, and without the key no better than a random number.
 */
public final class PersonalSeal {

  /** Algorithms; the number is the first byte of a sealed value. */
  public enum Suite {
    AES_256_GCM(1),
    SM4_GCM(2);

    private final byte number;

    Suite(int number) {
      this.number = (byte) number;
    }
  }

  /**
   * A sealed value that was changed, moved, or sealed with another key than the one at hand: a fault of ours, never of
   * whoever asked. Names where it stands and what is wrong, and nothing of what it holds.
   */
  public static final class BrokenSeal extends IllegalStateException {
    private final String column;
    private final String row;
    private final transient Words why;

    BrokenSeal(String column, String row, Words why, Throwable cause) {
      super("the personal data in " + column + " of row " + row + " cannot be opened: " + (cause instanceof KeyMissingException ? cause.getMessage() : why.en()), cause);
      this.column = column;
      this.row = row;
      this.why = why;
    }

    /** Table and column, such as {@code intake_signal.personal}. */
    public String column() {
      return column;
    }

    /** The row, as it was named when it was sealed. */
    public String row() {
      return row;
    }

    /** Whether a key is missing or the bytes were altered, without paths of this machine. */
    public Words why() {
      return why;
    }

    /** For whoever shows the rest of the row all the same: the fault stands in the log. */
    public void log() {
      log.error(getMessage());
    }
  }

  /** What was opened; empty where it does not open, which then stands in the log: one broken row must not hold up the others. */
  public static <T> Optional<T> openOrLog(Supplier<T> opening) {
    try {
      return Optional.of(opening.get());
    } catch (BrokenSeal e) {
      e.log();
      return Optional.empty();
    }
  }

  private static final Logger log = LoggerFactory.getLogger(PersonalSeal.class);

  /** Versions are numbered from 1. */
  public static final int MOST_VERSIONS = 10_000;

  static final int MASTER_BYTES = 32;
  private static final String INDEX_FILE = "personal-index.key";
  private static final int HEADER = 5;
  private static final int NONCE = 12;
  private static final int TAG = 16;
  private static final int INDEX = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The keys derived from one master. */
  private record Keys(SecretKeySpec aes, KeyParameter sm4) {}

  private final KeyFolder folder;
  private final Suite suite;
  private final int version;
  private final Map<Integer, Keys> keys = new ConcurrentHashMap<>();
  private final SecretKeySpec indexSha;
  private final KeyParameter indexSm3;

  /**
   * @param version of the key for new values; {@code personal-VERSION.key} and the index key must be in the folder
   * @throws KeyMissingException naming the key that is missing or is none
   */
  public PersonalSeal(KeyFolder folder, Suite suite, int version) {
    this.folder = folder;
    this.suite = suite;
    this.version = version;
    byte[] index = master(folder, INDEX_FILE);
    this.indexSha = new SecretKeySpec(index, "HmacSHA256");
    this.indexSm3 = new KeyParameter(index);
    keys(version);
  }

  /** File of a version's master in the {@link KeyFolder}. */
  public static String file(int version) {
    return "personal-" + version + ".key";
  }

  /** File of the key of all blind indexes. */
  public static String indexFile() {
    return INDEX_FILE;
  }

  /** A new master. */
  public static byte[] newMaster() {
    byte[] master = new byte[MASTER_BYTES];
    RANDOM.nextBytes(master);
    return master;
  }

  /** Version of the key that seals now, from 1. */
  public int version() {
    return version;
  }

  /**
   * Seals a value.
   *
   * @param column table and column, such as {@code intake_signal.personal}
   * @param row what tells the row from every other for good, such as its id
   * @return {@code null} for {@code null}
   */
  public byte[] seal(String column, String row, String value) {
    if (value == null) {
      return null;
    }
    byte[] plain = value.getBytes(StandardCharsets.UTF_8);
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    byte[] sealed = new byte[HEADER + NONCE + plain.length + TAG];
    ByteBuffer.wrap(sealed).put(suite.number).putInt(version).put(nonce);
    try {
      run(true, suite, keys(version), nonce, belongsTo(sealed, column, row), plain, 0, plain.length, sealed, HEADER + NONCE);
    } catch (GeneralSecurityException | InvalidCipherTextException e) {
      throw new IllegalStateException("cannot seal a value of " + column, e);
    }
    return sealed;
  }

  /**
   * Opens what {@link #seal} made for the same column and row.
   *
   * @return {@code null} for {@code null}
   * @throws BrokenSeal for a value that was changed or belongs elsewhere, or whose key is not at hand
   */
  public String open(String column, String row, byte[] sealed) {
    if (sealed == null) {
      return null;
    }
    Keys key;
    Suite with;
    try {
      ByteBuffer header = ByteBuffer.wrap(sealed);
      with = suiteOf(header.get());
      key = keys(header.getInt());
    } catch (KeyMissingException e) {
      String file = file(ByteBuffer.wrap(sealed).getInt(1));
      throw new BrokenSeal(column, row, new Words("its key " + file + " is missing or is no key", "密钥 " + file + " 缺失或已损坏"), e);
    } catch (RuntimeException e) {
      throw altered(column, row, e);
    }
    try {
      byte[] plain = new byte[sealed.length - HEADER - NONCE - TAG];
      run(false, with, key, Arrays.copyOfRange(sealed, HEADER, HEADER + NONCE), belongsTo(sealed, column, row), sealed, HEADER + NONCE,
          sealed.length - HEADER - NONCE, plain, 0);
      return new String(plain, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException | InvalidCipherTextException | RuntimeException e) {
      throw altered(column, row, e);
    }
  }

  private static BrokenSeal altered(String column, String row, Exception e) {
    return new BrokenSeal(column, row, new Words("its bytes were altered, stood in another row, or were sealed with another key", "密文被改动、被移到其他行，或由其他密钥加密"), e);
  }

  /** Whether a value was sealed with the present suite and key. */
  public boolean current(byte[] sealed) {
    return sealed.length > HEADER && Arrays.equals(sealed, 0, HEADER, header(), 0, HEADER);
  }

  /** The first five bytes of what is sealed now: suite and key version. */
  public byte[] header() {
    return ByteBuffer.allocate(HEADER).put(suite.number).putInt(version).array();
  }

  /**
   * The blind index of a value under the present suite, 16 bytes.
   *
   * @param kind what the value is, such as {@code phone}; equal values of two kinds have different indexes
   * @param normalised the value in the one form in which equal ones are equal; {@code null}: {@code null}
   */
  public byte[] index(String kind, String normalised) {
    return normalised == null ? null : index(suite, kind, normalised);
  }

  /** The blind indexes under which a value may have been filed, the present suite's first. */
  public List<byte[]> indexes(String kind, String normalised) {
    Suite other = suite == Suite.AES_256_GCM ? Suite.SM4_GCM : Suite.AES_256_GCM;
    return List.of(index(suite, kind, normalised), index(other, kind, normalised));
  }

  private byte[] index(Suite with, String kind, String normalised) {
    byte[] text = (kind + "\u001f" + normalised).getBytes(StandardCharsets.UTF_8);
    return switch (with) {
      case AES_256_GCM -> Arrays.copyOf(hmacSha256(indexSha, text), INDEX);
      case SM4_GCM -> Arrays.copyOf(hmacSm3(indexSm3, text), INDEX);
    };
  }

  /** What proves to hold a key without telling it; the database keeps it, so that a wrong key is found at the start. */
  public static byte[] proof(byte[] master) {
    return Arrays.copyOf(hmacSha256(new SecretKeySpec(master, "HmacSHA256"), "citywide key proof".getBytes(StandardCharsets.US_ASCII)), INDEX);
  }

  /** @throws KeyMissingException naming the file that is missing or is no key */
  public static byte[] master(KeyFolder folder, String file) {
    byte[] master = folder.find(file)
        .orElseThrow(() -> new KeyMissingException("the key " + folder.folder().resolve(file)
            + " is missing, with which personal data in this database are sealed; put it back from your copy of the keys (a new one could not open them)"));
    if (master.length != MASTER_BYTES) {
      throw new KeyMissingException("the key file " + folder.folder().resolve(file) + " has " + master.length + " bytes instead of " + MASTER_BYTES + ": it is no key");
    }
    return master;
  }

  /** A version that another server of the same database began to use is fetched when it is first met. */
  private Keys keys(int wanted) {
    return keys.computeIfAbsent(wanted, v -> {
      byte[] master = master(folder, file(v));
      byte[] aes = hmacSha256(new SecretKeySpec(master, "HmacSHA256"), "citywide aes-256-gcm".getBytes(StandardCharsets.US_ASCII));
      byte[] sm4 = Arrays.copyOf(hmacSm3(new KeyParameter(master), "citywide sm4-gcm".getBytes(StandardCharsets.US_ASCII)), 16);
      return new Keys(new SecretKeySpec(aes, "AES"), new KeyParameter(sm4));
    });
  }

  private static Suite suiteOf(byte number) {
    for (Suite suite : Suite.values()) {
      if (suite.number == number) {
        return suite;
      }
    }
    throw new IllegalArgumentException("there is no suite " + number);
  }

  private static byte[] belongsTo(byte[] sealed, String column, String row) {
    byte[] place = (column + "\u001f" + row).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEADER + place.length).put(sealed, 0, HEADER).put(place).array();
  }

  private static void run(boolean seal, Suite suite, Keys key, byte[] nonce, byte[] belongsTo, byte[] in, int from, int length, byte[] out, int to)
      throws GeneralSecurityException, InvalidCipherTextException {
    switch (suite) {
      case AES_256_GCM -> {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(seal ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE, key.aes(), new GCMParameterSpec(TAG * 8, nonce));
        cipher.updateAAD(belongsTo);
        cipher.doFinal(in, from, length, out, to);
      }
      case SM4_GCM -> {
        var cipher = GCMBlockCipher.newInstance(new SM4Engine());
        cipher.init(seal, new AEADParameters(key.sm4(), TAG * 8, nonce, belongsTo));
        int done = cipher.processBytes(in, from, length, out, to);
        cipher.doFinal(out, to + done);
      }
    }
  }

  private static byte[] hmacSha256(SecretKeySpec key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(text);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static byte[] hmacSm3(KeyParameter key, byte[] text) {
    HMac mac = new HMac(new SM3Digest());
    mac.init(key);
    mac.update(text, 0, text.length);
    byte[] out = new byte[mac.getMacSize()];
    mac.doFinal(out, 0);
    return out;
  }
}
