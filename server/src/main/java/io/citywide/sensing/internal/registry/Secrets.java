package io.citywide.sensing.internal.registry;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Secrets of devices. They are made here, with 192 random bits, never chosen by a person; so there is nothing to guess, and
 * one SHA-256 keeps them as safe as a slow hash would, at half a microsecond a check: a thousand devices that come back
 * after a power cut are let in within milliseconds.
 */
public final class Secrets {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 24;

  private Secrets() {}

  /** A new one: 32 of {@code A-Z a-z 0-9 - _}. */
  static String make() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** What is stored of it. */
  static String hash(String secret) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(secret));
  }

  /** Whether a device may speak with this password; takes as long whatever it is. */
  public static boolean match(Known device, String password) {
    return device.secretHash() != null && device.enabled()
        && MessageDigest.isEqual(hash(password).getBytes(StandardCharsets.US_ASCII), device.secretHash().getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] sha256(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
