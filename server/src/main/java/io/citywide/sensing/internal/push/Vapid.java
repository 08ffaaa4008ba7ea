package io.citywide.sensing.internal.push;

import io.citywide.platform.SharedSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who the servers of a city are to push services (RFC 8292): one key pair for all of them, under which each request has a token of its own. A browser
 * ties its subscription to the public key, so that nobody else can send to it, and so that another key needs new subscriptions.
 */
@Component
public class Vapid {

  /** Holds the private key and the point in hexadecimal, a line each. */
  static final String NAME = "web-push-p256.key";

  /** Of a token; RFC 8292, 2 allows 24 h, and clocks differ. */
  private static final Duration VALID = Duration.ofHours(12);
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER = BASE64.encodeToString("{\"typ\":\"JWT\",\"alg\":\"ES256\"}".getBytes(StandardCharsets.US_ASCII));

  private final KeyPair pair;
  private final JsonMapper json;
  private final Clock clock;

  @Autowired
  Vapid(SharedSecrets secrets, JsonMapper json, Clock clock) {
    // At the start, outside of any transaction that might fail.
    this(secrets.get(NAME, Vapid::made), json, clock);
  }

  Vapid(byte[] secret, JsonMapper json, Clock clock) {
    this.pair = read(secret);
    this.json = json;
    this.clock = clock;
  }

  static byte[] made() {
    KeyPair made = P256.newPair();
    return (HexFormat.of().formatHex(P256.bytes((ECPrivateKey) made.getPrivate())) + "\n" + HexFormat.of().formatHex(P256.bytes((ECPublicKey) made.getPublic())) + "\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static KeyPair read(byte[] secret) {
    String[] lines = new String(secret, StandardCharsets.US_ASCII).strip().split("\\R");
    try {
      KeyPair pair = P256.pair(HexFormat.of().parseHex(lines[1]), HexFormat.of().parseHex(lines[0]));
      Signature check = Signature.getInstance("SHA256withECDSAinP1363Format");
      check.initVerify(pair.getPublic());
      check.update((byte) 1);
      if (!check.verify(sign(pair, new byte[] {1}))) {
        throw new IllegalArgumentException("its two halves do not belong together");
      }
      return pair;
    } catch (GeneralSecurityException | IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      throw new IllegalStateException("the secret " + NAME + " of this database holds no key for push services: " + e.getMessage() + "; restore it from a backup", e);
    }
  }

  private static byte[] sign(KeyPair pair, byte[] text) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(pair.getPrivate());
      signature.update(text);
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has ECDSA over P-256", e);
    }
  }

  /** What a browser takes as {@code applicationServerKey}: the point in base64url. */
  public String publicKey() {
    return BASE64.encodeToString(P256.bytes((ECPublicKey) pair.getPublic()));
  }

  /**
   * The header {@code Authorization} of a request.
   *
   * @param origin of the push service, such as {@code https://push.example.net}
   * @param contact of whoever runs this server, {@code mailto:} or {@code https:}; empty: left out
   */
  public String authorization(String origin, String contact) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", origin);
    claims.put("exp", clock.instant().plus(VALID).getEpochSecond());
    if (!contact.isEmpty()) {
      claims.put("sub", contact);
    }
    String said = HEADER + "." + BASE64.encodeToString(json.writeValueAsBytes(claims));
    return "vapid t=" + said + "." + BASE64.encodeToString(sign(pair, said.getBytes(StandardCharsets.US_ASCII))) + ", k=" + publicKey();
  }
}
