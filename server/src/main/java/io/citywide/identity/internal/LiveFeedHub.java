package io.citywide.identity.internal;

import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Hands each notice to every listener of this process, after the commit. Listeners must not block. */
@Component
public class LiveFeedHub implements LiveFeed {

  private static final Logger log = LoggerFactory.getLogger(LiveFeedHub.class);

  private final Set<Consumer<Notice>> listeners = new CopyOnWriteArraySet<>();

  @Override
  public void publish(Notice notice) {
    if (listeners.isEmpty()) {
      return;
    }
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              deliver(notice);
            }
          });
    } else {
      deliver(notice);
    }
  }

  /** Open streams would hold up a graceful stop until its time is over. */
  @EventListener(ContextClosedEvent.class)
  void end() {
    deliver(Notice.END);
  }

  private void deliver(Notice notice) {
    for (Consumer<Notice> listener : listeners) {
      try {
        listener.accept(notice);
      } catch (RuntimeException e) {
        log.warn("a listener of the live feed failed", e);
      }
    }
  }

  @Override
  public AutoCloseable listen(Consumer<Notice> listener) {
    Consumer<Notice> own = listener::accept;
    listeners.add(own);
    return () -> listeners.remove(own);
  }
}
