package io.citywide.sensing.internal.warning;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Words;
import io.citywide.sensing.internal.push.PushCipher;
import io.citywide.sensing.internal.push.Vapid;
import io.citywide.sensing.internal.warning.OutwardCall.Answer;
import io.citywide.sensing.internal.warning.Route.Way;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.MailException;
import org.springframework.mail.javamail.JavaMailSender;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Carries warnings and reports of hot spots out of the house: e-mails, webhooks behind which gateways for short messages and voice stand, and pushes to browsers.
 * What is to be sent is a row with its due time. It is taken before it is sent, and marked afterwards: a server that dies in between sends
 * it again, under the same {@code Citywide-Delivery}, {@code Message-ID} or {@code Topic}, by which the receiver knows it. Each receiver
 * gets its own in their order; one that is slow keeps no other waiting.
 */
@Component
class Courier {

  private static final Logger log = LoggerFactory.getLogger(Courier.class);
  private static final int BATCH = 20;
  private static final int AT_ONCE = 8;

  /** So many rounds may be under way: one that waits for somebody slow keeps no later warning waiting. */
  private static final int ROUNDS = 8;

  /** Who took it and died is taken over after this time. */
  private static final Duration TAKEN_FOR = Duration.ofMinutes(2);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  /** So many places go out with a report of hot spots. */
  private static final int MOST_SPOTS = 200;

  /**
   * @param warningId 0 where it is a report
   * @param report {@code null} where it is of a warning
   * @param attempts with this one
   */
  private record Parcel(long id, long warningId, int seq, HotSpots.Edition report, Way way, String address, Long routeId, int attempts) {}

  private final JdbcClient jdbc;
  private final WarningStore store;
  private final RouteStore routes;
  private final HotSpots hotSpots;
  private final CapDesk cap;
  private final WebhookKeys keys;
  private final Letter letter;
  private final PushBrowsers browsers;
  private final PushNote note;
  private final Vapid vapid;
  private final WarningSettings settings;
  private final ObjectProvider<JavaMailSender> mail;
  private final TransactionTemplate transaction;
  private final JsonMapper json;
  private final Clock clock;
  private final Semaphore turn = new Semaphore(ROUNDS);

  /** A receiver gets one message after the other, also from different rounds. */
  private final Lock[] receivers = Stream.generate(ReentrantLock::new).limit(256).toArray(Lock[]::new);
  private volatile boolean again;

