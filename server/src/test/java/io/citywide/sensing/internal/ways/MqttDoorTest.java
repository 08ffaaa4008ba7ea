package io.citywide.sensing.internal.ways;

import static io.citywide.sensing.internal.ways.BareMqttClient.HUNG_UP;
import static io.citywide.sensing.internal.ways.BareMqttClient.MQTT_3;
import static io.citywide.sensing.internal.ways.BareMqttClient.MQTT_5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.MachineKeys;
import io.citywide.identity.Permission;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.Observations;
import io.citywide.sensing.Observations.Value;
import io.citywide.sensing.internal.registry.CommandDesk;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.sta.StaGround;
import io.citywide.sensing.internal.sta.StaGround.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

/** A door of its own that speaks TLS, and who may end whose connection. */
@ServerTest
@ExtendWith(OutputCaptureExtension.class)
class MqttDoorTest {

  private static final TestCity CITY = new TestCity("975100", 97.51, 37.51);
  private static final int TAKEN_OVER = 0x8E;

  @TempDir static Path keys;
  private static SSLContext knowing;
  private static MqttDoor door;

  @Autowired StaGround ground;
  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired Observations observations;
  @Autowired Intake intake;
  @Autowired MachineKeys machineKeys;
  @Autowired CommandDesk desk;

  private long now;

