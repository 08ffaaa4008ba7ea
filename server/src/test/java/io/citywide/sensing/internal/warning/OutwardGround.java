package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import io.citywide.ServerTest;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.platform.Words;
import io.citywide.sensing.WarningGrade;
import io.citywide.sensing.internal.warning.WarningBook.Judgement;
import io.citywide.sensing.internal.warning.WarningBook.Place;
import io.citywide.watch.Decision.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A server with the outside world beside it: a push service, a mail server and a receiver of webhooks, real ones on loopback. */
@ServerTest
abstract class OutwardGround {

  static final String CITY = "761500";
  static final String A = "761502001001";
  static final String B = "761502001002";
  static final String CONSOLE = "https://console.city.example";
  static final TestCity PLACES = new TestCity(CITY, 107.91, 29.51);
  static final PushService SERVICE = PushService.start();
  static final GreenMail MAIL = mail();
  /** What webhooks brought, body by body; those called at {@code /busy} are refused. */
  static final Queue<String> HOOKED = new ConcurrentLinkedQueue<>();
  /** By the body of what a webhook brought: seconds and signature, with a blank between. */
  static final Map<String, String> SIGNATURES = new ConcurrentHashMap<>();
  static final HttpServer HOOKS = hooks();
  private static final AtomicInteger SUBJECTS = new AtomicInteger();
  private static boolean built;

  @Autowired TestPeople people;
  @Autowired CaseGround ground;
  @Autowired WarningBook book;
  @Autowired WarningStore store;
  @Autowired Teller teller;
  @Autowired Courier courier;
  @Autowired JdbcClient jdbc;

  private static GreenMail mail() {
    GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    return mail;
  }

  private static HttpServer hooks() {
    try {
      HttpServer hooks = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      hooks.createContext("/", exchange -> {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean busy = exchange.getRequestURI().getPath().equals("/busy");
        if (!busy) {
          SIGNATURES.put(body, exchange.getRequestHeaders().getFirst("Citywide-Timestamp") + " " + exchange.getRequestHeaders().getFirst("Citywide-Signature"));
          HOOKED.add(body);
        }
        exchange.sendResponseHeaders(busy ? 503 : 204, -1);
        exchange.close();
      });
      hooks.start();
      return hooks;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String hook(String path) {
    return "http://127.0.0.1:" + HOOKS.getAddress().getPort() + path;
  }

  @DynamicPropertySource
  static void outside(DynamicPropertyRegistry properties) {
    properties.add("citywide.warning.push-hosts", SERVICE::host);
    properties.add("citywide.warning.webhook-hosts", () -> "127.0.0.1:" + HOOKS.getAddress().getPort());
    properties.add("citywide.warning.push-contact", () -> "mailto:duty@city.example");
    properties.add("citywide.warning.mail-from", () -> "warnings@city.example");
    properties.add("citywide.warning.console-url", () -> CONSOLE + "/");
    properties.add("spring.mail.host", () -> "127.0.0.1");
    properties.add("spring.mail.port", () -> MAIL.getSmtp().getPort());
  }

  @BeforeEach
  void places() {
    if (!built) {
      built = true;
      assertThat(people.someone(Role.SYSTEM_ADMIN, CITY, null).client().put("/api/areas", PLACES.geoJson()).status()).isEqualTo(200);
    }
  }

  static String subject() {
    return "OUT-" + SUBJECTS.incrementAndGet();
  }

  static Judgement judged(String subject, Kind kind, WarningGrade grade, String area, UnitRef owner) {
    return judged(subject, new Words("Shed " + subject, "车棚 " + subject), kind, grade, area, owner);
  }

  static Judgement judged(String subject, Words name, Kind kind, WarningGrade grade, String area, UnitRef owner) {
    double x = area.equals(A) ? 0.5 : 2.5;
    Place place = new Place(7, "smoke", PLACES.at(x, 0.5).get(0), PLACES.at(x, 0.5).get(1), area, owner == null ? null : owner.id(), null, "");
    return new Judgement("smoke-out", 3, new Words("Smoke", "烟雾浓度"), subject, name, 1, kind, grade, Instant.now().truncatedTo(ChronoUnit.MILLIS),
        new Words("0.21 is above 0.15", "烟雾 0.21 高于 0.15"), Map.of("smoke", 0.21), place, "Fire", null, null);
  }

  void apply(Judgement... judgements) {
    ground.asSystem(() -> {
      book.apply(List.of(judgements));
      return null;
    });
  }

  long id(String subject) {
    List<Warning> found = ground.asSystem(() -> store.list("subject = :subject", Map.of("subject", subject)));
    assertThat(found).hasSize(1);
    return found.getFirst().id();
  }

  /** {@code seq state attempts} of what went to one way, in order. */
  List<String> deliveries(long warning, Route.Way way) {
    return ground.asSystem(() -> jdbc.sql("SELECT seq || ' ' || state || ' ' || attempts FROM sensing_delivery WHERE warning_id = :id AND way = :way ORDER BY id")
        .param("id", warning).param("way", way.name()).query(String.class).list());
  }

  /** What waits for its time is due now. */
  void hurry(long warning) {
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_delivery SET next_at = now() - interval '1 second' WHERE warning_id = :id AND state = 'WAITING' AND next_at > now() AND fault IS NOT NULL")
        .param("id", warning).update());
    courier.sendAll();
  }

  static void until(String what, BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%s within 30 s", what).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
