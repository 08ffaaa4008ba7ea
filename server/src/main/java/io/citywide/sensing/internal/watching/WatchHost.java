package io.citywide.sensing.internal.watching;

import io.citywide.identity.Viewer;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ReadinessCheck;
import io.citywide.platform.Words;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.registry.DeviceListener;
import io.citywide.sensing.internal.registry.Known;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Of the servers of a database, lets one lead the watch at a time. The lead is a row with a lease that is renewed each second; when its
 * holder is gone for the length of the lease, the next takes it with a new term, and whatever a holder of an earlier term
 * still wants to write down is refused, in the transaction itself.
 */
@Component
class WatchHost implements SmartLifecycle, LiveWatch, ReadinessCheck {

  private static final Logger log = LoggerFactory.getLogger(WatchHost.class);
  private static final int RENEW_MILLIS = 1000;

  private final UUID id = UUID.randomUUID();
  private final Term.Means means;
  private final TransactionTemplate transaction;
  private final Neighbours neighbours;
  private final Object bell = new Object();
  private volatile boolean running;
  private volatile Term term;
  private volatile String trouble;
  /** Since when this server has been there to be spoken to, milliseconds since 1970. */
  private volatile long listeningSince;
  private Thread thread;

  WatchHost(Term.Means means, PlatformTransactionManager transactions, Neighbours neighbours, MeterRegistry meters) {
    Gauge.builder("citywide.watch.behind", this, WatchHost::behind).description("Batches of the log that the watch has not judged yet; 0 on a server that does not lead it")
        .register(meters);
    this.means = means;
    this.transaction = new TransactionTemplate(transactions);
    this.neighbours = neighbours;
    neighbours.hear(RuleDesk.CHANGED, facts -> look());
    neighbours.hearGap(this::look);
    means.directory().follow(new DeviceListener() {
      @Override
      public void registered(Known device) {
        // It is known to the watch from its first value on.
      }

      @Override
      public void changed(Known before, Known after) {
        tell(after);
      }

      @Override
      public void removed(Known device) {
        tell(device);
      }

      private void tell(Known device) {
        Term now = term;
        if (now != null) {
          now.changed(device);
        }
      }
    });
  }

  @Override
  public void end(String rule, String subject, long number, Words reason) {
    means.store().end(rule, subject, number, reason);
    neighbours.everywhere(RuleDesk.CHANGED, Map.of("rule", rule));
  }

  /** Whether this server leads. */
  boolean leads() {
    return term != null;
  }

  private long behind() {
    Term now = term;
    return now == null ? 0 : now.behind();
  }

  private void look() {
    Term now = term;
    if (now != null) {
      now.look();
    }
  }

  // ---- its life ------------------------------------------------------------------------------------

  @Override
  public void start() {
    listeningSince = means.clock().millis();
    running = true;
    thread = Thread.ofPlatform().daemon().name("watch-host").start(() -> Viewer.runAs(Viewer.system("watch"), this::run));
  }

  private void run() {
    long leading = 0;
    while (running) {
      try {
        if (term == null) {
          Optional<WatchStore.Head> head = transaction.execute(s -> means.store().lead(id, means.settings().lease()));
          if (head.isPresent()) {
            leading = head.get().term();
            Term fresh = Term.begin(means, head.get(), listeningSince);
            term = fresh;
            fresh.start();
          }
        } else if (term.over() || !renew(leading)) {
          log.warn("this server does not lead the watch any more, term {}", leading);
          Term gone = term;
          term = null;
          gone.close();
        }
        trouble = null;
      } catch (RuntimeException e) {
        if (running && trouble == null) {
          log.error("the watch cannot be led at the moment", e);
        }
        trouble = String.valueOf(e.getMessage());
        // Without the database it takes nothing in.
        listeningSince = means.clock().millis();
      }
      synchronized (bell) {
        try {
          if (running) {
            bell.wait(RENEW_MILLIS);
          }
        } catch (InterruptedException e) {
          return;
        }
      }
    }
    if (term != null) {
      Term last = term;
      term = null;
      last.close();
      long of = leading;
      try {
        transaction.executeWithoutResult(s -> means.store().resign(of));
      } catch (RuntimeException e) {
        log.info("the lead of the watch was not given away, it runs out by itself: {}", e.getMessage());
      }
    }
  }

  private boolean renew(long of) {
    return Boolean.TRUE.equals(transaction.execute(s -> means.store().renew(of, means.settings().lease())));
  }

  @Override
  public void stop() {
    running = false;
    synchronized (bell) {
      bell.notifyAll();
    }
    try {
      thread.join(30_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return DeviceDirectory.PHASE + 100;
  }

  // ---- readiness -----------------------------------------------------------------------------------

  @Override
  public String name() {
    return "watch";
  }

  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Optional<String> fault() {
    Term now = term;
    String why = trouble != null ? trouble : now == null ? null : now.trouble();
    return Optional.ofNullable(why).map(w -> "the watch is held up: " + w);
  }
}
