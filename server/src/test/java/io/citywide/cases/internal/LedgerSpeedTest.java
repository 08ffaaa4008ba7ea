package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseView;
import io.citywide.cases.StepRecord;
import io.citywide.identity.Viewer;
import io.citywide.ledger.Act;
import io.citywide.ledger.Canonical;
import io.citywide.ledger.Ledger;
import io.citywide.ledger.LedgerCheck;
import io.citywide.ledger.internal.Seals;
import io.citywide.ledger.spi.LedgerSubject;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

/** What the ledger costs a step, and how fast it is sealed and verified. Run with {@code -Dmeasure.ledger=200000} (cases of five steps each). */
@DirtiesContext // no other test works in it
@ServerTest
@TestPropertySource(properties = "citywide.ledger.seal-every=59s") // a context of its own: what this writes does not hold together
@EnabledIfSystemProperty(named = "measure.ledger", matches = "\\d+")
class LedgerSpeedTest {

  private static final int STEPS = 2000;

  @Autowired CaseGround ground;
  @Autowired Ledger ledger;
  @Autowired Seals seals;
  @Autowired StepLog log;
  @Autowired CaseStore store;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  @Value("${citywide.database.url}")
  String url;

  @Value("${citywide.database.owner-user}")
  String owner;

  @Value("${citywide.database.owner-password}")
  String password;

  @Test
  void anEntryCostsAStepLittle() {
    var crew = ground.crew();
    long id = crew.caseAfter(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH);
    CaseView file = ground.file(id);
    StepRecord like = ground.asSystem(() -> store.steps(id)).getLast();
    // One by one in turn and their medians, so that what else the machine does falls on both.
    double[][] wall = new double[2][STEPS];
    double[][] own = new double[2][STEPS];
    for (int i = 0; i < STEPS * 2 + 400; i++) {
      int entry = i % 2;
      long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      long from = System.nanoTime();
      step(id, file, like, 1000 + i, entry == 1);
      if (i >= 400) {
        wall[entry][(i - 400) / 2] = (System.nanoTime() - from) / 1e3;
        own[entry][(i - 400) / 2] = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e3;
      }
    }
    long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    for (int i = 0; i < 20_000; i++) {
      assertThat(log.act(like, file).content()).hasSize(32);
    }
    double digests = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 20_000 / 1e3;
    System.out.printf("LEDGER step without %.0f us (own CPU %.0f), with %.0f us (own CPU %.0f), of these digests %.1f us%n", median(wall[0]), median(own[0]),
        median(wall[1]), median(own[1]), digests);
  }

  /** A transaction of two statements, as a step has at least. */
  private void step(long id, CaseView file, StepRecord like, int n, boolean entry) {
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      jdbc.sql("UPDATE case_file SET version = version + 1 WHERE id = :id RETURNING *").param("id", id).query(CaseStore::view).single();
      String sql = """
          INSERT INTO case_step (case_id, seq, action, from_stage, to_stage, at, person_id, person_name, elapsed_minutes, opinion, media, details)
          VALUES (:case, :n, :action, :from, :to, now(), :person, :name, 3, :opinion, :media, :details::jsonb)""";
      Ledger.Leaf leaf = entry ? ledger.leaf(log.act(like, file)) : null;
      var statement = jdbc.sql(entry ? leaf.with() + sql : sql).param("case", id).param("n", n).param("action", like.action().name())
          .param("from", like.fromStage().name()).param("to", like.toStage().name()).param("person", like.personId()).param("name", like.personName())
          .param("opinion", "派遣至市政养护单位，请尽快处置").param("media", new String[0]).param("details", store.json(like.details()));
      (entry ? leaf.bind(statement) : statement).update();
    }));
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }

  @Test
  void aLargeLedgerIsSealedAndVerifiedInASteadyStream() throws Exception {
    int cases = Integer.getInteger("measure.ledger");
    long like = ground.crew().caseAfter(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH, CaseAction.DISPOSE);
    long first = ground.asSystem(() -> jdbc.sql("SELECT max(id) FROM case_file").query(Long.class).single());
    try (Connection connection = DriverManager.getConnection(url, owner, password); var statement = connection.createStatement()) {
      statement.execute("""
          DO $$ DECLARE cols text; vals text; BEGIN
            SELECT string_agg(quote_ident(attname), ', '), string_agg(CASE attname WHEN 'id' THEN 'c.id + g' WHEN 'case_no' THEN 'c.case_no || g' WHEN 'imported_ref' THEN 'NULL'
              ELSE 'c.' || quote_ident(attname) END, ', ') INTO cols, vals FROM pg_attribute WHERE attrelid = 'case_file'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
            EXECUTE 'INSERT INTO case_file (' || cols || ') SELECT ' || vals || ' FROM case_file c, generate_series(1, %d) g WHERE c.id = %d';
            SELECT string_agg(quote_ident(attname), ', '), string_agg(CASE attname WHEN 'case_id' THEN 's.case_id + g' ELSE 's.' || quote_ident(attname) END, ', ')
              INTO cols, vals FROM pg_attribute WHERE attrelid = 'case_step'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'id';
            EXECUTE 'INSERT INTO case_step (' || cols || ') SELECT ' || vals || ' FROM case_step s, generate_series(1, %d) g WHERE s.case_id = %d';
          END $$""".formatted(cases, like, cases, like));
      statement.execute("SELECT setval(pg_get_serial_sequence('case_file', 'id'), (SELECT max(id) FROM case_file))");
    }
    long begun = System.nanoTime();
    CaseSubject subject = new CaseSubject();
    long[] count = {0};
    ground.asSystem(() -> {
      List<Act> batch = new ArrayList<>();
      for (boolean state : List.of(false, true)) {
        jdbc.sql((state ? subject.states() : subject.rows()).replace("ORDER BY", "WHERE " + (state ? "id" : "case_id") + " > " + first + " ORDER BY")).withFetchSize(2000).query(rs -> {
          LedgerSubject.Row row = state ? subject.state(rs) : subject.row(rs);
          batch.add(new Act("case.adopted", "case", row.id(), state ? 0 : row.seq(), java.time.Instant.now(), "system",
              ledger.digest(state ? Canonical.of(Map.of()) : row.canonical()), state ? ledger.digest(row.canonical()) : null));
          count[0]++;
          if (batch.size() == 2000) {
            ledger.append(batch);
            batch.clear();
          }
        });
      }
      ledger.append(batch);
      return null;
    });
    long appended = System.nanoTime();
    seals.all();
    long sealed = System.nanoTime();
    Runtime.getRuntime().gc();
    try (Connection connection = DriverManager.getConnection(url, owner, password)) {
      connection.setAutoCommit(false);
      LedgerCheck.Result result = new LedgerCheck(connection, List.of(), List.of()).run();
      long verified = System.nanoTime();
      System.out.printf("LEDGER %d entries appended at %.0f/s, sealed at %.0f/s; %d leaves and %d rows verified in %.1f s, %.0f leaves/s, %d heads%n", count[0],
          count[0] * 1e9 / (appended - begun), count[0] * 1e9 / (sealed - appended), result.size(), result.rows(), (verified - sealed) / 1e9,
          result.size() * 1e9 / (verified - sealed), result.heads());
      assertThat(result.first()).isNull();
    }
  }
}
