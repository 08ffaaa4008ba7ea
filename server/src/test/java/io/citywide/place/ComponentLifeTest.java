package io.citywide.place;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.identity.internal.TestPeople;
import io.citywide.identity.internal.TestPeople.Someone;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** From its first day to its removal: the states of a component, who changed them and why, and the label on it. */
@ServerTest
class ComponentLifeTest {

  private static final TestCity CITY = new TestCity("780500", 117.5, 30);
  private static int count = 0;

  @Autowired TestPeople people;
  @Autowired Components components;
  @Autowired JdbcClient jdbc;
  @Autowired TransactionTemplate transaction;

  private Someone steward;
  private TestClient client;
  private String lamp;

  @BeforeEach
  void aLamp() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null);
    client = steward.client();
    assertThat(client.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    lamp = "78050201037%06d".formatted(++count);
    client.post("/api/components:batch", List.of(Map.of("ident", lamp, "lon", CITY.at(0.5, 0.5).get(0), "lat", CITY.at(0.5, 0.5).get(1))));
  }

  private Answer change(String from, String to, String reason) {
    return client.post("/api/components/" + lamp + "/state", Map.of("from", from, "to", to, "reason", reason));
  }

  @Test
  void aChangeIsWrittenDownWithWhoWhenAndWhyAndInTheLedger() {
    Answer damaged = change("INTACT", "DAMAGED", "灯罩被撞坏");

    assertThat(damaged.status()).as(damaged.text()).isEqualTo(200);
    assertThat(components.find(lamp).orElseThrow().state()).isEqualTo(Component.State.DAMAGED);
    var event = client.get("/api/components/" + lamp + "/events").json().get(0);
    assertThat(event.path("from").asString() + event.path("to").asString() + event.path("reason").asString()).isEqualTo("INTACTDAMAGED灯罩被撞坏");
    assertThat(event.path("personId").asLong()).isEqualTo(steward.personId());
    assertThat(Viewer.<Long, RuntimeException>callAs(Viewer.system("test"), () -> transaction.execute(status -> jdbc.sql("SELECT set_config('citywide.ledger', 'open', true)").query(String.class).single() == null ? null :
        jdbc.sql("SELECT count(*) FROM ledger_entry WHERE subject = 'component-event' AND subject_id = :id").param("id", event.path("id").asLong()).query(Long.class).single())))
        .as("entries that prove it").isEqualTo(1);
  }

  @Test
  void whatWasRemovedDoesNotComeBack() {
    change("INTACT", "REMOVED", "道路改造拆除");

    Answer back = change("REMOVED", "INTACT", "又装回来");

    assertThat(back.problem()).isEqualTo("place.state-not-allowed");
    assertThat(client.get("/api/components/" + lamp).json().path("allowed")).isEmpty();
  }

  @Test
  void whoSawAnOlderStateIsTold() {
    change("INTACT", "DAMAGED", "灯罩被撞坏");
    Answer late = change("INTACT", "LOST", "找不到了");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.problem()).isEqualTo("place.state-moved-on");
    assertThat(late.json().path("state").asString()).isEqualTo("DAMAGED");
  }

  @Test
  void theLastChangeCanBeTakenBackOnce() {
    change("INTACT", "REMOVED", "误登记");

    Answer back = client.post("/api/components/" + lamp + "/take-back", Map.of("seq", 1, "reason", "登记有误"));

    assertThat(back.status()).as(back.text()).isEqualTo(200);
    assertThat(components.find(lamp).orElseThrow().state()).isEqualTo(Component.State.INTACT);
    assertThat(client.post("/api/components/" + lamp + "/take-back", Map.of("seq", 2, "reason", "再撤一次")).problem()).isEqualTo("place.nothing-to-take-back");
    assertThat(client.get("/api/components/" + lamp + "/events").json().size()).as("nothing is erased").isEqualTo(2);
  }

  @Test
  void aReasonIsNeededAndOnlyWhoAdministersThePlaceMayChange() {
    assertThat(change("INTACT", "DAMAGED", " ").problem()).isEqualTo("place.invalid-state-change");
    Map<String, Object> body = Map.of("from", "INTACT", "to", "DAMAGED", "reason", "灯罩被撞坏");
    assertThat(people.someone(Role.SYSTEM_ADMIN, "780502001002", null).client().post("/api/components/" + lamp + "/state", body).problem()).isEqualTo("place.unknown-component");
    assertThat(people.someone(Role.LEADER, CITY.city, null).client().post("/api/components/" + lamp + "/state", body).status()).isEqualTo(403);
    assertThat(people.someone(Role.SYSTEM_ADMIN, "780502001001", null).client().post("/api/components/" + lamp + "/state", body).status()).isEqualTo(200);
  }

  @Test
  void theLabelLeadsToTheReportFormOfThisVeryThing() throws Exception {
    Answer label = client.get("/api/components/" + lamp + "/label.svg?base=https://city.example");

    assertThat(label.response().headers().firstValue("content-type").orElse("")).startsWith("image/svg+xml");
    assertThat(label.text()).contains("路灯", lamp);
    assertThat(new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(picture(label.text())))).getText()).isEqualTo("https://city.example/report?component=" + lamp);
    assertThat(client.get("/api/components/" + lamp + "/label.svg?base=javascript:alert(1)").status()).isEqualTo(400);
    assertThat(client.get("/api/components/" + lamp + "/label.svg?base=https://a/%22%3E%3Cscript%3E").status()).isEqualTo(400);
  }

  /** The modules of the SVG, eight pixels each. */
  private static LuminanceSource picture(String svg) {
    Matcher module = Pattern.compile("M(\\d+) (\\d+)h1v1h-1z").matcher(svg);
    Matcher scale = Pattern.compile("scale\\(([0-9.]+)\\)").matcher(svg);
    scale.find();
    int size = (int) Math.round(32 / Double.parseDouble(scale.group(1))) * 8;
    byte[] pixels = new byte[size * size];
    Arrays.fill(pixels, (byte) 255);
    while (module.find()) {
      for (int i = 0; i < 64; i++) {
        pixels[(Integer.parseInt(module.group(2)) * 8 + i / 8) * size + Integer.parseInt(module.group(1)) * 8 + i % 8] = 0;
      }
    }
    return new LuminanceSource(size, size) {
      @Override
      public byte[] getRow(int y, byte[] row) {
        return Arrays.copyOfRange(pixels, y * size, (y + 1) * size);
      }

      @Override
      public byte[] getMatrix() {
        return pixels;
      }
    };
  }

  @Test
  void aCitizenReadsWhatTheLabelSaysAndReportsOnIt() {
    Answer thing = people.nobody().send("GET", "/api/public/components/" + lamp, null, Map.of("X-Forwarded-For", "198.51.100.71"));
    assertThat(thing.json().path("kindZh").asString()).isEqualTo("路灯");
    assertThat(thing.text()).doesNotContain("owner");

    Answer report = people.nobody().send("POST", "/api/public/reports", Map.of("description", "灯不亮", "componentIdent", lamp), Map.of("X-Forwarded-For", "198.51.100.71"));

    assertThat(report.status()).as(report.text()).isEqualTo(201);
    TestClient acceptor = people.someone(Role.ACCEPTOR, CITY.city, null).client();
    var file = acceptor.get("/api/cases?limit=10&q=" + report.json().path("caseNo").asString()).json().path("items").get(0);
    var detail = acceptor.get("/api/cases/" + file.path("id").asLong()).json();
    assertThat(detail.path("componentIdent").asString()).as(detail.toString()).isEqualTo(lamp);
    assertThat(detail.toString()).contains("780502001001001").contains("gb47678.5-C01037");
  }
}
