package io.citywide.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.cases.CaseAction;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.Viewer;
import io.citywide.ledger.Act;
import io.citywide.ledger.Ledger;
import io.citywide.ledger.LedgerCheck;
import io.citywide.ledger.LedgerSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@LedgerGround
class SequencerTest {

  @Autowired Clock clock;
  @Autowired CaseGround ground;
  @Autowired Sequencer sequencer;
  @Autowired Seals seals;
  @Autowired LedgerBacklog backlog;
  @Autowired Ledger ledger;
  @Autowired LedgerDesk desk;
  @Autowired LedgerIdentity identity;
  @Autowired TileStore tiles;
  @Autowired HeadStore heads;
  @Autowired HeadLog headLog;
  @Autowired LedgerSettings settings;
  @Autowired JdbcClient jdbc;
  @Autowired PlatformTransactionManager transactions;

  @Value("${citywide.database.url}")
  String url;

  @Value("${citywide.database.owner-user}")
  String owner;

  @Value("${citywide.database.owner-password}")
  String password;

  private Act act(long id) {
    return new Act("test.act", "test", id, 0, Instant.now(), "system", ledger.digest("{}"), null);
  }

  private LedgerCheck.Result check() throws Exception {
    try (Connection connection = DriverManager.getConnection(url, owner, password)) {
      connection.setAutoCommit(false);
      return new LedgerCheck(connection, List.of(), List.of()).run();
    }
  }

  private void seal() {
    seals.all();
  }

  private long size() {
    return desk.head().head() == null ? 0 : desk.head().head().size();
  }

  @Test
  void aLongTransactionDelaysWhatBeganAfterItAndLosesNothing() throws Exception {
    seal();
    long before = size();
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> longOne = threads.submit(() -> Viewer.runAs(Viewer.system("test"), () -> new TransactionTemplate(transactions).executeWithoutResult(status -> {
        ledger.append(act(1));
        written.countDown();
        try {
          finish.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      })));
      written.await();
      Viewer.runAs(Viewer.system("test"), () -> new TransactionTemplate(transactions).executeWithoutResult(status -> ledger.append(act(2))));
      sequencer.seal();
      assertThat(size()).as("the later one waits for the one that may still come before it").isEqualTo(before);
      finish.countDown();
      longOne.get();
    }
    seal();
    assertThat(size()).isEqualTo(before + 2);
    assertThat(check().first()).isNull();
  }

  @Test
  void whatWaitsForAHeadIsCountedAndGrowsOld() {
    seal();
    assertThat(backlog.read()).isEqualTo(new LedgerBacklog.Waiting(0, null));
    Instant first = Instant.parse("2026-01-01T00:00:00Z");
    Viewer.runAs(Viewer.system("test"), () -> new TransactionTemplate(transactions).executeWithoutResult(status -> ledger.append(List.of(
        new Act("test.act", "test", 5, 0, first, "system", ledger.digest("{}"), null), act(6)))));

    LedgerBacklog.Waiting waiting = backlog.read();

    assertThat(waiting).isEqualTo(new LedgerBacklog.Waiting(2, first));
    assertThat(backlog.fault(waiting).orElse("")).startsWith("2 entries wait for a signed head, the first since 2026-01-01T00:00:00Z");
    assertThat(backlog.fault(new LedgerBacklog.Waiting(2, Instant.now()))).isEmpty();
    seal();
    assertThat(backlog.read().entries()).isZero();
  }

  @Test
  void whatWasUndoneIsNoLeaf() throws Exception {
    seal();
    long before = size();
    Viewer.runAs(Viewer.system("test"), () -> new TransactionTemplate(transactions).executeWithoutResult(status -> {
      ledger.append(List.of(act(3), act(4)));
      status.setRollbackOnly();
    }));
    sequencer.seal();
    seal();
    assertThat(size()).isEqualTo(before);
  }

  @Test
  void twoSequencersMakeOneTree() throws Exception {
    Sequencer other = new Sequencer(jdbc, transactions, identity, tiles, heads, headLog, settings, clock);
    AtomicBoolean done = new AtomicBoolean();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (Sequencer one : List.of(sequencer, other)) {
        running.add(threads.submit(() -> {
          while (!done.get()) {
            one.seal();
          }
        }));
      }
      List<Future<?>> writers = new ArrayList<>();
      for (int w = 0; w < 4; w++) {
        int writer = w;
        writers.add(threads.submit(() -> Viewer.runAs(Viewer.system("test"), () -> {
          for (int i = 0; i < 150; i++) {
            int n = i;
            new TransactionTemplate(transactions).executeWithoutResult(status -> ledger.append(List.of(act(1000L + writer * 10_000 + 2 * n), act(1001L + writer * 10_000 + 2 * n))));
          }
        })));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      done.set(true);
      for (Future<?> one : running) {
        one.get();
      }
    }
    seal();
    LedgerCheck.Result result = check();
    assertThat(result.first()).isNull();
    assertThat(result.waiting()).isZero();
    assertThat(result.size()).isGreaterThanOrEqualTo(1200);
  }

  @Test
  void transactionNumbersThatBeginAnewAfterARestoreAreAnEraOfTheirOwn() throws Exception {
    ground.crew().caseAfter(CaseAction.ACCEPT);
    // Not sealed before the restore, and then a cluster whose transactions count from 3.
    try (Connection connection = DriverManager.getConnection(url, owner, password); Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO ledger_era (number, cluster, first_entry) SELECT max(number) + 1, 'restored', (SELECT max(id) + 1 FROM ledger_entry) FROM ledger_era");
      statement.execute("INSERT INTO ledger_entry (xact, at, kind, subject, subject_id, seq, actor, content) VALUES ('3', now(), 'test.act', 'test', 77, 0, 'system', '\\x"
          + "00".repeat(32) + "')");
    }
    ground.crew().caseAfter(CaseAction.ACCEPT);
    assertThat(backlog.read().entries()).as("of both eras").isEqualTo(check().waiting());
    seal();
    assertThat(backlog.read().entries()).isZero();
    LedgerCheck.Result result = check();
    assertThat(result.first()).isNull();
    assertThat(result.waiting()).isZero();
  }
}
