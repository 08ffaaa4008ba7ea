package io.citywide.platform.internal;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import io.citywide.platform.KeyFolder;
import io.citywide.platform.ServerSettings;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.scheduling.annotation.EnableAsync;

/** The clock, the persistent scheduler and the API document. */
@Configuration(proxyBeanMethods = false)
@EnableAsync
class PlatformConfiguration {

  /** Ticks in microseconds, as the database keeps moments: one that was stored and read again is the same. */
  @Bean
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS));
  }

  @Bean
  KeyFolder keyFolder(ServerSettings settings) {
    return new KeyFolder(settings.keys().isBlank() ? settings.data().resolve("keys") : Path.of(settings.keys()));
  }

  /** Due times live in the table {@code scheduled_tasks}; any number of servers may share them. */
  @Bean(destroyMethod = "stop")
  Scheduler scheduler(DataSource dataSource, List<Task<?>> tasks) {
    var recurring = tasks.stream().filter(RecurringTask.class::isInstance).map(t -> (RecurringTask<?>) t).toList();
    List<Task<?>> others = tasks.stream().filter(t -> !(t instanceof RecurringTask)).toList();
    return Scheduler.create(new TransactionAwareDataSourceProxy(dataSource), others)
        .startTasks(recurring)
        .executorService(Executors.newVirtualThreadPerTaskExecutor())
        .pollingInterval(Duration.ofSeconds(5))
        // What a killed server was at is taken up by the next one after six beats.
        .heartbeatInterval(Duration.ofSeconds(30))
        // Tasks under way finish; what takes longer is taken over by another server, or after the restart.
        .shutdownMaxWait(Duration.ofSeconds(5))
        .build();
  }

  @Bean
  SchedulerStart schedulerStart(Scheduler scheduler) {
    return new SchedulerStart(scheduler);
  }

  /** Work begins only when the server can answer. */
  record SchedulerStart(Scheduler scheduler) {

    @EventListener(ApplicationReadyEvent.class)
    void start() {
      scheduler.start();
    }
  }

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Citywide")
                .version("v1")
                .description("One net to manage the whole city: signals, cases, places, dispatch and evaluation.")
                .license(new License().name("Apache-2.0")));
  }
}
