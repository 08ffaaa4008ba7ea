package io.citywide.map.internal.layer;

import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.place.ComponentIndex;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Tells the screens that the layer of components is another, with its new revision: when the index has taken a change in,
 * not when somebody made it, so that whoever asks for a tile then gets the new one. Many changes at once are one notice.
 */
@Component
class ComponentNews implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ComponentNews.class);
  private static final long LOOK_EVERY_MILLIS = 500;

  private final ComponentIndex index;
  private final LiveFeed feed;
  private ScheduledExecutorService looking;
  private String known = "";

  ComponentNews(ComponentIndex index, LiveFeed feed) {
    this.index = index;
    this.feed = feed;
  }

  private void look() {
    try {
      String revision = index.revision();
      if (!revision.equals(known)) {
        boolean first = known.isEmpty();
        known = revision;
        if (!first) {
          feed.publish(Notice.forEverybody(ComponentLayer.NOTICE, Map.of("layer", "components", "revision", revision)));
        }
      }
    } catch (RuntimeException e) {
      log.warn("cannot tell whether components changed; looking again", e);
    }
  }

  @Override
  public synchronized void start() {
    looking = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("component-news").factory());
    looking.scheduleWithFixedDelay(this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void stop() {
    looking.shutdownNow();
    looking = null;
  }

  @Override
  public synchronized boolean isRunning() {
    return looking != null;
  }
}
