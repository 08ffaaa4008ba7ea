package io.citywide.identity.internal;

import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.platform.Neighbours;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Hands each notice to every listener of this server and, through {@link Neighbours}, of the others, after the commit.
 * Who may see it is judged where the listener is. Listeners must not block.
 */
@Component
public class LiveFeedHub implements LiveFeed, SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(LiveFeedHub.class);
  private static final String TOPIC = "notice";

  private final Set<Consumer<Notice>> listeners = new CopyOnWriteArraySet<>();
  private final Neighbours neighbours;
  private volatile boolean running;

  LiveFeedHub(Neighbours neighbours, MeterRegistry meters) {
    this.neighbours = neighbours;
    neighbours.hear(TOPIC, facts -> deliver(notice(facts)));
    // A stream that is ended connects again and reads anew: nothing missed in the gap stays missed.
    neighbours.hearGap(() -> deliver(Notice.END));
    Gauge.builder("citywide.live.streams", listeners, Collection::size).description("Open event streams").register(meters);
  }

  @Override
  public void publish(Notice notice) {
    if (listeners.isEmpty() && neighbours.alone()) {
      return;
    }
    if (TransactionSynchronizationManager.isSynchronizationActive()) {
      TransactionSynchronizationManager.registerSynchronization(
          new TransactionSynchronization() {
            @Override
            public void afterCommit() {
              tell(notice);
            }
          });
    } else {
      tell(notice);
    }
  }

  private void tell(Notice notice) {
    deliver(notice);
    if (!neighbours.alone()) {
      neighbours.tell(TOPIC, Map.of("type", notice.type(), "area", notice.areaCode(), "units", notice.units(), "data", notice.data()));
    }
  }

  @SuppressWarnings("unchecked") // as tell wrote it
  private static Notice notice(Map<String, Object> facts) {
    Set<Long> units = ((Collection<Long>) facts.get("units")).stream().collect(Collectors.toUnmodifiableSet());
    return new Notice((String) facts.get("type"), (String) facts.get("area"), units, (Map<String, Object>) facts.get("data"));
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

  @Override
  public void start() {
    running = true;
  }

  /** Open streams would hold up a graceful stop until its time is over. */
  @Override
  public void stop() {
    running = false;
    deliver(Notice.END);
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** After proxies have noticed, so that a stream that connects again does so elsewhere; before the web server waits for requests. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 512;
  }
}
