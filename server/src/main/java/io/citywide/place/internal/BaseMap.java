package io.citywide.place.internal;

import io.citywide.place.BaseFeatures;
import io.citywide.place.BaseLayerReplaced;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.ProblemException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.WKBWriter;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The base map in the tables {@code place_layer} and {@code place_feature}; the module map draws it. */
@Component
public class BaseMap implements BaseFeatures {

  /** Rows that a cursor brings at once, and that an insert takes. */
  private static final int ROWS = 1_000;

  private static final TypeReference<Map<String, Object>> ATTRIBUTES = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JdbcTemplate rows;
  private final JsonMapper json;
  private final ApplicationEventPublisher events;

  BaseMap(JdbcClient jdbc, JdbcTemplate rows, JsonMapper json, ApplicationEventPublisher events) {
    this.jdbc = jdbc;
    this.rows = rows;
    this.json = json;
    this.events = events;
  }

  @Override
  @Transactional(readOnly = true)
  public List<Layer> layers() {
    return jdbc.sql("SELECT layer, min_zoom, features, etag, attribution FROM place_layer ORDER BY layer")
        .query((row, n) -> new Layer(row.getString("layer"), row.getDouble("min_zoom"), row.getInt("features"), row.getString("etag"), row.getString("attribution")))
        .list();
  }

  @Override
  @Transactional(readOnly = true)
  public String edition() {
    return jdbc.sql("SELECT coalesce(md5(string_agg(layer || etag || changed_at::text, ' ' ORDER BY layer)), '') FROM place_layer").query(String.class).single();
  }

  /** ETag of a layer; empty for an unknown one. */
  @Transactional(readOnly = true)
  public Optional<String> findEtag(String layer) {
    return jdbc.sql("SELECT etag FROM place_layer WHERE layer = :layer").param("layer", layer).query(String.class).optional();
  }

  @Override
  @Transactional(readOnly = true)
  public void read(String layer, Consumer<Feature> each) {
    // A cursor of PostgreSQL, which holds inside a transaction only.
    rows.query(connection -> {
      var statement = connection.prepareStatement("SELECT id, name, kind, geometry, attributes FROM place_feature WHERE layer = ? ORDER BY id");
      statement.setFetchSize(ROWS);
      statement.setString(1, layer);
      return statement;
    }, row -> {
      each.accept(feature(row));
    });
  }

  @Override
  @Transactional(readOnly = true)
  public List<OfLayer> list(Collection<Long> ids) {
    return jdbc.sql("SELECT id, layer, name, kind, geometry, attributes FROM place_feature WHERE id = ANY (:ids) ORDER BY id").param("ids", ids.toArray(Long[]::new))
        .query((row, n) -> new OfLayer(row.getString("layer"), feature(row))).list();
  }

  @Override
  @Transactional(readOnly = true)
  public List<Feature> list(String layer, long after, int limit) {
    return jdbc.sql("SELECT id, name, kind, geometry, attributes FROM place_feature WHERE layer = :layer AND id > :after ORDER BY id LIMIT :limit")
        .param("layer", layer).param("after", after).param("limit", limit).query((row, n) -> feature(row)).list();
  }

  private Feature feature(ResultSet row) throws SQLException {
    return new Feature(row.getLong("id"), row.getString("name"), row.getString("kind"), AreaStore.geometry(row.getBytes("geometry")),
        json.readValue(row.getString("attributes"), ATTRIBUTES));
  }

  @Override
  @Transactional(readOnly = true)
  public void readNames(Consumer<Named> each) {
    rows.query(connection -> {
      var statement = connection.prepareStatement(
          """
          SELECT layer, name, attributes ->> 'nameEn' AS name_en, attributes ->> 'address' AS address, lon, lat
          FROM place_feature WHERE name IS NOT NULL OR attributes ?? 'address' ORDER BY layer, name, id
          """);
      statement.setFetchSize(ROWS);
      return statement;
    }, row -> {
      each.accept(new Named(row.getString("layer"), row.getString("name"), row.getString("name_en"), row.getString("address"), row.getDouble("lon"), row.getDouble("lat")));
    });
  }

