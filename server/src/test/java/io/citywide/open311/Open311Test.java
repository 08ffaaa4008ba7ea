package io.citywide.open311;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.TestClient.Answer;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.w3c.dom.Document;

/** GeoReport v2, in both of its forms. */
@ServerTest
class Open311Test {

  private static final String GARBAGE = "gb47678.5-M06010";
  private static final String NOISE = "gb47678.5-M06028";

  @Autowired TestPeople people;

  private TestCity city;
  private TestClient machine;

  @BeforeEach
  void aCityAndAMachine() {
    city = new TestCity("931100", 101.31, 31.11);
    assertThat(people.someone(Role.SYSTEM_ADMIN, "", null).client().put("/api/areas", city.geoJson()).status()).isEqualTo(200);
    machine = people.machine("931100", Permission.SIGNAL_REPORT);
  }

  @Test
  void discoveryNamesTheEndpointAndItsFormats() throws Exception {
    assertThat(people.nobody().get("/open311/v2/discovery.json").json().path("endpoints").get(0).path("formats").size()).isEqualTo(2);
    assertThat(xml(people.nobody().get("/open311/v2/discovery.xml")).getDocumentElement().getTagName()).isEqualTo("discovery");
  }

  @Test
  void servicesAreTheMattersInForce() throws Exception {
    Answer json = people.nobody().get("/open311/v2/services.json");

    assertThat(json.json().valueStream().map(s -> s.path("service_code").asString())).contains(GARBAGE, NOISE).doesNotContain("gb47678.5-C01001");
    Document xml = xml(people.nobody().get("/open311/v2/services.xml"));
    assertThat(xml.getDocumentElement().getTagName()).isEqualTo("services");
    assertThat(xml.getElementsByTagName("service").getLength()).isEqualTo(json.json().size());
  }

  @Test
  void aServiceWithQuestionsDefinesThem() throws Exception {
    Answer json = people.nobody().get("/open311/v2/services/" + NOISE + ".json");

    assertThat(json.json().path("service_code").asString()).isEqualTo(NOISE);
    assertThat(json.json().path("attributes").get(0).path("required").asBoolean()).isTrue();
    assertThat(json.json().path("attributes").get(0).path("values").size()).isEqualTo(3);
    Document xml = xml(people.nobody().get("/open311/v2/services/" + NOISE + ".xml"));
    assertThat(xml.getDocumentElement().getTagName()).isEqualTo("service_definition");
    assertThat(xml.getElementsByTagName("value").getLength()).isEqualTo(3);
  }

  @Test
  void anUnknownServiceIs404InBothForms() throws Exception {
    Answer json = people.nobody().get("/open311/v2/services/nothing.json");

    assertThat(json.status()).isEqualTo(404);
    assertThat(json.json().get(0).path("code").asInt()).isEqualTo(404);
    Document xml = xml(people.nobody().get("/open311/v2/services/nothing.xml"));
    assertThat(xml.getDocumentElement().getTagName()).isEqualTo("errors");
    assertThat(xml.getElementsByTagName("description").getLength()).isEqualTo(1);
  }

