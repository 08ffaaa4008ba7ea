package io.citywide.ledger.internal;

import io.citywide.identity.Viewer;
import io.citywide.ledger.LedgerSettings;
import io.citywide.ledger.internal.HeadStore.Mark;
import io.citywide.platform.Figures;
import io.citywide.platform.ReadinessCheck;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * How many entries stand in no signed head yet, and since when. Until they do, whoever owns the database could change them
 * unseen: a server whose ledger falls behind works on, degraded, and an operator should look.
 */
@Component
class LedgerBacklog implements ReadinessCheck {

  /** More is counted no further: after an import of millions the number would cost more than it says. */
  static final int COUNTED = 100_000;

  private static final Duration ASKED_EVERY = Duration.ofSeconds(10);

  /** {@code oldest} is {@code null} where nothing waits. */
  record Waiting(long entries, Instant oldest) {}

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final HeadStore heads;
  private final LedgerSettings settings;
  private final Clock clock;
  private final Figures<Waiting> figures;

  LedgerBacklog(JdbcClient jdbc, PlatformTransactionManager transactions, HeadStore heads, LedgerSettings settings, Clock clock, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.transaction = new TransactionTemplate(transactions);
    this.transaction.setReadOnly(true);
    this.heads = heads;
    this.settings = settings;
    this.clock = clock;
    this.figures = new Figures<>(ASKED_EVERY, new Waiting(0, null), this::read);
    Gauge.builder("citywide.ledger.unsealed.entries", figures, f -> f.value().entries())
        .description("Entries of the ledger not yet in a signed head, counted up to " + COUNTED).register(meters);
    Gauge.builder("citywide.ledger.unsealed.age", figures, f -> age(f.value()).toMillis() / 1000.0).baseUnit("seconds")
        .description("How long the first of them waits").register(meters);
  }

  @Override
  public String name() {
    return "ledger";
  }

  @Override
  public boolean required() {
    return false;
  }

  @Override
  public Optional<String> fault() {
    return fault(figures.value());
  }

  Optional<String> fault(Waiting waiting) {
    Duration age = age(waiting);
    return age.compareTo(settings.unsealedAtMost()) <= 0 ? Optional.empty()
        : Optional.of((waiting.entries() >= COUNTED ? "more than " : "") + waiting.entries() + " entries wait for a signed head, the first since " + waiting.oldest()
            + " (" + age.toMinutes() + " min): look for a transaction that does not end (pg_stat_activity), and for warnings about the ledger in the log of each server");
  }

  private Duration age(Waiting waiting) {
    Duration age = waiting.oldest() == null ? Duration.ZERO : Duration.between(waiting.oldest(), clock.instant());
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** What comes after the last head in its era, and all of later eras. */
  Waiting read() {
    return Viewer.callAs(Viewer.system("ledger"), () -> transaction.execute(status -> {
      // In the order of the index, as the sequencer reads: the statistics may be of before an import.
      jdbc.sql("SELECT set_config('citywide.ledger', 'open', true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), "
          + "set_config('enable_sort', 'off', true)").query((rs, i) -> 1).single();
      Mark mark = heads.mark();
      return jdbc.sql("""
              WITH next AS (SELECT coalesce(min(first_entry), 9223372036854775807) AS entry FROM ledger_era WHERE number > :era),
              waiting AS (
                (SELECT at FROM ledger_entry
                 WHERE (xact, id) > (:xact::xid8, :last) AND id >= coalesce((SELECT first_entry FROM ledger_era WHERE number = :era), 0) AND id < (SELECT entry FROM next)
                 ORDER BY xact, id LIMIT :most)
                UNION ALL
                (SELECT at FROM ledger_entry WHERE id >= (SELECT entry FROM next) ORDER BY id LIMIT :most))
              SELECT least(count(*), :most), min(at) FROM waiting""")
          .param("era", mark.era()).param("xact", mark.lastXact()).param("last", mark.lastEntry()).param("most", COUNTED)
          .query((rs, i) -> new Waiting(rs.getLong(1), Optional.ofNullable(rs.getObject(2, OffsetDateTime.class)).map(OffsetDateTime::toInstant).orElse(null))).single();
    }));
  }
}
