package io.citywide.identity;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One open stream of server-sent events, written by a virtual thread of its own from a bounded queue: a
 * reader that is too slow is cut off (the browser connects again and reads anew) and never slows a step.
 */
public final class EventStream {

  private static final int BACKLOG = 1_000;
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private EventStream() {}

  /** Streams those notices of {@code feed} that {@code wanted} lets through. */
  public static SseEmitter open(LiveFeed feed, Predicate<Notice> wanted, Function<Notice, Object> data) {
    return open(feed, wanted, data, () -> true);
  }

  /** As {@link #open(LiveFeed, Predicate, Function)}, and ends when {@code allowed} says so; it is asked every 15 s. */
  public static SseEmitter open(LiveFeed feed, Predicate<Notice> wanted, Function<Notice, Object> data, BooleanSupplier allowed) {
    SseEmitter emitter = new SseEmitter(0L);
    BlockingQueue<Notice> queue = new ArrayBlockingQueue<>(BACKLOG);
    Thread[] writer = new Thread[1];
    AutoCloseable listening =
        feed.listen(
            notice -> {
              if (notice == Notice.END) {
                writer[0].interrupt();
              } else if (wanted.test(notice) && !queue.offer(notice)) {
                writer[0].interrupt();
              }
            });
    writer[0] =
        Thread.ofVirtual()
            .name("live-feed")
            .unstarted(
                () -> {
                  try (listening) {
                    emitter.send(SseEmitter.event().name("hello").data("{}", MediaType.APPLICATION_JSON));
                    long asked = System.nanoTime();
                    while (true) {
                      Notice notice = queue.poll(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
                      if (System.nanoTime() - asked >= HEARTBEAT.toNanos()) {
                        asked = System.nanoTime();
                        if (!allowed.getAsBoolean()) {
                          emitter.complete();
                          return;
                        }
                      }
                      if (notice == null) {
                        emitter.send(SseEmitter.event().comment("still here"));
                      } else {
                        emitter.send(SseEmitter.event().name(notice.type()).data(data.apply(notice), MediaType.APPLICATION_JSON));
                      }
                    }
                  } catch (IOException | IllegalStateException | InterruptedException e) {
                    emitter.complete();
                  } catch (Exception e) {
                    emitter.completeWithError(e);
                  }
                });
    emitter.onCompletion(writer[0]::interrupt);
    emitter.onTimeout(writer[0]::interrupt);
    writer[0].start();
    return emitter;
  }
}