  @Test
  void aReportBecomesARequestThatCanBeFollowed() throws Exception {
    Answer posted = post(report("lat", "31.1105", "long", "101.3105", "service_code", GARBAGE, "description", "路口堆着垃圾 <b>很臭</b>"), "xml");

    assertThat(posted.status()).isEqualTo(201);
    String id = xml(posted).getElementsByTagName("service_request_id").item(0).getTextContent();
    Answer found = people.nobody().get("/open311/v2/requests/" + id + ".json");
    assertThat(found.json().get(0).path("status").asString()).isEqualTo("open");
    assertThat(found.json().get(0).path("service_code").asString()).isEqualTo(GARBAGE);
    assertThat(found.json().get(0).path("requested_datetime").asString()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d[+-]\\d\\d:\\d\\d");
    Document xml = xml(people.nobody().get("/open311/v2/requests/" + id + ".xml"));
    assertThat(xml.getElementsByTagName("description").item(0).getTextContent()).isEqualTo("路口堆着垃圾 <b>很臭</b>");
  }

  @Test
  void aReportThatJoinsKeepsItsOwnIdAndNamesTheCase() {
    Map<String, String> same = report("lat", "31.1115", "long", "101.3125", "service_code", "gb47678.5-M06034", "description", "一辆报废面包车停了很久");
    Answer first = post(same, "json");
    Answer second = post(report("lat", "31.11151", "long", "101.31251", "service_code", "gb47678.5-M06034", "description", "报废面包车停了很久没人管"), "json");

    String a = first.json().get(0).path("service_request_id").asString();
    String b = second.json().get(0).path("service_request_id").asString();
    assertThat(b).isNotEqualTo(a);
    Answer both = people.nobody().get("/open311/v2/requests.json?service_request_id=" + a + "," + b);
    assertThat(both.json().size()).isEqualTo(2);
    assertThat(both.json().get(0).path("service_notice").asString()).isEqualTo(both.json().get(1).path("service_notice").asString()).startsWith("案件 ");
    assertThat(second.json().get(0).path("service_notice").asString()).contains("已并入案件");
  }

  @Test
  void filtersNarrowTheList() {
    String id = post(report("lat", "31.1103", "long", "101.3133", "service_code", "gb47678.5-M07001", "description", "墙上小广告"), "json")
        .json().get(0).path("service_request_id").asString();

    assertThat(people.nobody().get("/open311/v2/requests.json?service_code=gb47678.5-M07001&status=open").text()).contains("\"" + id + "\"");
    assertThat(people.nobody().get("/open311/v2/requests.json?service_code=gb47678.5-M07001&status=closed").text()).doesNotContain("\"" + id + "\"");
    assertThat(people.nobody().get("/open311/v2/requests.json?service_code=gb47678.5-M07002").text()).doesNotContain("\"" + id + "\"");
    assertThat(people.nobody().get("/open311/v2/requests.json?end_date=2020-01-01T00:00:00%2B08:00").json().size()).isZero();
  }

  @Test
  void anArgumentThatCannotBeTakenIs400AndNamed() {
    assertBad("/open311/v2/requests.json?status=done", "status");
    assertBad("/open311/v2/requests.json?start_date=yesterday", "start_date");
    assertBad("/open311/v2/requests.json?colour=red", "colour");
    assertRefused(report("lat", "31.11", "service_code", GARBAGE, "description", "x"), 400, "long");
    assertRefused(report("service_code", GARBAGE, "description", "x"), 400, "place");
    assertRefused(report("lat", "north", "long", "101.3", "service_code", GARBAGE), 400, "lat");
    assertRefused(report("lat", "101.3105", "long", "31.1105", "service_code", GARBAGE, "description", "swapped"), 400, "");
    assertRefused(report("lat", "31.1105", "long", "101.3105", "description", "x"), 400, "service_code");
    assertRefused(report("lat", "31.1105", "long", "101.3105", "service_code", NOISE, "description", "吵"), 400, "TIME_OF_DAY");
    assertRefused(report("lat", "31.1105", "long", "101.3105", "service_code", NOISE, "attribute[TIME_OF_DAY]", "dawn"), 400, "dawn");
    assertRefused(report("lat", "31.1105", "long", "101.3105", "service_code", "no-such", "description", "x"), 404, "no-such");
    assertRefused(report("lat", "31.1105", "long", "101.3105", "service_code", GARBAGE, "jurisdiction_id", "elsewhere"), 404, "elsewhere");
  }

  @Test
  void withoutAKeyNothingIsTaken() {
    Map<String, String> report = report("lat", "31.1105", "long", "101.3105", "service_code", GARBAGE, "description", "x");

    Answer nobody = people.nobody().send("POST", "/open311/v2/requests.json", form(report), Map.of("Content-Type", "application/x-www-form-urlencoded"));
    assertThat(nobody.status()).isEqualTo(403);
    assertThat(nobody.json().get(0).path("code").asInt()).isEqualTo(403);
  }

  @Test
  void aFormOfAnotherSiteReportsNothingInTheNameOfWhoIsSignedIn() {
    String token = people.someone(Role.ACCEPTOR, "931100", null).token();
    Map<String, String> report = report("lat", "31.1105", "long", "101.3105", "service_code", GARBAGE, "description", "x");

    Answer forged = people.nobody().send("POST", "/open311/v2/requests.json", form(report),
        Map.of("Content-Type", "application/x-www-form-urlencoded", "Cookie", "citywide_session=" + token));

    assertThat(forged.status()).isEqualTo(403);
  }

  @Test
  void theKeyMayTravelAsAParameter() {
    String key = machine.key();
    Map<String, String> report = report("lat", "31.1119", "long", "101.3139", "service_code", "gb47678.5-M06020", "description", "烧树叶", "api_key", key);

    Answer posted = people.nobody().send("POST", "/open311/v2/requests.json", form(report), Map.of("Content-Type", "application/x-www-form-urlencoded"));

    assertThat(posted.status()).isEqualTo(201);
  }

  @Test
  void aReportWithoutCoordinatesWaitsForAPersonAndIsNotLost() {
    Answer posted = post(report("address_string", "老地方", "service_code", GARBAGE, "description", "又有垃圾"), "json");

    assertThat(posted.status()).isEqualTo(201);
    String id = posted.json().get(0).path("service_request_id").asString();
    assertThat(people.nobody().get("/open311/v2/requests/" + id + ".json").json().get(0).path("status").asString()).isEqualTo("open");
  }

  private void assertBad(String path, String named) {
    Answer answer = people.nobody().get(path);
    assertThat(answer.status()).as(path).isEqualTo(400);
    assertThat(answer.json().get(0).path("description").asString()).contains(named);
  }

  private void assertRefused(Map<String, String> report, int status, String named) {
    Answer answer = post(report, "json");
    assertThat(answer.status()).as("%s: %s", report, answer.text()).isEqualTo(status);
    assertThat(answer.json().get(0).path("description").asString()).contains(named);
  }

  private Answer post(Map<String, String> report, String format) {
    return machine.send("POST", "/open311/v2/requests." + format, form(report), Map.of("Content-Type", "application/x-www-form-urlencoded"));
  }

  private static Map<String, String> report(String... pairs) {
    Map<String, String> report = new java.util.LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      report.put(pairs[i], pairs[i + 1]);
    }
    return report;
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(e -> URLEncoder.encode(e.getKey(), StandardCharsets.UTF_8) + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static Document xml(Answer answer) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(answer.text().getBytes(StandardCharsets.UTF_8)));
  }
}
