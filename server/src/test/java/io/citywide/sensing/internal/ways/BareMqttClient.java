package io.citywide.sensing.internal.ways;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of MQTT over whatever socket, which reads only when it is told to. It asks for a clean session and keeps nothing alive. */
public final class BareMqttClient implements AutoCloseable {

  /** Versions, as they go over the line. */
  public static final int MQTT_3 = 4;
  public static final int MQTT_5 = 5;
  /** Instead of a reason: the server said none. */
  public static final int HUNG_UP = -1;

  private static final int CONNECT = 0x10;
  private static final int CONNACK = 0x20;
  private static final int PUBLISH = 0x30;
  private static final int PUBLISH_ONCE_AT_LEAST = 0x32;
  private static final int PUBACK = 0x40;
  private static final int SUBSCRIBE = 0x82;
  private static final int DISCONNECT = 0xE0;
  private static final int USER_PASSWORD_CLEAN = 0b1100_0010;
  /** Of the one packet that waits for its acknowledgement. */
  private static final int NUMBER = 7;
  private static final int PATIENCE_MILLIS = 30_000;

  private record Packet(int head, byte[] body) {}

  private final Socket socket;
  private final DataInputStream in;
  private final int version;

  /**
   * Connects.
   *
   * @param version {@link #MQTT_3} or {@link #MQTT_5}
   * @throws IOException where it is not let in
   */
  public BareMqttClient(Socket socket, int version, String id, String user, String password) throws IOException {
    this.socket = socket;
    this.version = version;
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream packet = new DataOutputStream(bytes);
    packet.writeUTF("MQTT");
    packet.write(new byte[] {(byte) version, (byte) USER_PASSWORD_CLEAN, 0, 0}); // no keep alive
    noProperties(packet);
    packet.writeUTF(id);
    packet.writeUTF(user);
    packet.writeUTF(password);
    send(CONNECT, bytes);
    Packet answer = read();
    if (answer == null || answer.head() != CONNACK || answer.body()[1] != 0) {
      throw new IOException("it was not let in");
    }
  }

  /** With the key of a machine, and room for little that it has not read. */
  public static BareMqttClient stuck(int port, String key) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    return new BareMqttClient(socket, MQTT_3, "stuck", "key", key);
  }

  /** With quality 0. */
  public void subscribe(String topic) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream packet = new DataOutputStream(bytes);
    packet.writeShort(NUMBER);
    noProperties(packet);
    packet.writeUTF(topic);
    packet.write(0);
    send(SUBSCRIBE, bytes);
    Packet answer = read();
    if (answer == null || answer.body()[answer.body().length - 1] != 0) {
      throw new AssertionError("the subscription to " + topic + " was refused");
    }
  }

  /** The next message; {@code null}: the server has hung up. */
  public String next() throws IOException {
    Packet packet = read();
    while (packet != null && (packet.head() & 0xF0) != PUBLISH) {
      packet = read();
    }
    if (packet == null) {
      return null;
    }
    DataInputStream body = new DataInputStream(new ByteArrayInputStream(packet.body()));
    body.readUTF(); // the topic
    if (version == MQTT_5) {
      body.skipNBytes(length(body));
    }
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** With quality 1. @return reason of the acknowledgement, 0: it is stored; {@link #HUNG_UP} */
  public int publish(String topic, String payload) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream packet = new DataOutputStream(bytes);
    packet.writeUTF(topic);
    packet.writeShort(NUMBER);
    noProperties(packet);
    packet.write(payload.getBytes(StandardCharsets.UTF_8));
    send(PUBLISH_ONCE_AT_LEAST, bytes);
    Packet answer = read();
    if (answer == null || answer.head() != PUBACK) {
      return HUNG_UP;
    }
    if (answer.body()[0] != 0 || answer.body()[1] != NUMBER) {
      throw new AssertionError("another packet was acknowledged");
    }
    return answer.body().length == 2 ? 0 : answer.body()[2] & 0xFF;
  }

  /** Waits for its end. @return the reason that it was told, or {@link #HUNG_UP} */
  public int ended() throws IOException {
    int reason = HUNG_UP;
    for (Packet packet = read(); packet != null; packet = read()) {
      if (packet.head() != DISCONNECT) {
        throw new AssertionError("a packet of kind " + packet.head() + " instead of the end");
      }
      reason = packet.body()[0] & 0xFF;
    }
    return reason;
  }

  private void noProperties(DataOutputStream packet) throws IOException {
    if (version == MQTT_5) {
      packet.write(0);
    }
  }

  /** {@code null}: the server has hung up. */
  private Packet read() throws IOException {
    int head = in.read();
    if (head < 0) {
      return null;
    }
    byte[] body = new byte[length(in)];
    in.readFully(body);
    return new Packet(head, body);
  }

  /** Seven bits a byte, the lowest first. */
  private static int length(DataInputStream in) throws IOException {
    int length = 0;
    for (int shift = 0, part = 0x80; (part & 0x80) != 0; shift += 7) {
      part = in.readUnsignedByte();
      length |= (part & 0x7F) << shift;
    }
    return length;
  }

  private void send(int head, ByteArrayOutputStream body) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(head);
    int length = body.size();
    do {
      packet.write(length & 0x7F | (length > 0x7F ? 0x80 : 0));
      length >>= 7;
    } while (length > 0);
    body.writeTo(packet);
    socket.getOutputStream().write(packet.toByteArray());
    socket.getOutputStream().flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
