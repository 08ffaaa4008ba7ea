package io.citywide.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plain proxy in front of servers: each connection goes to the next one whose readiness was 200 a moment ago, and to
 * another one only where the connection is refused. It never sends a request twice.
 */
final class RoundRobin implements AutoCloseable {

  private static final int PROBE_MILLIS = 100;

  private final ServerSocket door = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"));
  private final List<Integer> servers = new CopyOnWriteArrayList<>();
  private final Map<Integer, Boolean> ready = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final CountDownLatch closing = new CountDownLatch(1);

  RoundRobin(int... ports) throws IOException {
    for (int port : ports) {
      servers.add(port);
    }
    Thread.ofVirtual().start(this::probe);
    Thread.ofVirtual().start(this::serve);
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  boolean ready(int port) {
    return ready.getOrDefault(port, false);
  }

  private void probe() {
    try {
      do {
        for (int port : servers) {
          ready.put(port, answersReady(port));
        }
      } while (!closing.await(PROBE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean answersReady(int port) {
    try {
      HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/api/health/ready").toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(2_000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  private void serve() {
    while (closing.getCount() > 0) {
      try {
        Socket client = door.accept();
        Thread.ofVirtual().start(() -> forward(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void forward(Socket client) {
    try (client; Socket server = connect()) {
      Thread answers = Thread.ofVirtual().start(() -> copy(server, client));
      copy(client, server);
      answers.join();
    } catch (IOException e) {
      // Nobody to connect to: the client sees a closed connection, which the test counts as a failure.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Socket connect() throws IOException {
    int first = next.getAndIncrement();
    for (int i = 0; i < servers.size(); i++) {
      int port = servers.get(Math.floorMod(first + i, servers.size()));
      if (ready(port)) {
        Socket socket = new Socket();
        try {
          socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
          return socket;
        } catch (ConnectException refused) {
          socket.close();
        }
      }
    }
    throw new ConnectException("no server is ready");
  }

  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16_384];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      try {
        to.close();
      } catch (IOException again) {
        // Closed already.
      }
    }
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    door.close();
  }
}