  Courier(JdbcClient jdbc, WarningStore store, RouteStore routes, HotSpots hotSpots, CapDesk cap, WebhookKeys keys, Letter letter, PushBrowsers browsers, PushNote note, Vapid vapid,
      WarningSettings settings, ObjectProvider<JavaMailSender> mail, TransactionTemplate transaction, JsonMapper json, Bell bell, Clock clock) {
    this.jdbc = jdbc;
    this.store = store;
    this.routes = routes;
    this.hotSpots = hotSpots;
    this.cap = cap;
    this.keys = keys;
    this.letter = letter;
    this.browsers = browsers;
    this.note = note;
    this.vapid = vapid;
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
      try (ExecutorService carriers = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().name("warning-carrier").factory())) {
        do {
          some = transaction.execute(status -> take());
          Instant until = now().plus(TAKEN_FOR).minus(OutwardCall.WHOLE);
          List<Future<?>> under = new ArrayList<>();
          some.stream().collect(Collectors.groupingBy(p -> List.of(p.way(), p.address()), LinkedHashMap::new, Collectors.toList())).values()
              .forEach(own -> under.add(carriers.submit(() -> Viewer.runAs(Viewer.system("warnings"), () -> carry(own, until)))));
          for (Future<?> each : under) {
            each.get();
          }
          all += some.size();
        } while (some.size() == BATCH);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a delivery could not be marked", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return all;
    });
  }

  /**
   * @param own of one receiver, in their order
   * @param until another server may take them over from then on: they are given back, as if they had not been taken
   */
  private void carry(List<Parcel> own, Instant until) {
    Lock receiver = receivers[Math.floorMod(own.getFirst().address().hashCode(), receivers.length)];
    receiver.lock();
    try {
      for (Parcel p : own) {
        if (now().isBefore(until)) {
          send(p);
        } else {
          transaction.executeWithoutResult(status -> jdbc.sql("UPDATE sensing_delivery SET attempts = attempts - 1, next_at = :now WHERE id = :id AND state = 'WAITING' AND attempts = :attempts")
              .param("now", WarningStore.utc(now())).param("id", p.id()).param("attempts", p.attempts()).update());
        }
      }
    } finally {
      receiver.unlock();
    }
  }

  private List<Parcel> take() {
    Instant now = now();
    return jdbc.sql("""
            UPDATE sensing_delivery SET attempts = attempts + 1, next_at = :later
            WHERE id IN (SELECT id FROM sensing_delivery WHERE state = 'WAITING' AND next_at <= :now ORDER BY next_at LIMIT :n FOR UPDATE SKIP LOCKED)
            RETURNING id, warning_id, seq, report_month, report_area, way, address, route_id, attempts""")
        // In the order in which they were made, which the statement does not promise.
        .param("now", WarningStore.utc(now)).param("later", WarningStore.utc(now.plus(TAKEN_FOR))).param("n", BATCH)
        .query((rs, i) -> new Parcel(rs.getLong("id"), rs.getLong("warning_id"), rs.getInt("seq"), HotSpots.Edition.read(rs), Way.valueOf(rs.getString("way")), rs.getString("address"),
            rs.getObject("route_id", Long.class), rs.getInt("attempts"))).list().stream().sorted(Comparator.comparingLong(Parcel::id)).toList();
  }

  private void send(Parcel p) {
    try {
      switch (p.way()) {
        case EMAIL -> mail(p);
        case WEBHOOK -> webhook(p);
        case PUSH -> {
          if (overtaken(p)) {
            return;
          }
          push(p);
        }
        case INBOX -> throw new IllegalStateException("what is in the inbox needs no courier");
      }
      done(p);
    } catch (Later e) {
      failed(p, e.fault, e, e.pause);
    } catch (Unsendable e) {
      failed(p, e.fault, e, null);
    } catch (IOException | MailException | ProblemException e) {
      failed(p, DeliveryFault.of(e), e, null);
    } catch (RuntimeException e) {
      // Else it would be taken again and again, and never be given up.
      log.error("delivery {} could not be made", p.id(), e);
      failed(p, DeliveryFault.of(e), e, null);
    }
  }

  /** Trying again would not help. */
  private static final class Unsendable extends RuntimeException {
    private final transient DeliveryFault fault;

    Unsendable(DeliveryFault fault) {
      super(fault.words().en(), null, false, false);
      this.fault = fault;
    }
  }

  /** The receiver says when. */
  private static final class Later extends IOException {
    private final transient DeliveryFault fault;
    private final transient Duration pause;

    Later(DeliveryFault fault, Duration pause) {
      super(fault.words().en());
      this.fault = fault;
      this.pause = pause;
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
      throw new Unsendable(DeliveryFault.NO_MAIL_SERVER);
    }
    if (p.report() != null) {
      HotSpots.Report report = report(p);
      // Which language the mailbox's reader has nobody knows: both, as in the letter.
      sender.send(letter.write(sender, p.id(), report, hotSpots.write(report, Locale.CHINESE, Locale.ENGLISH), p.address()));
      return;
    }
    Message m = message(p);
    sender.send(letter.write(sender, p.id(), m.warning(), m.step(), p.address()));
  }

  private HotSpots.Report report(Parcel p) {
    return hotSpots.report(p.report().month(), p.report().areaCode(), MOST_SPOTS);
  }

  private void webhook(Parcel p) throws IOException {
    Route route = p.routeId() == null ? null : transaction.execute(status -> routes.find(p.routeId()).orElse(null));
    if (route == null || !route.address().equals(p.address())) {
      throw new Unsendable(DeliveryFault.ROUTE_GONE);
    }
    String body = json.writeValueAsString(p.report() == null ? facts(p) : Map.of("delivery", p.id(), "hotSpots", report(p)));
    long second = now().getEpochSecond();
    Answer answer = OutwardCall.post(CallAddress.read(CallAddress.Use.WEBHOOK, p.address(), settings.webhookHosts()), body.getBytes(StandardCharsets.UTF_8),
        Map.of("Content-Type", "application/json", "Citywide-Delivery", String.valueOf(p.id()), "Citywide-Timestamp", String.valueOf(second),
            "Citywide-Signature", keys.signature(keys.secret(route), second, body)));
    if (!answer.taken()) {
      throw new Later(DeliveryFault.answered(CallAddress.Use.WEBHOOK, answer.status()), answer.retryAfter());
    }
  }

  /** What a webhook gets of a warning. */
  private Map<String, Object> facts(Parcel p) {
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
    Words why = Telling.outward(m.warning(), m.step());
    facts.put("reasonZh", why.zh());
    facts.put("reasonEn", why.en());
    facts.put("areaCode", m.warning().areaCode());
    facts.put("at", m.step().at().toString());
    facts.put("cap", m.cap());
    return facts;
  }

  /** What came later says more: an earlier word must not replace it. */
  private boolean overtaken(Parcel p) {
    return transaction.execute(status -> jdbc.sql("""
            UPDATE sensing_delivery d SET state = 'OVERTAKEN', next_at = NULL, fault = NULL, fault_zh = NULL, fault_code = NULL WHERE id = :id
              AND EXISTS (SELECT 1 FROM sensing_delivery n WHERE n.warning_id = d.warning_id AND n.way = 'PUSH' AND n.address = d.address AND n.seq > d.seq)""")
        .param("id", p.id()).update()) == 1;
  }

  private void push(Parcel p) throws IOException {
    PushBrowser browser = transaction.execute(status -> browsers.find(Long.parseLong(p.address())).orElseThrow(() -> new Unsendable(DeliveryFault.SIGNED_OUT)));
    Message m = message(p);
    CallAddress to = CallAddress.read(CallAddress.Use.PUSH, browser.endpoint(), settings.pushHosts());
    byte[] body = PushCipher.seal(json.writeValueAsBytes(note.write(m.warning(), m.step(), browser)), PushNote.LENGTH, browser.p256dh(), browser.auth());
    Map<String, String> headers = new LinkedHashMap<>(note.headers(m.warning(), m.step()));
    headers.put("Authorization", vapid.authorization(to.origin(), settings.pushContact()));
    Answer answer = OutwardCall.post(to, body, headers);
    switch (answer.status()) {
      case 404, 410 -> {
        transaction.executeWithoutResult(status -> browsers.forget(browser));
        throw new Unsendable(DeliveryFault.FORGOTTEN);
      }
      case 400, 413 -> throw new Unsendable(DeliveryFault.answered(CallAddress.Use.PUSH, answer.status()));
      default -> {
        if (!answer.taken()) {
          throw new Later(DeliveryFault.answered(CallAddress.Use.PUSH, answer.status()), answer.retryAfter());
        }
      }
    }
  }

  private void done(Parcel p) {
    transaction.executeWithoutResult(status -> jdbc.sql("UPDATE sensing_delivery SET state = 'SENT', next_at = NULL, sent_at = :now, fault = NULL, fault_zh = NULL, fault_code = NULL WHERE id = :id")
        .param("now", WarningStore.utc(now())).param("id", p.id()).update());
  }

  /** @param asked pause that the receiver asks for; {@code null}: none */
  private void failed(Parcel p, DeliveryFault fault, Exception why, Duration asked) {
    boolean over = why instanceof Unsendable || p.attempts() >= settings.attempts();
    log.warn("delivery {} of {} by {} failed at attempt {}{}: {}, {}", p.id(), p.report() == null ? "warning " + p.warningId() : p.report(), p.way(), p.attempts(), over ? ", for the last time" : "", fault.code(), why.getMessage());
    Duration pause = Duration.ofSeconds(5L << Math.min(20, p.attempts() - 1));
    pause = asked == null || asked.compareTo(pause) < 0 ? pause : asked;
    Instant next = over ? null : now().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    transaction.executeWithoutResult(status -> jdbc.sql("""
            UPDATE sensing_delivery SET state = :state, next_at = CAST(:next AS timestamptz), fault_code = :code, fault = :en, fault_zh = :zh WHERE id = :id""")
        .param("state", over ? "FAILED" : "WAITING").param("next", WarningStore.utc(next), java.sql.Types.TIMESTAMP_WITH_TIMEZONE)
        .param("code", fault.code().name()).param("en", fault.words().en()).param("zh", fault.words().zh()).param("id", p.id()).update());
  }

  private Instant now() {
    return clock.instant();
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
