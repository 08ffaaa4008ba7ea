package io.citywide.platform.internal;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.modulith.events.IncompleteEventPublications;

/** Hands events to their listeners again where that failed, without waiting for a restart. Listeners act once each (see {@code dispatch}). */
@Configuration(proxyBeanMethods = false)
class OutboxRetry {

  private static final Duration EVERY = Duration.ofSeconds(10);

  /** A listener that is still at work must not be doubled; this is longer than any takes, a silent database included (see DatabaseSettings.answerWithin). */
  private static final Duration OLDER_THAN = Duration.ofSeconds(40);

  @Bean
  RecurringTask<Void> outboxRetryTask(IncompleteEventPublications publications) {
    return Tasks.recurring("platform-outbox-retry", FixedDelay.of(EVERY))
        .execute((instance, context) -> publications.resubmitIncompletePublicationsOlderThan(OLDER_THAN));
  }
}
