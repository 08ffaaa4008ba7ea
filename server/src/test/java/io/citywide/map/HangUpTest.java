package io.citywide.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.KindCount;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.map.spi.Selection;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.platform.Slice;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.transaction.support.TransactionTemplate;

/** What is computed for somebody who hung up ends soon; who waits, and who asks on, is answered. */
@DirtiesContext // no other test works in it
@ServerTest
@Import(HangUpTest.EndlessLayer.class)
class HangUpTest {

  private static final String CITY = "750400";
  private static final String TILE = "GET /api/map/tiles/endless/0/0/0.mvt";
  private static final String COUNT = "POST /api/map/inside";
  private static final String CIRCLE = "{\"layers\": [\"endless\"], \"region\": {\"circle\": {\"lon\": 107.7, \"lat\": 27.5, \"radius\": 100}}}";

  /** A layer that is never done with a tile or a count, until it is let go or broken off. */
  @TestConfiguration
  static class EndlessLayer {
    @Bean
    Endless endless(JdbcClient jdbc) {
      return new Endless(jdbc);
    }
  }

  static final class Endless implements LayerSource {
    private final JdbcClient jdbc;
    private volatile CountDownLatch begun = new CountDownLatch(1);
    private volatile CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean letGo;
    private final AtomicReference<RuntimeException> why = new AtomicReference<>();

    Endless(JdbcClient jdbc) {
      this.jdbc = jdbc;
    }

    void again() {
      begun = new CountDownLatch(1);
      ended = new CountDownLatch(1);
      letGo = false;
      why.set(null);
    }

    @Override
    public Layer layer() {
      return new Layer("endless", "无尽", "Endless", Layer.Shape.POINT, 0, 0, null, false, null);
    }

    @Override
    public String revision() {
      return "1";
    }

    @Override
    public void draw(TileFrame frame, TilePen pen) {
      work(() -> {
        while (!letGo) {
          pen.point(1, 0, 0);
          pen.clear();
        }
        pen.point(1, 1, 1);
      });
    }

    @Override
    public List<KindCount> count(Selection selection) {
      work(() -> jdbc.sql("SELECT 1 FROM pg_sleep(20)").query((row, n) -> 1).list());
      return List.of();
    }

    private void work(Runnable endless) {
      begun.countDown();
      try {
        endless.run();
      } catch (RuntimeException e) {
        why.set(e);
        throw e;
      } finally {
        ended.countDown();
      }
    }

    @Override
    public Slice<Found> list(Selection selection, String after, int limit) {
      return new Slice<>(List.of(), null);
    }

    @Override
    public Optional<Found> find(String id) {
      return Optional.empty();
    }
  }

  @Autowired TestPeople people;
  @Autowired Endless endless;
  @Autowired MeterRegistry meters;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;
  @LocalServerPort int port;

  @BeforeEach
  void again() {
    endless.again();
  }

  /** Sends a request and leaves the answer for later. */
  private Socket ask(String what, String body) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    send(socket, what, body);
    return socket;
  }

  private void send(Socket socket, String what, String body) throws IOException {
    StringBuilder head = new StringBuilder(what + " HTTP/1.1\r\nHost: localhost\r\n");
    people.someone(Role.SHIFT_LEADER, CITY, null).client().headers().forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body != null) {
      head.append("Content-Type: application/json\r\nContent-Length: ").append(body.length()).append("\r\n");
    }
    socket.getOutputStream().write((head + "\r\n" + (body == null ? "" : body)).getBytes(StandardCharsets.US_ASCII));
  }

  private double gone() {
    return meters.counter("citywide.callers.gone").count();
  }

  private void endsSoon() throws InterruptedException {
    assertThat(endless.ended.await(3, TimeUnit.SECONDS)).as("the work ended").isTrue();
  }

  @Test
  void aTileIsNotDrawnOnForABrowserThatHungUp() throws Exception {
    double before = gone();
    try (Socket browser = ask(TILE, null)) {
      assertThat(endless.begun.await(10, TimeUnit.SECONDS)).isTrue();
    }
    endsSoon();
    assertThat(endless.why.get()).hasMessageContaining("went away");
    // Counted when the request ends, a moment after the work.
    for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10); gone() == before && System.nanoTime() < end; ) {
      Thread.onSpinWait();
    }
    assertThat(gone()).isEqualTo(before + 1);
  }

  @Test
  void aConnectionThatIsResetCountsAsHungUp() throws Exception {
    Socket browser = ask(TILE, null);
    assertThat(endless.begun.await(10, TimeUnit.SECONDS)).isTrue();
    browser.setSoLinger(true, 0);
    browser.close();
    endsSoon();
  }

  @Test
  void theDatabaseStopsTheStatementOfACount() throws Exception {
    try (Socket browser = ask(COUNT, CIRCLE)) {
      assertThat(endless.begun.await(10, TimeUnit.SECONDS)).isTrue();
    }
    endsSoon();
    assertThat(endless.why.get()).rootCause().hasMessageContaining("cancel");
    // The connections of the pool are none the worse: nobody else's statement is met.
    for (int i = 0; i < 50; i++) {
      assertThat(transaction.<Integer>execute(status -> jdbc.sql("SELECT 1").query(Integer.class).single())).isEqualTo(1);
    }
  }

  @Test
  void whoWaitsAndAsksOnIsAnsweredInTurn() throws Exception {
    try (Socket browser = ask(TILE, null)) {
      assertThat(endless.begun.await(10, TimeUnit.SECONDS)).isTrue();
      // The next request lies in the connection while the first is worked on, and looked at many times.
      send(browser, "GET /api/map/layers", null);
      assertThat(endless.ended.await(400, TimeUnit.MILLISECONDS)).as("nobody hung up").isFalse();
      endless.letGo = true;
      var answers = new BufferedReader(new InputStreamReader(browser.getInputStream(), StandardCharsets.ISO_8859_1));
      assertThat(answers.readLine()).startsWith("HTTP/1.1 200");
      String line = answers.readLine();
      while (line != null && !line.contains("HTTP/1.1 ")) {
        line = answers.readLine();
      }
      assertThat(line).contains("HTTP/1.1 200");
    }
  }
}
