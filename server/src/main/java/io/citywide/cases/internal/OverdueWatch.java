package io.citywide.cases.internal;

import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseView;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Viewer;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Notices that a case has become overdue, once for each deadline, and tells the screens. */
@Component
class OverdueWatch {

  private static final int BATCH = 500;

  private final JdbcClient jdbc;
  private final LiveFeed feed;
  private final TransactionTemplate transaction;
  private final Clock clock;

  OverdueWatch(JdbcClient jdbc, LiveFeed feed, TransactionTemplate transaction, Clock clock) {
    this.jdbc = jdbc;
    this.feed = feed;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Marks all that became overdue since the last time; how many these were. The version of a case does not change by it. */
  int mark() {
    return Viewer.callAs(Viewer.system("overdue"), () -> {
      int all = 0;
      int some;
      do {
        some = transaction.execute(status -> markSome(clock.instant()));
        all += some;
      } while (some == BATCH);
      return all;
    });
  }

  private int markSome(Instant now) {
    List<CaseView> overdue = jdbc.sql("""
            UPDATE case_file SET overdue_marked_at = :now
            WHERE id IN (SELECT id FROM case_file WHERE open AND overdue_marked_at IS NULL AND due_at < :now ORDER BY due_at LIMIT :n FOR UPDATE SKIP LOCKED)
            RETURNING *""")
        .param("now", CaseStore.utc(now)).param("n", BATCH).query(CaseStore::view).list();
    for (CaseView c : overdue) {
      Set<Long> units = new HashSet<>(c.assistUnitIds());
      if (c.leadUnitId() != null) {
        units.add(c.leadUnitId());
      }
      feed.publish(StepLog.notice(c, c.areaCode(), units, null, now, "OVERDUE"));
    }
    return overdue.size();
  }

  /** The task, due again and again; its due time is a row, so that any number of servers share the work. */
  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    Task<?> overdueTask(OverdueWatch watch, CaseSettings settings) {
      return Tasks.recurring("cases-overdue", FixedDelay.of(settings.overdueCheck())).execute((instance, context) -> watch.mark());
    }
  }
}
