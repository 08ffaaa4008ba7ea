package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.Units;
import io.citywide.identity.internal.TestPeople.Someone;
import io.citywide.place.Places;
import io.citywide.platform.ServerSettings;
import io.citywide.sensing.WarningGrade;
import io.citywide.watch.Decision.Kind;
import jakarta.mail.BodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** When a month is over, its hot spots go once to the street where they are and to the fire service that a route names, and to nobody else. */
class HotSpotReportsTest extends OutwardGround {

  private static final String STREET = "761502001";
  private static final String OTHER = "761502002";
  private static final YearMonth MONTH = YearMonth.now(ZoneId.of("Asia/Shanghai")).minusMonths(1);

  @TempDir Path folder;
  @Autowired HotSpotReports reports;
  @Autowired HotSpots hotSpots;
  @Autowired RouteStore routes;
  @Autowired Units units;
  @Autowired Places places;
  @Autowired TransactionTemplate transaction;
  @Autowired Bell bell;
  @Autowired ServerSettings server;

  private void alarmed(String subject, String area) {
    alarmed(subject, area, MONTH);
  }

  private void alarmed(String subject, String area, YearMonth month) {
    apply(judged(subject, Kind.RAISED, WarningGrade.RED, area, null));
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_warning SET since = :at WHERE subject = :subject").param("at", month.atDay(9).atTime(3, 0).atOffset(ZoneOffset.UTC)).param("subject", subject).update());
  }

  private static List<String> sent(TestClient client) {
    Answer inbox = client.get("/api/warnings/inbox?reports=true");
    assertThat(inbox.status()).as(inbox.text()).isEqualTo(200);
    return StreamSupport.stream(inbox.json().spliterator(), false).map(letter -> letter.path("report")).map(r -> r.path("month").asString() + " " + r.path("areaCode").asString()).toList();
  }

  private static JsonNode report(TestClient client, String area) {
    Answer report = client.get("/api/warnings/hotspots?month=" + MONTH + "&areaCode=" + area);
    assertThat(report.status()).as(report.text()).isEqualTo(200);
    return report.json();
  }

  private static List<MimeMessage> mailTo(String address) {
    return Arrays.stream(MAIL.getReceivedMessages()).filter(m -> {
      try {
        return m.getAllRecipients()[0].toString().equals(address);
      } catch (jakarta.mail.MessagingException e) {
        throw new IllegalStateException(e);
      }
    }).toList();
  }

  /** All texts of a workbook. */
  private String texts(byte[] workbook) throws Exception {
    try (ZipFile zip = new ZipFile(Files.write(folder.resolve("report.xlsx"), workbook).toFile())) {
      return HtmlUtils.htmlUnescape(new String(zip.getInputStream(zip.getEntry("xl/sharedStrings.xml")).readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  private String sheet(Someone who, String query, String accepted) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + people.port() + "/api/warnings/hotspots.xlsx?month=" + MONTH + "&areaCode=" + STREET + query))
        .header("Cookie", "citywide_session=" + who.token()).header("Accept-Language", accepted).build();
    return texts(HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()).body());
  }

