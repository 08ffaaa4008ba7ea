package io.citywide.cli;

import io.citywide.cli.imports.CityApi;
import io.citywide.cli.imports.ComponentImport;
import io.citywide.cli.imports.DeviceImport;
import io.citywide.cli.imports.Mapping;
import io.citywide.cli.imports.ObservationImport;
import io.citywide.cli.imports.PunctualityComparison;
import io.citywide.cli.imports.RegisterImport;
import io.citywide.cli.imports.RegisterImport.Register;
import io.citywide.cli.imports.RegisterMapping;
import io.citywide.cli.imports.ReportImport;
import io.citywide.identity.OperatorKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings files into the city. */
@Command(name = "import", description = "Imports files: reports, components, buildings, devices, observations, a base map.", mixinStandardHelpOptions = true,
    subcommands = {ImportCommand.Reports.class, ImportCommand.Components.class, ImportCommand.Buildings.class, ImportCommand.Rooms.class,
    ImportCommand.Enterprises.class, ImportCommand.Devices.class, ImportCommand.Observations.class, ImportBasemapCommand.class})
final class ImportCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** A file and a server: what every import needs. */
  abstract static class OfFile<M> implements Callable<Integer> {

    @Option(names = "--url", paramLabel = "URL", description = "A running server; its API key is read from CITYWIDE_API_KEY.")
    URI url;

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "data",
        description = "Data folder of a server on this machine, running or not (default: ${DEFAULT-VALUE}).")
    Path data;

    @Option(names = "--rejects", paramLabel = "FILE", description = "Where bad rows go with their reasons (default: FILE.rejected.csv).")
    Path rejects;

    @Option(names = "--quiet", description = "No progress bar.")
    boolean quiet;

    private final String permission;

    /** @param permission that an API key needs */
    OfFile(String permission) {
      this.permission = permission;
    }

    abstract Path file();

    abstract M plan() throws Mapping.Invalid;

    abstract void run(M plan, CityApi api, Path bad, boolean silent) throws IOException, InterruptedException, Mapping.Invalid;

    @Override
    public Integer call() throws Exception {
      if (!Files.isReadable(file())) {
        System.err.println("error: there is no file " + file());
        return 2;
      }
      try {
        M plan = plan();
        return url != null ? run(plan, new CityApi(url, keyFromEnvironment())) : onDataFolder(plan);
      } catch (Mapping.Invalid e) {
        System.err.println("error: " + e.getMessage());
        return 2;
      } catch (CityApi.Refused e) {
        System.err.println("error: " + e.getMessage());
        e.problem().path("faults").forEach(fault -> System.err.println("  " + fault));
        return 1;
      } catch (IOException e) {
        System.err.println("error: " + e.getMessage());
        return 1;
      }
    }

    private int onDataFolder(M plan) throws Exception {
      RunningAddress running = RunningAddress.find(data);
      if (running != null) {
        return run(plan, new CityApi(running.url(), operatorKey()));
      }
      ServeCommand serve = new ServeCommand();
      serve.data = data;
      serve.port = 0;
      RunningServer server = serve.start(Map.of());
      if (server == null) {
        return 1;
      }
      try {
        server.printFirstPasswords();
        return run(plan, new CityApi(URI.create(server.address()), operatorKey()));
      } finally {
        server.close();
      }
    }

    private int run(M plan, CityApi api) throws IOException, InterruptedException, Mapping.Invalid {
      run(plan, api, rejects != null ? rejects : Path.of(file() + ".rejected.csv"), quiet || System.console() == null);
      return 0;
    }

    private String operatorKey() throws IOException {
      return OperatorKey.find(data).orElseThrow(() -> new IOException("the server of " + data + " has left no operator key; start it again"));
    }

    private String keyFromEnvironment() throws IOException {
      String key = System.getenv("CITYWIDE_API_KEY");
      if (key == null || key.isBlank()) {
        throw new IOException("--url needs an API key with " + permission + " in the environment variable CITYWIDE_API_KEY");
      }
      return key.strip();
    }
  }

  /** An import that cannot do without a mapping. */
  abstract static class ByMapping extends OfFile<Mapping> {

    @Option(names = "--mapping", required = true, paramLabel = "M.yaml", description = "What the columns mean; see docs/import.md.")
    Path mapping;

    ByMapping(String permission) {
      super(permission);
    }
  }

  /** A register of buildings or of what is in them. */
  abstract static class OfRegister extends OfFile<RegisterMapping> {

    @Option(names = "--mapping", paramLabel = "M.yaml", description = "What the columns mean where they do not bear the names of the fields; see docs/import.md.")
    Path mapping;

    private final Register register;

    OfRegister(Register register) {
      super("BUILDING_EDIT");
      this.register = register;
    }

    @Override
    RegisterMapping plan() throws Mapping.Invalid {
      return mapping == null ? RegisterMapping.PLAIN : RegisterMapping.read(mapping, register.fields());
    }

    @Override
    void run(RegisterMapping plan, CityApi api, Path bad, boolean silent) throws IOException, InterruptedException, Mapping.Invalid {
      System.out.println(new RegisterImport(api, register, plan, file(), bad, silent).run());
    }
  }

  /** {@code import buildings}. */
  @Command(name = "buildings", mixinStandardHelpOptions = true,
      description = "Imports buildings, one a row or line; what a file does not say stays. A second time it changes nothing.")
  static final class Buildings extends OfRegister {

    @Parameters(paramLabel = "FILE", description = "CSV with a header line, or NDJSON (.ndjson) with rooms, households, enterprises and outlines within.")
    Path file;

    Buildings() {
      super(Register.BUILDINGS);
    }

    @Override
    Path file() {
      return file;
    }
  }

  /** {@code import rooms}. */
  @Command(name = "rooms", mixinStandardHelpOptions = true,
      description = "Imports the rooms of buildings with their households: all those of a building take the place of what was known.")
  static final class Rooms extends OfRegister {

    @Parameters(paramLabel = "FILE", description = "CSV with a header line, a row for each room or household, sorted by building.")
    Path file;

    Rooms() {
      super(Register.ROOMS);
    }

    @Override
    Path file() {
      return file;
    }
  }

  /** {@code import enterprises}. */
  @Command(name = "enterprises", mixinStandardHelpOptions = true,
      description = "Imports the enterprises of buildings: all those of a building take the place of what was known.")
  static final class Enterprises extends OfRegister {

    @Parameters(paramLabel = "FILE", description = "CSV with a header line, a row for each enterprise, sorted by building.")
    Path file;

    Enterprises() {
      super(Register.ENTERPRISES);
    }

    @Override
    Path file() {
      return file;
    }
  }

  /** {@code import devices}. */
  @Command(name = "devices", mixinStandardHelpOptions = true, description = "Imports devices, one a row or line; what a file does not say stays. A second time it changes nothing.")
  static final class Devices extends OfFile<String> {

    @Parameters(paramLabel = "FILE", description = "CSV in UTF-8 with a header line, or NDJSON (.ndjson); docs/import.md names the fields.")
    Path file;

    Devices() {
      super("DEVICE_EDIT");
    }

    @Override
    Path file() {
      return file;
    }

    @Override
    String plan() {
      return "";
    }

    @Override
    void run(String plan, CityApi api, Path bad, boolean silent) throws IOException, InterruptedException {
      System.out.println(new DeviceImport(api, file, bad).run());
    }
  }

  /** {@code import observations}. */
  @Command(name = "observations", mixinStandardHelpOptions = true,
      description = "Imports a history of observations, a row for each moment; may be interrupted and run again, a value counts once.")
  static final class Observations extends OfFile<ObservationImport.Plan> {

    @Parameters(paramLabel = "FILE", description = "CSV with a header line; UTF-8 or GB18030 is recognised.")
    Path file;

    @Option(names = "--time", paramLabel = "COLUMN", defaultValue = "time", description = "Column of the moment (default: ${DEFAULT-VALUE}).")
    String time;

    @Option(names = "--time-format", paramLabel = "PATTERN", description = "Such as 'yyyy/MM/dd HH:mm', or s or ms since 1970 (default: ISO 8601).")
    String format;

    @Option(names = "--zone", paramLabel = "ZONE", defaultValue = "Asia/Shanghai", description = "Of moments that name none (default: ${DEFAULT-VALUE}).")
    String zone;

    @Option(names = "--device", paramLabel = "CODE", description = "The device that all rows are of.")
    String device;

    @Option(names = "--device-column", paramLabel = "COLUMN", description = "Column of the code of the device (default: device, unless --device is given).")
    String deviceColumn;

    @Option(names = "--value", paramLabel = "COLUMN=PROPERTY", description = "What a column measures; may be repeated (default: every other column bears the name of its property).")
    Map<String, String> values = new LinkedHashMap<>();

    @Option(names = "--separator", paramLabel = "CHARACTER", defaultValue = ",", description = "Between fields (default: ${DEFAULT-VALUE}).")
    char separator;

    Observations() {
      super("OBSERVATION_WRITE");
    }

    @Override
    Path file() {
      return file;
    }

    @Override
    ObservationImport.Plan plan() throws Mapping.Invalid {
      if (device != null && deviceColumn != null) {
        throw new Mapping.Invalid("--device and --device-column exclude one another");
      }
      try {
        if (format != null) {
          java.time.format.DateTimeFormatter.ofPattern(format);
        }
        return new ObservationImport.Plan(time, format, ZoneId.of(zone), device != null ? null : deviceColumn == null ? "device" : deviceColumn, device, values, separator, "auto");
      } catch (DateTimeException | IllegalArgumentException e) {
        throw new Mapping.Invalid("--zone or --time-format is not understood: " + e.getMessage());
      }
    }

    @Override
    void run(ObservationImport.Plan plan, CityApi api, Path bad, boolean silent) throws IOException, InterruptedException, Mapping.Invalid {
      System.out.println(new ObservationImport(api, plan, file, bad, silent).run());
    }
  }

  /** {@code import reports}. */
  @Command(name = "reports", mixinStandardHelpOptions = true,
      description = "Imports a CSV file of reports by a mapping in YAML; may be interrupted and run again.")
  static final class Reports extends ByMapping {

    @Parameters(paramLabel = "FILE", description = "CSV with a header line; UTF-8 or GB18030 is recognised.")
    Path file;

    Reports() {
      super("SIGNAL_IMPORT");
    }

    @Override
    Path file() {
      return file;
    }

    @Override
    Mapping plan() throws Mapping.Invalid {
      return Mapping.read(mapping);
    }

    @Override
    void run(Mapping plan, CityApi api, Path bad, boolean silent) throws IOException, InterruptedException, Mapping.Invalid {
      ReportImport.Outcome outcome = new ReportImport(api, plan, file, bad, silent).run();
      if (plan.compare() != null) {
        System.out.println(new PunctualityComparison(api, plan, file, Path.of(bad.toString().replace(".rejected.csv", "") + ".differences.csv")).run());
      }
      System.out.println(outcome);
    }
  }

  /** {@code import components}. */
  @Command(name = "components", mixinStandardHelpOptions = true,
      description = "Imports a register of components by a mapping in YAML: all good rows at once; a second time it changes nothing.")
  static final class Components extends ByMapping {

    @Parameters(paramLabel = "FILE", description = "CSV with a header line, GeoJSON (.geojson, one feature a line too) or GeoPackage (.gpkg).")
    Path file;

    @Option(names = "--kind", paramLabel = "ID", description = "Kind of every row that names none, such as gb47678.5-C01037; the identification code must agree.")
    String kind;

    @Option(names = "--trial", description = "Try everything, say what would happen, keep nothing.")
    boolean trial;

    Components() {
      super("PLACE_EDIT");
    }

    @Override
    Path file() {
      return file;
    }

    @Override
    Mapping plan() throws Mapping.Invalid {
      return Mapping.readForComponents(mapping);
    }

    @Override
    void run(Mapping plan, CityApi api, Path bad, boolean silent) throws IOException, InterruptedException, Mapping.Invalid {
      System.out.println(new ComponentImport(api, plan, file, bad, kind, trial, silent).run());
    }
  }
}
