package io.citywide.cases.internal;

import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseStepped;
import io.citywide.identity.Viewer;
import io.citywide.platform.Figures;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Counts steps once they are committed, and shows how many open cases stand at each stage. */
@Component
class CaseMeters {

  /** Open cases only, by an index of them, once a minute while somebody scrapes; what is closed, the steps count. */
  private static final Duration COUNTED_EVERY = Duration.ofMinutes(1);

  private final MeterRegistry meters;
  private final Map<String, Counter> steps = new ConcurrentHashMap<>();

  CaseMeters(MeterRegistry meters, JdbcClient jdbc, TransactionTemplate transaction) {
    this.meters = meters;
    var open = new Figures<Map<CaseStage, Long>>(COUNTED_EVERY, Map.of(), () -> Viewer.callAs(Viewer.system("metrics"), () -> transaction.execute(status -> count(jdbc))));
    for (CaseStage stage : CaseStage.values()) {
      Gauge.builder("citywide.cases.open", open, counted -> counted.value().getOrDefault(stage, 0L)).description("Open cases by stage").tag("stage", stage.name())
          .register(meters);
    }
  }

  private static Map<CaseStage, Long> count(JdbcClient jdbc) {
    jdbc.sql("SELECT set_config('statement_timeout', '5s', true)").query((row, i) -> 1).list();
    Map<CaseStage, Long> counted = new EnumMap<>(CaseStage.class);
    jdbc.sql("SELECT stage, count(*) AS cases FROM case_file WHERE open GROUP BY stage")
        .query(row -> {
          counted.put(CaseStage.valueOf(row.getString("stage")), row.getLong("cases"));
        });
    return counted;
  }

  // Not @TransactionalEventListener: the outbox would keep a row of every step for it.
  @EventListener
  void on(CaseStepped stepped) {
    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
      @Override
      public void afterCommit() {
        steps.computeIfAbsent(stepped.action().name(),
            action -> Counter.builder("citywide.case.steps").description("Steps taken by action").tag("action", action).register(meters)).increment();
      }
    });
  }
}
