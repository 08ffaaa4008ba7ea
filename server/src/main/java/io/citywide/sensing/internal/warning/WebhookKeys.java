package io.citywide.sensing.internal.warning;

import io.citywide.platform.PersonalSeal;
import io.citywide.platform.SharedSecrets;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Secrets by which receivers of webhooks know that it was us, the same on every server of the database. Each is derived from one master,
 * the route and its version: no secret is kept, and another version makes another.
 */
@Component
class WebhookKeys {

  private static final String NAME = "warning-webhooks.key";

  private final byte[] master;

  @Autowired
  WebhookKeys(SharedSecrets secrets) {
    // At the start, outside of any transaction that might fail.
    this(secrets.get(NAME, PersonalSeal::newMaster));
  }

  WebhookKeys(byte[] master) {
    this.master = master;
  }

  /** 64 hexadecimal characters. */
  String secret(Route route) {
    return hmac(master, "route:" + route.id() + ":" + route.secretVersion());
  }

  /** @param body as it is sent */
  String signature(String secret, long second, String body) {
    return "sha256=" + hmac(secret.getBytes(StandardCharsets.US_ASCII), second + "." + body);
  }

  private static String hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
