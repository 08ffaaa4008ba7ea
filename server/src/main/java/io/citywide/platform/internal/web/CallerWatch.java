package io.citywide.platform.internal.web;

import io.citywide.platform.Caller;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.catalina.Valve;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Notices that a browser hung up while its answer is being made. A servlet hears of that when it writes, and a tile is
 * written when it is done; the container can be asked for a read that does not block, and such a read finds the end of the
 * connection. Who waits longer than {@value #EVERY_MILLIS} ms is looked at that often; the others cost nothing (decision 0024).
 */
@Component
class CallerWatch implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Caller.Watch, DisposableBean {

  private static final Logger log = LoggerFactory.getLogger(CallerWatch.class);

  private static final long EVERY_MILLIS = 50;

  private final Set<Caller> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("callers").factory());
  private final Counter gone;

  CallerWatch(MeterRegistry meters) {
    this.gone = Counter.builder("citywide.callers.gone").description("Requests whose caller hung up before the answer was made").register(meters);
    clock.scheduleWithFixedDelay(this::look, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void customize(TomcatServletWebServerFactory factory) {
    factory.addEngineValves(valve());
  }

  @Override
  public void begin(Caller caller) {
    waiting.add(caller);
  }

  @Override
  public void end(Caller caller) {
    waiting.remove(caller);
  }

  private void look() {
    long now = System.nanoTime();
    for (Caller caller : waiting) {
      try {
        if (caller.look(now, TimeUnit.MILLISECONDS.toNanos(EVERY_MILLIS))) {
          gone.increment();
        }
      } catch (RuntimeException e) {
        // The next ones are still to be looked at; this one is then answered as if nobody had looked.
        log.debug("a connection could not be looked at", e);
      }
    }
  }

  @Override
  public void destroy() {
    clock.shutdownNow();
  }

  private Valve valve() {
    return new ValveBase(true) {
      @Override
      public void invoke(Request request, Response response) throws IOException, ServletException {
        try {
          Caller.answering(new Connection(request.getCoyoteRequest()), CallerWatch.this, () -> {
            getNext().invoke(request, response);
            return null;
          });
        } catch (IOException | ServletException | RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new ServletException(e);
        }
      }
    };
  }

  /** The connection of a request whose body was read, looked at by the container's own non-blocking read. */
  private record Connection(org.apache.coyote.Request request) implements Caller.Line {

    /** What the container answers when the read failed. */
    private static final int FAILED = 1;

    /**
     * What is read may also be the next request on the same connection. It stays in the container's buffer, and while it lies
     * there nothing is read beyond it: then a second look finds it there, or reads nothing. At the end of the connection the
     * buffer is empty, and each look fails.
     */
    @Override
    public boolean broken() {
      AtomicBoolean body = new AtomicBoolean();
      request.action(ActionCode.REQUEST_BODY_FULLY_READ, body);
      return body.get() && available(true) == FAILED && available(false) == 0 && available(true) == FAILED;
    }

    private int available(boolean read) {
      request.action(ActionCode.AVAILABLE, read);
      return request.getAvailable();
    }
  }
}
