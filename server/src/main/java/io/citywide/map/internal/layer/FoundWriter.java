package io.citywide.map.internal.layer;

import io.citywide.map.spi.Found;
import java.time.temporal.TemporalAccessor;
import java.util.Map;
import java.util.function.Consumer;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import tools.jackson.core.JsonGenerator;

/** Writes what was found as features of RFC 7946, positions with 7 decimals (1 cm). */
public final class FoundWriter {

  private final JsonGenerator json;
  private final boolean latitudeFirst;

  /** @param latitudeFirst for systems of reference whose first axis is the latitude, such as EPSG:4490; RFC 7946 wants the longitude */
  public FoundWriter(JsonGenerator json, boolean latitudeFirst) {
    this.json = json;
    this.latitudeFirst = latitudeFirst;
  }

  public void write(Found found) {
    write(found, w -> {});
  }

  /** @param more writes further members of the feature */
  public void write(Found found, Consumer<JsonGenerator> more) {
    json.writeStartObject();
    json.writeStringProperty("type", "Feature");
    json.writeStringProperty("id", found.id());
    json.writeName("geometry");
    if (found.geometry() == null || found.geometry().isEmpty()) {
      json.writeNull();
    } else {
      write(found.geometry());
    }
    json.writeName("properties");
    json.writeStartObject();
    json.writeStringProperty("kind", found.kind());
    json.writeStringProperty("titleZh", found.titleZh());
    json.writeStringProperty("titleEn", found.titleEn());
    json.writeNumberProperty("grade", found.grade());
    for (Map.Entry<String, Object> property : found.properties().entrySet()) {
      json.writeName(property.getKey());
      if (property.getValue() instanceof TemporalAccessor time) {
        json.writeString(time.toString());
      } else {
        json.writePOJO(property.getValue());
      }
    }
    json.writeEndObject();
    more.accept(json);
    json.writeEndObject();
  }

  private void write(Geometry geometry) {
    json.writeStartObject();
    String type = geometry.getGeometryType().equals("LinearRing") ? "LineString" : geometry.getGeometryType();
    json.writeStringProperty("type", type);
    if (type.equals("GeometryCollection")) {
      json.writeName("geometries");
      json.writeStartArray();
      for (int i = 0; i < geometry.getNumGeometries(); i++) {
        write(geometry.getGeometryN(i));
      }
      json.writeEndArray();
    } else {
      json.writeName("coordinates");
      coordinates(geometry);
    }
    json.writeEndObject();
  }

  private void coordinates(Geometry geometry) {
    switch (geometry) {
      case Point point -> position(point.getCoordinate());
      case LineString line -> {
        json.writeStartArray();
        for (Coordinate c : line.getCoordinates()) {
          position(c);
        }
        json.writeEndArray();
      }
      case Polygon polygon -> {
        json.writeStartArray();
        coordinates(polygon.getExteriorRing());
        for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
          coordinates(polygon.getInteriorRingN(i));
        }
        json.writeEndArray();
      }
      case GeometryCollection parts -> {
        json.writeStartArray();
        for (int i = 0; i < parts.getNumGeometries(); i++) {
          coordinates(parts.getGeometryN(i));
        }
        json.writeEndArray();
      }
      default -> throw new IllegalArgumentException("no GeoJSON for " + geometry.getGeometryType());
    }
  }

  private void position(Coordinate c) {
    json.writeStartArray();
    json.writeNumber(rounded(latitudeFirst ? c.y : c.x));
    json.writeNumber(rounded(latitudeFirst ? c.x : c.y));
    json.writeEndArray();
  }

  private static double rounded(double degrees) {
    return Math.rint(degrees * 1e7) / 1e7;
  }
}
