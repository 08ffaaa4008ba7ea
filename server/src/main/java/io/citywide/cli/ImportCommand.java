package io.citywide.cli;

import io.citywide.cli.imports.CityApi;
import io.citywide.cli.imports.ComponentImport;
import io.citywide.cli.imports.Mapping;
import io.citywide.cli.imports.PunctualityComparison;
import io.citywide.cli.imports.ReportImport;
import io.citywide.identity.OperatorKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings files into the city. */
@Command(name = "import", description = "Imports files: reports, components, a base map.", mixinStandardHelpOptions = true,
    subcommands = {ImportCommand.Reports.class, ImportCommand.Components.class, ImportBasemapCommand.class})
final class ImportCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** A file, a mapping and a server: what every import by mapping needs. */
  abstract static class ByMapping implements Callable<Integer> {

    @Option(names = "--mapping", required = true, paramLabel = "M.yaml", description = "What the columns mean; see docs/import.md.")
    Path mapping;

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
    ByMapping(String permission) {
      this.permission = permission;
    }

    abstract Path file();

    abstract Mapping plan() throws Mapping.Invalid;

    abstract void run(Mapping plan, CityApi api, Path bad, boolean silent) throws IOException, InterruptedException, Mapping.Invalid;

    @Override
    public Integer call() throws Exception {
      if (!Files.isReadable(file())) {
        System.err.println("error: there is no file " + file());
        return 2;
      }
      try {
        Mapping plan = plan();
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

    private int onDataFolder(Mapping plan) throws Exception {
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

    private int run(Mapping plan, CityApi api) throws IOException, InterruptedException, Mapping.Invalid {
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
