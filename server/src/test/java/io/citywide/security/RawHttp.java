package io.citywide.security;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Bytes to the server as they are, which no HTTP library would send. */
final class RawHttp {

  private RawHttp() {}

  /** What came back until the server closed the connection or said nothing for a second; ISO 8859-1. */
  static String send(int port, String request) {
    try (Socket socket = open(port, 1_000)) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return read(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Socket open(int port, int readMillis) throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress("127.0.0.1", port), 5_000);
    socket.setSoTimeout(readMillis);
    return socket;
  }

  private static String read(InputStream in) {
    StringBuilder answer = new StringBuilder();
    byte[] buffer = new byte[16 << 10];
    try {
      for (int n = in.read(buffer); n >= 0 && answer.length() < 1 << 20; n = in.read(buffer)) {
        answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // Silence, or a connection cut hard: what came is the answer.
    }
    return answer.toString();
  }

  /** Status of the first answer, 0 where none came. */
  static int status(String answer) {
    return answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
  }
}