  @Test
  void theMonthIsSentOnceToTheStreetAndToTheFireServiceThatARouteNames() throws Exception {
    UnitRef office = people.unit("望江街道办", UnitKind.STREET_OFFICE, STREET, null);
    UnitRef neighbours = people.unit("临江街道办", UnitKind.STREET_OFFICE, OTHER, null);
    UnitRef station = people.unit("消防救援站", UnitKind.DEPARTMENT, CITY, null);
    Someone leader = people.someone(Role.SHIFT_LEADER, CITY, null);
    Map<String, Object> draft = new HashMap<>(Map.of("watch", "report:hotspots", "areaCode", CITY, "level", "STREET", "gradeFrom", "BLUE", "target", "UNIT", "unitId", station.id(),
        "way", "EMAIL", "address", "fire@city.example"));
    Answer route = leader.client().post("/api/warning-routes", draft);
    assertThat(route.status()).as(route.text()).isEqualTo(201);
    draft.remove("unitId");
    draft.put("target", "DUTY");
    assertThat(leader.client().post("/api/warning-routes", draft).problem()).as("a report goes to a unit").isEqualTo("warning.invalid");
    String here = subject();
    String there = subject();
    alarmed(here, A);
    alarmed(there, OTHER + "001");

    try (var servers = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Integer> job = reports::sendDue;
      for (Future<Integer> one : servers.invokeAll(List.of(job, job))) {
        one.get();
      }
    }
    assertThat(reports.sendDue()).isZero();
    assertThat(ground.asSystem(() -> jdbc.sql("SELECT unit_id || ' ' || way || ' ' || report_area FROM sensing_delivery WHERE report_month = :month AND unit_id = ANY (:units)")
        .param("month", MONTH.toString()).param("units", new Long[] {office.id(), neighbours.id(), station.id()}).query(String.class).list()))
        .containsExactlyInAnyOrder(office.id() + " INBOX " + STREET, neighbours.id() + " INBOX " + OTHER, station.id() + " INBOX " + STREET, station.id() + " EMAIL " + STREET,
            station.id() + " INBOX " + OTHER, station.id() + " EMAIL " + OTHER);

    TestClient street = people.someone(Role.HANDLER, STREET, office).client();
    TestClient fireman = people.someone(Role.HANDLER, CITY, station).client();
    TestClient neighbour = people.someone(Role.HANDLER, OTHER, neighbours).client();
    assertThat(sent(street)).containsExactly(MONTH + " " + STREET);
    assertThat(sent(fireman)).containsExactlyInAnyOrder(MONTH + " " + STREET, MONTH + " " + OTHER);
    assertThat(sent(neighbour)).containsExactly(MONTH + " " + OTHER);
    assertThat(sent(people.someone(Role.HANDLER, CITY, people.unit("园林队", UnitKind.DEPARTMENT, CITY, null)).client())).isEmpty();
    assertThat(street.get("/api/warnings/inbox").text()).contains("/warnings/hotspots?month=" + MONTH + "&area=" + STREET);

    assertThat(report(fireman, STREET).toString()).as("all of what was sent, though bound to a unit that was told of no warning").contains(here).doesNotContain(there);
    assertThat(report(fireman, A).path("total").asLong()).as("that was not sent").isZero();
    assertThat(report(neighbour, STREET).path("total").asLong()).isZero();

    until("it is delivered", () -> mailTo("fire@city.example").size() == 2);
    courier.sendAll();
    assertThat(mailTo("fire@city.example")).as("once each").hasSize(2);
    MimeMessage letter = mailTo("fire@city.example").stream().filter(m -> {
      try {
        return m.getSubject().contains("望江街道");
      } catch (jakarta.mail.MessagingException e) {
        throw new IllegalStateException(e);
      }
    }).findFirst().orElseThrow();
    assertThat(letter.getSubject()).startsWith(MONTH + " 报警热点：云栖区 望江街道 / Hot spots of " + MONTH + ": ");
    MimeMultipart parts = (MimeMultipart) letter.getContent();
    assertThat(((MimeMultipart) parts.getBodyPart(0).getContent()).getBodyPart(0).getContent().toString()).contains(CONSOLE + "/warnings/hotspots?month=" + MONTH + "&area=" + STREET);
    BodyPart attached = parts.getBodyPart(1);
    assertThat(attached.getFileName()).isEqualTo("hotspots-" + MONTH + "-" + STREET + ".xlsx");
    assertThat(texts(attached.getInputStream().readAllBytes())).contains("车棚 " + here).contains("Shed " + here).contains("排名").contains("Rank").doesNotContain(there);

    assertThat(sheet(leader, "", "zh-CN,zh;q=0.9")).contains("排名").contains("报警热点").doesNotContain("Rank");
    assertThat(sheet(leader, "", "en")).contains("Rank").doesNotContain("排名");
    assertThat(sheet(leader, "&lang=zh", "en")).as("the console says its own").contains("排名").doesNotContain("Rank");
    assertThat(leader.client().delete("/api/warning-routes/" + route.json().path("route").path("id").asLong()).status()).isEqualTo(204);
  }

  /** {@code month way state attempts} of what one unit was sent, in order. */
  private List<String> rows(UnitRef unit) {
    return ground.asSystem(() -> jdbc.sql("SELECT report_month || ' ' || way || ' ' || state || ' ' || attempts FROM sensing_delivery WHERE unit_id = :unit AND report_area = :area ORDER BY report_month, way, address")
        .param("unit", unit.id()).param("area", STREET).query(String.class).list());
  }

