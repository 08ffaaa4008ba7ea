package io.citywide.identity.internal;

import io.citywide.identity.Duty.OnDuty;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells the screens who moved, once a second: one notice for those of one unit in one area. Thousands of phones report every
 * few seconds, and each notice goes to every screen that may see it.
 */
@Component
class DutyNews implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(DutyNews.class);
  private static final long EVERY_MILLIS = 1_000;

  /** So many ids stay within what the servers tell each other at once. */
  private static final int MOST_IDS = 300;

  /** @param unitId {@code null}: none */
  private record Group(String areaCode, Long unitId) {}

  private static final class Moves {
    final Set<Long> ids = new LinkedHashSet<>();
    Instant last = Instant.MIN;
  }

  private final LiveFeed feed;
  private Map<Group, Moves> moves = new LinkedHashMap<>();
  private ScheduledExecutorService telling;

  DutyNews(LiveFeed feed) {
    this.feed = feed;
  }

  /** Takes note of it after the commit of the transaction under way. */
  void moved(OnDuty duty, Instant at) {
    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
      @Override
      public void afterCommit() {
        note(duty, at);
      }
    });
  }

  private synchronized void note(OnDuty duty, Instant at) {
    Moves its = moves.computeIfAbsent(new Group(duty.areaCode(), duty.unitId()), g -> new Moves());
    its.ids.add(duty.id());
    its.last = at.isAfter(its.last) ? at : its.last;
  }

  private synchronized Map<Group, Moves> take() {
    Map<Group, Moves> all = moves;
    moves = new LinkedHashMap<>();
    return all;
  }

  private void tell() {
    try {
      take().forEach((group, its) -> {
        List<Long> ids = new ArrayList<>(its.ids);
        for (int i = 0; i < ids.size(); i += MOST_IDS) {
          feed.publish(new Notice("duty", group.areaCode(), group.unitId() == null ? Set.of() : Set.of(group.unitId()),
              Map.of("dutyIds", List.copyOf(ids.subList(i, Math.min(ids.size(), i + MOST_IDS))), "act", "moved", "areaCode", group.areaCode(), "at", its.last.toString())));
        }
      });
    } catch (RuntimeException e) {
      log.warn("screens could not be told who moved", e);
    }
  }

  @Override
  public synchronized void start() {
    telling = Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("duty-news").factory());
    telling.scheduleWithFixedDelay(this::tell, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void stop() {
    telling.shutdownNow();
    telling = null;
  }

  @Override
  public synchronized boolean isRunning() {
    return telling != null;
  }
}
