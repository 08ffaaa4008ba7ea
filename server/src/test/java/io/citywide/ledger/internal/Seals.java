package io.citywide.ledger.internal;

import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Seals all that is written down. A transaction of somebody else on the same cluster may hold it up for a moment. */
@Component
public class Seals {

  @Autowired @Lazy Sequencer sequencer;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  public void all() {
    long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    while (waiting() > 0) {
      sequencer.seal();
      if (System.nanoTime() > until) {
        throw new IllegalStateException("entries are not sealed after 3 min");
      }
    }
  }

  private long waiting() {
    return transaction.execute(status -> {
      jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query((rs, i) -> 1).single();
      return jdbc.sql("SELECT (SELECT count(*) FROM ledger_entry) - coalesce((SELECT max(size) FROM ledger_head), 0)").query(Long.class).single();
    });
  }
}
