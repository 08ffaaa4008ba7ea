package io.citywide.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.grid.GridCell;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class GridCommandTest {
  private static final String NANJING = """
      {"type": "Polygon", "coordinates": [[[118.79, 32.05], [118.80, 32.05], [118.80, 32.06], [118.79, 32.05]]]}""";

  private record Result(int exit, String out, String err) {}

  @TempDir private Path folder;

  @Test
  void encodesAPositionAtLevel10UnlessToldOtherwise() {
    assertThat(run("grid", "encode", "118.796877", "32.060255")).isEqualTo(new Result(0, "N50I90123C9033051360\n", ""));
    assertThat(run("grid", "encode", "118.796877", "32.060255", "--level", "5")).isEqualTo(new Result(0, "N50I90123C9\n", ""));
  }

  @Test
  void negativeNumbersArePositionsNotOptions() {
    assertThat(run("grid", "encode", "-74.006", "40.7128").out()).isEqualTo("N18K412025B260321443\n");
    assertThat(run("grid", "encode", "--level=10", "-57.702155", "-31.396478").out()).isEqualTo("S21H764C31B375022200\n");
    assertThat(run("grid", "encode", "-.5", "-1", "--level", "1").out()).isEqualTo("S30A\n");
  }

  @Test
  void decodesACodeToItsCell() {
    assertThat(run("grid", "decode", "n50i90123c9")).isEqualTo(new Result(0, """
        west 118.7966666667
        south 32.06
        east 118.7977777778
        north 32.0611111111
        centre 118.7972222222 32.0605555556
        level 5
        key 1811081622108241925
        """, ""));
    assertThat(run("grid", "decode", "N31A").out()).startsWith("west 0\nsouth 0\neast 6\nnorth 4\n");
    assertThat(run("grid", "decode", "S30A0000000000000000").out()).contains("east 0\nnorth 0\n").doesNotContain("key");
  }

  @ParameterizedTest(name = "grid {0}")
  @CsvSource(delimiter = ';', value = {
    "encode 181 10; error: longitude must be -180..180 degrees, was 181",
    "encode 10 88; error: latitude must be between -88 and 88 degrees, exclusive, was 88 (polar",
    "encode 10; error: expected LON LAT, or - for standard input, found 10",
    "encode; error: expected LON LAT, or - for standard input, found nothing",
    "encode 1 2 3; error: expected LON LAT, or - for standard input, found 1 2 3",
    "encode 1 2 --levl 5; error: expected LON LAT, or - for standard input, found 1 2 --levl 5",
    "encode 1 two; error: latitude must be a number in degrees, was 'two'",
    "encode 1 2 --level 11; error: grid level must be 1..10, was 11",
    "encode 1 2 --level x; error: Invalid value for option '--level'",
    "encode - --level 0; error: grid level must be 1..10, was 0",
    "decode N50W; error: grid code 'N50W': position 4 (latitude band) must be A..V, was 'W'",
    "decode; error: Missing required parameter: 'CODE'",
    "cover nothing.geojson; error: there is no file nothing.geojson",
    "cover .; error: . is a folder",
    "frobnicate; error: Unmatched argument at index 1: 'frobnicate'"
  })
  void badInputIsOneLineAndExitCode2(String words, String message) {
    Result result = run(("grid " + words).split(" "));
    assertThat(result.err()).startsWith(message).hasLineCount(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.exit()).isEqualTo(2);
  }

  @Test
  void coversAPolygonByRangesUpToTheMaximum() throws IOException {
    Path file = Files.writeString(folder.resolve("a.geojson"), NANJING);
    Result result = run("grid", "cover", file.toString(), "--level", "6", "--max", "8");
    assertThat(result.exit()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines).hasSizeBetween(1, 8).allMatch(line -> line.matches("\\d+ \\d+"));
    long key = GridCell.of(118.799, 32.055, 9).key();
    assertThat(lines).anyMatch(line -> Long.parseLong(line.split(" ")[0]) <= key && key <= Long.parseLong(line.split(" ")[1]));

    List<String> codes = run("grid", "cover", file.toString(), "--level", "6", "--codes").out().lines().toList();
    assertThat(codes).isSorted().doesNotHaveDuplicates().anyMatch(code -> GridCell.parse(code).contains(new GridCell(key)));
  }

  @Test
  void coversFeaturesAndCollectionsAsTheirUnion() throws IOException {
    String other = NANJING.replace("118.", "119.");
    String text = """
        {"type": "FeatureCollection", "features": [
          {"type": "Feature", "properties": {}, "geometry": %s},
          {"type": "Feature", "properties": null, "geometry": null},
          {"type": "Feature", "properties": {}, "geometry":
            {"type": "MultiPolygon", "coordinates": [[[[1,1],[2,1],[2,2],[1,1]]]]}},
          {"type": "Feature", "properties": {}, "geometry": {"type": "GeometryCollection", "geometries": [%s]}}]}"""
        .formatted(NANJING, other);
    Path file = Files.writeString(folder.resolve("b.geojson"), text);
    List<String> codes = run("grid", "cover", file.toString(), "--level", "4", "--codes").out().lines().toList();
    for (double[] at : new double[][] {{118.799, 32.055}, {119.799, 32.055}, {1.5, 1.2}}) {
      GridCell point = GridCell.of(at[0], at[1], 9);
      assertThat(codes).anyMatch(code -> GridCell.parse(code).contains(point));
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
    "{\"type\": ; error: not JSON at line 1, column",
    "[]; error: $.type must be Polygon, MultiPolygon, GeometryCollection, Feature or FeatureCollection, was missing",
    "{\"type\":\"Point\",\"coordinates\":[1,2]}; error: $.type must be Polygon",
    "{\"type\":\"Feature\"}; error: $.geometry.type must be Polygon",
    "{\"type\":\"Feature\",\"geometry\":null}; error: the GeoJSON has no polygon",
    "{\"type\":\"FeatureCollection\",\"features\":[]}; error: the GeoJSON has no polygon",
    "{\"type\":\"Polygon\",\"coordinates\":7}; error: $.coordinates must be an array of rings, was 7",
    "{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[2,1],[1,1]]]}; error: $.coordinates[0] must have 4 or more positions, had 3",
    "{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[2,1],[2,\"2\"],[1,1]]]}; error: $.coordinates[0][2] must be [longitude, latitude], was [2,\"2\"]",
    "{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[2,1],[2,2],[1,2]]]}; error: $.coordinates[0] must end where it begins, began at [1,1] and ended at [1,2]",
    "{\"type\":\"Polygon\",\"coordinates\":[[[1,1],[181,1],[2,2],[1,1]]]}; error: $.coordinates[0][1]: longitude must be -180..180 degrees, was 181",
    "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[1,1],[2,89],[2,2],[1,1]]]]}; error: $.coordinates[0][0][1]: latitude must be between -88 and 88"
  })
  void aGeoJsonFaultIsNamedWithItsPlace(String json, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.geojson"), json);
    Result result = run("grid", "cover", file.toString());
    assertThat(result.err()).startsWith(message).hasLineCount(1);
    assertThat(result.exit()).isEqualTo(2);
  }

  @Test
  void streamsThroughAProcess() throws Exception {
    Process encode = start("grid", "encode", "-", "--level", "5");
    try {
      // The answer comes before the input ends.
      encode.outputWriter(StandardCharsets.UTF_8).append("118.796877 32.060255\n").flush();
      assertThat(encode.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("N50I90123C9");
      encode.outputWriter().append("x\r\n").close();
      assertThat(encode.inputReader().readLine()).startsWith("error: expected LON LAT");
      assertThat(encode.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(encode.exitValue()).isZero();
    } finally {
      encode.destroyForcibly();
    }
    Process decode = start("grid", "decode", "-");
    try {
      decode.outputWriter(StandardCharsets.UTF_8).append("N50I90123C9\n").close();
      assertThat(decode.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("118.797222222 32.060555556");
      assertThat(decode.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      decode.destroyForcibly();
    }
  }

  private static Process start(String... words) throws IOException {
    List<String> command = new java.util.ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", System.getProperty("java.class.path"),
        Citywide.class.getName()));
    command.addAll(List.of(words));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static Result run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Citywide.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exit = line.execute(words);
    return new Result(exit, out.toString().replace(System.lineSeparator(), "\n"), err.toString().replace(System.lineSeparator(), "\n"));
  }
}
