package io.citywide.map.internal.base;

import io.citywide.grid.GridBox;
import io.citywide.identity.AccessLog;
import io.citywide.map.MapProblem;
import io.citywide.map.internal.base.osm.OsmFault;
import io.citywide.map.internal.base.osm.OsmReader;
import io.citywide.place.BaseFeatures;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Replaces the base map by a file of OpenStreetMap: all of it in one transaction, or nothing. */
@Component
public class BaseImport {

  /** Layers of the base map and the zoom from which they are worth showing; those that a file lacks become empty. */
  private static final Map<String, Double> LAYERS = Map.of("water", 0.0, "green", 0.0, "roads", 0.0, "rails", 8.0, "buildings", 13.0, "landmarks", 4.0);

  private static final String ATTRIBUTION = "© OpenStreetMap contributors";

  /** Of a number that nothing else locks. */
  private static final long LOCK = 0x62617365_6D6170L;

  /**
   * How it went.
   *
   * @param features by layer
   * @param incomplete lines that lack some of their nodes, drawn without them
   * @param broken areas whose outline does not close, left out
   * @param inCity whether any of it lies in the city's bounds; {@code null} while there are no areas
   */
  public record Imported(Map<String, Integer> features, long nodes, long ways, long relations, long incomplete, long broken, Boolean inCity) {}

  private final BaseFeatures base;
  private final Places places;
  private final JdbcClient jdbc;
  private final AccessLog access;
  private final Path work;

  BaseImport(BaseFeatures base, Places places, JdbcClient jdbc, AccessLog access, ServerSettings server) {
    this.base = base;
    this.places = places;
    this.jdbc = jdbc;
    this.access = access;
    this.work = server.data().resolve("work");
  }

  /** Folder for the file while it comes in. */
  public Path work() throws IOException {
    return Files.createDirectories(work);
  }

  /** @throws ProblemException {@code map.unreadable-osm} where the first bytes are not those of such a file */
  public void check(Path file) throws IOException {
    try {
      OsmReader.check(file);
    } catch (OsmFault fault) {
      throw new ProblemException(MapProblem.UNREADABLE_OSM, fault.getMessage());
    }
  }

  /**
   * Takes the file over.
   *
   * @param progress takes what is being done and the bytes of the file read so far
   * @throws ProblemException {@code map.unreadable-osm} with the place of the fault, {@code map.import-running}; nothing is changed then
   */
  @Transactional
  public Imported replace(Path file, ObjLongConsumer<String> progress) {
    if (!jdbc.sql("SELECT pg_try_advisory_xact_lock(:lock)").param("lock", LOCK).query(Boolean.class).single()) {
      throw new ProblemException(MapProblem.IMPORT_RUNNING, "another import of the base map is under way; come again when it is done").zh("另一次底图导入正在进行，请待其完成后重试");
    }
    GridBox city = places.bounds().orElse(null);
    boolean[] inCity = {false};
    BaseFeatures.Replacement replacement = base.replace(LAYERS, ATTRIBUTION);
    Map<String, Integer> counts = new TreeMap<>();
    OsmReader.Count read;
    try {
      read = OsmReader.read(file, work(), (layer, feature) -> {
        replacement.add(layer, feature);
        counts.merge(layer, 1, Integer::sum);
        if (city != null && !inCity[0]) {
          var at = feature.geometry().getCoordinate();
          inCity[0] = at.x >= city.west() && at.x <= city.east() && at.y >= city.south() && at.y <= city.north();
        }
      }, progress);
    } catch (OsmFault fault) {
      throw new ProblemException(MapProblem.UNREADABLE_OSM, fault.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (counts.isEmpty()) {
      throw new ProblemException(MapProblem.UNREADABLE_OSM, "the file holds neither roads nor water, green, railways, buildings or places: " + read.nodes + " nodes, "
          + read.ways + " ways and " + read.relations + " relations were read").zh("文件中没有道路、水系、绿地、铁路、建筑或地名，底图未改变");
    }
    progress.accept("cutting tiles", 0);
    replacement.finish();
    access.record("basemap.imported", "basemap", "done", counts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new)));
    return new Imported(counts, read.nodes, read.ways, read.relations, read.incomplete, read.broken, city == null ? null : inCity[0]);
  }
}
