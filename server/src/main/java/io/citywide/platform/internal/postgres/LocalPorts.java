package io.citywide.platform.internal.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback address. */
final class LocalPorts {
  private LocalPorts() {}

  static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (IOException | IllegalArgumentException taken) {
      return false;
    }
  }

  /** Below the ports that systems give to outgoing connections, so that it is still free at the next start. */
  static int freePort() {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int candidate = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      if (isFree(candidate)) return candidate;
    }
    throw new DatabaseUnavailableException("no free port for PostgreSQL between 20000 and 32000 on 127.0.0.1");
  }
}
