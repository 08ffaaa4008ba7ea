package io.citywide.sensing.internal.warning;

import io.citywide.platform.KeyFolder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;

/**
 * Secrets by which receivers of webhooks know that it was us. Each is derived from one master key outside the database, the route
 * and its version: the database holds none, and another version makes another secret.
 */
@Component
class WebhookKeys {

  private static final String FILE = "warning-webhooks.key";

  private final Supplier<byte[]> master;

  WebhookKeys(KeyFolder folder) {
    this.master = SingletonSupplier.of(() -> folder.get(FILE, () -> {
      byte[] fresh = new byte[32];
      new SecureRandom().nextBytes(fresh);
      return fresh;
    }));
  }

  /** 64 hexadecimal characters. */
  String secret(Route route) {
    return hmac(master.get(), "route:" + route.id() + ":" + route.secretVersion());
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
