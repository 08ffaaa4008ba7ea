package io.citywide.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.cases.CaseAction;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.internal.TestPeople;
import io.citywide.ledger.LedgerCheck;
import io.citywide.ledger.LedgerCheck.Fault;
import io.citywide.ledger.LedgerCheck.KeptHead;
import io.citywide.ledger.Receipt;
import io.citywide.ledger.Suite;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/**
 * A dishonest owner of the database at work with SQL. Each attack switches the triggers off, changes what it likes, and is
 * found, with the right leaf named; then it is rolled back, so that all of them meet the same ledger.
 */
@LedgerGround
@TestInstance(Lifecycle.PER_CLASS)
class LedgerAttackTest {

  private static final String NO_TRIGGERS = """
      ALTER TABLE ledger_entry DISABLE TRIGGER USER; ALTER TABLE ledger_tile DISABLE TRIGGER USER; ALTER TABLE ledger_head DISABLE TRIGGER USER;
      ALTER TABLE ledger_key DISABLE TRIGGER USER""";

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
  @Autowired Seals seals;
  @Autowired LedgerDesk desk;
  @Autowired LedgerIdentity identity;

  @Value("${citywide.database.url}")
  String url;

  @Value("${citywide.database.owner-user}")
  String owner;

  @Value("${citywide.database.owner-password}")
  String password;

  @Value("${citywide.database.app-user}")
  String app;

  @Value("${citywide.database.app-password}")
  String appPassword;

  private long caseId;
  private Receipt.Head before;

  @BeforeAll
  void threeHundredLeavesAndACaseInTheirMidst() {
    var crew = ground.crew();
    for (int i = 0; i < 40; i++) {
      crew.caseAfter(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH);
    }
    caseId = crew.caseAfter(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH, CaseAction.DISPOSE);
    seal();
    before = desk.head().head();
    for (int i = 0; i < 40; i++) {
      crew.caseAfter(CaseAction.ACCEPT, CaseAction.FILE);
    }
    seal();
  }

  private void seal() {
    seals.all();
  }

