package io.citywide.sensing.internal.warning;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.citywide.identity.Viewer;
import io.citywide.sensing.internal.warning.Route.Way;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.MailException;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries warnings out of the house: e-mails, and webhooks behind which gateways for short messages and voice stand. What is to be sent
 * is a row with its due time. It is taken before it is sent, and marked afterwards: a server that dies in between sends it again, under
 * the same {@code Citywide-Delivery}, by which the receiver knows it.
 */
@Component
class Courier {

  private static final Logger log = LoggerFactory.getLogger(Courier.class);
  private static final int BATCH = 20;
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** Who took it and died is taken over after this time. */
  private static final Duration TAKEN_FOR = Duration.ofMinutes(2);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** @param attempts with this one */
  private record Parcel(long id, long warningId, int seq, Way way, String address, Long routeId, int attempts) {}

  private final JdbcClient jdbc;
  private final WarningStore store;
  private final RouteStore routes;
  private final CapDesk cap;
  private final WebhookKeys keys;
  private final WarningSettings settings;
  private final ObjectProvider<JavaMailSender> mail;
  private final TransactionTemplate transaction;
  private final JsonMapper json;
  private final Clock clock;
  private final Semaphore turn = new Semaphore(1);
  private volatile boolean again;

  Courier(JdbcClient jdbc, WarningStore store, RouteStore routes, CapDesk cap, WebhookKeys keys, WarningSettings settings, ObjectProvider<JavaMailSender> mail,
      TransactionTemplate transaction, JsonMapper json, Bell bell, Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.routes = routes;
    this.cap = cap;
    this.keys = keys;
    this.settings = settings;
    this.mail = mail;
    this.transaction = transaction;
    this.json = json;
    this.clock = clock;
    bell.wakes(this::wake);
  }

  private void wake() {
    again = true;
    if (turn.tryAcquire()) {
      Thread.ofVirtual().name("warning-courier").start(() -> {
        try {
          while (again) {
            again = false;
            sendAll();
          }
        } catch (RuntimeException e) {
          log.warn("warnings could not be sent out; it is tried again in a few seconds", e);
        } finally {
          turn.release();
        }
      });
    }
  }

  /** Sends what is due; how many were tried. */
  int sendAll() {
    return Viewer.callAs(Viewer.system("warnings"), () -> {
      int all = 0;
      List<Parcel> some;
      do {
        some = transaction.execute(status -> take());
        some.forEach(this::send);
        all += some.size();
      } while (some.size() == BATCH);
      return all;
    });
  }

  private List<Parcel> take() {
    Instant now = now();
    return jdbc.sql("""
            UPDATE sensing_delivery SET attempts = attempts + 1, next_at = :later
            WHERE id IN (SELECT id FROM sensing_delivery WHERE state = 'WAITING' AND next_at <= :now ORDER BY next_at LIMIT :n FOR UPDATE SKIP LOCKED)
            RETURNING id, warning_id, seq, way, address, route_id, attempts""")
        .param("now", WarningStore.utc(now)).param("later", WarningStore.utc(now.plus(TAKEN_FOR))).param("n", BATCH)
        .query((rs, i) -> new Parcel(rs.getLong("id"), rs.getLong("warning_id"), rs.getInt("seq"), Way.valueOf(rs.getString("way")), rs.getString("address"),
            rs.getObject("route_id", Long.class), rs.getInt("attempts"))).list();
  }

  private void send(Parcel p) {
    try {
      switch (p.way()) {
        case EMAIL -> mail(p);
        case WEBHOOK -> webhook(p);
        case INBOX -> throw new IllegalStateException("what is in the inbox needs no courier");
      }
      done(p);
    } catch (IOException | MailException | Unsendable e) {
      failed(p, e);
    }
  }

  /** Trying again would not help. */
  private static final class Unsendable extends RuntimeException {
    Unsendable(String why) {
      super(why, null, false, false);
    }
  }

  /** What is said of a step. */
  private record Message(Warning warning, WarningStep step, CapMessage cap) {}

  private Message message(Parcel p) {
    return transaction.execute(status -> {
      Warning w = store.find(p.warningId()).orElseThrow();
      WarningStep step = store.listSteps(p.warningId()).get(p.seq() - 1);
      return new Message(w, step, cap.messageOf(w, step));
    });
  }

  private void mail(Parcel p) {
    JavaMailSender sender = mail.getIfAvailable();
    if (sender == null) {
      throw new Unsendable("spring.mail.host is not set");
    }
    Message m = message(p);
    SimpleMailMessage letter = new SimpleMailMessage();
    if (!settings.mailFrom().isBlank()) {
      letter.setFrom(settings.mailFrom());
    }
    letter.setTo(p.address());
    letter.setSubject(m.step().grade().nameZh() + "预警" + m.step().act().nameZh() + "：" + WarningKeeper.zh(m.warning().name()) + " " + WarningKeeper.zh(m.warning().subjectName()));
    letter.setText(m.step().reason().zh() + "\n\n" + m.step().reason().en() + "\n\n" + m.step().at());
    sender.send(letter);
  }

