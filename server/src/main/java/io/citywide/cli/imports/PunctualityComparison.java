package io.citywide.cli.imports;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import tools.jackson.databind.JsonNode;

/**
 * Compares, case by case, what the file says about punctuality with what the evaluation of the imported
 * cases counts. Every difference is listed with its explanation.
 */
public final class PunctualityComparison {

  private final CityApi api;
  private final Mapping mapping;
  private final Path file;
  private final Path differences;

  public PunctualityComparison(CityApi api, Mapping mapping, Path file, Path differences) {
    this.api = api;
    this.mapping = mapping;
    this.file = file;
    this.differences = differences;
  }

  /** Runs the comparison; the answer is its summary in one line. */
  public String run() throws IOException, InterruptedException {
    Map<String, JsonNode> verdicts = verdicts();
    long compared = 0;
    long fileOnTime = 0;
    long oursOnTime = 0;
    List<Object[]> found = new ArrayList<>();
    try (RowFile rows = RowFile.open(file, mapping.encoding(), mapping.delimiter().charAt(0))) {
      for (Iterator<CSVRecord> records = rows.rows(); records.hasNext(); ) {
        CSVRecord row = records.next();
        String ref = row.isConsistent() ? RowReader.value(row, mapping.columns().ref()) : null;
        String said = row.isConsistent() ? RowReader.value(row, mapping.compare().column()) : null;
        if (ref == null || said == null) {
          continue;
        }
        boolean onTime = mapping.compare().onTime().contains(said);
        if (!onTime && !mapping.compare().overdue().contains(said)) {
          found.add(new Object[] {ref, said, "", "the mapping does not know this value of " + mapping.compare().column()});
          continue;
        }
        compared++;
        fileOnTime += onTime ? 1 : 0;
        JsonNode ours = verdicts.get(ref);
        if (ours == null) {
          found.add(new Object[] {ref, said, "", "not imported as a case; see the rejects and the queue of signals without a place"});
          continue;
        }
        boolean counted = ours.path("onTime").asBoolean();
        oursOnTime += counted ? 1 : 0;
        if (counted != onTime) {
          found.add(new Object[] {ref, said, counted ? "on time" : "late",
              "opened " + ours.path("reportedAt").asString("") + ", due " + ours.path("dueAt").asString("without limit")
                  + ", closed " + ours.path("closedAt").asString("not yet") + ": equal is on time, no limit is on time"});
        }
      }
    }
    Files.deleteIfExists(differences);
    if (!found.isEmpty()) {
      try (CSVPrinter out = new CSVPrinter(Files.newBufferedWriter(differences, StandardCharsets.UTF_8), CSVFormat.RFC4180)) {
        out.printRecord("ref", "file", "evaluation", "explanation");
        for (Object[] difference : found) {
          out.printRecord(difference);
        }
      }
    }
    return "punctuality: compared " + compared + ", on time by the file " + fileOnTime + ", on time by the evaluation " + oursOnTime
        + ", differences " + found.size() + (found.isEmpty() ? "" : " (see " + differences + ")");
  }

  /** The evaluation's own verdict on each imported case, by its id in the file's system. */
  private Map<String, JsonNode> verdicts() throws IOException, InterruptedException {
    Map<String, JsonNode> verdicts = new HashMap<>();
    String after = "";
    do {
      JsonNode page = api.get("/api/evaluation/imported?source=" + mapping.source() + "&limit=1000" + after);
      page.path("items").forEach(item -> verdicts.put(item.path("ref").asString(""), item));
      String next = page.path("next").asString(null);
      after = next == null ? null : "&after=" + next;
    } while (after != null);
    return verdicts;
  }
}
