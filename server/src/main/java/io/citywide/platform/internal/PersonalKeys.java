package io.citywide.platform.internal;

import io.citywide.platform.KeyFolder;
import io.citywide.platform.KeyMissingException;
import io.citywide.platform.PersonalDataSettings;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.SealedTable;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds the keys of personal data at the start, compares them with what the database was sealed with, and seals what
 * is not sealed with the newest. A missing or another key stops the start: a new key is made only for a database that
 * never had one.
 */
@Configuration(proxyBeanMethods = false)
class PersonalKeys {

  private static final Pattern VERSION = Pattern.compile("personal-([1-9][0-9]{0,3})\\.key");

  @Bean
  PersonalSeal personalSeal(KeyFolder folder, PersonalDataSettings settings, JdbcClient jdbc, TransactionTemplate transaction) {
    int version = transaction.execute(status -> {
      // Two servers that begin on an empty database must not each make a key.
      jdbc.sql("SELECT pg_advisory_xact_lock(4217075)").query(row -> {});
      Map<String, byte[]> needed = new TreeMap<>();
      jdbc.sql("SELECT name, proof FROM platform_key WHERE retired_at IS NULL")
          .query(row -> {
            needed.put(row.getString(1), row.getBytes(2));
          });
      needed.forEach((name, proof) -> check(folder, name, proof));
      if (needed.isEmpty()) {
        folder.get(PersonalSeal.indexFile(), PersonalSeal::newMaster);
        if (newest(folder).isEmpty()) {
          folder.get(PersonalSeal.file(1), PersonalSeal::newMaster);
        }
        register(jdbc, folder, PersonalSeal.indexFile());
      }
      int newest = newest(folder).orElseThrow();
      if (!needed.containsKey(PersonalSeal.file(newest))) {
        register(jdbc, folder, PersonalSeal.file(newest));
      }
      return newest;
    });
    return new PersonalSeal(folder, settings.suite(), version);
  }

  private static OptionalInt newest(KeyFolder folder) {
    return folder.list().stream().map(VERSION::matcher).filter(Matcher::matches).mapToInt(m -> Integer.parseInt(m.group(1))).max();
  }

  private static void check(KeyFolder folder, String name, byte[] proof) {
    if (!MessageDigest.isEqual(proof, PersonalSeal.proof(PersonalSeal.master(folder, name)))) {
      throw new KeyMissingException("the key " + folder.folder().resolve(name)
          + " is another one than that with which personal data in this database are sealed; put back the right one from your copy of the keys");
    }
  }

  private static void register(JdbcClient jdbc, KeyFolder folder, String name) {
    jdbc.sql("INSERT INTO platform_key (name, proof) VALUES (:name, :proof) ON CONFLICT (name) DO UPDATE SET retired_at = NULL")
        .param("name", name).param("proof", PersonalSeal.proof(PersonalSeal.master(folder, name))).update();
  }

  @Bean
  Sealing sealing(PersonalSeal seal, List<SealedTable> tables, JdbcClient jdbc, TransactionTemplate transaction) {
    return new Sealing(seal, tables, jdbc, transaction);
  }

  /** Before the first request everything is sealed; under the newest key soon after. */
  static final class Sealing implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(Sealing.class);
    private static final int BATCH = 500;
    private static final int TOLD_EVERY = 20_000;

    private final PersonalSeal seal;
    private final List<SealedTable> tables;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private volatile Thread resealing;

    Sealing(PersonalSeal seal, List<SealedTable> tables, JdbcClient jdbc, TransactionTemplate transaction) {
      this.seal = seal;
      this.tables = tables;
      this.jdbc = jdbc;
      this.transaction = transaction;
    }

    @Override
    public void afterSingletonsInstantiated() {
      for (SealedTable table : tables) {
        long sealed = 0;
        for (int batch = table.sealClear(BATCH); batch > 0; batch = table.sealClear(BATCH)) {
          if (sealed / TOLD_EVERY != (sealed + batch) / TOLD_EVERY) {
            log.info("personal data of {}: {} rows sealed so far", table.name(), sealed + batch);
          }
          sealed += batch;
        }
        if (sealed > 0) {
          log.warn("{} rows of {} had personal data in clear; they are sealed now. Earlier versions of the rows stay in the database's files until, as its owner, "
              + "you run: VACUUM FULL {}", sealed, table.name(), table.name());
        }
      }
    }

    @EventListener(ApplicationReadyEvent.class)
    void resealInTheBackground() {
      resealing = Thread.ofVirtual().name("reseal").start(() -> {
        try {
          reseal();
        } catch (RuntimeException e) {
          log.error("sealing personal data anew stopped; it goes on at the next start", e);
        }
      });
    }

    @EventListener(ContextClosedEvent.class)
    void stop() {
      if (resealing != null) {
        resealing.interrupt();
      }
    }

    /** Seals anew what older keys have sealed, and says which of them no row needs any longer. */
    void reseal() {
      List<Integer> older = jdbc.sql("SELECT name FROM platform_key WHERE retired_at IS NULL").query(String.class).list().stream()
          .map(VERSION::matcher).filter(Matcher::matches).map(m -> Integer.parseInt(m.group(1))).filter(v -> v < seal.version()).sorted().toList();
      if (older.isEmpty()) {
        return;
      }
      for (SealedTable table : tables) {
        OptionalLong last = OptionalLong.of(Long.MIN_VALUE);
        while (last.isPresent()) {
          if (Thread.currentThread().isInterrupted()) {
            return;
          }
          last = table.resealAfter(last.getAsLong(), BATCH);
        }
      }
      for (int version : older) {
        if (tables.stream().noneMatch(table -> table.uses(version))) {
          transaction.executeWithoutResult(status ->
              jdbc.sql("UPDATE platform_key SET retired_at = now() WHERE name = :name").param("name", PersonalSeal.file(version)).update());
          log.info("no row of this database needs {} any longer; keep it as long as you keep backups from before now", PersonalSeal.file(version));
        }
      }
    }
  }
}
