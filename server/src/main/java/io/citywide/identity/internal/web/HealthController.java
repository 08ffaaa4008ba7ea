package io.citywide.identity.internal.web;

import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.platform.Readiness;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the server lives, whether it wants requests, and its metrics (decision 0007). */
@RestController
class HealthController {

  /** What proxies and supervisors see: words of the check, nothing of the city. */
  record Health(String status, Map<String, String> checks) {}

  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final JdbcClient jdbc;
  private final Readiness readiness;
  private final PrometheusMeterRegistry meters;

  HealthController(JdbcClient jdbc, Readiness readiness, PrometheusMeterRegistry meters) {
    this.jdbc = jdbc;
    this.readiness = readiness;
    this.meters = meters;
  }

  @Open("Supervisors ask without signing in; it shows nothing of the city")
  @GetMapping("/api/health")
  Map<String, String> health() {
    jdbc.sql("SELECT 1").query(Integer.class).single();
    return Map.of("status", "ok");
  }

  /** The process answers; a supervisor that hears nothing here starts it anew. It does not ask the database, whose failure no restart mends. */
  @Open("Supervisors ask without signing in; it shows nothing of the city")
  @GetMapping("/api/health/live")
  Map<String, String> live() {
    return Map.of("status", "live");
  }

  /** 503 while requests should go elsewhere: at the beginning of a stop, without the database, the migrations or the scheduler. */
  @Open("Proxies ask without signing in; it shows nothing of the city")
  @GetMapping("/api/health/ready")
  ResponseEntity<Health> ready() {
    Readiness.State state = readiness.state();
    return ResponseEntity.status(state.ready() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store").body(new Health(state.status(), state.checks()));
  }

  /** Prometheus text format 0.0.4. */
  @Requires(Permission.METRICS_READ)
  @GetMapping("/metrics")
  void metrics(HttpServletResponse response) throws IOException {
    response.setContentType(PROMETHEUS);
    meters.scrape(response.getOutputStream(), PROMETHEUS);
  }
}
