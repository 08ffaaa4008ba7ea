package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.platform.OperationsSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/**
 * Callers that say a little and then nothing, and those that drip: the connection is cut within the bounds of
 * server.tomcat.connection-timeout and citywide.operations.body-grace, others are served meanwhile, and who is only slow is heard out.
 */
@ServerTest
class SlowAttackTest {

  @Autowired TestPeople people;

  private TestClient machine;

  @Autowired OperationsSettings settings;
  @Autowired MeterRegistry meters;

  @Value("${server.tomcat.connection-timeout}") java.time.Duration bound;

  /**
   * Who sends a piece a second.
   *
   * @param answer status that comes at once although the body has not come, 0: none
   * @param patient whether the server waits out the grace
   */
  private record Drip(String name, String head, String piece, int answer, boolean patient) {}

  private record Cut(String answer, long seconds) {}

  private static final int EACH = 5;

  @Test
  void whoStopsInTheMiddleOrDripsIsCutOffAndWhoIsSlowIsHeard() throws Exception {
    TestClient worker = people.someone(Role.LEADER, "830300", null).client();
    List<String> halves = List.of("GET /api/health HT", "GET /api/health HTTP/1.1\r\nHost: localhost\r\nX-A: b", head("POST /api/session", "Content-Length: 1000") + "{\"login\":", "");
    machine = people.machine("830300", Permission.OBSERVATION_WRITE);
    double before = slow();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> heard = threads.submit(this::slowButHonest);
      List<Future<Long>> cut = new ArrayList<>();
      for (String half : halves) {
        for (int i = 0; i < 25; i++) {
          cut.add(threads.submit(() -> secondsUntilCut(half)));
        }
      }
      Map<Future<Cut>, Drip> dripping = new LinkedHashMap<>();
      for (Drip drip : drips()) {
        for (int i = 0; i < EACH; i++) {
          dripping.put(threads.submit(() -> drip(drip)), drip);
        }
      }
      for (int i = 0; i < 20; i++) {
        assertThat(worker.get("/api/units").status()).isEqualTo(200);
      }
      for (Future<Long> each : cut) {
        assertThat(each.get()).isLessThanOrEqualTo(bound.toSeconds() + 15);
      }
      long grace = settings.bodyGrace().toSeconds();
      for (Map.Entry<Future<Cut>, Drip> each : dripping.entrySet()) {
        Drip drip = each.getValue();
        Cut end = each.getKey().get();
        assertThat(end.seconds()).as(drip.name()).isBetween(drip.patient() ? grace - 1 : 0, grace + bound.toSeconds());
        assertThat(RawHttp.status(end.answer())).as(drip.name() + " " + end.answer()).isIn(drip.answer() == 0 ? List.of(0, 400, 408) : List.of(drip.answer()));
      }
      assertThat(RawHttp.status(heard.get())).as(heard.get()).isEqualTo(401);
    }
    assertThat(slow() - before).isGreaterThanOrEqualTo(EACH * drips().stream().filter(Drip::patient).count());
  }

  private double slow() {
    return meters.get("citywide.bodies.slow").counter().count();
  }

  private static String head(String door, String length) {
    return door + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Forwarded-For: 198.18.250.1\r\nCookie: XSRF-TOKEN=t\r\nX-XSRF-TOKEN: t\r\n" + length + "\r\n\r\n";
  }

  private List<Drip> drips() {
    String key = "\r\nAuthorization: Bearer " + machine.key();
    String chunked = "Transfer-Encoding: chunked" + key;
    return List.of(new Drip("read as a whole", head("POST /api/session", "Content-Length: 100000"), " ", 0, true),
        new Drip("read as a stream", head("POST /api/observations", "Content-Length: 100000" + key), " ", 0, true),
        new Drip("in chunks", head("POST /api/observations", chunked), "1\r\n \r\n", 0, true),
        new Drip("the head of a chunk", head("POST /api/observations", chunked), "0", 0, false),
        new Drip("the extension of a chunk", head("POST /api/observations", chunked) + "1;", "a", 0, false),
        new Drip("trailers", head("POST /api/observations", chunked) + "1\r\n \r\n0\r\n", "a", 0, false),
        new Drip("asked for, and read by nobody", head("GET /api/health", "Content-Length: 100000\r\nExpect: 100-continue"), " ", 100, true),
        new Drip("refused for its length", head("POST /api/public/reports", "Content-Length: 300000"), " ", 413, true),
        new Drip("refused for who sends it", head("POST /api/cases", "Content-Length: 100000"), " ", 401, true));
  }

  private Cut drip(Drip drip) throws Exception {
    long begin = System.nanoTime();
    StringBuilder answer = new StringBuilder();
    try (Socket socket = RawHttp.open(people.port(), 1_000)) {
      socket.getOutputStream().write(drip.head().getBytes(StandardCharsets.US_ASCII));
      while (seconds(begin) < 120) {
        try {
          int next = socket.getInputStream().read();
          if (next < 0) {
            break;
          }
          answer.append((char) next);
        } catch (SocketTimeoutException e) {
          socket.getOutputStream().write(drip.piece().getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (SocketException e) {
      // Cut hard.
    }
    return new Cut(answer.toString(), seconds(begin));
  }

  /** Three times as fast as is asked for, for longer than the grace: the password is wrong, but it was read. */
  private String slowButHonest() throws Exception {
    byte[] piece = " ".repeat(3 << 10).getBytes(StandardCharsets.US_ASCII);
    String end = "{\"login\":\"nobody-slow\",\"password\":\"wrong\"}";
    int pieces = (int) settings.bodyGrace().toSeconds() + 4;
    try (Socket socket = RawHttp.open(people.port(), 1_000)) {
      socket.getOutputStream().write(head("POST /api/session", "Connection: close\r\nContent-Length: " + (piece.length * pieces + end.length())).getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < pieces; i++) {
        socket.getOutputStream().write(piece);
        assertThatThrownBy(() -> socket.getInputStream().read()).as("no answer after a part").isInstanceOf(SocketTimeoutException.class);
      }
      socket.getOutputStream().write(end.getBytes(StandardCharsets.US_ASCII));
      socket.setSoTimeout(30_000);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static long seconds(long begin) {
    return (System.nanoTime() - begin) / 1_000_000_000L;
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
      } catch (SocketException e) {
        // Cut hard.
      }
    }
    return seconds(begin);
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
