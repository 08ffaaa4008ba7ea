package io.citywide.platform.internal.web;

import io.citywide.platform.OperationsSettings;
import io.citywide.platform.Readiness;
import io.citywide.platform.Trace;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Around every request: its trace id, its time by route, and a line in the log where it was slow or failed. Routes are
 * patterns of the code, never paths, which may hold a tracking code.
 */
// Instead of the framework's observations: one map look-up and two counters per request, no objects, no handler chain.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class RequestWatch extends OncePerRequestFilter {

  private static final Logger log = LoggerFactory.getLogger(RequestWatch.class);
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH");

  private record Route(String method, String pattern, int status) {}

  private final OperationsSettings settings;
  private final Readiness readiness;
  private final MeterRegistry meters;
  private final Timer latency;
  private final Map<Route, Timer> timers = new ConcurrentHashMap<>();

  RequestWatch(OperationsSettings settings, Readiness readiness, MeterRegistry meters) {
    this.settings = settings;
    this.readiness = readiness;
    this.meters = meters;
    this.latency = Timer.builder("citywide.http.latency").description("Time of requests, all routes; event streams excluded")
        .serviceLevelObjectives(Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
            Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofMillis(2500), Duration.ofSeconds(5))
        .register(meters);
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
    long begin = System.nanoTime();
    String trace = Trace.of(request.getHeader("traceparent"));
    MDC.put(Trace.FIELD, trace);
    response.setHeader(Trace.HEADER, trace);
    if (readiness.stopping()) {
      // Whoever keeps connections open must not find this one closed under its next request.
      response.setHeader(HttpHeaders.CONNECTION, "close");
    }
    boolean broken = true;
    try {
      chain.doFilter(request, response);
      broken = false;
    } finally {
      if (!request.isAsyncStarted()) {
        done(request, broken ? 500 : response.getStatus(), System.nanoTime() - begin);
      }
      MDC.remove(Trace.FIELD);
    }
  }

  private void done(HttpServletRequest request, int status, long nanos) {
    Object matched = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
    String method = METHODS.contains(request.getMethod()) ? request.getMethod() : "OTHER";
    Route route = new Route(method, matched == null ? "none" : matched.toString(), status);
    Timer timer = timers.get(route);
    if (timer == null) {
      timer = timers.computeIfAbsent(route, this::timer);
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
    latency.record(nanos, TimeUnit.NANOSECONDS);
    if (status >= 500 || nanos >= settings.slowRequest().toNanos()) {
      log.atInfo().addKeyValue("method", route.method()).addKeyValue("route", route.pattern()).addKeyValue("status", status)
          .addKeyValue("millis", nanos / 1_000_000).log("{} {} answered {} after {} ms", route.method(), route.pattern(), status, nanos / 1_000_000);
    }
  }

  private Timer timer(Route route) {
    return Timer.builder("citywide.http.requests").description("Requests by route, method and status; event streams excluded")
        .tag("method", route.method()).tag("route", route.pattern()).tag("status", Integer.toString(route.status())).register(meters);
  }
}