  /** Writes a layer as GeoJSON while it is read. */
  @Transactional(readOnly = true)
  public void write(String layer, OutputStream out) {
    FeatureWriter.write(out, writer -> read(layer, f -> writer.add(f.geometry(), f.attributes())));
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
    List<Feature> features = read(body, system);
    Replacement replacement = replace(Map.of(layer, minZoom), null);
    features.forEach(f -> replacement.add(layer, f));
    return replacement.finish().getFirst();
  }

  @Override
  @Transactional(propagation = Propagation.MANDATORY)
  public Replacement replace(Map<String, Double> minZooms, String attribution) {
    minZooms.forEach(BaseMap::check);
    return new Writing(minZooms, attribution);
  }

  private static void check(String layer, double minZoom) {
    if (!layer.matches("[a-z][a-z-]{1,29}")) {
      throw new ProblemException(PlaceProblem.INVALID_LAYER, "a layer's name has 2 to 30 of a-z and -, was '" + layer + "'", Map.of("field", "layer"));
    }
    if (!(minZoom >= 0 && minZoom <= 22)) {
      throw new ProblemException(PlaceProblem.INVALID_LAYER, "minZoom must be 0..22, was " + minZoom, Map.of("field", "minZoom"));
    }
  }

  private final class Writing implements Replacement {

    private final WKBWriter wkb = new WKBWriter();
    private final Map<String, MessageDigest> digests = new TreeMap<>();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final List<Object[]> waiting = new ArrayList<>(ROWS);

    Writing(Map<String, Double> minZooms, String attribution) {
      minZooms.forEach((layer, minZoom) -> {
        jdbc.sql(
                """
                INSERT INTO place_layer (layer, min_zoom, features, etag, attribution) VALUES (:layer, :zoom, 0, '', :attribution)
                ON CONFLICT (layer) DO UPDATE SET min_zoom = excluded.min_zoom, attribution = excluded.attribution, changed_at = now()
                """)
            .param("layer", layer).param("zoom", minZoom).param("attribution", attribution).update();
        jdbc.sql("DELETE FROM place_feature WHERE layer = :layer").param("layer", layer).update();
        digests.put(layer, sha256());
        counts.put(layer, 0);
      });
    }

    @Override
    public void add(String layer, Feature feature) {
      Coordinate at = feature.geometry().getDimension() == 1 ? middle(feature.geometry()) : feature.geometry().getInteriorPoint().getCoordinate();
      byte[] shape = wkb.write(feature.geometry());
      String attributes = json.writeValueAsString(feature.attributes());
      MessageDigest digest = digests.get(layer);
      digest.update(shape);
      digest.update(attributes.getBytes(StandardCharsets.UTF_8));
      counts.merge(layer, 1, Integer::sum);
      waiting.add(new Object[] {layer, feature.name(), feature.kind(), at.x, at.y, shape, attributes});
      if (waiting.size() == ROWS) {
        flush();
      }
    }

    private void flush() {
      rows.batchUpdate("INSERT INTO place_feature (layer, name, kind, lon, lat, geometry, attributes) VALUES (?, ?, ?, ?, ?, ?, ?::jsonb)", waiting);
      waiting.clear();
    }

    @Override
    public List<Layer> finish() {
      flush();
      Map<String, String> etags = new LinkedHashMap<>();
      digests.forEach((layer, digest) -> {
        String etag = "\"" + HexFormat.of().formatHex(digest.digest()).substring(0, 32) + "\"";
        etags.put(layer, etag);
        jdbc.sql("UPDATE place_layer SET features = :count, etag = :etag WHERE layer = :layer")
            .param("count", counts.get(layer)).param("etag", etag).param("layer", layer).update();
      });
      etags.forEach((layer, etag) -> events.publishEvent(new BaseLayerReplaced(layer, etag)));
      return layers().stream().filter(l -> etags.containsKey(l.layer())).toList();
    }
  }

  private static Coordinate middle(Geometry line) {
    var points = line.getCoordinates();
    return points[points.length / 2];
  }

  private List<Feature> read(JsonNode body, CoordinateSystem system) {
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
        features.add(new Feature(0, text(properties, "name"), text(properties, "kind"), geometry,
            properties.isObject() ? json.convertValue(properties, ATTRIBUTES) : Map.of()));
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

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
