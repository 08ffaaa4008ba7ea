package io.citywide.cli;

import io.citywide.grid.GridBox;
import io.citywide.grid.GridCell;
import io.citywide.grid.GridCode;
import io.citywide.grid.GridCovering;
import io.citywide.grid.GridLines;
import io.citywide.grid.GridRange;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code citywide grid}: BeiDou grid location codes (GB/T 39409-2020) on the command line. Bad input is one line
 * {@code error: …} and exit code 2; in a stream it is such a line in the place of the answer.
 */
@Command(name = "grid", description = "BeiDou grid location codes, GB/T 39409-2020.",
    subcommands = {GridCommand.Encode.class, GridCommand.Decode.class, GridCommand.Cover.class})
public final class GridCommand implements Runnable {
  private static final int BAD_INPUT = CommandLine.ExitCode.USAGE;

  @Spec private CommandSpec spec;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
  private boolean help;

  /** Shows what there is. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Lets -74.006 be a longitude; other words with a dash stay unknown options. */
  static final class NegativeNumbers implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      spec.parser().unmatchedOptionsArePositionalParams(true);
      return spec;
    }
  }

  @Command(name = "encode", modelTransformer = NegativeNumbers.class,
      description = {"Print the code of a position.",
          "With '-' read LON LAT a line from standard input and answer each on its line."})
  static final class Encode implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = "--level", paramLabel = "N", defaultValue = "10",
        description = "1 (6°×4°) to 10 (1.5 cm); default ${DEFAULT-VALUE}.")
    private int level;

    @Parameters(paramLabel = "LON LAT", arity = "0..*",
        description = "Decimal degrees, CGCS2000 or WGS-84, east and north positive; or '-'.")
    private List<String> position = List.of();

    @Override
    public Integer call() throws IOException {
      return answer(spec, out -> {
        if (position.equals(List.of("-"))) {
          stream(raw -> GridLines.encode(System.in, raw, level));
          return;
        }
        if (position.size() != 2) {
          throw new IllegalArgumentException("expected LON LAT, or - for standard input, found "
              + (position.isEmpty() ? "nothing" : String.join(" ", position)));
        }
        BigDecimal lon = decimal("longitude", position.get(0));
        BigDecimal lat = decimal("latitude", position.get(1));
        out.println(GridCode.of(lon, lat, level).code());
      });
    }

    private static BigDecimal decimal(String name, String word) {
      try {
        return new BigDecimal(word);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(name + " must be a number in degrees, was '" + word + "'", e);
      }
    }
  }

  @Command(name = "decode", description = {"Print the cell of a code.",
      "With '-' read a code a line from standard input and answer each with the LON LAT of its centre."})
  static final class Decode implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Parameters(paramLabel = "CODE", description = "A code of 4 to 20 characters, or '-'.")
    private String code;

    @Override
    public Integer call() throws IOException {
      return answer(spec, out -> {
        if (code.equals("-")) {
          stream(raw -> GridLines.decode(System.in, raw));
          return;
        }
        GridCode parsed = GridCode.parse(code);
        GridBox box = parsed.bounds();
        out.println("west " + degrees(box.west()));
        out.println("south " + degrees(box.south()));
        out.println("east " + degrees(box.east()));
        out.println("north " + degrees(box.north()));
        out.println("centre " + degrees(parsed.centerLon()) + " " + degrees(parsed.centerLat()));
        out.println("level " + parsed.level());
        parsed.cell().ifPresent(cell -> out.println("key " + cell.key()));
      });
    }

    private static String degrees(double value) {
      BigDecimal rounded = BigDecimal.valueOf(value).setScale(10, RoundingMode.HALF_UP);
      return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
  }

  @Command(name = "cover", description = {"Print the key ranges that hold every point of the polygons of a GeoJSON file.",
      "A range a line: its least and its greatest key, for WHERE grid_key BETWEEN low AND high."})
  static final class Cover implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    @Option(names = "--level", paramLabel = "N", defaultValue = "7",
        description = "Finest level, 1 to 9; default ${DEFAULT-VALUE} (7.7 m). A low --max may stop earlier.")
    private int level;

    @Option(names = "--max", paramLabel = "N", defaultValue = "256",
        description = "Most ranges, 1 to 100000; default ${DEFAULT-VALUE}.")
    private int max;

    @Option(names = "--codes", description = "Print the codes of the cells instead, one a line.")
    private boolean codes;

    @Parameters(paramLabel = "GEOJSON", description = "A file, or '-' for standard input.")
    private String file;

    @Override
    public Integer call() throws IOException {
      return answer(spec, out -> {
        byte[] json = read();
        GridCovering covering = GridCovering.ofMultiPolygon(GeoJsonPolygons.read(json), level, max);
        if (codes) {
          for (GridCell cell : covering.cells()) out.println(cell.code());
        } else {
          for (GridRange range : covering.ranges()) out.println(range.low() + " " + range.high());
        }
      });
    }

    private byte[] read() throws IOException {
      if (file.equals("-")) return System.in.readAllBytes();
      Path path = Path.of(file);
      if (Files.isDirectory(path)) throw new IllegalArgumentException(file + " is a folder, not a GeoJSON file");
      try {
        return Files.readAllBytes(path);
      } catch (NoSuchFileException e) {
        throw new IllegalArgumentException("there is no file " + file, e);
      }
    }
  }

  private interface Work {
    void run(PrintWriter out) throws IOException;
  }

  private interface Streaming {
    void run(OutputStream raw) throws IOException;
  }

  private static int answer(CommandSpec spec, Work work) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try {
      work.run(out);
      return CommandLine.ExitCode.OK;
    } catch (IllegalArgumentException e) {
      spec.commandLine().getErr().println("error: " + e.getMessage());
      return BAD_INPUT;
    } finally {
      out.flush();
    }
  }

  /** Writes past System.out, which would swallow that the reader has gone and encode for nobody. */
  private static void stream(Streaming work) throws IOException {
    try {
      work.run(new FileOutputStream(FileDescriptor.out));
    } catch (IOException e) {
      // "… | head" has read enough: that is no fault.
      if (!"Broken pipe".equals(e.getMessage())) throw e;
    }
  }
}
