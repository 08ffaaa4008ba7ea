package io.citywide.conformance;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.testng.ITestListener;
import org.testng.ITestResult;
import org.testng.TestNG;
import org.testng.xml.Parser;
import org.testng.xml.XmlSuite;

/**
 * Runs the OGC's executable test suite of the SensorThings API (ets-sta10) as it is, with its own testng.xml, against a running
 * server: {@code SensorThingsSuite <address of the root> <API key> [<report>]}. The suite knows no keys, so it calls a door on
 * the loopback address that adds the key to each request and passes everything else on unchanged.
 */
public final class SensorThingsSuite {

  private static final Set<String> NOT_PASSED = Set.of("connection", "content-length", "host", "transfer-encoding", "upgrade", "expect", ":status");

  private SensorThingsSuite() {}

  /** One test of the suite. */
  private record Outcome(String test, String description, String result, long milliseconds, String reason) {}

  public static void main(String[] args) throws Exception {
    URI target = URI.create(args[0]);
    List<Outcome> outcomes = new ArrayList<>();
    HttpServer door = door(target, args[1]);
    try (InputStream suite = TestNG.class.getClassLoader().getResourceAsStream("org/opengis/cite/sta10/testng.xml")) {
      seed(HttpClient.newHttpClient(), target, args[1]);
      List<XmlSuite> suites = List.copyOf(new Parser(suite).parseToList());
      suites.forEach(s -> s.setParameters(Map.of("iut", "http://127.0.0.1:" + door.getAddress().getPort() + target.getPath(), "ics", "3")));
      TestNG testng = new TestNG(false);
      testng.setXmlSuites(suites);
      testng.setVerbose(0);
      testng.addListener(new Collected(outcomes));
      testng.run();
    } finally {
      door.stop(0);
    }
    outcomes.forEach(o -> System.out.println(o.result() + "  " + o.test() + "  " + o.milliseconds() + " ms  " + o.description() + (o.reason().isEmpty() ? "" : "\n    " + o.reason())));
    long passed = outcomes.stream().filter(o -> o.result().equals("passed")).count();
    System.out.println(passed + " passed, " + (outcomes.size() - passed) + " failed");
    if (args.length > 2) {
      report(Path.of(args[2]), outcomes, passed);
    }
    System.exit(outcomes.isEmpty() || passed < outcomes.size() ? 1 : 0);
  }

  /** Level 1 reads what is there already: one entity of each set. The suite deletes everything afterwards. */
  private static void seed(HttpClient client, URI target, String key) throws IOException, InterruptedException {
    String thing = """
        {"name": "Water gauge", "description": "for the suite", "properties": {"reference": "first"},
         "Locations": [{"name": "Quay", "description": "east bank", "encodingType": "application/vnd.geo+json", "location": {"type": "Point", "coordinates": [118.79, 32.06]}}],
         "Datastreams": [{"name": "Level", "description": "water level", "observationType": "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
           "unitOfMeasurement": {"name": "metre", "symbol": "m", "definition": "ucum:m"}, "properties": {"of": "suite"},
           "Sensor": {"name": "Float", "description": "a float", "encodingType": "application/pdf", "metadata": "https://example.org/float.pdf", "properties": {"of": "suite"}},
           "ObservedProperty": {"name": "Level", "definition": "https://example.org/level", "description": "height of the water", "properties": {"of": "suite"}},
           "Observations": [{"phenomenonTime": "2026-01-31T08:00:00Z", "resultTime": "2026-01-31T08:00:01Z", "result": 2.5, "resultQuality": "good",
             "validTime": "2026-01-31T08:00:00Z/2026-01-31T09:00:00Z", "parameters": {"tide": "low"}}]}]}
        """;
    HttpResponse<String> made = client.send(HttpRequest.newBuilder(URI.create(target + "/Things")).header("Authorization", "Bearer " + key)
        .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(thing)).build(), BodyHandlers.ofString());
    if (made.statusCode() != 201) {
      throw new IOException("the server did not take a Thing: " + made.statusCode() + " " + made.body());
    }
  }

  private static void report(Path file, List<Outcome> outcomes, long passed) throws IOException {
    StringBuilder page = new StringBuilder("""
        # OGC SensorThings API: the official test suite

        Written by `./citywide conformance` from a run of the OGC's own executable test suite, `org.opengis.cite:ets-sta10` 1.5
        (conformance levels 1 to 3: reading, creating and changing, query options), unaltered, against the server.

        %d of %d tests passed.

        | test | what it tries | result |
        |---|---|---|
        """.formatted(passed, outcomes.size()));
    outcomes.forEach(o -> page.append("| `").append(o.test()).append("` | ").append(o.description()).append(" | ").append(o.result()).append(" |\n"));
    Files.writeString(file, page);
  }

  private record Collected(List<Outcome> outcomes) implements ITestListener {

    @Override
    public void onTestSuccess(ITestResult result) {
      add(result, "passed");
    }

    @Override
    public void onTestFailure(ITestResult result) {
      add(result, "failed");
    }

    @Override
    public void onTestSkipped(ITestResult result) {
      add(result, "skipped");
    }

    private void add(ITestResult result, String outcome) {
      Throwable reason = result.getThrowable();
      outcomes.add(new Outcome(result.getTestClass().getRealClass().getSimpleName() + "." + result.getName(), String.valueOf(result.getMethod().getDescription()), outcome,
          result.getEndMillis() - result.getStartMillis(), reason == null ? "" : String.valueOf(reason.getMessage())));
    }
  }

  // ---- the door ------------------------------------------------------------------------------------

  private static HttpServer door(URI target, String key) throws IOException {
    HttpClient client = HttpClient.newHttpClient();
    HttpServer door = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    door.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    door.createContext("/", exchange -> pass(client, target, key, exchange));
    door.start();
    return door;
  }

  private static void pass(HttpClient client, URI target, String key, HttpExchange exchange) throws IOException {
    try (exchange) {
      // Links in answers must lead back through the door, so the server is told the name by which it was called.
      HttpRequest.Builder request = HttpRequest.newBuilder(target.resolve(exchange.getRequestURI().toString()))
          .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()))
          .setHeader("Host", exchange.getRequestHeaders().getFirst("Host")).setHeader("Authorization", "Bearer " + key);
      exchange.getRequestHeaders().forEach((name, values) -> {
        if (!NOT_PASSED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
          values.forEach(value -> request.header(name, value));
        }
      });
      HttpResponse<byte[]> response = client.send(request.build(), BodyHandlers.ofByteArray());
      response.headers().map().forEach((name, values) -> {
        if (!NOT_PASSED.contains(name.toLowerCase(java.util.Locale.ROOT))) {
          exchange.getResponseHeaders().put(name, values);
        }
      });
      byte[] body = response.body();
      exchange.sendResponseHeaders(response.statusCode(), body.length == 0 ? -1 : body.length);
      if (body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
