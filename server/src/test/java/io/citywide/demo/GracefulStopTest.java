package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM on a server with its own database, with a slow request under way. */
class GracefulStopTest {

  @TempDir Path folder;

  @Test
  void notReadyAtOnceThenTheRequestUnderWayFinishesThenTheDatabaseStops() throws Exception {
    Path data = folder.resolve("data");
    try (ServerProcess server = new ServerProcess(data, Map.of("CITYWIDE_OPERATIONS_DRAIN", "2s"), "--port", "0")) {
      URI base = server.address();
      HttpClient http = HttpClient.newHttpClient();
      HttpRequest ready = HttpRequest.newBuilder(base.resolve("/api/health/ready")).build();
      assertThat(http.send(ready, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
      try (Socket slow = new Socket("127.0.0.1", server.port())) {
        // A log-in whose body comes in two parts: the server is in the middle of it when it is told to stop.
        byte[] body = "{\"login\":\"admin\",\"password\":\"%s\"}".formatted(server.firstPasswords.get("admin")).getBytes(StandardCharsets.UTF_8);
        var out = slow.getOutputStream();
        out.write(("POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nCookie: XSRF-TOKEN=t\r\nX-XSRF-TOKEN: t\r\nContent-Length: "
            + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(body, 0, 10);
        out.flush();
        CompletableFuture<Duration> stopped = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
          try {
            stopped.complete(server.stop());
          } catch (InterruptedException | RuntimeException e) {
            stopped.completeExceptionally(e);
          }
        });

        int status = 200;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(2); status == 200 && System.nanoTime() < end; ) {
          new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
          status = http.send(ready, BodyHandlers.discarding()).statusCode();
        }
        assertThat(status).as("while it still answers").isEqualTo(503);
        // Longer than the drain: the web server takes no new connections any more, but waits for this one.
        new CountDownLatch(1).await(2_500, TimeUnit.MILLISECONDS);
        out.write(body, 10, body.length - 10);
        out.flush();

        String answer = new BufferedReader(new InputStreamReader(slow.getInputStream(), StandardCharsets.UTF_8)).readLine();
        assertThat(answer).isEqualTo("HTTP/1.1 200 ");
        assertThat(stopped.get(60, TimeUnit.SECONDS)).isLessThan(Duration.ofSeconds(30));
      }
    }
    assertThat(data.resolve("postgres/pgdata/postmaster.pid")).as("the database stopped, and by itself").doesNotExist();
    String log = Files.readString(data.resolve("log/citywide.log"));
    assertThat(log).contains("stopping: no new requests wanted").doesNotContain("\"level\":\"ERROR\"");
  }
}
