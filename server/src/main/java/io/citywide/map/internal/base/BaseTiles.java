package io.citywide.map.internal.base;

import io.citywide.identity.Viewer;
import io.citywide.place.BaseFeatures;
import io.citywide.place.BaseLayerReplaced;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.locationtech.jts.geom.Geometry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The base map as vector tiles of zoom 0 to {@value TileCutter#MAX_ZOOM}, cut anew in the transaction that replaces a layer:
 * whoever sees the features sees their tiles. Why they are prepared and not made when asked for: docs/decisions/0012-base-map-tiles.md.
 */
@Component
public class BaseTiles {

  /** What the map needs to know before it asks for tiles. {@code attributions} without repetition. */
  public record Edition(String revision, List<String> layers, List<String> attributions) {}

  private static final Logger log = LoggerFactory.getLogger(BaseTiles.class);

  /** Raised when tiles are cut otherwise, so that a new version cuts those of its predecessor anew. */
  private static final String CUT = "1";

  /** Bottom first. The map's own order; other layers follow. */
  private static final List<String> ORDER = List.of("green", "water", "rail", "road", "building", "place");

  /** Of a number that nothing else locks. */
  private static final long LOCK = 0x62617365_74696CL;

  private final JdbcClient jdbc;
  private final JdbcTemplate rows;
  private final BaseFeatures features;
  private final TransactionTemplate transaction;
  private final Path work;

  BaseTiles(JdbcClient jdbc, JdbcTemplate rows, BaseFeatures features, TransactionTemplate transaction, ServerSettings server) {
    this.jdbc = jdbc;
    this.rows = rows;
    this.features = features;
    this.transaction = transaction;
    this.work = server.data().resolve("work");
  }

  /** The tile; empty where nothing is drawn. */
  @Transactional(readOnly = true)
  public Optional<byte[]> find(int zoom, int x, int y) {
    List<byte[]> layers = jdbc.sql("SELECT body FROM map_base_tile WHERE zoom = :zoom AND x = :x AND y = :y ORDER BY layer")
        .param("zoom", zoom).param("x", x).param("y", y).query((row, n) -> row.getBytes("body")).list();
    if (layers.isEmpty()) {
      return Optional.empty();
    }
    var tile = new ByteArrayOutputStream();
    layers.forEach(tile::writeBytes);
    return Optional.of(tile.toByteArray());
  }

  @Transactional(readOnly = true)
  public Edition edition() {
    Map<String, String> etags = new LinkedHashMap<>();
    jdbc.sql("SELECT layer, etag FROM map_base_layer ORDER BY layer").query(row -> {
      etags.put(row.getString("layer"), row.getString("etag"));
    });
    return new Edition(revision(etags), etags.keySet().stream().map(DrawnAs::tileLayer)
        .sorted(java.util.Comparator.comparingInt((String l) -> ORDER.indexOf(l) < 0 ? ORDER.size() : ORDER.indexOf(l)).thenComparing(l -> l)).toList(),
        features.layers().stream().map(BaseFeatures.Layer::attribution).filter(Objects::nonNull).distinct().toList());
  }

  private static String revision(Map<String, String> etags) {
    var sum = new CRC32C();
    sum.update(etags.entrySet().stream().map(Object::toString).collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8));
    return etags.isEmpty() ? "none" : Long.toHexString(sum.getValue() | 1L << 32).substring(1);
  }

  @EventListener
  void replaced(BaseLayerReplaced layer) {
    features.layers().stream().filter(l -> l.layer().equals(layer.layer())).findFirst().ifPresent(this::cut);
  }

  /** Tiles of an older version, and of layers from before there were tiles. */
  @EventListener(ApplicationReadyEvent.class)
  void cutWhatIsMissing() {
    Thread.ofVirtual().name("base-tiles").start(() -> Viewer.runAs(Viewer.system("base map"), () -> {
      try {
        for (BaseFeatures.Layer layer : features.layers()) {
          transaction.executeWithoutResult(status -> {
            // Of several servers one cuts; the others find the work done.
            jdbc.sql("SELECT pg_advisory_xact_lock(:lock)").param("lock", LOCK).query(rs -> { });
            String made = jdbc.sql("SELECT etag FROM map_base_layer WHERE layer = :layer").param("layer", layer.layer()).query(String.class).optional().orElse("");
            if (!made.equals(etag(layer))) {
              log.info("cutting the tiles of the base map's layer {}", layer.layer());
              cut(layer);
            }
          });
        }
      } catch (RuntimeException e) {
        log.error("the tiles of the base map could not be cut; they are missing until the next start", e);
      }
    }));
  }

  private static String etag(BaseFeatures.Layer layer) {
    return CUT + layer.etag() + layer.minZoom();
  }

  private void cut(BaseFeatures.Layer layer) {
    String tileLayer = DrawnAs.tileLayer(layer.layer());
    features.layers().stream().map(BaseFeatures.Layer::layer).filter(l -> !l.equals(layer.layer()) && DrawnAs.tileLayer(l).equals(tileLayer)).findFirst().ifPresent(other -> {
      throw new ProblemException(PlaceProblem.INVALID_LAYER, "'" + layer.layer() + "' and '" + other + "' would both be drawn as '" + tileLayer + "'; use one name",
          Map.of("field", "layer")).zh("图层“" + layer.layer() + "”与“" + other + "”在地图上同名，请只用其中一个名称");
    });
    jdbc.sql("DELETE FROM map_base_layer WHERE layer = :layer").param("layer", layer.layer()).update();
    jdbc.sql("INSERT INTO map_base_layer (layer, etag, tiles) VALUES (:layer, :etag, 0)").param("layer", layer.layer()).param("etag", etag(layer)).update();
    try {
      Files.createDirectories(work);
      try (TilePieces pieces = new TilePieces(work)) {
        features.read(layer.layer(), feature -> cut(tileLayer, layer.minZoom(), feature, pieces));
        int tiles = write(layer.layer(), tileLayer, pieces);
        jdbc.sql("UPDATE map_base_layer SET tiles = :tiles WHERE layer = :layer").param("tiles", tiles).param("layer", layer.layer()).update();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void cut(String tileLayer, double floor, BaseFeatures.Feature feature, TilePieces pieces) {
    DrawnAs drawn = DrawnAs.of(tileLayer, floor, feature);
    Geometry world = TileCutter.project(feature.geometry());
    double size = world.getDimension() == 2 ? world.getArea() : world.getLength();
    Map<String, Object> unnamed = new LinkedHashMap<>(drawn.tags());
    unnamed.remove("name");
    unnamed.remove("nameEn");
    for (int zoom = drawn.minZoom(); zoom <= TileCutter.MAX_ZOOM; zoom++) {
      int z = zoom;
      boolean named = zoom >= DrawnAs.NAMES_FROM || tileLayer.equals("place");
      TileCutter.cut(world, zoom, (x, y, shape) -> {
        try {
          pieces.add(new TilePieces.Piece(z, x, y, drawn.order(), size, new TileLayer.Drawn(feature.id(), shape, named ? drawn.tags() : unnamed)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }

  private int write(String layer, String tileLayer, TilePieces pieces) throws IOException {
    int[] count = {0};
    List<Object[]> waiting = new ArrayList<>();
    pieces.forEachTile((zoom, x, y, inTile) -> {
      waiting.add(new Object[] {zoom, x, y, layer, TileAssembly.write(tileLayer, zoom, inTile)});
      count[0]++;
      if (waiting.size() == 100) {
        flush(waiting);
      }
    });
    flush(waiting);
    return count[0];
  }

  private void flush(List<Object[]> waiting) {
    rows.batchUpdate("INSERT INTO map_base_tile (zoom, x, y, layer, body) VALUES (?, ?, ?, ?, ?)", waiting);
    waiting.clear();
  }
}
