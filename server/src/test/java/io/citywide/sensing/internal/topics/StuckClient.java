package io.citywide.sensing.internal.topics;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client of MQTT 3.1.1 that reads only when it is told to. */
final class StuckClient implements AutoCloseable {

  private static final int CONNECT = 0x10;
  private static final int PUBLISH = 0x30;
  private static final int SUBSCRIBE = 0x82;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final DataOutputStream out;

  StuckClient(int port, String password) throws IOException {
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream packet = new DataOutputStream(bytes);
    text(packet, "MQTT");
    packet.write(new byte[] {4, (byte) 0b1100_0010, 0, 0}); // level, user and password and clean session, no keep alive
    text(packet, "stuck");
    text(packet, "key");
    text(packet, password);
    send(CONNECT, bytes.toByteArray());
    read();
  }

  /** With quality 0. */
  void subscribe(String topic) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream packet = new DataOutputStream(bytes);
    packet.writeShort(1);
    text(packet, topic);
    packet.write(0);
    send(SUBSCRIBE, bytes.toByteArray());
    byte[] answer = read();
    if (answer[answer.length - 1] != 0) {
      throw new AssertionError("the subscription to " + topic + " was refused");
    }
  }

  /** The next message; {@code null}: the server has hung up. */
  String next() throws IOException {
    byte[] packet = read();
    int topic = packet == null ? 0 : (packet[1] & 0xFF) << 8 | packet[2] & 0xFF;
    return packet == null ? null : (packet[0] & 0xF0) == PUBLISH ? new String(packet, 3 + topic, packet.length - 3 - topic, StandardCharsets.UTF_8) : next();
  }

  private byte[] read() throws IOException {
    int head = in.read();
    if (head < 0) {
      return null;
    }
    int length = 0;
    for (int shift = 0, part = 0x80; (part & 0x80) != 0; shift += 7) {
      part = in.readUnsignedByte();
      length |= (part & 0x7F) << shift;
    }
    byte[] packet = new byte[length + 1];
    packet[0] = (byte) head;
    in.readFully(packet, 1, length);
    return packet;
  }

  private void send(int head, byte[] body) throws IOException {
    out.write(head);
    int length = body.length;
    do {
      out.write(length & 0x7F | (length > 0x7F ? 0x80 : 0));
      length >>= 7;
    } while (length > 0);
    out.write(body);
    out.flush();
  }

  private static void text(DataOutputStream packet, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    packet.writeShort(bytes.length);
    packet.write(bytes);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
