package io.citywide.sensing.internal.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals a message for one browser (RFC 8291): a key pair for this message alone is agreed with the browser's key, and what follows from it
 * and from the browser's secret seals one record of the content coding aes128gcm (RFC 8188). The push service in between reads nothing of it.
 */
public final class PushCipher {

  /** What every push service must carry (RFC 8030, 7.2). */
  private static final int BODY = 4096;

  /** Of the record, in its header: greater than any record of ours is, as RFC 8291, 4 wants it. */
  private static final int RECORD = 4096;
  private static final int SALT = 16;
  private static final int TAG = 16;
  private static final int HEADER = SALT + 4 + 1;
  private static final byte LAST = 2;

  /** The longest message in bytes. */
  public static final int LONGEST = BODY - HEADER - P256.POINT - 1 - TAG;

  public static final int AUTH = 16;

  private static final SecureRandom RANDOM = new SecureRandom();

  private PushCipher() {}

  /**
   * The key of a browser as it hands it over.
   *
   * @param bytes 65, a point of P-256
   * @throws IllegalArgumentException unless it is one
   */
  public static byte[] checked(byte[] bytes) {
    P256.point(bytes);
    return bytes;
  }

  /**
   * The body of a request to a push service.
   *
   * @param length to which the message is filled up, so that its length says nothing; at most {@link #LONGEST}
   * @param browserKey p256dh of the subscription, 65 bytes
   * @param auth of the subscription, 16 bytes
   * @throws IllegalArgumentException for a message above {@code length}, or keys of another form
   */
  public static byte[] seal(byte[] message, int length, byte[] browserKey, byte[] auth) {
    byte[] salt = new byte[SALT];
    RANDOM.nextBytes(salt);
    return seal(message, length, browserKey, auth, P256.newPair(), salt);
  }

  /** @param own for this message alone */
  static byte[] seal(byte[] message, int length, byte[] browserKey, byte[] auth, KeyPair own, byte[] salt) {
    if (auth.length != AUTH) {
      throw new IllegalArgumentException("the secret of a subscription has " + AUTH + " bytes, was " + auth.length);
    }
    if (message.length > length || length > LONGEST) {
      throw new IllegalArgumentException("a message has at most " + Math.min(length, LONGEST) + " bytes, was " + message.length);
    }
    byte[] ownKey = P256.bytes((ECPublicKey) own.getPublic());
    byte[] input = derive(auth, agreed(own, P256.point(browserKey)), concat(text("WebPush: info\0"), browserKey, ownKey), 32);
    return encode(message, length, input, salt, ownKey);
  }

  private static byte[] agreed(KeyPair own, ECPublicKey with) {
    try {
      KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(own.getPrivate());
      agreement.doPhase(with, true);
      return agreement.generateSecret();
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("no key can be agreed upon: " + e.getMessage(), e);
    }
  }

  /** One record of RFC 8188: header, and the message with its delimiter and zeros up to {@code length}, sealed under what follows from {@code input} and {@code salt}. */
  static byte[] encode(byte[] message, int length, byte[] input, byte[] salt, byte[] keyId) {
    byte[] key = derive(salt, input, text("Content-Encoding: aes128gcm\0"), 16);
    byte[] nonce = derive(salt, input, text("Content-Encoding: nonce\0"), 12);
    byte[] record = Arrays.copyOf(message, length + 1);
    record[message.length] = LAST;
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG * 8, nonce));
      byte[] sealed = cipher.doFinal(record);
      return ByteBuffer.allocate(HEADER + keyId.length + sealed.length).put(salt).putInt(RECORD).put((byte) keyId.length).put(keyId).put(sealed).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /** HKDF with SHA-256 (RFC 5869). */
  private static byte[] derive(byte[] salt, byte[] input, byte[] info, int length) {
    try {
      return KDF.getInstance("HKDF-SHA256").deriveData(HKDFParameterSpec.ofExtract().addSalt(salt).addIKM(input).thenExpand(info, length));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java has HKDF since release 25", e);
    }
  }

  private static byte[] text(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] concat(byte[]... parts) {
    ByteBuffer all = ByteBuffer.allocate(Arrays.stream(parts).mapToInt(p -> p.length).sum());
    Arrays.stream(parts).forEach(all::put);
    return all.array();
  }
}
