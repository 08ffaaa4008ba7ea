package io.citywide.sensing.internal.ways;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The door for devices that speak MQTT 3.1.1 or 5.
 *
 * @param port where it listens, usually 1883, or 8883 with TLS; 0: it does not; -1: on any free port
 * @param host address it listens on
 * @param certificate file of its certificate with those above it (PEM); empty: no TLS
 * @param certificateKey file of the private key (PEM, PKCS#8); needed with `certificate`
 * @param maxPacket largest packet that is taken, 1 KB to 1 MB
 * @param maxConnections devices and gateways that may be connected at a time
 * @param serviceRoot root of the SensorThings service in the links of what subscribers are told, such as `https://city.example/sta/v1.1`
 */
@Validated
@ConfigurationProperties("citywide.mqtt")
public record MqttSettings(
    @DefaultValue("0") @Min(-1) @Max(65_535) int port,
    @DefaultValue("0.0.0.0") String host,
    @DefaultValue("") String certificate,
    @DefaultValue("") String certificateKey,
    @DefaultValue("256KB") DataSize maxPacket,
    @DefaultValue("20000") @Min(1) @Max(1_000_000) int maxConnections,
    @DefaultValue("/sta/v1.1") String serviceRoot) {

  public MqttSettings {
    if (maxPacket.toBytes() < 1024 || maxPacket.toBytes() > 1 << 20) {
      throw new IllegalArgumentException("citywide.mqtt.max-packet must be 1KB..1MB, was " + maxPacket);
    }
    if (!serviceRoot.matches("(https?://[^/?#\\s]+)?(/[^/?#\\s]+)+")) {
      throw new IllegalArgumentException("citywide.mqtt.service-root must be an address such as https://city.example/sta/v1.1, without a slash at its end, was " + serviceRoot);
    }
    if (certificate.isBlank() != certificateKey.isBlank()) {
      throw new IllegalArgumentException("citywide.mqtt.certificate and citywide.mqtt.certificate-key go together; one of them is empty");
    }
  }

  public boolean tls() {
    return !certificate.isBlank();
  }
}