  private JsonNode routed(Someone leader, UnitRef unit, String address) {
    Answer made = leader.client().post("/api/warning-routes", Map.of("watch", "report:hotspots", "areaCode", STREET, "level", "STREET", "gradeFrom", "BLUE", "target", "UNIT", "unitId", unit.id(),
        "way", "WEBHOOK", "address", hook(address)));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json();
  }

  @Test
  void whatWasMissedOfSeveralMonthsIsMadeUpForAndReachesAWebhookSignedAndAgainWhenItWasBusy() throws Exception {
    YearMonth before = MONTH.minusMonths(3);
    UnitRef command = people.unit("救援指挥中心", UnitKind.DEPARTMENT, CITY, null);
    UnitRef busy = people.unit("救援支队", UnitKind.DEPARTMENT, CITY, null);
    Someone leader = people.someone(Role.SHIFT_LEADER, CITY, null);
    JsonNode route = routed(leader, command, "/reports");
    JsonNode later = routed(leader, busy, "/busy");
    String first = subject();
    String missed = subject();
    String last = subject();
    alarmed(first, A, before);
    // Of the month after it nothing is to be said; the one that follows has an alarm again.
    alarmed(missed, B, MONTH.minusMonths(1));
    alarmed(last, A, MONTH);

    Clock then = Clock.fixed(before.plusMonths(1).atDay(1).atTime(7, 0).atZone(server.zone()).toInstant(), server.zone());
    assertThat(new HotSpotReports(jdbc, hotSpots, routes, units, places, transaction, bell, server, then).sendDue()).isPositive();
    until("it is delivered", () -> rows(command).contains(before + " WEBHOOK SENT 1"));
    assertThat(rows(command)).as("before the server went away").containsExactly(before + " INBOX SENT 0", before + " WEBHOOK SENT 1");
    reports.sendDue();
    until("the others are delivered", () -> rows(command).contains(MONTH + " WEBHOOK SENT 1"));
    reports.sendDue();
    courier.sendAll();
    assertThat(rows(command)).as("each month once").containsExactly(before + " INBOX SENT 0", before + " WEBHOOK SENT 1", MONTH.minusMonths(1) + " INBOX SENT 0",
        MONTH.minusMonths(1) + " WEBHOOK SENT 1", MONTH + " INBOX SENT 0", MONTH + " WEBHOOK SENT 1");

    List<String> bodies = HOOKED.stream().filter(b -> b.contains("\"hotSpots\"")).toList();
    assertThat(bodies).hasSize(3);
    String body = bodies.stream().filter(b -> b.contains("\"month\":\"" + MONTH.minusMonths(1) + "\"")).findFirst().orElseThrow();
    JsonNode told = JsonMapper.shared().readTree(body);
    assertThat(told.path("delivery").asLong()).isPositive();
    assertThat(told.path("hotSpots").path("areaCode").asString()).isEqualTo(STREET);
    assertThat(told.path("hotSpots").path("total").asLong()).isEqualTo(1);
    assertThat(told.path("hotSpots").path("spots").path(0).path("nameZh").asString()).isEqualTo("车棚 " + missed);
    assertThat(body).doesNotContain(first, last);
    String[] signed = SIGNATURES.get(body).split(" ");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(route.path("secret").asString().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    assertThat(signed[1]).isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal((signed[0] + "." + body).getBytes(StandardCharsets.UTF_8))));

    assertThat(rows(busy).stream().filter(r -> r.contains("WEBHOOK"))).hasSize(3).allMatch(r -> r.matches(".* WAITING [1-9]"));
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_delivery SET next_at = now() - interval '1 second' WHERE unit_id = :unit AND way = 'WEBHOOK'").param("unit", busy.id()).update());
    courier.sendAll();
    until("it is tried again", () -> rows(busy).stream().filter(r -> r.contains("WEBHOOK")).allMatch(r -> r.matches(".* WAITING [2-9]")));
    for (JsonNode made : List.of(route, later)) {
      assertThat(leader.client().delete("/api/warning-routes/" + made.path("route").path("id").asLong()).status()).isEqualTo(204);
    }
    // The route is gone, so trying it again would not help.
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_delivery SET next_at = now() - interval '1 second' WHERE unit_id = :unit AND way = 'WEBHOOK'").param("unit", busy.id()).update());
    courier.sendAll();
    until("it is given up", () -> rows(busy).stream().filter(r -> r.contains("WEBHOOK")).allMatch(r -> r.contains(" FAILED ")));
  }
}
