package io.citywide.sensing.internal.push;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The other side of a push: has the private key, opens what was sealed for it, and checks who sent it. HKDF is written out, so that it shares nothing with what it tests. */
public final class TestBrowser {

  private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

  private final KeyPair pair;
  private final byte[] auth;

  public TestBrowser() {
    this(P256.newPair(), new byte[16]);
    new SecureRandom().nextBytes(auth);
  }

  TestBrowser(KeyPair pair, byte[] auth) {
    this.pair = pair;
    this.auth = auth;
  }

  /** The body with which it is turned on. */
  public Map<String, Object> subscription(String endpoint, String lang, String name) {
    return Map.of("endpoint", endpoint, "keys", Map.of("p256dh", TEXT.encodeToString(key()), "auth", TEXT.encodeToString(auth)), "lang", lang, "name", name);
  }

  byte[] key() {
    return P256.bytes((ECPublicKey) pair.getPublic());
  }

  byte[] auth() {
    return auth;
  }

  /** What was sealed for it; fails where the body breaks RFC 8291 or was sealed for another. */
  public String open(byte[] body) throws GeneralSecurityException {
    ByteBuffer in = ByteBuffer.wrap(body);
    byte[] salt = take(in, 16);
    long record = Integer.toUnsignedLong(in.getInt());
    byte[] sender = take(in, in.get() & 0xFF);
    byte[] sealed = take(in, in.remaining());
    if (record <= sealed.length || sender.length != 65 || body.length > 4096) {
      throw new GeneralSecurityException("one record smaller than " + record + " bytes from one key, in 4096 bytes: was " + sealed.length + " and " + sender.length);
    }
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(pair.getPrivate());
    agreement.doPhase(P256.point(sender), true);
    byte[] info = ByteBuffer.allocate(14 + 65 + 65).put("WebPush: info\0".getBytes(StandardCharsets.US_ASCII)).put(key()).put(sender).array();
    return new String(open(sealed, salt, hkdf(auth, agreement.generateSecret(), info, 32)), StandardCharsets.UTF_8);
  }

  /** A record of RFC 8188. */
  static byte[] open(byte[] sealed, byte[] salt, byte[] input) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(hkdf(salt, input, "Content-Encoding: aes128gcm\0".getBytes(StandardCharsets.US_ASCII), 16), "AES"),
        new GCMParameterSpec(128, hkdf(salt, input, "Content-Encoding: nonce\0".getBytes(StandardCharsets.US_ASCII), 12)));
    byte[] record = cipher.doFinal(sealed);
    int end = record.length - 1;
    while (end >= 0 && record[end] == 0) {
      end--;
    }
    if (end < 0 || record[end] != 2) {
      throw new GeneralSecurityException("the last record ends with 2 and zeros");
    }
    return Arrays.copyOf(record, end);
  }

  /** The claims of a header {@code vapid t=…, k=…}, whose signature is checked against its key. */
  public static JsonNode claims(String authorization, String key) throws GeneralSecurityException {
    if (!authorization.matches("vapid t=[\\w-]+\\.[\\w-]+\\.[\\w-]+, k=[\\w-]+") || !authorization.endsWith(", k=" + key)) {
      throw new GeneralSecurityException("no token of RFC 8292 with our key: " + authorization);
    }
    String[] token = authorization.substring("vapid t=".length(), authorization.indexOf(',')).split("\\.");
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initVerify(P256.point(Base64.getUrlDecoder().decode(key)));
    signature.update((token[0] + "." + token[1]).getBytes(StandardCharsets.US_ASCII));
    JsonMapper json = JsonMapper.builder().build();
    if (!signature.verify(Base64.getUrlDecoder().decode(token[2])) || !json.readTree(Base64.getUrlDecoder().decode(token[0])).path("alg").asString().equals("ES256")) {
      throw new GeneralSecurityException("the token is not signed by its key with ES256");
    }
    return json.readTree(Base64.getUrlDecoder().decode(token[1]));
  }

  private static byte[] hkdf(byte[] salt, byte[] input, byte[] info, int length) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(salt, "HmacSHA256"));
    byte[] extracted = mac.doFinal(input);
    mac.init(new SecretKeySpec(extracted, "HmacSHA256"));
    mac.update(info);
    return Arrays.copyOf(mac.doFinal(new byte[] {1}), length);
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