  /** Made by the keytool of the JDK for this run, written as PEM, and known to the clients. */
  @BeforeAll
  static void aCertificate() throws Exception {
    String password = UUID.randomUUID().toString();
    Path file = keys.resolve("door.p12");
    Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "door", "-keyalg", "EC", "-groupname", "secp256r1",
        "-dname", "CN=Citywide", "-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", password).redirectErrorStream(true).start();
    String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore own = KeyStore.getInstance(file.toFile(), password.toCharArray());
    pem("door.pem", "CERTIFICATE", own.getCertificate("door").getEncoded());
    pem("door.key", "PRIVATE KEY", own.getKey("door", password.toCharArray()).getEncoded());
    KeyStore known = KeyStore.getInstance("PKCS12");
    known.load(null, null);
    known.setCertificateEntry("door", own.getCertificate("door"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(known);
    knowing = SSLContext.getInstance("TLS");
    knowing.init(null, trust.getTrustManagers(), null);
  }

  private static void pem(String name, String what, byte[] der) throws IOException {
    Files.writeString(keys.resolve(name), "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what + "-----\n");
  }

  @BeforeEach
  void aDoorAndThreeDevices() throws Exception {
    ground.city(CITY.alone(CITY.box(0, 0, 1, 1)));
    ground.gauges("door-gauge", 1_000, List.of("level"), gauge("DOOR-1"), gauge("DOOR-2"), gauge("DOOR-3"));
    now = System.currentTimeMillis();
    if (door == null) {
      door = new MqttDoor(new MqttSettings(-1, "127.0.0.1", keys.resolve("door.pem").toString(), keys.resolve("door.key").toString(), DataSize.ofKilobytes(256), 100, "/sta/v1.1"),
          intake, machineKeys, desk, List.of(), new SimpleMeterRegistry());
      door.start();
    }
  }

  /** To end a connection is no fault of ours. */
  @AfterEach
  void noFaultWasLogged(CapturedOutput log) {
    assertThat(log).doesNotContain("Unhandled exception");
  }

  @AfterAll
  static void closed() {
    door.stop();
  }

  private static Gauge gauge(String code) throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret(code).getBytes(StandardCharsets.UTF_8));
    return new Gauge(code, CITY.at(0.5, 0.5).get(0), CITY.at(0.5, 0.5).get(1), CITY.city, Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
  }

  private static String secret(String device) {
    return "secret-of-" + device;
  }

  private BareMqttClient device(int version, String code, String clientId) throws IOException {
    return new BareMqttClient(speaking(knowing), version, clientId, code, secret(code));
  }

  private BareMqttClient gateway(TestClient machine, String clientId) throws IOException {
    return new BareMqttClient(speaking(knowing), MQTT_5, clientId, "key", machine.key());
  }

  /** As a browser holds the certificate against the address. */
  private Socket speaking(SSLContext tls) throws IOException {
    SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", door.port());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private List<Value> values(String device) {
    return observations.list(directory.find(device).orElseThrow().series("level"), Instant.ofEpochMilli(now - 60_000), Instant.ofEpochMilli(now + 60_000), 100);
  }

  /** Of a moment of its own. */
  private String line(int value) {
    return "{\"time\":" + (now + value) + ",\"values\":{\"level\":" + value + "}}";
  }

  @ParameterizedTest
  @ValueSource(ints = {MQTT_3, MQTT_5})
  void aDeviceThatSpeaksTlsIsAcknowledgedAfterTheCommit(int version) throws Exception {
    try (BareMqttClient device = device(version, "DOOR-3", "tls")) {
      assertThat(device.publish("devices/DOOR-3/observations", line(version))).isZero();
      assertThat(values("DOOR-3")).contains(new Value(now + version, version));
    }
  }

  @Test
  void whoSpeaksNoTlsOrDoesNotKnowTheCertificateIsNotConnected() throws Exception {
    try (Socket plain = new Socket("127.0.0.1", door.port())) {
      assertThatThrownBy(() -> new BareMqttClient(plain, MQTT_3, "plain", "DOOR-1", secret("DOOR-1"))).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> speaking(SSLContext.getDefault())).isInstanceOf(SSLHandshakeException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {MQTT_3, MQTT_5})
  void theSameUserAndClientIdAgainEndsTheConnectionBefore(int version) throws Exception {
    TestClient machine = people.machine(CITY.city, Permission.OBSERVATION_WRITE);
    try (BareMqttClient first = device(version, "DOOR-1", "same"); BareMqttClient second = device(version, "DOOR-1", "same")) {
      assertThat(first.ended()).isEqualTo(version == MQTT_5 ? TAKEN_OVER : HUNG_UP);
      assertThat(second.publish("devices/DOOR-1/observations", line(20))).isZero();
      // What the first leaves behind is not what the second has: a third finds the second.
      try (BareMqttClient third = device(version, "DOOR-1", "same")) {
        assertThat(second.ended()).isEqualTo(version == MQTT_5 ? TAKEN_OVER : HUNG_UP);
        assertThat(third.publish("devices/DOOR-1/observations", line(21))).isZero();
      }
    }
    try (BareMqttClient first = gateway(machine, "same"); BareMqttClient second = gateway(machine, "same")) {
      assertThat(first.ended()).isEqualTo(TAKEN_OVER);
      assertThat(second.publish("devices/DOOR-2/observations", line(22))).isZero();
    }
  }

  @Test
  void nobodyTakesOverTheSessionOfAnotherUser() throws Exception {
    TestClient machine = people.machine(CITY.city, Permission.OBSERVATION_WRITE);
    TestClient other = people.machine(CITY.city, Permission.OBSERVATION_WRITE);
    try (BareMqttClient one = device(MQTT_5, "DOOR-1", "same"); BareMqttClient two = device(MQTT_5, "DOOR-2", "same");
        BareMqttClient three = gateway(machine, "same"); BareMqttClient four = gateway(other, "same"); BareMqttClient apart = device(MQTT_5, "DOOR-1", "another")) {
      assertThat(apart.publish("devices/DOOR-1/observations", line(30))).isZero();
      assertThat(four.publish("devices/DOOR-1/observations", line(31))).isZero();
      assertThat(three.publish("devices/DOOR-1/observations", line(32))).isZero();
      assertThat(two.publish("devices/DOOR-2/observations", line(33))).isZero();
      assertThat(one.publish("devices/DOOR-1/observations", line(34))).isZero();
    }
  }
}
