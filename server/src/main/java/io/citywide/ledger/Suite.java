package io.citywide.ledger;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;

/** Which hash and which signature: chosen at a ledger's birth, and for life. */
public enum Suite {
  /** SHA-256 (FIPS 180-4) and Ed25519 (RFC 8032). Public key: X.509 SubjectPublicKeyInfo. */
  ED25519_SHA256 {
    @Override
    public Hash hash() {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        return parts -> {
          for (byte[] part : parts) {
            digest.update(part);
          }
          return digest.digest();
        };
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    @Override
    public KeyPair newKey() {
      try {
        var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        return new KeyPair(pair.getPrivate().getEncoded(), pair.getPublic().getEncoded());
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("every JDK has Ed25519", e);
      }
    }

    @Override
    public byte[] sign(KeyPair key, byte[] message) {
      try {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(key.secret())));
        signature.update(message);
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the key of the ledger is no Ed25519 key: " + e.getMessage(), e);
      }
    }

    @Override
    public boolean verify(byte[] publicKey, byte[] message, byte[] signed) {
      try {
        PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(publicKey));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(key);
        signature.update(message);
        return signature.verify(signed);
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        return false;
      }
    }
  },

  /**
   * SM3 (GB/T 32905) and SM2 (GB/T 32918.2, curve sm2p256v1, signer id {@code 1234567812345678}). Public key: the point
   * uncompressed, 65 bytes; signature: DER of r and s.
   */
  SM2_SM3 {
    @Override
    public Hash hash() {
      SM3Digest digest = new SM3Digest();
      return parts -> {
        for (byte[] part : parts) {
          digest.update(part, 0, part.length);
        }
        byte[] out = new byte[32];
        digest.doFinal(out, 0);
        return out;
      };
    }

    @Override
    public KeyPair newKey() {
      ECDomainParameters curve = sm2();
      // GB/T 32918.1: 1 to n - 2
      BigInteger secret;
      do {
        secret = new BigInteger(curve.getN().bitLength(), new SecureRandom());
      } while (secret.signum() == 0 || secret.compareTo(curve.getN().subtract(BigInteger.TWO)) > 0);
      return new KeyPair(secret.toByteArray(), curve.getG().multiply(secret).normalize().getEncoded(false));
    }

    @Override
    public byte[] sign(KeyPair key, byte[] message) {
      SM2Signer signer = new SM2Signer();
      signer.init(true, new ParametersWithRandom(new ECPrivateKeyParameters(new BigInteger(key.secret()), sm2()), new SecureRandom()));
      signer.update(message, 0, message.length);
      try {
        return signer.generateSignature();
      } catch (CryptoException e) {
        throw new IllegalStateException("the key of the ledger is no SM2 key: " + e.getMessage(), e);
      }
    }

    @Override
    public boolean verify(byte[] publicKey, byte[] message, byte[] signed) {
      try {
        ECDomainParameters curve = sm2();
        SM2Signer signer = new SM2Signer();
        signer.init(false, new ECPublicKeyParameters(curve.getCurve().decodePoint(publicKey), curve));
        signer.update(message, 0, message.length);
        return signer.verifySignature(signed);
      } catch (IllegalArgumentException e) {
        return false;
      }
    }

    private static ECDomainParameters sm2() {
      X9ECParameters curve = GMNamedCurves.getByName("sm2p256v1");
      return new ECDomainParameters(curve.getCurve(), curve.getG(), curve.getN(), curve.getH());
    }
  };

  /** Length of a hash in bytes, in every suite. */
  public static final int HASH_BYTES = 32;

  /** A hash function; one thread at a time. */
  @FunctionalInterface
  public interface Hash {
    /** Of the parts one after the other. */
    byte[] of(byte[]... parts);
  }

  /** Both halves in the encoding of the suite. */
  public record KeyPair(byte[] secret, byte[] open) {}

  public abstract Hash hash();

  public abstract KeyPair newKey();

  public abstract byte[] sign(KeyPair key, byte[] message);

  /** {@code false} also for a key or a signature that is none. */
  public abstract boolean verify(byte[] publicKey, byte[] message, byte[] signature);

  /** What a public key is called: the first 16 bytes of its hash, in hexadecimal. */
  public String keyId(byte[] publicKey) {
    return java.util.HexFormat.of().formatHex(Arrays.copyOf(hash().of(publicKey), 16));
  }
}
