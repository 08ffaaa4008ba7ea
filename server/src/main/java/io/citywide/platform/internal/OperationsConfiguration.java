package io.citywide.platform.internal;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import io.citywide.platform.Figures;
import io.citywide.platform.OperationsSettings;
import io.citywide.platform.Readiness;
import io.citywide.platform.ReadinessCheck;
import io.citywide.platform.internal.postgres.EmbeddedPostgres;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskDecorator;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators look at: metrics, readiness, the order of a stop. */
@Configuration(proxyBeanMethods = false)
class OperationsConfiguration {

  private static final Logger log = LoggerFactory.getLogger(OperationsConfiguration.class);

  /** What the database is asked for only when somebody scrapes, and then no more often than this. */
  private static final Duration ASKED_EVERY = Duration.ofSeconds(10);

  @Bean(destroyMethod = "close")
  PrometheusMeterRegistry meters() {
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    return registry;
  }

  /** Pauses of the collector are heard through the JVM, until the registry goes. */
  @Bean(destroyMethod = "close")
  JvmGcMetrics collections(MeterRegistry registry) {
    var metrics = new JvmGcMetrics();
    metrics.bindTo(registry);
    return metrics;
  }

  @Bean(destroyMethod = "close")
  PostgresNeighbours neighbours(DatabaseConfiguration.Database database, HikariDataSource migrated) throws java.sql.SQLException {
    // The pool is named so that the migrations are done before.
    return new PostgresNeighbours(database.url(), database.app().user(), database.app().password());
  }

  @Bean(destroyMethod = "close")
  OwnerTableCare tableCare(DatabaseConfiguration.Database database) {
    return new OwnerTableCare(database, Duration.ofSeconds(10));
  }

  @Bean
  ReadinessCheck databaseCheck(PostgresNeighbours neighbours) {
    return check("database", neighbours::databaseFault);
  }

  @Bean
  ReadinessCheck migrationCheck(PostgresNeighbours neighbours) {
    return check("migrations", neighbours::schemaFault);
  }

  @Bean
  ReadinessCheck schedulerCheck(Scheduler scheduler) {
    return check("scheduler", () -> scheduler.getSchedulerState().isStarted() && !scheduler.getSchedulerState().isShuttingDown()
        ? Optional.empty() : Optional.of("the scheduler does not run"));
  }

  private static ReadinessCheck check(String name, Supplier<Optional<String>> fault) {
    return new ReadinessCheck() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public boolean required() {
        return true;
      }

      @Override
      public Optional<String> fault() {
        return fault.get();
      }
    };
  }

  @Bean
  Readiness readiness(List<ReadinessCheck> checks) {
    return new Readiness(checks);
  }

  private record Backlog(long events, double oldestSeconds, double lagSeconds) {}

  @Bean
  SmartInitializingSingleton platformMeters(MeterRegistry meters, HikariDataSource pool, DatabaseConfiguration.Database database, JdbcClient jdbc,
      PostgresNeighbours neighbours, Readiness readiness) {
    return () -> {
      pool.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
      Gauge.builder("citywide.servers", neighbours, PostgresNeighbours::servers).description("Servers on this database, as this one knows").register(meters);
      readiness.names().forEach(name ->
          Gauge.builder("citywide.ready", readiness, r -> "ok".equals(r.state().checks().get(name)) ? 1 : 0)
              .description("1 where the check of readiness is ok").tag("check", name).register(meters));
      if (database.engine() instanceof EmbeddedPostgres postgres) {
        FunctionCounter.builder("citywide.postgres.restarts", postgres, EmbeddedPostgres::restarts)
            .description("Restarts of the embedded PostgreSQL after it died").register(meters);
      } else {
        FunctionCounter.builder("citywide.postgres.restarts", jdbc, j -> 0).description("Restarts of the embedded PostgreSQL; none: it is external").register(meters);
      }
      var backlog = new Figures<>(ASKED_EVERY, new Backlog(0, 0, 0), () -> jdbc.sql("""
              SELECT (SELECT count(*) FROM event_publication WHERE completion_date IS NULL),
                     (SELECT coalesce(extract(epoch FROM now() - min(publication_date)), 0) FROM event_publication WHERE completion_date IS NULL),
                     (SELECT coalesce(extract(epoch FROM now() - min(execution_time)), 0) FROM scheduled_tasks WHERE NOT picked)""")
          .query((row, i) -> new Backlog(row.getLong(1), row.getDouble(2), Math.max(0, row.getDouble(3)))).single());
      Gauge.builder("citywide.outbox.events", backlog, b -> b.value().events()).description("Events not yet handled by their listeners").register(meters);
      Gauge.builder("citywide.outbox.age", backlog, b -> b.value().oldestSeconds()).baseUnit("seconds").description("Age of the oldest of them").register(meters);
      Gauge.builder("citywide.scheduler.lag", backlog, b -> b.value().lagSeconds()).baseUnit("seconds")
          .description("How long the longest-waiting task is past its time").register(meters);
    };
  }

  /** Work done after the answer stands in the log under the request that caused it. */
  @Bean
  TaskDecorator traceOfTasks() {
    return task -> {
      Map<String, String> context = MDC.getCopyOfContextMap();
      return () -> {
        if (context != null) {
          MDC.setContextMap(context);
        }
        try {
          task.run();
        } finally {
          MDC.clear();
        }
      };
    };
  }

  @Bean
  Drain drain(Readiness readiness, OperationsSettings settings) {
    return new Drain(readiness, settings);
  }

  /** The first part of a stop: readiness says 503 while requests are still answered, until proxies have noticed. */
  static final class Drain implements SmartLifecycle {

    private final Readiness readiness;
    private final OperationsSettings settings;
    private volatile boolean running;

    Drain(Readiness readiness, OperationsSettings settings) {
      this.readiness = readiness;
      this.settings = settings;
    }

    @Override
    public void start() {
      readiness.begin();
      running = true;
    }

    @Override
    public void stop() {
      readiness.stop();
      log.info("stopping: no new requests wanted, {} ms for proxies to notice", settings.drain().toMillis());
      try {
        Thread.sleep(settings.drain());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      running = false;
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    /** Before everything else is stopped, the web server above all. */
    @Override
    public int getPhase() {
      return Integer.MAX_VALUE;
    }
  }
}
