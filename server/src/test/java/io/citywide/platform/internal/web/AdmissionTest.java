package io.citywide.platform.internal.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ServerTest
class AdmissionTest {

  @Autowired HikariDataSource pool;
  @Autowired TestPeople people;

  @Test
  void turnsAwayAtOnceWhatWouldWaitTooLongAndServesTheRest() throws Exception {
    int places = pool.getMaximumPoolSize() * Admission.WAITING_PER_CONNECTION;
    TestClient acceptor = people.someone(Role.ACCEPTOR, "820100", null).client();
    assertThat(acceptor.get("/api/cases").status()).isEqualTo(200);
    List<Future<Answer>> waiting = new ArrayList<>();
    List<Connection> taken = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        while (taken.size() < pool.getMaximumPoolSize()) {
          taken.add(pool.getConnection());
        }
        // The server's own tasks wait in the same queue. So many requests surely find a place; others fill what is left of it.
        for (int i = 0; i < places - pool.getMaximumPoolSize(); i++) {
          waiting.add(threads.submit(() -> acceptor.get("/api/cases")));
        }
        Instant until = Instant.now().plusSeconds(4);
        while (pool.getHikariPoolMXBean().getThreadsAwaitingConnection() < waiting.size() && Instant.now().isBefore(until)) {
          Thread.onSpinWait();
        }
        for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
          threads.submit(() -> {
            pool.getConnection().close();
            return null;
          });
        }
        while (pool.getHikariPoolMXBean().getThreadsAwaitingConnection() < places && Instant.now().isBefore(until)) {
          Thread.onSpinWait();
        }
        Answer refused = acceptor.get("/api/cases");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.response().headers().firstValue("Retry-After")).contains("1");
        assertThat(refused.problem()).isEqualTo("server.busy");
        assertThat(people.nobody().get("/api/health/live").status()).isEqualTo(200);
      } finally {
        for (Connection connection : taken) {
          connection.close();
        }
      }
      for (Future<Answer> one : waiting) {
        assertThat(one.get().status()).isEqualTo(200);
      }
    }
  }
}
