package io.citywide.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * One run of a benchmark, as it is kept in {@code bench/results/<bench>.json}.
 *
 * @param bench name, and name of the file
 * @param date when it ran
 * @param revision commit it ran on, with {@code -dirty} where the tree had changes
 * @param machine processor, count and Java version
 * @param command what repeats it
 * @param data what was measured on
 * @param answersChecked how the answers were checked, and on how many
 * @param figures numbers by key; the key names the unit
 */
public record BenchResult(String bench, Instant date, String revision, String machine, String command, String data,
    @com.fasterxml.jackson.annotation.JsonProperty("answers_checked") String answersChecked,
    Map<String, Double> figures) {

  /** A result of now, on this machine and revision. */
  public static BenchResult now(String bench, String command, String data, String answersChecked, Map<String, Double> figures)
      throws IOException {
    return new BenchResult(bench, Instant.now().truncatedTo(ChronoUnit.SECONDS), currentRevision(), thisMachine(), command, data,
        answersChecked, figures);
  }

  /** Writes the result below the repository and moves an earlier one to {@code history/<bench>-<date>.json}. */
  public Path write() throws IOException {
    Path results = root().resolve("bench/results");
    Path file = results.resolve(bench + ".json");
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    if (Files.exists(file)) {
      JsonNode earlier = mapper.readTree(Files.readAllBytes(file));
      Instant at = Instant.parse(earlier.path("date").stringValue());
      String stamp = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC).format(at);
      Files.createDirectories(results.resolve("history"));
      Files.move(file, results.resolve("history").resolve(bench + "-" + stamp + ".json"), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.createDirectories(results);
    Files.writeString(file, mapper.writeValueAsString(this) + "\n");
    return file;
  }

  /** The repository: the working folder or the nearest one above it that holds {@code bench/pom.xml}. */
  public static Path root() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("bench/pom.xml"))) return folder;
    }
    throw new IllegalStateException("run this inside the repository: no folder above has bench/pom.xml");
  }

  private static String currentRevision() throws IOException {
    String head = git("rev-parse", "--short", "HEAD");
    return git("status", "--porcelain", "-uno", "--", ":!bench/results").isEmpty() ? head : head + "-dirty";
  }

  private static String git(String... words) throws IOException {
    List<String> command = new java.util.ArrayList<>(List.of("git", "-C", root().toString()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) return "unknown";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
    return out;
  }

  private static String thisMachine() throws IOException {
    Path info = Path.of("/proc/cpuinfo");
    String processor = System.getProperty("os.arch");
    if (Files.exists(info)) {
      processor = Files.readAllLines(info).stream().filter(line -> line.startsWith("model name")).findFirst()
          .map(line -> line.substring(line.indexOf(':') + 1).strip()).orElse(processor);
    }
    return processor + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
        + System.getProperty("os.name") + ", Java " + Runtime.version();
  }
}
