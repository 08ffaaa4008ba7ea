package io.citywide.cli;

import io.citywide.cli.imports.BaseMapUpload;
import io.citywide.cli.imports.CityApi;
import io.citywide.identity.OperatorKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code import basemap}: a file of OpenStreetMap becomes the base map. */
@Command(name = "basemap", mixinStandardHelpOptions = true,
    description = "Replaces the base map by an extract of OpenStreetMap: roads, water, green, railways, buildings and places, as vector tiles.")
final class ImportBasemapCommand implements Callable<Integer> {

  @Parameters(paramLabel = "FILE", description = "OpenStreetMap XML (.osm, .osm.gz) or PBF (.osm.pbf); see docs/basemap.md.")
  Path file;

  @Option(names = "--url", paramLabel = "URL", description = "A running server; its API key is read from CITYWIDE_API_KEY.")
  URI url;

  @Option(names = "--data", paramLabel = "DIR", defaultValue = "data",
      description = "Data folder of a server on this machine, running or not (default: ${DEFAULT-VALUE}).")
  Path data;

  @Option(names = "--quiet", description = "No progress.")
  boolean quiet;

  @Override
  public Integer call() throws Exception {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      System.err.println("error: there is no file " + file);
      return 2;
    }
    try {
      return url != null ? run(url, keyFromEnvironment()) : onDataFolder();
    } catch (IOException e) {
      progress("");
      System.err.println("error: " + e.getMessage());
      return 1;
    }
  }

  private int onDataFolder() throws Exception {
    RunningAddress running = RunningAddress.find(data);
    if (running != null) {
      return run(running.url(), operatorKey());
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
      return run(URI.create(server.address()), operatorKey());
    } finally {
      server.close();
    }
  }

  private int run(URI address, String key) throws IOException, InterruptedException {
    String outcome = new BaseMapUpload(address, key, this::progress).run(file);
    progress("");
    System.out.println(outcome);
    return 0;
  }

  /** One line that is written over; on a terminal only. */
  private void progress(String line) {
    if (!quiet && System.console() != null) {
      System.err.printf("\r%-60s%s", line, line.isEmpty() ? "\r" : "");
      System.err.flush();
    }
  }

  private String operatorKey() throws IOException {
    return OperatorKey.find(data).orElseThrow(() -> new IOException("the server of " + data + " has left no operator key; start it again"));
  }

  private static String keyFromEnvironment() throws IOException {
    String key = System.getenv("CITYWIDE_API_KEY");
    if (key == null || key.isBlank()) {
      throw new IOException("--url needs an API key with PLACE_EDIT in the environment variable CITYWIDE_API_KEY");
    }
    return key.strip();
  }
}
