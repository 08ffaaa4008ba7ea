package io.citywide.ledger.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.cases.internal.CaseGround;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.ledger.LedgerCheck;
import io.citywide.ledger.LedgerSettings;
import io.citywide.ledger.Receipt;
import io.citywide.ledger.Suite;
import io.citywide.ledger.internal.VerifierInAnotherJvm.Said;
import io.citywide.place.TestCity;
import io.citywide.platform.KeyFolder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.TestPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A city that chose the algorithms of GB/T 32905, 32907 and 32918: what is done is proved by SM2 and SM3, who reported is sealed by SM4. */
@DirtiesContext // no other test works in it
@ServerTest
@TestPropertySource(properties = {"citywide.ledger.suite=SM2_SM3", "citywide.personal-data.suite=sm4-gcm", "citywide.ledger.seal-every=1m"})
class SmSuiteTest {

  private static final TestCity CITY = new TestCity("860500", 88.5, 43);
  private static final String PHONE = "13955500719";
  private static final byte SM4 = 2;

  @Autowired CaseGround ground;
  @Autowired TestPeople people;
  @Autowired Seals seals;
  @Autowired KeyFolder keys;
  @Autowired JdbcClient jdbc;
  @Autowired PlatformTransactionManager transactions;
  @TempDir Path elsewhere;

  @Value("${citywide.database.url}")
  String url;

  @Value("${citywide.database.owner-user}")
  String owner;

  @Value("${citywide.database.owner-password}")
  String password;

  private TestClient acceptor;
  private long signal;
  private long caseId;

  @BeforeEach
  void aReportByTelephone() {
    assertThat(people.someone(Role.SYSTEM_ADMIN, "", null).client().put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    acceptor = people.someone(Role.ACCEPTOR, CITY.city, null).client();
    Answer taken = acceptor.send("POST", "/api/signals", Map.of("description", "楼下的路灯整夜不亮 " + UUID.randomUUID(), "lon", CITY.at(0.5, 0.5).get(0), "lat", CITY.at(0.5, 0.5).get(1),
        "reporter", Map.of("name", "尉迟云隐", "phone", PHONE)), Map.of("Idempotency-Key", UUID.randomUUID().toString()));
    assertThat(taken.status()).as(taken.text()).isEqualTo(201);
    signal = taken.json().path("signalId").asLong();
    caseId = taken.json().path("caseId").asLong();
    seals.all();
  }

  @Test
  void anActLeadsToAReceiptOfSm2AndTheLedgerHoldsOffline() throws Exception {
    Answer answer = acceptor.get("/api/cases/" + caseId + "/steps/1/receipt");
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    Receipt receipt = JsonMapper.shared().readValue(answer.text(), Receipt.class);
    String key = people.nobody().get("/api/ledger/keys").json().path(0).path("publicKey").asString();
    assertThat(receipt.suite()).isEqualTo(Suite.SM2_SM3);
    assertThat(receipt.faults(HexFormat.of().parseHex(key))).isEmpty();
    assertThat(keys.list()).contains("ledger-sm2.key").doesNotContain("ledger-ed25519.key");

    Said said = VerifierInAnotherJvm.verify(keys.folder().getParent(), url, Map.of("CITYWIDE_DATABASE_OWNER_USER", owner, "CITYWIDE_DATABASE_OWNER_PASSWORD", password));
    assertThat(said.exit()).as(said.text()).isZero();
    assertThat(said.text()).contains("(SM2_SM3)", "(trusted)", "Nothing was changed, removed, inserted or moved.");
  }

  @Test
  void aRowThatWasAlteredIsFoundBySm3() throws Exception {
    try (Connection connection = DriverManager.getConnection(url, owner, password); Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      assertThat(statement.executeUpdate("UPDATE case_step SET person_name = coalesce(person_name, '') || '!' WHERE case_id = " + caseId + " AND seq = 1")).isOne();
      LedgerCheck.Result result = new LedgerCheck(connection, List.of(), List.of()).run();
      connection.rollback();
      assertThat(result.suite()).isEqualTo(Suite.SM2_SM3);
      assertThat(result.counts()).containsOnlyKeys(LedgerCheck.Fault.ROW_CHANGED);
    }
  }

  @Test
  void theNumberOfTheCallerIsSealedBySm4AndOpensForAPurpose() {
    byte[] sealed = ground.asSystem(() -> jdbc.sql("SELECT personal FROM intake_signal WHERE id = :id").param("id", signal).query(byte[].class).single());
    assertThat(sealed[0]).isEqualTo(SM4);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain(PHONE);

    assertThat(acceptor.get("/api/signals/" + signal).json().path("reporter").path("phone").asString()).isEqualTo("139****0719");
    assertThat(acceptor.post("/api/signals/" + signal + "/reveal", Map.of("purpose", "CALL_BACK", "reason", "回访核实路灯位置")).json().path("phone").asString()).isEqualTo(PHONE);
    JsonNode ofTheCaller = acceptor.post("/api/signals/of-reporter", Map.of("phone", "+86 " + PHONE)).json();
    assertThat(ofTheCaller).as("found by HMAC-SM3").extracting(s -> s.path("id").asLong()).contains(signal);
  }

  @Test
  void theSuiteOfALedgerIsForLifeAndAnotherIsRefusedByName() {
    LedgerSettings other = new LedgerSettings(Suite.ED25519_SHA256, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofMinutes(1));
    assertThatThrownBy(() -> new LedgerIdentity(jdbc, transactions, other, new KeyFolder(elsewhere.resolve("keys")), Clock.systemUTC())).isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("citywide.ledger.suite is ED25519_SHA256").hasMessageContaining("was born with SM2_SM3").hasMessageContaining("set citywide.ledger.suite=SM2_SM3");
  }
}
