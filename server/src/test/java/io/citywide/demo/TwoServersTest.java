package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.platform.TestPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two servers, each a process of its own, on one PostgreSQL. One story, told in order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoServersTest {

  private static final String PASSWORD = "Quiet-river-42";
  private static final String CITY = "850100";
  private static final String AREAS = """
      {"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"code":"850100","name":"两机市"},"geometry":{"type":"Polygon","coordinates":[[[117,33],[118,33],[118,34],[117,34],[117,33]]]}},
        {"type":"Feature","properties":{"code":"850102","name":"两机区"},"geometry":{"type":"Polygon","coordinates":[[[117,33],[118,33],[118,34],[117,34],[117,33]]]}}]}""";
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path folder;
  static Map<String, String> environment;
  static int portA;
  static int portB;
  static ServerProcess a;
  static ServerProcess b;
  static ApiClient systemAdministrator;
  static ApiClient security;
  static long acceptorId;

  @BeforeAll
  static void startBothAtOnceOnAnEmptyDatabase() throws Exception {
    var database = TestPostgres.freshDatabase();
    environment = Map.of("CITYWIDE_DATABASE_URL", database.jdbcUrl(), "CITYWIDE_DATABASE_OWNERUSER", database.owner().user(),
        "CITYWIDE_DATABASE_OWNERPASSWORD", database.owner().password(), "CITYWIDE_DATABASE_APPUSER", database.app().user(),
        "CITYWIDE_DATABASE_APPPASSWORD", database.app().password(), "CITYWIDE_DATABASE_POOLSIZE", "8",
        "CITYWIDE_KEYS", folder.resolve("keys").toString(), "CITYWIDE_EVIDENCE_FOLDER", folder.resolve("evidence").toString(),
        "CITYWIDE_OPERATIONS_DRAIN", "1s");
    portA = freePort();
    portB = freePort();
    a = server("a", portA);
    b = server("b", portB);
    a.address();
    b.address();
  }

  private static ServerProcess server(String name, int port) throws IOException {
    return new ServerProcess(folder.resolve(name), environment, "--port", Integer.toString(port));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    a.close();
    b.close();
  }

  @Test
  @Order(1)
  void ofTwoThatStartAtOnceOneMigratesAndOneMakesTheAccounts() throws Exception {
    assertThat(List.of(a.firstPasswords.size(), b.firstPasswords.size())).containsExactlyInAnyOrder(3, 0);

    Map<String, String> passwords = a.firstPasswords.isEmpty() ? b.firstPasswords : a.firstPasswords;
    systemAdministrator = settled(a, "admin", passwords.get("admin"));
    security = settled(a, "security", passwords.get("security"));
    systemAdministrator.put("/api/areas", AREAS);
    JsonNode made = systemAdministrator.post("/api/people", Map.of("login", "acceptor", "name", "林小满"));
    acceptorId = made.path("person").path("id").asLong();
    long centre = systemAdministrator.post("/api/units", Map.of("code", "C-1", "name", "城运中心", "kind", "CENTRE", "areaCode", CITY)).path("id").asLong();
    security.post("/api/people/" + acceptorId + "/positions", Map.of("role", "ACCEPTOR", "unitId", centre, "areaCode", CITY));
    settled(a, "acceptor", made.path("oneTimePassword").asString());
  }

  private static ApiClient settled(ServerProcess server, String login, String oneTime) throws Exception {
    ApiClient fresh = ApiClient.person(server.address(), login, oneTime);
    fresh.signIn();
    fresh.put("/api/session/password", Map.of("current", oneTime, "next", PASSWORD));
    ApiClient client = ApiClient.person(server.address(), login, PASSWORD);
    client.signIn();
    return client;
  }

  @Test
  @Order(2)
  void aReportToOneServerReachesTheScreensOfTheOther() throws Exception {
    ApiClient atA = ApiClient.person(a.address(), "acceptor", PASSWORD);
    ApiClient atB = ApiClient.person(b.address(), "acceptor", PASSWORD);
    atA.signIn();
    atB.signIn();
    try (Stream stream = new Stream(b.address(), atB)) {
      assertThat(stream.await("hello")).isTrue();

      JsonNode accepted = report(atA, "a-1");

      assertThat(stream.await("\"caseId\":" + accepted.path("caseId").asLong())).as("within " + SOON).isTrue();
    }
  }

  @Test
  @Order(3)
  void whatOneServerChangesTheOtherDoesNotRememberOtherwise() throws Exception {
    ApiClient atA = ApiClient.person(a.address(), "acceptor", PASSWORD);
    atA.signIn();

    // Units, held in memory.
    ApiClient atB = ApiClient.person(b.address(), "acceptor", PASSWORD);
    atB.signIn();
    int before = atB.get("/api/units").size();
    systemAdministrator.post("/api/units", Map.of("code", "U-1", "name", "市政所", "kind", "DEPARTMENT", "areaCode", CITY));
    assertThat(soon(() -> atB.get("/api/units").size() == before + 1)).isTrue();

    // A session, remembered for five seconds by whoever read it.
    HttpRequest asAcceptor = HttpRequest.newBuilder(b.address().resolve("/api/units")).header("Cookie", "citywide_session=" + atA.session()).build();
    assertThat(HTTP.send(asAcceptor, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    atA.delete("/api/session");
    assertThat(soon(() -> HTTP.send(asAcceptor, BodyHandlers.discarding()).statusCode() == 401)).isTrue();

    // A key.
    JsonNode made = security.post("/api/api-keys", Map.of("name", "m", "permissions", List.of("UNIT_READ"), "areaCode", CITY));
    HttpRequest asMachine = HttpRequest.newBuilder(b.address().resolve("/api/units")).header("Authorization", "Bearer " + made.path("secret").asString()).build();
    assertThat(HTTP.send(asMachine, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
    security.delete("/api/api-keys/" + made.path("key").path("id").asLong());
    assertThat(soon(() -> HTTP.send(asMachine, BodyHandlers.discarding()).statusCode() == 401)).isTrue();
  }

  @Test
  @Order(4)
  void bothRestartOneAfterTheOtherAndNobodyNotices() throws Exception {
    List<String> failures = new ArrayList<>();
    ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();
    Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    AtomicInteger requests = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    try (RoundRobin proxy = new RoundRobin(portA, portB)) {
      assertThat(soon(() -> proxy.ready(portA) && proxy.ready(portB))).isTrue();
      ApiClient person = ApiClient.person(proxy.address(), "acceptor", PASSWORD);
      person.signIn();
      String session = person.session();
      Set<Long> seen = ConcurrentHashMap.newKeySet();
      AtomicInteger connections = new AtomicInteger();
      List<Thread> work = new ArrayList<>();
      work.add(worker(end, failed, requests, n -> ApiClient.person(proxy.address(), "acceptor", PASSWORD).signIn()));
      for (int w = 0; w < 2; w++) {
        int me = w;
        work.add(worker(end, failed, requests, n -> {
          String key = "w" + me + "-" + n;
          acknowledged.put(key, report(person, key).path("caseId").asLong());
          person.post("/api/cases/" + acknowledged.get(key) + "/steps", Map.of("action", "ACCEPT", "version", 1));
        }));
        work.add(worker(end, failed, requests, n -> person.get("/api/cases?limit=20")));
      }
      Thread watching = Thread.ofVirtual().start(() -> watch(proxy.address(), person, seen, connections, end));

      assertThat(a.stop()).isLessThan(Duration.ofSeconds(30));
      a = server("a", portA);
      a.address();
      assertThat(within(Duration.ofSeconds(10), () -> proxy.ready(portA))).isTrue();
      assertThat(b.stop()).isLessThan(Duration.ofSeconds(30));
      b = server("b", portB);
      b.address();
      assertThat(within(Duration.ofSeconds(10), () -> proxy.ready(portB))).isTrue();

      end.countDown();
      for (Thread thread : work) {
        thread.join();
      }
      failures.addAll(failed);
      assertThat(failures).as("%d requests, %d reports", requests.get(), acknowledged.size()).isEmpty();
      assertThat(acknowledged).hasSizeGreaterThan(20);
      assertThat(person.session()).as("the session survived").isEqualTo(session);
      assertThat(within(Duration.ofSeconds(5), () -> seen.containsAll(acknowledged.values())))
          .as("the stream, and what is read anew after it was cut, miss no case").isTrue();
      assertThat(connections.get()).as("streams opened").isGreaterThan(1);
      watching.interrupt();
      for (long id : Set.copyOf(acknowledged.values())) {
        JsonNode detail = person.get("/api/cases/" + id);
        long accepts = detail.path("steps").valueStream().filter(step -> step.path("action").asString().equals("ACCEPT")).count();
        assertThat(accepts).as("case %d accepted once: %s", id, detail.path("steps")).isEqualTo(1);
      }
      assertThat(Set.copyOf(acknowledged.values())).as("each report its own case").hasSameSizeAs(acknowledged.keySet());
    }
  }

  /** One after the other until the end; the first failure of each is kept in words. */
  private static Thread worker(CountDownLatch end, ConcurrentLinkedQueue<String> failed, AtomicInteger requests, Work work) {
    return Thread.ofVirtual().start(() -> {
      for (int n = 0; end.getCount() > 0; n++) {
        try {
          requests.incrementAndGet();
          work.at(n);
          // The servers that start anew want the processors too.
          end.await(100, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
          failed.add(e + (e.getCause() == null ? "" : ", because " + e.getCause()));
          return;
        }
      }
    });
  }

  private interface Work {
    void at(int n) throws Exception;
  }

  /** As the console does it: after each beginning of a stream the list is read anew, then notices are followed. */
  private static void watch(URI proxy, ApiClient person, Set<Long> seen, AtomicInteger connections, CountDownLatch end) {
    while (!Thread.currentThread().isInterrupted()) {
      try (Stream stream = new Stream(proxy, person)) {
        if (!stream.await("hello")) {
          continue;
        }
        connections.incrementAndGet();
        String next = null;
        do {
          JsonNode page = person.get("/api/cases?limit=200" + (next == null ? "" : "&after=" + ApiClient.encode(next)));
          page.path("items").forEach(item -> seen.add(item.path("id").asLong()));
          next = page.path("next").asString(null);
        } while (next != null);
        for (String line = stream.next(); line != null; line = stream.next()) {
          int at = line.indexOf("\"caseId\":");
          if (at >= 0) {
            seen.add(Long.parseLong(line.substring(at + 9).split("\\D")[0]));
          }
        }
      } catch (RuntimeException | IOException e) {
        // A cut stream begins again; requests of it are counted by the workers.
      }
    }
  }

  /** A report of its own place, so that it becomes a case of its own. */
  private static JsonNode report(ApiClient client, String key) {
    int n = PLACES.incrementAndGet();
    return client.post("/api/signals", Map.of("channel", "CONSOLE", "title", "路灯不亮 " + key, "description", "路灯不亮 " + key, "kindId", "gb47678.5-M06010",
        "lon", 117.001 + (n % 200) * 0.004, "lat", 33.001 + (n / 200) * 0.004), Map.of("Idempotency-Key", key));
  }

  private static final AtomicInteger PLACES = new AtomicInteger();

  private static boolean soon(Callable<Boolean> condition) throws Exception {
    return within(SOON, condition);
  }

  /** Asks again and again: there is no event to wait for across processes. */
  private static boolean within(Duration limit, Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < end) {
      if (condition.call()) {
        return true;
      }
      new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
    }
    return condition.call();
  }

  /** An event stream as a browser keeps it. */
  private static final class Stream implements AutoCloseable {

    private static final String END = "<end>";

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final HttpClient own = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Stream(URI base, ApiClient client) throws IOException {
      Thread.ofVirtual().start(() -> {
        try {
          HttpResponse<java.util.stream.Stream<String>> response = own.send(
              HttpRequest.newBuilder(base.resolve("/api/live")).header("Cookie", "citywide_session=" + client.session()).build(), BodyHandlers.ofLines());
          response.body().forEach(lines::add);
        } catch (IOException | RuntimeException | InterruptedException e) {
          // The end, as the reader sees it.
        }
        lines.add(END);
      });
    }

    /** The next line; {@code null} at the end of the stream. */
    String next() {
      try {
        String line = lines.take();
        return line.equals(END) ? null : line;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }

    boolean await(String part) {
      long end = System.nanoTime() + SOON.toNanos();
      try {
        while (true) {
          String line = lines.poll(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
          if (line == null || line.equals(END)) {
            return false;
          }
          if (line.contains(part)) {
            return true;
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public void close() {
      own.shutdownNow();
    }
  }
}
