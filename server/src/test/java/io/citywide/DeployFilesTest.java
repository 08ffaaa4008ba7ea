package io.citywide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The files of deploy/ cannot be run everywhere; what they name must exist nevertheless. */
class DeployFilesTest {

  private static final Path ROOT = Path.of("..");
  private static final Path DEPLOY = ROOT.resolve("deploy");
  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  @Test
  void theImageCopiesWhatExistsAndWhatTheBuildMakes() throws IOException {
    String dockerfile = Files.readString(DEPLOY.resolve("Dockerfile"));
    String server = Files.readString(Path.of("pom.xml"));
    assertThat(server).contains("<finalName>citywide</finalName>").contains("${project.build.directory}/lib");

    Matcher copied = Pattern.compile("(?m)^COPY (?!--from)(.+) \\S+$").matcher(dockerfile);
    List<String> sources = new ArrayList<>();
    while (copied.find()) {
      sources.addAll(List.of(copied.group(1).split(" ")));
    }
    assertThat(sources).isNotEmpty().allSatisfy(source -> assertThat(ROOT.resolve(source)).exists());
    assertThat(dockerfile).contains("/src/server/target/citywide.jar").contains("/src/server/target/lib/").contains("USER citywide").contains("HEALTHCHECK");
  }

  @Test
  void everySettingNamedInTheEnvironmentExists() throws IOException {
    String settings = Files.readString(ROOT.resolve("docs/settings.md"));
    TreeSet<String> known = new TreeSet<>();
    Matcher setting = Pattern.compile("`(citywide\\.[a-z0-9.-]+)`").matcher(settings);
    while (setting.find()) {
      known.add(setting.group(1).toUpperCase(java.util.Locale.ROOT).replace('.', '_').replace("-", ""));
    }
    // Of the compose file itself, handed to the database's first start.
    known.addAll(List.of("CITYWIDE_OWNER_PASSWORD", "CITYWIDE_APP_PASSWORD"));
    TreeSet<String> named = new TreeSet<>();
    for (String file : List.of("Dockerfile", "compose.yaml", "citywide.service")) {
      Matcher variable = Pattern.compile("\\b(CITYWIDE_[A-Z_]+)\\b").matcher(Files.readString(DEPLOY.resolve(file)));
      while (variable.find()) {
        named.add(variable.group(1));
      }
    }
    assertThat(named).hasSizeGreaterThan(5);
    assertThat(known).containsAll(named);
  }

  @Test
  void everyOptionOfTheCommandExists() throws IOException {
    String serve = Files.readString(Path.of("src/main/java/io/citywide/cli/ServeCommand.java"));
    for (String file : List.of("Dockerfile", "citywide.service")) {
      String text = Files.readString(DEPLOY.resolve(file));
      Matcher option = Pattern.compile("--(port|data|settings|db-url|[a-z]+)\\b").matcher(text.substring(text.lastIndexOf("serve")));
      int found = 0;
      while (option.find()) {
        assertThat(serve).as(file).contains("\"--" + option.group(1) + "\"");
        found++;
      }
      assertThat(found).as(file).isPositive();
    }
  }

  @Test
  void composeAndPrometheusReadAsYamlAndTheirFilesExist() throws IOException {
    JsonNode compose = YAML.readTree(DEPLOY.resolve("compose.yaml").toFile());
    assertThat(compose.path("services").propertyNames()).contains("postgres", "citywide", "prometheus", "grafana");
    for (Map.Entry<String, JsonNode> service : compose.path("services").properties()) {
      for (JsonNode volume : service.getValue().path("volumes")) {
        String source = volume.asString().split(":")[0];
        if (source.startsWith(".") && !source.endsWith("metrics.key")) {
          assertThat(DEPLOY.resolve(source)).exists();
        }
      }
    }
    assertThat(DEPLOY.resolve(compose.path("services").path("citywide").path("build").path("context").asString())
        .resolve(compose.path("services").path("citywide").path("build").path("dockerfile").asString())).exists();
    assertThat(YAML.readTree(DEPLOY.resolve("prometheus.yaml").toFile()).path("scrape_configs").get(0).path("metrics_path").asString()).isEqualTo("/metrics");
  }

  @Test
  void everyAlertSaysWhatItMeans() throws IOException {
    JsonNode rules = YAML.readTree(ROOT.resolve("docs/operations/prometheus-alerts.yaml").toFile()).path("groups").get(0).path("rules");
    assertThat(rules.size()).isGreaterThan(8);
    for (JsonNode rule : rules) {
      assertThat(rule.path("expr").asString()).isNotBlank();
      assertThat(rule.path("annotations").path("summary").asString()).as(rule.path("alert").asString()).isNotBlank();
    }
    JsonNode dashboard = JsonMapper.builder().build().readTree(ROOT.resolve("docs/operations/grafana-citywide.json").toFile());
    assertThat(dashboard.path("panels").size()).isGreaterThan(15);
  }
}