  /** The outcome of a check after the attack; nothing of it stays. */
  private LedgerCheck.Result after(String attack, List<byte[]> trusted, List<KeptHead> kept) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, owner, password)) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(NO_TRIGGERS);
        statement.execute(attack);
      }
      LedgerCheck.Result result = new LedgerCheck(connection, trusted, kept).run();
      connection.rollback();
      return result;
    }
  }

  private LedgerCheck.Result after(String attack) throws SQLException {
    return after(attack, List.of(), List.of());
  }

  private String ask(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, owner, password); Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(sql)) {
      assertThat(rs.next()).isTrue();
      return rs.getString(1);
    }
  }

  private long entryOf(int seq) throws SQLException {
    return Long.parseLong(ask("SELECT id FROM ledger_entry WHERE subject = 'case' AND subject_id = " + caseId + " AND seq = " + seq));
  }

  private long leafOf(long entry) throws SQLException {
    return Long.parseLong(ask("SELECT number * 256 + array_position(entries, " + entry + ") - 1 FROM ledger_tile WHERE level = 0 AND " + entry + " = ANY (entries)"));
  }

  private void found(LedgerCheck.Result result, Fault fault, long entry) throws SQLException {
    assertThat(result.first()).isNotNull();
    assertThat(result.first().fault()).as(result.first().toString()).isEqualTo(fault);
    assertThat(result.first().entryId()).as(result.first().toString()).isEqualTo(entry);
    assertThat(result.first().index()).as(result.first().toString()).isEqualTo(leafOf(entry));
  }

  @Test
  void nothingIsFoundWhereNothingWasDone() throws Exception {
    LedgerCheck.Result result = after("SELECT 1", List.of(identity.key().open()), List.of(new KeptHead(identity.ledger(), identity.suite(), before)));
    assertThat(result.first()).isNull();
    assertThat(result.findings()).isZero();
    assertThat(result.heads()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void theOpinionOfAStepIsChanged() throws Exception {
    LedgerCheck.Result result = after("UPDATE case_step SET opinion = 'never said' WHERE seq = 5 AND case_id = " + caseId);
    found(result, Fault.ROW_CHANGED, entryOf(5));
    assertThat(result.first().what()).contains("step 5 of case " + caseId).contains("case.dispose");
    assertThat(result.findings()).isOne();
  }

  @Test
  void detailsOfAStepAreChanged() throws Exception {
    found(after("UPDATE case_step SET details = details || '{\"leadUnitName\": \"another\"}' WHERE seq = 4 AND case_id = " + caseId), Fault.ROW_CHANGED, entryOf(4));
  }

  @Test
  void theTimeOfAStepIsMovedByAMicrosecond() throws Exception {
    found(after("UPDATE case_step SET at = at - interval '1 microsecond' WHERE seq = 2 AND case_id = " + caseId), Fault.ROW_CHANGED, entryOf(2));
  }

  @Test
  void theStageOfACaseIsChanged() throws Exception {
    LedgerCheck.Result result = after("UPDATE case_file SET stage = 'CLOSED' WHERE id = " + caseId);
    found(result, Fault.ROW_CHANGED, entryOf(5));
    assertThat(result.first().what()).startsWith("case " + caseId + " is not as its last act left it");
  }

  @Test
  void aDeadlineIsChanged() throws Exception {
    found(after("UPDATE case_file SET disposal_due_at = disposal_due_at + interval '1 day' WHERE id = " + caseId), Fault.ROW_CHANGED, entryOf(5));
  }

  @Test
  void aStageIsWrittenThatDoesNotExist() throws Exception {
    found(after("UPDATE case_step SET to_stage = 'NOWHERE' WHERE seq = 3 AND case_id = " + caseId), Fault.ROW_CHANGED, entryOf(3));
  }

  @Test
  void aStepIsDeleted() throws Exception {
    LedgerCheck.Result result = after("DELETE FROM case_step WHERE seq = 4 AND case_id = " + caseId);
    found(result, Fault.ROW_REMOVED, entryOf(4));
    assertThat(result.first().what()).contains("step 4 of case " + caseId + " is gone");
  }

  @Test
  void aWholeCaseIsDeleted() throws Exception {
    LedgerCheck.Result result = after("DELETE FROM case_step WHERE case_id = " + caseId + "; DELETE FROM case_file WHERE id = " + caseId);
    found(result, Fault.ROW_REMOVED, entryOf(1));
    assertThat(result.counts()).containsEntry(Fault.ROW_REMOVED, 6L);
  }

  @Test
  void aStepIsInserted() throws Exception {
    LedgerCheck.Result result = after("INSERT INTO case_step (case_id, seq, action, to_stage, at, person_name) VALUES (" + caseId + ", 6, 'CLOSE', 'CLOSED', now(), 'nobody')");
    assertThat(result.first().fault()).isEqualTo(Fault.ROW_INSERTED);
    assertThat(result.first().what()).isEqualTo("step 6 of case " + caseId + " stands in no entry of the ledger");
    assertThat(result.first().index()).isEqualTo(-1);
  }

  @Test
  void aLogInIsTakenOutOfTheAccessLog() throws Exception {
    assertThat(people.nobody().send("POST", "/api/session", Map.of("login", "nobody-there", "password", "wrong password"),
        Map.of("Cookie", "XSRF-TOKEN=t", "X-XSRF-TOKEN", "t")).status()).isEqualTo(401);
    seal();
    long entry = Long.parseLong(ask("SELECT max(id) FROM ledger_entry WHERE kind = 'session.refused'"));
    found(after("DELETE FROM identity_access_log WHERE id = (SELECT max(id) FROM identity_access_log WHERE act = 'session.refused')"), Fault.ROW_REMOVED, entry);
    found(after("UPDATE identity_access_log SET address = '198.51.100.7' WHERE id = (SELECT max(id) FROM identity_access_log WHERE act = 'session.refused')"),
        Fault.ROW_CHANGED, entry);
  }

  @Test
  void anEntryIsChangedWithItsRow() throws Exception {
    long entry = entryOf(5);
    LedgerCheck.Result result = after("UPDATE ledger_entry SET content = '\\x" + "00".repeat(32) + "' WHERE id = " + entry);
    found(result, Fault.ENTRY_CHANGED, entry);
    assertThat(result.first().what()).contains("expected leaf hash").contains("found");
  }

  @Test
  void twoEntriesAreSwapped() throws Exception {
    long a = entryOf(2);
    long b = entryOf(4);
    LedgerCheck.Result result = after("UPDATE ledger_entry SET id = -1 WHERE id = " + a + "; UPDATE ledger_entry SET id = " + a + " WHERE id = " + b
        + "; UPDATE ledger_entry SET id = " + b + " WHERE id = -1");
    found(result, Fault.ENTRY_MOVED, a);
    assertThat(result.first().what()).contains("belongs at leaf " + leafOf(b));
  }

  @Test
  void anEntryIsMovedToAnotherTransaction() throws Exception {
    long entry = entryOf(3);
    assertThat(after("UPDATE ledger_entry SET xact = '5' WHERE id = " + entry).first().fault()).isEqualTo(Fault.ENTRY_MOVED);
  }

  @Test
  void anEntryIsRemovedWithItsRow() throws Exception {
    long entry = entryOf(5);
    LedgerCheck.Result result = after("DELETE FROM ledger_entry WHERE id = " + entry + "; DELETE FROM case_step WHERE seq = 5 AND case_id = " + caseId);
    found(result, Fault.ENTRY_REMOVED, entry);
  }

  @Test
  void anEntryIsInsertedInThePast() throws Exception {
    long entry = entryOf(3);
    LedgerCheck.Result result = after("INSERT INTO ledger_entry (id, xact, at, kind, subject, subject_id, seq, actor, content) SELECT -7, xact, at, kind, subject, 999999, 9, actor, content"
        + " FROM ledger_entry WHERE id = " + entry);
    assertThat(result.first().fault()).isEqualTo(Fault.ENTRY_INSERTED);
    assertThat(result.first().entryId()).isEqualTo(-7);
    assertThat(result.first().index()).isEqualTo(leafOf(entry));
  }

  @Test
  void theNewestEntriesAreDeleted() throws Exception {
    LedgerCheck.Result result = after("DELETE FROM ledger_entry WHERE id IN (SELECT id FROM ledger_entry ORDER BY xact DESC, id DESC LIMIT 10)");
    assertThat(result.counts()).containsEntry(Fault.ENTRY_REMOVED, 10L);
    assertThat(result.first().index()).isEqualTo(result.size() - 10);
  }

  @Test
  void aTileIsAltered() throws Exception {
    long leaf = leafOf(entryOf(3));
    LedgerCheck.Result result = after("UPDATE ledger_tile SET hashes = overlay(hashes PLACING '\\x00000000'::bytea FROM " + (leaf % 256 * 32 + 1)
        + ") WHERE level = 0 AND number = " + leaf / 256);
    found(result, Fault.TILE_CHANGED, entryOf(3));
    assertThat(result.counts()).containsOnlyKeys(Fault.TILE_CHANGED);
  }

  @Test
  void anEntryAndItsTileAreRewrittenTogether() throws Exception {
    long entry = entryOf(3);
    long leaf = leafOf(entry);
    LedgerCheck.Result result = after("UPDATE ledger_entry SET content = '\\x" + "00".repeat(32) + "' WHERE id = " + entry
        + "; UPDATE ledger_tile SET hashes = overlay(hashes PLACING sha256('\\x00'::bytea) FROM " + (leaf % 256 * 32 + 1) + ") WHERE level = 0 AND number = " + leaf / 256);
    assertThat(result.first().index()).isEqualTo(leaf);
  }

  @Test
  void anUpperTileIsAltered() throws Exception {
    LedgerCheck.Result result = after("UPDATE ledger_tile SET hashes = overlay(hashes PLACING '\\x00000000'::bytea FROM 1) WHERE level = 1 AND number = 0");
    assertThat(result.first().fault()).isEqualTo(Fault.TILE_CHANGED);
    assertThat(result.first().index()).isZero();
  }

  @Test
  void aHeadIsAltered() throws Exception {
    LedgerCheck.Result result = after("UPDATE ledger_head SET root = '\\x" + "11".repeat(32) + "' WHERE size = " + before.size());
    assertThat(result.first().fault()).isEqualTo(Fault.HEAD_CHANGED);
    assertThat(result.first().index()).isEqualTo(before.size() - 1);
    assertThat(after("UPDATE ledger_head SET at = at + interval '1 hour' WHERE size = " + before.size()).first().fault()).isEqualTo(Fault.HEAD_CHANGED);
  }

  @Test
  void theNewestHeadIsRemoved() throws Exception {
    LedgerCheck.Result result = after("DELETE FROM ledger_head WHERE size = (SELECT max(size) FROM ledger_head)");
    assertThat(result.counts()).containsKey(Fault.HEAD_CHANGED);
    assertThat(result.first().what()).contains("heads were removed");
  }

  @Test
  void aKeyIsReplaced() throws Exception {
    String other = HexFormat.of().formatHex(Suite.ED25519_SHA256.newKey().open());
    LedgerCheck.Result result = after("UPDATE ledger_key SET public_key = '\\x" + other + "'");
    assertThat(result.counts()).containsKey(Fault.KEY_CHANGED).containsKey(Fault.HEAD_CHANGED);
  }

  @Test
  void everyHeadIsSignedAnewWithAnotherKey() throws Exception {
    // Whoever owns the database and has a key of his own can make a ledger that agrees with itself: what tells is the key one trusts.
    byte[] stranger = Suite.ED25519_SHA256.newKey().open();
    LedgerCheck.Result result = after("SELECT 1", List.of(stranger), List.of());
    assertThat(result.first().fault()).isEqualTo(Fault.KEY_CHANGED);
  }

  @Test
  void theEndOfTheLedgerIsCutOffWithEverythingThatSpeaksOfIt() throws Exception {
    Receipt.Head newest = desk.head().head();
    // As if restored from before: rows, entries, tiles and heads all agree. Only the head kept outside knows better.
    KeptHead kept = new KeptHead(identity.ledger(), identity.suite(), new Receipt.Head(newest.size() + 5, newest.root(), newest.at(), newest.keyId(), newest.signature()));
    LedgerCheck.Result result = after("SELECT 1", List.of(), List.of(kept));
    assertThat(result.first().fault()).isEqualTo(Fault.REWRITTEN);
    assertThat(result.first().what()).contains("its end was cut off");
    KeptHead otherwise = new KeptHead(identity.ledger(), identity.suite(), new Receipt.Head(before.size(), "22".repeat(32), before.at(), before.keyId(), before.signature()));
    assertThat(after("SELECT 1", List.of(), List.of(otherwise)).first().fault()).isEqualTo(Fault.REWRITTEN);
  }

  @Test
  void anHonestMistakeIsRefusedEvenToTheOwner() throws Exception {
    for (String mistake : List.of("UPDATE ledger_entry SET at = now()", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry", "DELETE FROM ledger_head", "DELETE FROM ledger_tile",
        "UPDATE ledger_tile SET hashes = overlay(hashes PLACING '\\x00'::bytea FROM 1)", "UPDATE ledger_key SET since = now()", "DELETE FROM ledger_birth")) {
      try (Connection connection = DriverManager.getConnection(url, owner, password); Statement statement = connection.createStatement()) {
        assertThatThrownBy(() -> statement.execute(mistake)).as(mistake).hasMessageContaining("the ledger is only ever added to");
      }
    }
  }

  @Test
  void theServersOwnRoleMayOnlyAdd() throws Exception {
    for (String change : List.of("UPDATE ledger_entry SET at = now()", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry", "DELETE FROM ledger_head", "UPDATE ledger_head SET at = now()",
        "DELETE FROM ledger_tile", "DELETE FROM ledger_key", "UPDATE ledger_birth SET suite = 'SM2_SM3'")) {
      try (Connection connection = DriverManager.getConnection(url, app, appPassword); Statement statement = connection.createStatement()) {
        assertThatThrownBy(() -> statement.execute(change)).as(change).hasMessageContaining("permission denied");
      }
    }
  }

  @Test
  void entriesAreSeenThroughTheDoorsOfTheLedgerOnly() throws Exception {
    try (Connection connection = DriverManager.getConnection(url, app, appPassword); Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery("SELECT count(*) FROM ledger_entry")) {
      rs.next();
      assertThat(rs.getLong(1)).isZero();
    }
  }
}
