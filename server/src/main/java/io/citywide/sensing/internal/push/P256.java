package io.citywide.sensing.internal.push;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;

/** Keys of the curve P-256 in the form in which browsers hand them over: a point as 65 bytes, 04 ‖ x ‖ y (SEC 1, 2.3.3), a scalar as 32. */
final class P256 {

  static final int POINT = 65;
  static final int SCALAR = 32;
  private static final byte UNCOMPRESSED = 4;
  private static final ECParameterSpec CURVE = curve();

  private P256() {}

  private static ECParameterSpec curve() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  static KeyPair newPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(CURVE);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  static KeyPair pair(byte[] point, byte[] scalar) {
    return new KeyPair(point(point), scalar(scalar));
  }

  /**
   * @param bytes 65, uncompressed
   * @throws IllegalArgumentException unless it is a point of the curve: a key agreed upon with another would tell about ours
   */
  static ECPublicKey point(byte[] bytes) {
    if (bytes.length != POINT || bytes[0] != UNCOMPRESSED) {
      throw new IllegalArgumentException("a point of P-256 has " + POINT + " bytes, of which the first is 4, was " + bytes.length + " bytes");
    }
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(bytes, 1, 1 + SCALAR));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(bytes, 1 + SCALAR, POINT));
    BigInteger p = ((ECFieldFp) CURVE.getCurve().getField()).getP();
    BigInteger right = x.pow(3).add(CURVE.getCurve().getA().multiply(x)).add(CURVE.getCurve().getB()).mod(p);
    if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.modPow(BigInteger.TWO, p).equals(right)) {
      throw new IllegalArgumentException("the point does not lie on P-256");
    }
    try {
      return (ECPublicKey) KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), CURVE));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the point is no key of P-256: " + e.getMessage(), e);
    }
  }

  /**
   * @param bytes 32, big-endian
   * @throws IllegalArgumentException unless it is between 1 and the order of the curve
   */
  static ECPrivateKey scalar(byte[] bytes) {
    BigInteger s = new BigInteger(1, bytes);
    if (bytes.length != SCALAR || s.signum() == 0 || s.compareTo(CURVE.getOrder()) >= 0) {
      throw new IllegalArgumentException("a private key of P-256 has " + SCALAR + " bytes and lies between 1 and the order of the curve, was " + bytes.length + " bytes");
    }
    try {
      return (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(s, CURVE));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the number is no key of P-256: " + e.getMessage(), e);
    }
  }

  static byte[] bytes(ECPublicKey key) {
    byte[] bytes = new byte[POINT];
    bytes[0] = UNCOMPRESSED;
    put(key.getW().getAffineX(), bytes, 1);
    put(key.getW().getAffineY(), bytes, 1 + SCALAR);
    return bytes;
  }

  static byte[] bytes(ECPrivateKey key) {
    byte[] bytes = new byte[SCALAR];
    put(key.getS(), bytes, 0);
    return bytes;
  }

  /** As 32 bytes: shorter numbers with zeros before them, longer ones without the byte of their sign. */
  private static void put(BigInteger number, byte[] into, int at) {
    byte[] digits = number.toByteArray();
    int length = Math.min(digits.length, SCALAR);
    System.arraycopy(digits, digits.length - length, into, at + SCALAR - length, length);
  }
}
