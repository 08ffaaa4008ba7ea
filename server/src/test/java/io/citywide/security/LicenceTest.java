package io.citywide.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Everything the server and the console are made of may be given on with them. Read from the list of parts in the jar and from the console's lock file. */
class LicenceTest {

  /** One of several suffices: the receiver chooses. LGPL: linked at run time, as jars of their own under lib/. */
  private static final Pattern TAKEN = Pattern.compile(
      "(?i).*(apache|\\bmit\\b|mit-0|bsd|isc|epl-|eclipse (public|distribution)|edl|lgpl|lesser general|cddl|cc0|public domain|unlicense|bouncy ?castle|classpath|postgresql|\\bblueoak).*");

  /** Parts whose description has no licence, or one by a name of its own, each with what it is and where it is stated. */
  private static final Map<String, String> STATED_ELSEWHERE = Map.of("com.google.re2j:re2j", "BSD with three clauses, that of Go: the file LICENSE beside its source");

  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Test
  void everyLibraryOfTheServerMayBeGivenOn() throws IOException {
    JsonNode bom;
    try (InputStream in = LicenceTest.class.getResourceAsStream("/META-INF/sbom/application.cdx.json")) {
      assertThat(in).as("the list of parts, made by the build").isNotNull();
      bom = JSON.readTree(in);
    }
    assertThat(bom.path("bomFormat").asString()).isEqualTo("CycloneDX");
    List<String> refused = new ArrayList<>();
    for (JsonNode part : bom.path("components")) {
      String name = part.path("group").asString("") + ":" + part.path("name").asString();
      if (name.startsWith("io.citywide:") || STATED_ELSEWHERE.containsKey(name)) {
        continue;
      }
      List<String> licences = new ArrayList<>();
      part.path("licenses").forEach(l -> licences.add(l.path("expression").asString(l.path("license").path("id").asString(l.path("license").path("name").asString("")))));
      if (licences.stream().noneMatch(l -> TAKEN.matcher(l).matches())) {
        refused.add(name + " " + part.path("version").asString() + ": " + licences);
      }
    }
    assertThat(refused).as("parts whose licence is not taken").isEmpty();
    assertThat(bom.path("components").size()).isGreaterThan(50);
  }

  @Test
  void everyPackageOfTheConsoleMayBeGivenOn() throws IOException {
    JsonNode packages = JSON.readTree(Files.readString(Path.of("../console/package-lock.json"))).path("packages");
    List<String> refused = new ArrayList<>();
    packages.properties().forEach(entry -> {
      boolean own = entry.getKey().isEmpty();
      String licence = Optional.ofNullable(entry.getValue().path("license").asString(null)).orElse("none");
      if (!own && !entry.getValue().path("dev").asBoolean(false) && !TAKEN.matcher(licence).matches()) {
        refused.add(entry.getKey() + ": " + licence);
      }
    });
    assertThat(refused).as("packages whose licence is not taken").isEmpty();
    assertThat(packages.size()).isGreaterThan(20);
  }
}
