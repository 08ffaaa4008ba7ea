package io.citywide.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.cases.CaseAction;
import io.citywide.cases.internal.CaseGround;
import io.citywide.ledger.internal.VerifierInAnotherJvm.Said;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/** {@code ledger verify --db-url}: a process of its own, with nothing but the address of a PostgreSQL and its owner's password. */
@LedgerGround
class ExternalVerifyTest {

  @Autowired CaseGround ground;
  @Autowired Seals seals;
  @TempDir Path elsewhere;

  @Value("${citywide.database.url}")
  String url;

  @Value("${citywide.database.owner-user}")
  String owner;

  @Value("${citywide.database.owner-password}")
  String password;

  private Said verify(Map<String, String> environment) throws Exception {
    return VerifierInAnotherJvm.verify(elsewhere, url, environment);
  }

  private Map<String, String> login() {
    return Map.of("CITYWIDE_DATABASE_OWNER_USER", owner, "CITYWIDE_DATABASE_OWNER_PASSWORD", password);
  }

  private void asOwner(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, owner, password); Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isOne();
    }
  }

  private long leafOf(long caseId, int seq) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, owner, password); Statement statement = connection.createStatement();
        var rs = statement.executeQuery("SELECT number * 256 + array_position(entries, e.id) - 1 FROM ledger_tile t, (SELECT id FROM ledger_entry WHERE subject = 'case' AND subject_id = "
            + caseId + " AND seq = " + seq + ") e WHERE level = 0 AND e.id = ANY (entries)")) {
      rs.next();
      return rs.getLong(1);
    }
  }

  @Test
  void namesTheLeafOfARowThatWasAltered() throws Exception {
    long id = ground.crew().caseAfter(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH);
    seals.all();
    Said clean = verify(login());
    assertThat(clean.exit()).as(clean.text()).isZero();
    assertThat(clean.text()).contains("Nothing was changed, removed, inserted or moved.");
    long leaf = leafOf(id, 3);

    asOwner("UPDATE case_step SET person_name = person_name || '!' WHERE case_id = " + id + " AND seq = 3");
    try {
      Said altered = verify(login());
      assertThat(altered.exit()).as(altered.text()).isEqualTo(1);
      assertThat(altered.text()).contains("ALTERED: leaf " + leaf + ": a row was changed").contains("step 3 of case " + id);
    } finally {
      asOwner("UPDATE case_step SET person_name = rtrim(person_name, '!') WHERE case_id = " + id + " AND seq = 3");
    }
  }

  @Test
  void takesTheOwnerInBothSpellingsOfTheServerAndSaysWhenHeIsMissing() throws Exception {
    seals.all();
    Said both = verify(Map.of("CITYWIDE_DATABASE_OWNERUSER", owner, "CITYWIDE_DATABASE_OWNERPASSWORD", password));
    assertThat(both.text()).doesNotContain("error:");
    assertThat(both.exit()).isNotEqualTo(2);

    Said nobody = verify(Map.of());
    assertThat(nobody.exit()).isEqualTo(2);
    assertThat(nobody.text()).contains("CITYWIDE_DATABASE_OWNER_USER");
    Said stranger = verify(Map.of("CITYWIDE_DATABASE_OWNER_USER", owner, "CITYWIDE_DATABASE_OWNER_PASSWORD", "wrong"));
    assertThat(stranger.exit()).as(stranger.text()).isEqualTo(2);
  }
}
