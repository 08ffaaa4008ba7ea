package io.citywide.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.CaseAction;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.HistoricCase;
import io.citywide.ledger.Ledger;
import io.citywide.ledger.LedgerCheck;
import io.citywide.ledger.MerkleTree;
import io.citywide.ledger.Receipt;
import io.citywide.ledger.Suite;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@LedgerGround
class LedgerTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
  @Autowired Sequencer sequencer;
  @Autowired Seals seals;
  @Autowired LedgerDesk desk;
  @Autowired Ledger ledger;
  @Autowired CaseDesk caseDesk;

  @Value("${citywide.database.url}")
  String url;

  @Value("${citywide.database.owner-user}")
  String owner;

  @Value("${citywide.database.owner-password}")
  String password;

  private TestClient auditor() {
    return people.someone(Role.AUDIT_ADMIN, "870000", null).client();
  }

  private void seal() {
    seals.all();
  }

  private LedgerCheck.Result check() throws Exception {
    try (Connection connection = DriverManager.getConnection(url, owner, password)) {
      connection.setAutoCommit(false);
      return new LedgerCheck(connection, List.of(), List.of()).run();
    }
  }

  @Test
  void aCaseLeadsToAReceiptThatNeedsNothingButThePublicKey() throws Exception {
    var crew = ground.crew();
    long id = crew.caseAfter(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH, CaseAction.DISPOSE, CaseAction.CHECK, CaseAction.CLOSE);
    seal();
    Answer answer = crew.as(Role.ACCEPTOR).get("/api/cases/" + id + "/steps/4/receipt");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    Receipt receipt = JSON.readValue(answer.text(), Receipt.class);
    String key = people.nobody().get("/api/ledger/keys").json().path(0).path("publicKey").asString();
    assertThat(receipt.faults(HexFormat.of().parseHex(key))).isEmpty();
    assertThat(JSON.readTree(receipt.entry()).path("kind").asString()).isEqualTo("case.dispatch");
    assertThat(receipt.row()).contains("\"action\":\"DISPATCH\"");
  }

  @Test
  void everythingThatWasDoneHoldsTogether() throws Exception {
    var crew = ground.crew();
    for (int i = 0; i < 50; i++) {
      crew.caseAfter(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH, CaseAction.SUSPEND, CaseAction.DECIDE_SUSPENSION, CaseAction.RESUME);
      if (i % 7 == 0) {
        sequencer.seal();
      }
    }
    seal();
    LedgerCheck.Result result = check();
    assertThat(result.first()).isNull();
    assertThat(result.size()).isGreaterThan(350);
    assertThat(result.waiting()).isZero();
    assertThat(result.rows()).isGreaterThan(400);
  }

  @Test
  void mergesImportsCalendarsRulesAndLimitsHoldToo() throws Exception {
    var crew = ground.crew();
    long a = crew.caseAfter(CaseAction.ACCEPT);
    long b = crew.caseAfter(CaseAction.ACCEPT);
    assertThat(crew.as(Role.ACCEPTOR).post("/api/cases/" + a + "/merge", Map.of("otherId", b)).status()).isEqualTo(200);
    assertThat(crew.take(Role.SHIFT_LEADER, b, CaseAction.REOPEN, "reason", "不是一起").status()).as("a merge undone amends the case").isEqualTo(200);
    crew.caseAfter(CaseAction.ACCEPT, CaseAction.FILE, CaseAction.DISPATCH);
    Instant opened = Instant.parse("2025-03-01T01:02:03.123456789Z");
    ground.asSystem(() -> caseDesk.importCases(List.of("OPEN", "CLOSED", "VOID").stream().map(status -> new HistoricCase(7, "ledger311", status, null, "Pothole", "“quoted” \\ \n\u0001 \uD83D\uDE97",
        118.5000001, 1e-7, 5L, crew.district + "001", null, null, null, "IMPORT", opened, opened.plusSeconds(3600), status.equals("OPEN") ? null : opened.plusSeconds(7200), status,
        "nobody knows it", "done")).toList()));
    TestClient admin = people.someone(Role.SYSTEM_ADMIN, "870000", null).client();
    LocalDate today = LocalDate.now();
    Answer calendar = admin.put("/api/calendar", Map.of("validFrom", today.minusDays(1).toString(), "validTo", today.plusDays(20).toString(), "holidays", List.of(today.toString(),
        today.plusDays(1).toString()), "makeupDays", List.of(), "shifts", List.of(Map.of("open", "08:00", "close", "12:00")), "source", "test"));
    assertThat(calendar.status()).as(calendar.text()).isEqualTo(200);
    assertThat(calendar.json().path("recomputed").asInt()).isPositive();
    JsonNode limits = admin.get("/api/case-rules").json();
    assertThat(admin.put("/api/case-rules", limits).status()).isEqualTo(200);
    seal();
    LedgerCheck.Result result = check();
    assertThat(result.first()).isNull();
    assertThat(people.someone(Role.AUDIT_ADMIN, "", null).client().get("/api/access-log?act=limits.changed").json().path("items").size()).isPositive();
  }

  @Test
  void anEntryWaitsForTheTreeAndSaysSo() {
    var crew = ground.crew();
    long id = crew.report();
    Answer early = crew.as(Role.ACCEPTOR).get("/api/cases/" + id + "/steps/1/receipt");
    assertThat(early.status()).isEqualTo(503);
    assertThat(early.problem()).isEqualTo("ledger.not-sealed");
    assertThat(early.response().headers().firstValue("Retry-After")).contains("2");
    seal();
    assertThat(crew.as(Role.ACCEPTOR).get("/api/cases/" + id + "/steps/1/receipt").status()).isEqualTo(200);
    assertThat(crew.as(Role.ACCEPTOR).get("/api/cases/" + id + "/steps/2/receipt").status()).isEqualTo(404);
  }

  @Test
  void theTreeOnlyGrowsAsConsistencyProofsShow() {
    var crew = ground.crew();
    crew.report();
    seal();
    TestClient auditor = auditor();
    JsonNode before = auditor.get("/api/ledger/head").json().path("head");
    crew.caseAfter(CaseAction.ACCEPT, CaseAction.FILE);
    seal();
    JsonNode after = auditor.get("/api/ledger/head").json().path("head");
    JsonNode proof = auditor.get("/api/ledger/proof/consistency?first=" + before.path("size").asLong()).json();
    MerkleTree tree = new MerkleTree(Suite.ED25519_SHA256);
    HexFormat hex = HexFormat.of();
    assertThat(tree.consistent(before.path("size").asLong(), after.path("size").asLong(), hex.parseHex(before.path("root").asString()),
        hex.parseHex(after.path("root").asString()), proof.path("proof").valueStream().map(h -> hex.parseHex(h.asString())).toList())).isTrue();
    assertThat(auditor.get("/api/ledger/proof/consistency?first=0").problem()).isEqualTo("ledger.range");
    assertThat(auditor.get("/api/ledger/proof/consistency?first=1&second=99999999").problem()).isEqualTo("ledger.range");
  }
}
