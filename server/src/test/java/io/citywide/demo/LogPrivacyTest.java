package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.platform.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a citizen tells about himself stands in no log, whatever goes wrong and however much is logged. */
class LogPrivacyTest {

  private static final String NAME = "欧阳不留名";
  private static final String PHONE = "13987650123";
  private static final String IDENTITY = "980102199003079876";
  private static final String PASSWORD = "Quiet-river-42";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;
  private URI base;

  @Test
  void noPersonalDataStandsInALogEvenAtDebugLevel() throws Exception {
    var database = TestPostgres.freshDatabase();
    Map<String, String> environment = Map.of("CITYWIDE_DATABASE_URL", database.jdbcUrl(), "CITYWIDE_DATABASE_OWNERUSER", database.owner().user(),
        "CITYWIDE_DATABASE_OWNERPASSWORD", database.owner().password(), "CITYWIDE_DATABASE_APPUSER", database.app().user(),
        "CITYWIDE_DATABASE_APPPASSWORD", database.app().password(), "LOGGING_LEVEL_ROOT", "debug");
    String output;
    try (ServerProcess server = new ServerProcess(folder.resolve("data"), environment, "--port", "0")) {
      base = server.address();
      plantEverywhere(server);
      server.stop();
      output = server.output();
    }
    List<String> lines = new ArrayList<>(output.lines().toList());
    try (Stream<Path> logs = Files.walk(folder.resolve("data").resolve("log"))) {
      for (Path log : logs.filter(Files::isRegularFile).toList()) {
        lines.addAll(Files.readAllLines(log));
      }
    }
    assertThat(lines).as("debug level was in force").anyMatch(line -> line.contains("\"level\":\"DEBUG\""));
    assertThat(lines).anyMatch(line -> line.contains("4bf92f3577b34da6a3ce929d0e0e4736"));
    for (String secret : List.of(NAME, PHONE, IDENTITY, PASSWORD)) {
      assertThat(lines.stream().filter(line -> line.contains(secret)).map(line -> line.substring(0, Math.min(line.length(), 600)))).as(secret).isEmpty();
    }
    for (String line : Files.readAllLines(folder.resolve("data/log/citywide.log"))) {
      assertThat(JSON.readTree(line).path("@timestamp").asString()).as(line).isNotEmpty();
    }
    assertThat(output).as("the console stays for people").doesNotContain("\"@timestamp\"");
  }

  /** Through every channel, rightly and wrongly. */
  private void plantEverywhere(ServerProcess server) throws Exception {
    ApiClient admin = settled("admin", server.firstPasswords.get("admin"));
    ApiClient security = settled("security", server.firstPasswords.get("security"));
    admin.put("/api/areas", new SmallCity().areas());
    JsonNode made = admin.post("/api/people", Map.of("login", "acceptor", "name", NAME, "phone", PHONE));
    long centre = admin.post("/api/units", Map.of("code", "C-1", "name", "城运中心", "kind", "CENTRE", "areaCode", SmallCity.CITY)).path("id").asLong();
    security.post("/api/people/" + made.path("person").path("id").asLong() + "/positions", Map.of("role", "ACCEPTOR", "unitId", centre, "areaCode", SmallCity.CITY));
    ApiClient acceptor = settled("acceptor", made.path("oneTimePassword").asString());
    String key = security.post("/api/api-keys", Map.of("name", "m", "permissions", List.of("SIGNAL_REPORT", "SIGNAL_IMPORT", "SIGNAL_READ"), "areaCode", SmallCity.CITY))
        .path("secret").asString();
    Map<String, Object> reporter = Map.of("name", NAME, "phone", PHONE, "idNumber", IDENTITY);
    String words = "我是" + NAME + "，电话 " + PHONE + "，身份证 " + IDENTITY;
    String cookie = "citywide_session=" + acceptor.session() + "; XSRF-TOKEN=demo";
    List<Map<String, Object>> bodies = List.of(
        Map.of("channel", "HOTLINE", "title", "井盖破损", "description", words, "lon", 118.005, "lat", 32.005, "reporter", reporter),
        Map.of("channel", "CONSOLE", "title", "井盖破损", "description", words, "lon", 118.005, "lat", 32.005, "reporter", reporter),
        // Outside the city, a kind that nobody knows, a point that is none, a field that nobody knows, a NUL.
        Map.of("title", words, "description", words, "lon", 18.0, "lat", 3.0, "reporter", reporter),
        Map.of("title", words, "description", words, "kindId", words, "reporter", reporter),
        Map.of("title", words, "description", words, "lon", words, "lat", words, "reporter", reporter),
        Map.of("title", words, "description", words + "\u0000", "lon", 118.005, "lat", 32.005, "reporter", Map.of("name", NAME + "\u0000", "phone", PHONE)),
        Map.of("title", words, "description", words, "reporter", words),
        Map.of(words, words));
    int n = 0;
    for (Map<String, Object> body : bodies) {
      String json = JSON.writeValueAsString(body);
      send("POST", "/api/signals", json, "Cookie", cookie, "X-XSRF-TOKEN", "demo", "Idempotency-Key", PHONE + n++);
      send("POST", "/api/signals", json, "Authorization", "Bearer " + key);
      send("POST", "/api/signals:batch", "[" + json + "]", "Authorization", "Bearer " + key);
      send("POST", "/api/public/reports", json);
      send("POST", "/api/signals", json + "}{" + words, "Authorization", "Bearer " + key);
    }
    send("POST", "/open311/v2/requests.json", "service_code=none&first_name=" + ApiClient.encode(NAME) + "&phone=" + PHONE + "&description=" + ApiClient.encode(words)
        + "&lat=32.005&long=118.005", "Content-Type", "application/x-www-form-urlencoded", "Authorization", "Bearer " + key);
    send("GET", "/api/public/reports/" + PHONE, null);
    send("GET", "/api/signals?q=" + ApiClient.encode(NAME) + "&phone=" + PHONE, null, "Cookie", cookie);
    send("GET", "/api/people?q=" + ApiClient.encode(NAME), null, "Cookie", cookie);
    send("GET", "/" + PHONE, null);
    send("POST", "/api/session", JSON.writeValueAsString(Map.of("login", PHONE, "password", PASSWORD + "x")), "Cookie", "XSRF-TOKEN=demo", "X-XSRF-TOKEN", "demo");
    send("PUT", "/api/session/password", JSON.writeValueAsString(Map.of("current", PASSWORD, "next", "short")), "Cookie", cookie, "X-XSRF-TOKEN", "demo");
    send("POST", "/api/people", JSON.writeValueAsString(Map.of("login", PHONE + IDENTITY, "name", NAME, "phone", words)), "Cookie", cookie, "X-XSRF-TOKEN", "demo");
  }

  private ApiClient settled(String login, String oneTime) {
    ApiClient fresh = ApiClient.person(base, login, oneTime);
    fresh.signIn();
    fresh.put("/api/session/password", Map.of("current", oneTime, "next", PASSWORD));
    ApiClient client = ApiClient.person(base, login, PASSWORD);
    client.signIn();
    return client;
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(base.resolve(path)).header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    boolean typed = false;
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
      typed |= headers[i].equals("Content-Type");
    }
    if (body != null && !typed) {
      request.header("Content-Type", "application/json");
    }
    return HTTP.send(request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body, StandardCharsets.UTF_8)).build(), BodyHandlers.ofString());
  }
}
