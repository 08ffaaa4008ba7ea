package io.citywide.bench.sensing;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections of MQTT 3.1.1 that publish with quality 1: each sends a handful of messages, then waits for the acknowledgement of
 * each of them. Written for this benchmark on plain sockets, so that the clients take little of the processors that the server is
 * measured on.
 */
final class MqttFleet implements AutoCloseable {

  private static final int CONNECT = 0x10;
  private static final int CONNACK = 0x20;
  private static final int PUBLISH_QUALITY_1 = 0x32;
  private static final int PUBACK = 0x40;
  private static final int LARGEST_ID = 60_000;

  /** One device. */
  private static final class Line {
    final int device;
    final Socket socket;
    final InputStream in;
    final OutputStream out;
    int sent;

    Line(int device, Socket socket) throws IOException {
      this.device = device;
      this.socket = socket;
      this.in = socket.getInputStream();
      this.out = socket.getOutputStream();
    }
  }

  private final Fleet fleet;
  private final List<Line> lines = new ArrayList<>();
  private final int window;

  /** @param window messages of a connection that wait for their acknowledgement at a time */
  MqttFleet(Fleet fleet, int port, int connections, int window) throws IOException {
    this.fleet = fleet;
    this.window = window;
    for (int device = 0; device < connections; device++) {
      Line line = new Line(device, new Socket("127.0.0.1", port));
      line.socket.setTcpNoDelay(true);
      line.socket.setSoTimeout(60_000);
      line.out.write(connect("b-" + device));
      lines.add(line);
    }
    for (Line line : lines) {
      byte[] answer = line.in.readNBytes(4);
      if (answer.length < 4 || (answer[0] & 0xFF) != CONNACK || answer[3] != 0) {
        throw new IOException("device b-" + line.device + " was not let in by MQTT");
      }
    }
  }

  private static byte[] connect(String code) {
    ByteBuffer body = ByteBuffer.allocate(200);
    text(body, "MQTT");
    body.put((byte) 4).put((byte) 0xC2).putShort((short) 0);
    text(body, code);
    text(body, code);
    text(body, Fleet.SECRET);
    return packet(CONNECT, body);
  }

  private static void text(ByteBuffer to, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    to.putShort((short) bytes.length).put(bytes);
  }

  private static byte[] packet(int type, ByteBuffer body) {
    body.flip();
    ByteBuffer packet = ByteBuffer.allocate(body.remaining() + 5).put((byte) type);
    for (int rest = body.remaining(); ; rest >>>= 7) {
      if (rest < 128) {
        packet.put((byte) rest);
        break;
      }
      packet.put((byte) (rest & 0x7F | 0x80));
    }
    packet.put(body).flip();
    byte[] bytes = new byte[packet.remaining()];
    packet.get(bytes);
    return bytes;
  }

  /** Each connection sends {@code handfuls} times its window, one value a message; threads share the connections. @return messages that were acknowledged */
  long publish(int handfuls, int threads) throws InterruptedException {
    List<Thread> workers = new ArrayList<>();
    List<Throwable> faults = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      List<Line> mine = lines.subList(lines.size() * t / threads, lines.size() * (t + 1) / threads);
      workers.add(Thread.ofPlatform().start(() -> {
        try {
          publish(mine, handfuls);
        } catch (IOException | RuntimeException e) {
          synchronized (faults) {
            faults.add(e);
          }
        }
      }));
    }
    for (Thread worker : workers) {
      worker.join();
    }
    if (!faults.isEmpty()) {
      throw new IllegalStateException("a connection of MQTT failed", faults.getFirst());
    }
    return (long) lines.size() * handfuls * window;
  }

  private void publish(List<Line> mine, int handfuls) throws IOException {
    ByteBuffer burst = ByteBuffer.allocate(window * 120);
    ByteBuffer body = ByteBuffer.allocate(120);
    byte[] answer = new byte[window * 4];
    for (int n = 0; n < handfuls; n++) {
      for (Line line : mine) {
        burst.clear();
        for (int i = 0; i < window; i++) {
          int round = line.sent++;
          body.clear();
          text(body, "devices/b-" + line.device + "/observations");
          body.putShort((short) (round % LARGEST_ID + 1));
          body.put(("{\"time\":" + fleet.time(round) + ",\"values\":{\"p0\":" + Fleet.value(line.device, 0, round) + "}}").getBytes(StandardCharsets.US_ASCII));
          burst.put(packet(PUBLISH_QUALITY_1, body));
        }
        line.out.write(burst.array(), 0, burst.position());
      }
      for (Line line : mine) {
        acknowledged(line, answer);
      }
    }
  }

  /** Every message of the handful must be acknowledged, each once. */
  private void acknowledged(Line line, byte[] answer) throws IOException {
    if (new DataInputStream(line.in).readNBytes(answer, 0, answer.length) < answer.length) {
      throw new EOFException("the connection of b-" + line.device + " ended");
    }
    boolean[] seen = new boolean[window];
    int first = line.sent - window;
    for (int i = 0; i < answer.length; i += 4) {
      int id = (answer[i + 2] & 0xFF) << 8 | answer[i + 3] & 0xFF;
      int at = Math.floorMod(id - 1 - first % LARGEST_ID, LARGEST_ID);
      if ((answer[i] & 0xFF) != PUBACK || at >= window || seen[at]) {
        throw new IOException("b-" + line.device + " got no acknowledgement of one of its messages, but " + (answer[i] & 0xFF) + " for " + id);
      }
      seen[at] = true;
    }
  }

  /** Rounds that each device has sent. */
  int rounds() {
    return lines.getFirst().sent;
  }

  int connections() {
    return lines.size();
  }

  @Override
  public void close() throws IOException {
    for (Line line : lines) {
      line.socket.close();
    }
  }
}
