package io.citywide.ledger.internal;

import io.citywide.identity.Viewer;
import io.citywide.ledger.Act;
import io.citywide.ledger.Canonical;
import io.citywide.ledger.LedgerSettings;
import io.citywide.ledger.Suite;
import io.citywide.ledger.spi.LedgerSubject;
import io.citywide.platform.KeyFolder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which ledger this is: its name, algorithms, key and the cluster it lives in, settled before anything is appended. At its
 * birth it takes in what is there already, so that an upgraded city has no row without an entry.
 */
@Component
class LedgerIdentity {

  private static final Logger log = LoggerFactory.getLogger(LedgerIdentity.class);
  private static final int BATCH = 2000;

  private final Suite suite;
  private final String ledger;
  private final Suite.KeyPair key;

  LedgerIdentity(JdbcClient jdbc, PlatformTransactionManager transactions, LedgerSettings settings, KeyFolder keys, Clock clock) {
    this.suite = settings.suite();
    this.key = key(keys, suite);
    this.ledger = Viewer.callAs(Viewer.system("ledger"), () -> new TransactionTemplate(transactions).execute(status -> settle(jdbc, clock)));
  }

  Suite suite() {
    return suite;
  }

  String ledger() {
    return ledger;
  }

  Suite.KeyPair key() {
    return key;
  }

  String keyId() {
    return suite.keyId(key.open());
  }

  static String keyFile(Suite suite) {
    return switch (suite) {
      case ED25519_SHA256 -> "ledger-ed25519.key";
      case SM2_SM3 -> "ledger-sm2.key";
    };
  }

  private static Suite.KeyPair key(KeyFolder keys, Suite suite) {
    byte[] file = keys.get(keyFile(suite), () -> {
      Suite.KeyPair made = suite.newKey();
      return (HexFormat.of().formatHex(made.secret()) + "\n" + HexFormat.of().formatHex(made.open()) + "\n").getBytes(StandardCharsets.US_ASCII);
    });
    String[] lines = new String(file, StandardCharsets.US_ASCII).strip().split("\\R");
    try {
      Suite.KeyPair pair = new Suite.KeyPair(HexFormat.of().parseHex(lines[0]), HexFormat.of().parseHex(lines[1]));
      byte[] probe = {1, 2, 3};
      if (!suite.verify(pair.open(), probe, suite.sign(pair, probe))) {
        throw new IllegalArgumentException("its two halves do not belong together");
      }
      return pair;
    } catch (RuntimeException e) {
      throw new IllegalStateException("the key file " + keys.folder().resolve(keyFile(suite)) + " holds no key of the ledger: " + e.getMessage()
          + "; put it back from a backup", e);
    }
  }

  private String settle(JdbcClient jdbc, Clock clock) {
    // One server at a time settles.
    jdbc.sql("SELECT pg_advisory_xact_lock(:lock)").param("lock", Sequencer.LOCK).query((rs, i) -> 1).single();
    Instant now = clock.instant();
    record Birth(String ledger, String suite) {}
    Birth birth = jdbc.sql("SELECT ledger, suite FROM ledger_birth").query((rs, i) -> new Birth(rs.getString(1), rs.getString(2))).optional().orElse(null);
    if (birth != null && !birth.suite().equals(suite.name())) {
      throw new IllegalStateException("citywide.ledger.suite is " + suite + ", but the ledger in this database was born with " + birth.suite()
          + ", which stays for its life: set citywide.ledger.suite=" + birth.suite());
    }
    if (birth == null) {
      byte[] name = new byte[16];
      new SecureRandom().nextBytes(name);
      birth = new Birth(HexFormat.of().formatHex(name), suite.name());
      jdbc.sql("INSERT INTO ledger_birth (ledger, suite, at) VALUES (:ledger, :suite, :at)").param("ledger", birth.ledger()).param("suite", suite.name())
          .param("at", now.atOffset(ZoneOffset.UTC)).update();
      adopt(jdbc, now);
    }
    jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query((rs, i) -> 1).single();
    String cluster = jdbc.sql("SELECT system_identifier::text FROM pg_control_system()").query(String.class).single();
    String last = jdbc.sql("SELECT cluster FROM ledger_era ORDER BY number DESC LIMIT 1").query(String.class).optional().orElse("");
    if (!last.equals(cluster)) {
      jdbc.sql("""
              INSERT INTO ledger_era (number, cluster, first_entry)
              SELECT coalesce((SELECT max(number) FROM ledger_era), 0) + 1, :cluster,
                CASE WHEN EXISTS (SELECT 1 FROM ledger_era) THEN coalesce((SELECT max(id) FROM ledger_entry), 0) + 1 ELSE 0 END""")
          .param("cluster", cluster).update();
      if (!jdbc.sql("SELECT nextval(pg_get_serial_sequence('ledger_entry', 'id')) > coalesce((SELECT max(id) FROM ledger_entry), 0)").query(Boolean.class).single()) {
        throw new IllegalStateException("the ids of ledger_entry begin below those that are there: the restore left out the sequences");
      }
    }
    if (jdbc.sql("SELECT count(*) FROM ledger_key WHERE id = :id").param("id", keyId()).query(Long.class).single() == 0) {
      jdbc.sql("INSERT INTO ledger_key (id, algorithm, public_key, since) VALUES (:id, :suite, :key, :since)").param("id", keyId()).param("suite", suite.name())
          .param("key", key.open()).param("since", now.atOffset(ZoneOffset.UTC)).update();
      log.info("the heads of ledger {} are signed with key {} from now on", birth.ledger(), keyId());
    }
    return birth.ledger();
  }

  private void adopt(JdbcClient jdbc, Instant now) {
    jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query((rs, i) -> 1).single();
    Suite.Hash hash = suite.hash();
    for (LedgerSubject subject : ServiceLoader.load(LedgerSubject.class)) {
      List<Act> batch = new ArrayList<>();
      long[] count = {0};
      adopt(jdbc, subject, subject.rows(), false, hash, now, batch, count);
      if (subject.states() != null) {
        adopt(jdbc, subject, subject.states(), true, hash, now, batch, count);
      }
      LedgerStore.insert(jdbc, batch);
      if (count[0] > 0) {
        log.info("the ledger took in {} rows and states of {} that were there before it", count[0], subject.subject());
      }
    }
  }

  private static void adopt(JdbcClient jdbc, LedgerSubject subject, String sql, boolean state, Suite.Hash hash, Instant now, List<Act> batch, long[] count) {
    jdbc.sql(sql).withFetchSize(BATCH).query(rs -> {
      LedgerSubject.Row row = state ? subject.state(rs) : subject.row(rs);
      byte[] digest = hash.of(row.canonical().getBytes(StandardCharsets.UTF_8));
      batch.add(state
          ? new Act(subject.subject() + ".adopted", subject.subject(), row.id(), 0, now, "system", hash.of(Canonical.of(new TreeMap<>(Map.of())).getBytes(StandardCharsets.UTF_8)), digest)
          : new Act(subject.subject() + ".adopted", subject.subject(), row.id(), row.seq(), now, "system", digest, null));
      count[0]++;
      if (batch.size() == BATCH) {
        LedgerStore.insert(jdbc, batch);
        batch.clear();
      }
    });
  }
}
