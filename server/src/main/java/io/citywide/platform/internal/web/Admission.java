package io.citywide.platform.internal.web;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import io.citywide.platform.PlatformProblem;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Turns requests away at the door while more wait for the database than it answers in a moment: who is let in is served
 * soon, who is not is told at once to come again, and nobody waits for an answer that comes too late. Watched is the
 * queue itself, not a rate, so that it needs no setting for the machine.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 10)
class Admission extends OncePerRequestFilter {

  /** For each connection, so many requests may wait: at the speed of two processors the last of them waits a tenth of a second. */
  static final int WAITING_PER_CONNECTION = 10;

  static final String RETRY_AFTER_SECONDS = "1";

  private final HikariDataSource pool;
  private final int most;
  private final Counter refused;
  private final byte[] english;
  private final byte[] chinese;
  private volatile HikariPoolMXBean queue;

  Admission(HikariDataSource pool, MeterRegistry meters, JsonMapper json) {
    this.pool = pool;
    this.most = pool.getMaximumPoolSize() * WAITING_PER_CONNECTION;
    this.refused = Counter.builder("citywide.refusals").description("Refusals and faults by problem code").tag("code", PlatformProblem.BUSY.code()).register(meters);
    this.english = body(json, "more requests wait than can be served soon; nothing was changed. Come again in a second");
    this.chinese = body(json, "当前请求过多，未作任何更改，请稍后重试");
  }

  private static byte[] body(JsonMapper json, String detail) {
    return json.writeValueAsBytes(new java.util.TreeMap<>(Map.of("type", "urn:citywide:problem:" + PlatformProblem.BUSY.code(), "title", PlatformProblem.BUSY.title(),
        "status", PlatformProblem.BUSY.status(), "code", PlatformProblem.BUSY.code(), "detail", detail)));
  }

  /** Files of the console, health and metrics need no connection, and an operator wants to see them most when it is full. */
  @Override
  protected boolean shouldNotFilter(HttpServletRequest request) {
    String path = request.getRequestURI();
    return !(path.startsWith("/api/") || path.startsWith("/open311/") || path.startsWith("/ogc/") || path.startsWith("/sta/")) || path.startsWith("/api/health");
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
    if (waiting() < most) {
      chain.doFilter(request, response);
      return;
    }
    refused.increment();
    String language = request.getHeader(HttpHeaders.ACCEPT_LANGUAGE);
    byte[] body = language != null && language.toLowerCase(Locale.ROOT).startsWith("zh") ? chinese : english;
    response.setStatus(PlatformProblem.BUSY.status());
    response.setHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setCharacterEncoding(StandardCharsets.UTF_8.name());
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }

  private int waiting() {
    HikariPoolMXBean known = queue;
    if (known == null) {
      known = pool.getHikariPoolMXBean();
      queue = known;
    }
    return known == null ? 0 : known.getThreadsAwaitingConnection();
  }
}
