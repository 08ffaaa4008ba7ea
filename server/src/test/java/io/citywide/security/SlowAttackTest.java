package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** Callers that say a little and then nothing: the connection is cut within the bound of server.tomcat.connection-timeout, and others are served meanwhile. */
@ServerTest
class SlowAttackTest {

  @Autowired TestPeople people;

  @Value("${server.tomcat.connection-timeout}") java.time.Duration bound;

  @Test
  void whoStopsInTheMiddleIsCutOff() throws Exception {
    TestClient worker = people.someone(Role.LEADER, "830300", null).client();
    List<String> halves = List.of("GET /api/health HT", "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-A: b", "POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Cookie: XSRF-TOKEN=t\r\nX-XSRF-TOKEN: t\r\nContent-Length: 1000\r\n\r\n{\"login\":", "");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Long>> cut = new ArrayList<>();
      for (String half : halves) {
        for (int i = 0; i < 25; i++) {
          cut.add(threads.submit(() -> secondsUntilCut(half)));
        }
      }
      for (int i = 0; i < 20; i++) {
        assertThat(worker.get("/api/units").status()).isEqualTo(200);
      }
      for (Future<Long> each : cut) {
        assertThat(each.get()).isLessThanOrEqualTo(bound.toSeconds() + 15);
      }
    }
  }

  private long secondsUntilCut(String half) throws Exception {
    long begin = System.nanoTime();
    try (Socket socket = RawHttp.open(people.port(), (int) bound.toMillis() + 30_000)) {
      socket.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      try {
        while (socket.getInputStream().read() >= 0) {
          // An answer that refuses the half request may come first.
        }
      } catch (java.net.SocketException e) {
        // Cut hard.
      }
    }
    return (System.nanoTime() - begin) / 1_000_000_000L;
  }

  @Test
  void endlessHeadersAreRefused() {
    for (String more : List.of("X-A: " + "a".repeat(100_000) + "\r\n", "X-A: a\r\n".repeat(5_000), "Cookie: " + "a=b; ".repeat(20_000) + "\r\n")) {
      String answer = RawHttp.send(people.port(), "GET /api/health HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n");
      assertThat(RawHttp.status(answer)).isIn(0, 400, 431);
    }
    assertThat(RawHttp.status(RawHttp.send(people.port(), "GET /" + "a".repeat(100_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))).isIn(0, 400, 414);
  }
}