  private void webhook(Parcel p) throws IOException {
    Route route = p.routeId() == null ? null : transaction.execute(status -> routes.find(p.routeId()).orElse(null));
    if (route == null || !route.address().equals(p.address())) {
      throw new Unsendable("the route that named this webhook is gone");
    }
    Message m = message(p);
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("delivery", p.id());
    facts.put("warning", m.warning().id());
    facts.put("act", m.step().act());
    facts.put("grade", m.step().grade());
    facts.put("live", m.warning().live());
    facts.put("nameZh", m.warning().name().zh());
    facts.put("nameEn", m.warning().name().en());
    facts.put("subject", m.warning().subject());
    facts.put("reasonZh", m.step().reason().zh());
    facts.put("reasonEn", m.step().reason().en());
    facts.put("areaCode", m.warning().areaCode());
    facts.put("at", m.step().at().toString());
    facts.put("cap", m.cap());
    String body = json.writeValueAsString(facts);
    long second = now().getEpochSecond();
    int status = post(WebhookAddress.read(p.address(), settings.webhookHosts()), body, Map.of("Citywide-Delivery", String.valueOf(p.id()),
        "Citywide-Timestamp", String.valueOf(second), "Citywide-Signature", keys.signature(keys.secret(route), second, body)));
    if (status < 200 || status > 299) {
      throw new IOException("the webhook answered " + status);
    }
  }

  /**
   * One request over a connection to the very address that was looked at. The JDK's client would look the name up again, and whoever
   * owns the name could answer with an address of ours the second time; nor does this follow anybody elsewhere.
   */
  static int post(WebhookAddress to, String body, Map<String, String> headers) throws IOException {
    InetAddress address = to.resolve();
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(address, to.port()), (int) CONNECT.toMillis());
      plain.setSoTimeout((int) ANSWER.toMillis());
      try (Socket socket = to.scheme().equals("https") ? secured(plain, to) : plain) {
        StringBuilder head = new StringBuilder("POST ").append(to.target()).append(" HTTP/1.1\r\nHost: ").append(to.host())
            .append(to.port() == 443 || to.port() == 80 ? "" : ":" + to.port()).append("\r\nUser-Agent: citywide\r\nContent-Type: application/json\r\nContent-Length: ")
            .append(bytes.length).append("\r\nConnection: close\r\n");
        headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return status(socket.getInputStream());
      }
    }
  }

  private static Socket secured(Socket plain, WebhookAddress to) throws IOException {
    SSLSocket socket = (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(plain, to.host(), to.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  /** Of the first line; the rest of the answer is nobody's business. */
  private static int status(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c == -1 || line.length() > 200) {
        throw new IOException("the answer is no HTTP");
      }
      line.append((char) c);
    }
    String[] parts = line.toString().trim().split(" ");
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[1-5][0-9]{2}")) {
      throw new IOException("the answer is no HTTP");
    }
    return Integer.parseInt(parts[1]);
  }

  private void done(Parcel p) {
    transaction.executeWithoutResult(status -> jdbc.sql("UPDATE sensing_delivery SET state = 'SENT', next_at = NULL, sent_at = :now, fault = NULL WHERE id = :id")
        .param("now", WarningStore.utc(now())).param("id", p.id()).update());
  }

  private void failed(Parcel p, Exception why) {
    boolean over = why instanceof Unsendable || p.attempts() >= settings.attempts();
    log.warn("delivery {} of warning {} by {} failed at attempt {}{}: {}", p.id(), p.warningId(), p.way(), p.attempts(), over ? ", for the last time" : "", why.getMessage());
    Duration pause = Duration.ofSeconds(5L << Math.min(20, p.attempts() - 1));
    Instant next = over ? null : now().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    String fault = why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage();
    transaction.executeWithoutResult(status -> jdbc.sql("UPDATE sensing_delivery SET state = :state, next_at = CAST(:next AS timestamptz), fault = :fault WHERE id = :id")
        .param("state", over ? "FAILED" : "WAITING").param("next", WarningStore.utc(next), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
        .param("fault", fault.length() > 300 ? fault.substring(0, 300) : fault).param("id", p.id()).update());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /** The task; what is due is rows. */
  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    Task<?> warningSendTask(Courier courier) {
      return Tasks.recurring("sensing-warning-send", FixedDelay.of(Duration.ofSeconds(5))).execute((instance, context) -> courier.sendAll());
    }
  }
}
