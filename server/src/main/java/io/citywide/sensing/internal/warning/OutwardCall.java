package io.citywide.sensing.internal.warning;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One request over a connection to the very address that was looked at. The JDK's client would look the name up again, and whoever owns
 * the name could answer with an address of ours the second time; nor does this follow anybody elsewhere.
 */
final class OutwardCall {

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** All in all: who answers byte by byte must not keep the others waiting. */
  static final Duration WHOLE = Duration.ofSeconds(20);

  private static final int LONGEST_HEAD = 16 * 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
  private static final Pattern RETRY_AFTER = Pattern.compile("(?im)^retry-after:[ \\t]*([0-9]{1,6})[ \\t]*$");
  private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("outward-calls").factory());

  /** @param retryAfter for how long it asks to be left alone; {@code null}: it does not say, or says a date */
  record Answer(int status, Duration retryAfter) {

    boolean taken() {
      return status >= 200 && status <= 299;
    }
  }

  private OutwardCall() {}

  /**
   * Posts a body.
   *
   * @param headers none of them with a line break
   * @throws IOException where there is no connection, no answer in time, or none of HTTP
   */
  static Answer post(CallAddress to, byte[] body, Map<String, String> headers) throws IOException {
    InetAddress address = to.resolve();
    StringBuilder head = new StringBuilder("POST ").append(to.target()).append(" HTTP/1.1\r\nHost: ").append(to.host())
        .append(to.port() == 443 || to.port() == 80 ? "" : ":" + to.port()).append("\r\nUser-Agent: citywide\r\nContent-Length: ").append(body.length)
        .append("\r\nConnection: close\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    try (Socket plain = new Socket()) {
      Future<?> end = CLOCK.schedule(() -> close(plain), WHOLE.toMillis(), TimeUnit.MILLISECONDS);
      try {
        plain.connect(new InetSocketAddress(address, to.port()), (int) CONNECT.toMillis());
        plain.setSoTimeout((int) ANSWER.toMillis());
        try (Socket socket = to.scheme().equals("https") ? secured(plain, to) : plain) {
          socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
          socket.getOutputStream().write(body);
          socket.getOutputStream().flush();
          return answer(socket.getInputStream());
        }
      } finally {
        end.cancel(false);
      }
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Then it is closed.
    }
  }

  private static Socket secured(Socket plain, CallAddress to) throws IOException {
    SSLSocket socket = (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, to.host(), to.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** Of the head; the rest of the answer is nobody's business. */
  private static Answer answer(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] some = new byte[1024];
    try {
      int read = in.read(some);
      while (read != -1 && bytes.size() < LONGEST_HEAD) {
        bytes.write(some, 0, read);
        if (bytes.toString(StandardCharsets.ISO_8859_1).contains("\r\n\r\n")) {
          break;
        }
        read = in.read(some);
      }
    } catch (IOException e) {
      // With the first line it is an answer: sending again would be twice.
      if (!bytes.toString(StandardCharsets.ISO_8859_1).contains("\n")) {
        throw e;
      }
    }
    String head = bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n\r\n", 2)[0].replace("\r\n", "\n");
    Matcher status = STATUS.matcher(head.split("\n", 2)[0]);
    if (!status.matches()) {
      throw new IOException("the answer is no HTTP");
    }
    Matcher wait = RETRY_AFTER.matcher(head);
    return new Answer(Integer.parseInt(status.group(1)), wait.find() ? Duration.ofSeconds(Long.parseLong(wait.group(1))) : null);
  }
}
