package io.citywide.identity.internal.web;

import io.citywide.identity.Open;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether the server answers and reaches its database. */
@RestController
class HealthController {

  private final JdbcClient jdbc;

  HealthController(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @Open("Supervisors ask without signing in; it shows nothing of the city")
  @GetMapping("/api/health")
  Map<String, String> health() {
    jdbc.sql("SELECT 1").query(Integer.class).single();
    return Map.of("status", "ok");
  }
}
