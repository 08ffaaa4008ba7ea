package io.citywide.sensing.internal.warning;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Role;
import io.citywide.identity.UnitRef;
import io.citywide.identity.UnitRef.UnitKind;
import io.citywide.identity.internal.TestPeople.Someone;
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
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.JsonNode;

/** When a month is over, its hot spots go once to the street where they are and to the fire service that a route names, and to nobody else. */
class HotSpotReportsTest extends OutwardGround {

  private static final String STREET = "761502001";
  private static final String OTHER = "761502002";
  private static final YearMonth MONTH = YearMonth.now(ZoneId.of("Asia/Shanghai")).minusMonths(1);

  @TempDir Path folder;
  @Autowired HotSpotReports reports;

  private void alarmed(String subject, String area) {
    apply(judged(subject, Kind.RAISED, WarningGrade.RED, area, null));
    ground.asSystem(() -> jdbc.sql("UPDATE sensing_warning SET since = :at WHERE subject = :subject").param("at", MONTH.atDay(9).atTime(3, 0).atOffset(ZoneOffset.UTC)).param("subject", subject).update());
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
}
