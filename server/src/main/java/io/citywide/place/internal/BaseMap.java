package io.citywide.place.internal;

import io.citywide.place.CoordinateSystem;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.ProblemException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The base map: layers such as water, green, roads, buildings, each a FeatureCollection that is replaced as a whole. It
 * is written once as it will be served, compressed, with the hash of its content as ETag; the features themselves are
 * kept for searching names.
 */
@Component
public class BaseMap {

  /** A layer without its content. */
  public record Layer(String layer, double minZoom, int features, String etag) {}

  /** A layer as it is served. */
  public record Served(String etag, byte[] gzip) {}

  private record Feature(String name, String kind, Geometry geometry, JsonNode attributes) {}

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;

  BaseMap(JdbcClient jdbc, JdbcTemplate batches) {
    this.jdbc = jdbc;
    this.batches = batches;
  }

  @Transactional(readOnly = true)
  public List<Layer> list() {
    return jdbc.sql("SELECT layer, min_zoom, features, etag FROM place_layer ORDER BY layer")
        .query((row, n) -> new Layer(row.getString("layer"), row.getDouble("min_zoom"), row.getInt("features"), row.getString("etag")))
        .list();
  }

  /** ETag of a layer; empty for an unknown one. */
  @Transactional(readOnly = true)
  public Optional<String> findEtag(String layer) {
    return jdbc.sql("SELECT etag FROM place_layer WHERE layer = :layer").param("layer", layer).query(String.class).optional();
  }

  @Transactional(readOnly = true)
  public Optional<Served> find(String layer) {
    return jdbc.sql("SELECT etag, body_gzip FROM place_layer WHERE layer = :layer").param("layer", layer)
        .query((row, n) -> new Served(row.getString("etag"), row.getBytes("body_gzip"))).optional();
  }

  /**
   * Replaces a layer.
   *
   * @param layer 2 to 30 of {@code a-z -}
   * @param minZoom zoom from which it is worth showing, 0..22
   * @throws ProblemException {@code place.invalid-layer} with all faults; nothing is changed then
   */
  @Transactional
  public Layer replace(String layer, double minZoom, JsonNode body, CoordinateSystem system) {
    if (!layer.matches("[a-z][a-z-]{1,29}")) {
      throw new ProblemException(PlaceProblem.INVALID_LAYER, "a layer's name has 2 to 30 of a-z and -, was '" + layer + "'", Map.of("field", "layer"));
    }
    if (!(minZoom >= 0 && minZoom <= 22)) {
      throw new ProblemException(PlaceProblem.INVALID_LAYER, "minZoom must be 0..22, was " + minZoom, Map.of("field", "minZoom"));
    }
    List<Feature> features = read(body, system);
    byte[] plain = FeatureWriter.write(writer -> features.forEach(f -> writer.add(f.geometry, f.attributes)));
    String etag = "\"" + sha256(plain).substring(0, 32) + "\"";
    jdbc.sql(
            """
            INSERT INTO place_layer (layer, min_zoom, features, etag, body_gzip) VALUES (:layer, :zoom, :count, :etag, :body)
            ON CONFLICT (layer) DO UPDATE SET min_zoom = excluded.min_zoom, features = excluded.features, etag = excluded.etag,
                   body_gzip = excluded.body_gzip, changed_at = now()
            """)
        .param("layer", layer)
        .param("zoom", minZoom)
        .param("count", features.size())
        .param("etag", etag)
        .param("body", gzip(plain))
        .update();
    jdbc.sql("DELETE FROM place_feature WHERE layer = :layer").param("layer", layer).update();
    WKBWriter wkb = new WKBWriter();
    batches.batchUpdate(
        "INSERT INTO place_feature (layer, name, kind, lon, lat, geometry, attributes) VALUES (?, ?, ?, ?, ?, ?, ?::jsonb)",
        features, 1_000, (row, f) -> {
          var at = f.geometry.getDimension() == 1 ? middle(f.geometry) : f.geometry.getInteriorPoint().getCoordinate();
          row.setString(1, layer);
          row.setString(2, f.name);
          row.setString(3, f.kind);
          row.setDouble(4, at.x);
          row.setDouble(5, at.y);
          row.setBytes(6, wkb.write(f.geometry));
          row.setString(7, f.attributes.toString());
        });
    return new Layer(layer, minZoom, features.size(), etag);
  }

  private static org.locationtech.jts.geom.Coordinate middle(Geometry line) {
    var points = line.getCoordinates();
    return points[points.length / 2];
  }

  private static List<Feature> read(JsonNode body, CoordinateSystem system) {
    if (!"FeatureCollection".equals(body.path("type").asString("")) || !body.path("features").isArray()) {
      throw new ProblemException(PlaceProblem.UNREADABLE_GEOJSON, "a layer comes as a GeoJSON FeatureCollection with an array 'features'",
          Map.of("field", "type"));
    }
    List<Feature> features = new ArrayList<>();
    List<AreaFault> faults = new ArrayList<>();
    int index = 0;
    for (JsonNode feature : body.path("features")) {
      try {
        Geometry geometry = GeoJson.read(feature.get("geometry"), system);
        JsonNode properties = feature.path("properties");
        if (geometry == null || geometry.isEmpty()) {
          throw new GeoJson.Fault("a feature of the base map needs a geometry", null);
        }
        features.add(new Feature(text(properties, "name"), text(properties, "kind"), geometry,
            properties.isObject() ? properties : JsonNodeFactory.instance.objectNode()));
      } catch (GeoJson.Fault fault) {
        faults.add(new AreaFault(index, null, fault.getMessage(), fault.where()));
      }
      index++;
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(PlaceProblem.INVALID_LAYER, faults.size() + " fault(s), the first in feature " + faults.getFirst().feature()
          + ": " + faults.getFirst().fault(), Map.of("faults", faults.subList(0, Math.min(500, faults.size()))));
    }
    return features;
  }

  private static String text(JsonNode properties, String field) throws GeoJson.Fault {
    JsonNode value = properties.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    String text = value.asString("");
    if (text.length() > 200) {
      throw new GeoJson.Fault("property " + field + " must have at most 200 characters", null);
    }
    return text;
  }

  private static byte[] gzip(byte[] plain) {
    var out = new ByteArrayOutputStream(plain.length / 4);
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
