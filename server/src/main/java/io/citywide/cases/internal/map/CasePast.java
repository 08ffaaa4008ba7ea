package io.citywide.cases.internal.map;

import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import io.citywide.identity.Viewer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Keeps {@code case_past} behind the steps, so that no step pays for it. What ended since is found by the steps that end
 * cases; whoever reads asks for both, and the answer is the same however far this has come.
 */
@Component
public class CasePast {

  /** Steps after which a case may be over, as a list of SQL. */
  static final String ENDING = "('CLOSE', 'DECIDE_FORCED_CLOSURE', 'DECLINE', 'VOID', 'MERGE', 'IMPORT')";

  /** The steps of cases that are not in the table yet. */
  public static final String RECENT = "action IN " + ENDING + " AND at >= (SELECT caught_up_to FROM case_past_state)";

  /** A step is written at most this long after its time: longer than a statement may run, and clocks of servers differ. */
  private static final Duration LATE = Duration.ofMinutes(2);

  /** So often everything is compared, whatever clocks did. */
  private static final Duration COMPARED_EVERY = Duration.ofDays(1);

  private static final int BATCH = 5_000;

  /** Held alone while a batch is taken, together by those who reopen a case. */
  private static final String TURN = "hashtext('citywide.case-past')";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Clock clock;

  CasePast(JdbcClient jdbc, TransactionTemplate transaction, Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** A case is opened again: it is none of the past any more. In the transaction that opens it. */
  public void forget(long caseId) {
    jdbc.sql("SELECT pg_advisory_xact_lock_shared(" + TURN + ")").query((row, n) -> 0).single();
    jdbc.sql("DELETE FROM case_past WHERE case_id = :id").param("id", caseId).update();
  }

  /** Takes in what ended; how many cases these were. */
  public int fill() {
    return Viewer.callAs(Viewer.system("past"), () -> {
      Instant until = clock.instant().minus(LATE);
      List<Long> ids = transaction.execute(status -> ended(until));
      for (int i = 0; i < ids.size(); i += BATCH) {
        Long[] some = ids.subList(i, Math.min(ids.size(), i + BATCH)).toArray(Long[]::new);
        transaction.executeWithoutResult(status -> take(some));
      }
      transaction.executeWithoutResult(status -> jdbc.sql("UPDATE case_past_state SET caught_up_to = greatest(caught_up_to, :until)")
          .param("until", CaseDots.utc(until)).update());
      return ids.size();
    });
  }

  private List<Long> ended(Instant until) {
    boolean compare = jdbc.sql("UPDATE case_past_state SET compared_at = :now WHERE compared_at < :then").param("now", CaseDots.utc(clock.instant()))
        .param("then", CaseDots.utc(clock.instant().minus(COMPARED_EVERY))).update() > 0;
    if (compare) {
      // Servers of before do not wait for a batch when they reopen a case.
      jdbc.sql("DELETE FROM case_past p USING case_file c WHERE c.id = p.case_id AND c.open").update();
    }
    return compare
        ? jdbc.sql("SELECT id FROM case_file c WHERE NOT open AND NOT EXISTS (SELECT 1 FROM case_past p WHERE p.case_id = c.id) ORDER BY id").query(Long.class).list()
        : jdbc.sql("SELECT DISTINCT case_id FROM case_step WHERE " + RECENT + " AND at < :until ORDER BY case_id").param("until", CaseDots.utc(until)).query(Long.class).list();
  }

  /**
   * A reopening waits for the batch and then deletes the row; one that came first is waited for and leaves nothing to copy. One
   * lock for all of them: to lock each case would write each of their pages, twice the price of the copy. The span is computed
   * with doubles, some hundred times faster than with numerics; who reads it bears the last bit being wrong.
   */
  private void take(Long[] ids) {
    jdbc.sql("SELECT pg_advisory_xact_lock(" + TURN + ")").query((row, n) -> 0).single();
    jdbc.sql("""
            INSERT INTO case_past (case_id, span, opened_at, ended_at, closed_at, kind_id, lon, lat, grid_key, area_code, lead_unit_id, assist_unit_ids)
            SELECT id, floor(ln(greatest(1, extract(epoch FROM ended - reported_at))::double precision) / ln(2::double precision))::int, reported_at, ended, closed, kind_id, lon, lat, grid_key,
              area_code, lead_unit_id, assist_unit_ids
            FROM (SELECT *, coalesce(closed_at, stage_since) AS ended, CASE WHEN stage IN ('CLOSED', 'EVALUATED') THEN closed_at END AS closed
              FROM case_file WHERE id = ANY (:ids) AND NOT open) c
            ON CONFLICT (case_id) DO UPDATE SET span = excluded.span, opened_at = excluded.opened_at, ended_at = excluded.ended_at, closed_at = excluded.closed_at,
              kind_id = excluded.kind_id, lon = excluded.lon, lat = excluded.lat, grid_key = excluded.grid_key, area_code = excluded.area_code,
              lead_unit_id = excluded.lead_unit_id, assist_unit_ids = excluded.assist_unit_ids""")
        .param("ids", ids).update();
  }

  /** The task; of several servers one does it at a time. */
  @Configuration(proxyBeanMethods = false)
  static class Schedule {

    @Bean
    RecurringTask<Void> pastCasesTask(CasePast past) {
      return Tasks.recurring("cases-past", FixedDelay.of(Duration.ofSeconds(30))).execute((instance, context) -> past.fill());
    }
  }
}
