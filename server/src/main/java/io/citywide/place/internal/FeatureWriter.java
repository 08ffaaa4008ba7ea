package io.citywide.place.internal;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Geometry;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Writes a GeoJSON FeatureCollection (RFC 7946). */
public final class FeatureWriter {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonGenerator json;

  private FeatureWriter(JsonGenerator json) {
    this.json = json;
  }

  /** The collection whose features {@code content} adds, as UTF-8. */
  public static byte[] write(Consumer<FeatureWriter> content) {
    var out = new ByteArrayOutputStream(1 << 16);
    write(out, content);
    return out.toByteArray();
  }

  /** The same, written while it is made. */
  public static void write(OutputStream out, Consumer<FeatureWriter> content) {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringProperty("type", "FeatureCollection");
      json.writeName("features");
      json.writeStartArray();
      content.accept(new FeatureWriter(json));
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /**
   * @param geometry may be {@code null}
   * @param properties a map or a JSON object
   */
  public void add(Geometry geometry, Object properties) {
    json.writeStartObject();
    json.writeStringProperty("type", "Feature");
    json.writeName("geometry");
    if (geometry == null) {
      json.writeNull();
    } else {
      GeoJson.write(json, geometry);
    }
    json.writePOJOProperty("properties", properties);
    json.writeEndObject();
  }
}
