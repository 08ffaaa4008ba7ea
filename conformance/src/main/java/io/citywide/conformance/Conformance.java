package io.citywide.conformance;

import io.citywide.conformance.Outcome.Result;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs test suites and clients made by others against a running server: {@code Conformance <root of SensorThings> <API key> <report>}.
 * The suite deletes every entity there is and cannot delete devices: the server must be an empty one.
 */
public final class Conformance {

  private Conformance() {}

  public static void main(String[] args) throws Exception {
    URI root = URI.create(args[0]);
    List<Outcome> suite;
    List<Outcome> client;
    try (Door door = new Door(root, args[1])) {
      seed(door.root());
      suite = SensorThingsSuite.run(door.root());
      client = FrostClient.run(door.root());
    }
    List<Outcome> all = new ArrayList<>(suite);
    all.addAll(client);
    all.forEach(o -> System.out.printf("%-9s %-60s %6d ms%s%n", o.result(), o.test(), o.milliseconds(), o.reason().isEmpty() ? "" : "  " + o.reason()));
    write(Path.of(args[2]), suite, client);
    long passed = count(all, Result.PASSED);
    System.out.println(passed + " passed, " + (all.size() - passed) + " failed");
    System.exit(suite.isEmpty() || client.isEmpty() || count(all, Result.FAILED) > 0 ? 1 : 0);
  }

  private static long count(List<Outcome> outcomes, Result result) {
    return outcomes.stream().filter(o -> o.result() == result).count();
  }

  /** Level 1 of the suite reads what is there already: one entity of each set. */
  private static void seed(URI root) throws IOException, InterruptedException {
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
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> made = http.send(HttpRequest.newBuilder(URI.create(root + "/Things")).header("Content-Type", "application/json")
          .POST(HttpRequest.BodyPublishers.ofString(thing)).build(), HttpResponse.BodyHandlers.ofString());
      if (made.statusCode() != 201) {
        throw new IOException("the server did not take a Thing: " + made.statusCode() + " " + made.body());
      }
    }
  }

  private static void write(Path file, List<Outcome> suite, List<Outcome> client) throws IOException {
    StringBuilder page = new StringBuilder("""
        # OGC SensorThings API: test suite and client of others

        Written by `./citywide conformance`, which starts an empty server and calls it over HTTP. What is offered beyond this, and
        how devices become Things: [sensorthings.md](../sensorthings.md).

        ## The OGC's executable test suite

        `org.opengis.cite:ets-sta10` 1.5, unaltered, with its own `testng.xml`: conformance levels 1 (reading), 2 (creating, changing,
        deleting) and 3 (query options). It was written for version 1.0, of which 1.1 keeps these parts. The suite knows no keys, so a door
        on the loopback address adds one to each request; before it begins, one Thing with all that belongs to it is made, because level 1
        reads what is there.

        """);
    table(page, suite);
    if (count(suite, Result.DISPUTED) > 0) {
      page.append("""

          *Disputed:* the suite posts `"result": 6`, a number, and reads it back by `getString("result")`, which its own JSON library refuses
          for a number; only a server that answers a text where a number was given could pass. Everything the test looks at before that line
          holds: the status, the count of 6, the one entity of the page. 18-088 has the result of an OM_Measurement as a double, so the
          number stays a number.
          """);
    }
    page.append("""

        ## A client made by others

        `de.fraunhofer.iosb.ilt:FROST-Client` 0.45, as its users write it.

        """);
    table(page, client);
    Files.writeString(file, page);
  }

  private static void table(StringBuilder page, List<Outcome> outcomes) {
    page.append(count(outcomes, Result.PASSED)).append(" of ").append(outcomes.size()).append(" passed.\n\n| test | what it tries | result |\n|---|---|---|\n");
    outcomes.stream().sorted(java.util.Comparator.comparing(Outcome::test)).forEach(o -> page.append("| `").append(o.test()).append("` | ").append(o.description()).append(" | ")
        .append(o.result().name().toLowerCase(java.util.Locale.ROOT)).append(" |\n"));
  }
}
