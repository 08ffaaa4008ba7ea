package io.citywide.cli.imports;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Imports a register of devices, CSV or NDJSON as the server takes it. The file may be imported again and changes nothing then. */
public final class DeviceImport {

  private final CityApi api;
  private final Path file;
  private final Path rejects;

  /** @param rejects where bad rows are named; only written where there are any */
  public DeviceImport(CityApi api, Path file, Path rejects) {
    this.api = api;
    this.file = file;
    this.rejects = rejects;
  }

  /**
   * @return what became of the file, in words
   * @throws CityApi.Refused where the server cannot read it
   * @throws IOException where the file cannot be read or the server cannot be reached
   */
  public String run() throws IOException, InterruptedException {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    boolean lines = name.endsWith(".ndjson") || name.endsWith(".jsonl");
    JsonNode answer = api.stream("/api/devices:import", lines ? "application/x-ndjson" : "text/csv", this::open);
    try (RejectFile bad = new RejectFile(rejects, List.of("value"))) {
      for (JsonNode reject : answer.path("rejects")) {
        bad.add(reject.path("row").asLong(), reject.path("field").asString(null), reject.path("reason").asString(""), List.of(reject.path("value").asString("")));
      }
    }
    long rejected = answer.path("rejected").asLong();
    double seconds = answer.path("elapsedMillis").asLong() / 1e3;
    return "read " + answer.path("read").asLong() + ", added " + answer.path("added").asLong() + ", changed " + answer.path("changed").asLong() + ", unchanged "
        + answer.path("unchanged").asLong() + ", rejected " + rejected + (rejected > 0 ? " (see " + rejects + ")" : "")
        + String.format(Locale.ROOT, "; %.1f s, %,.0f rows/s", seconds, answer.path("read").asLong() / Math.max(seconds, 0.001));
  }

  private InputStream open() {
    try {
      return Files.newInputStream(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
