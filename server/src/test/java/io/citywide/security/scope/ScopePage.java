package io.citywide.security.scope;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The matrix as files: all cells one by one, and the page that groups them. */
final class ScopePage {

  private ScopePage() {}

  /** {@code target/scope-matrix.csv}. */
  static void writeCells(List<Cell> cells) throws IOException {
    StringBuilder csv = new StringBuilder("endpoint,declared,caller,row,expected,seen\n");
    for (Cell c : cells) {
      csv.append('"').append(c.door()).append("\",\"").append(c.declared()).append("\",").append(c.caller().name()).append(",\"")
          .append(c.target().name()).append("\",").append(c.expected()).append(',').append(c.seen()).append('\n');
    }
    Files.createDirectories(Path.of("target"));
    Files.writeString(Path.of("target/scope-matrix.csv"), csv);
  }

  /** docs/security/scope-matrix.md. */
  static String of(List<Cell> cells) {
    StringBuilder page = new StringBuilder("""
        # Who sees what, endpoint by endpoint

        Written by `ScopeMatrixTest` from a run against the server: every endpoint × every role × rows in the caller's own area,
        the area below it, the one above and the one beside it, of the own and of another unit. *Expected* follows from the
        endpoint's declaration, the role's permissions and the place of the row; *seen* is what came over HTTP. The test fails
        when the two differ, when an endpoint has no probe, or when this page is stale (`-Dwrite.docs=true` writes it anew). All
        cells one by one: `server/target/scope-matrix.csv`.

        The callers work in one community. *shown* and *left out* say whether a list holds the row. Callers with the same answers
        share a line. A 409, 422 or 400 is the answer of an endpoint that let the caller in and then refused the content, chosen
        so that trying changes nothing.

        """);
    page.append(cells.size()).append(" cells, ").append(cells.stream().map(Cell::door).distinct().count()).append(" endpoints, ")
        .append(cells.stream().map(c -> c.caller().name()).distinct().count()).append(" callers.\n");
    String group = "";
    Map<String, List<Cell>> byDoor = new LinkedHashMap<>();
    cells.forEach(c -> byDoor.computeIfAbsent(c.door(), d -> new ArrayList<>()).add(c));
    for (String door : new TreeSet<>(byDoor.keySet().stream().map(d -> d.substring(d.indexOf(' ') + 1) + " " + d.substring(0, d.indexOf(' '))).toList())) {
      String name = door.substring(door.indexOf(' ') + 1) + " " + door.substring(0, door.indexOf(' '));
      String now = name.replaceFirst("^\\S+ (/api/public|/api/[a-z-]+|/[a-z0-9]+).*", "$1");
      if (!now.equals(group)) {
        group = now;
        page.append("\n## ").append(group).append("\n\n| endpoint | asks for | caller | expected | seen |\n|---|---|---|---|---|\n");
      }
      Map<List<String>, Set<String>> byAnswer = new LinkedHashMap<>();
      Map<String, List<Cell>> byCaller = new LinkedHashMap<>();
      byDoor.get(name).forEach(c -> byCaller.computeIfAbsent(c.caller().name(), n -> new ArrayList<>()).add(c));
      byCaller.forEach((caller, own) -> byAnswer.computeIfAbsent(List.of(sum(own, true), sum(own, false)), k -> new LinkedHashSet<>()).add(caller));
      boolean first = true;
      for (var line : byAnswer.entrySet()) {
        page.append("| ").append(first ? "`" + name + "`" : "").append(" | ").append(first ? byDoor.get(name).getFirst().declared() : "").append(" | ")
            .append(line.getValue().size() == byCaller.size() ? "all" : String.join(", ", line.getValue())).append(" | ").append(line.getKey().get(0)).append(" | ")
            .append(line.getKey().get(1)).append(" |\n");
        first = false;
      }
    }
    return page.toString();
  }

  /** The answers of one caller, such as {@code own, child: 200; parent, sibling: 404}. */
  private static String sum(List<Cell> cells, boolean expected) {
    Map<String, List<String>> places = new LinkedHashMap<>();
    cells.forEach(c -> places.computeIfAbsent(expected ? c.expected() : c.seen(), k -> new ArrayList<>()).add(c.target().name()));
    if (places.size() == 1) {
      return places.keySet().iterator().next();
    }
    return places.entrySet().stream().map(e -> String.join(" · ", e.getValue()) + ": " + e.getKey()).collect(Collectors.joining("; "));
  }
}
