package io.citywide.cli.imports;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * GeoJSON (RFC 7946): a FeatureCollection, read feature by feature, or one feature a line (RFC 8142 and its like). A
 * feature's properties are the columns; its geometry must be a Point.
 */
final class GeoJsonRows implements FileRows {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonParser parser;
  private final boolean collection;
  private long number;
  private JsonNode ahead;
  private boolean done;

  GeoJsonRows(Path file) throws IOException {
    parser = JSON.createParser(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
    try {
      collection = begin();
    } catch (JacksonException e) {
      parser.close();
      throw new IOException(file + " is no GeoJSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Goes to the first feature; whether they stand in a collection. */
  private boolean begin() throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IOException("a GeoJSON file begins with an object");
    }
    // The members may stand in any order; a feature on a line of its own is read whole.
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("features") && value == JsonToken.START_ARRAY) {
        return true;
      }
      if (name.equals("type") && parser.getString().equals("Feature")) {
        var feature = JSON.createObjectNode().put("type", "Feature");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          String member = parser.currentName();
          parser.nextToken();
          feature.set(member, parser.readValueAsTree());
        }
        ahead = feature;
        return false;
      }
      parser.skipChildren();
    }
    throw new IOException("the GeoJSON has neither features nor a feature in its first line");
  }

  @Override
  public List<String> header() {
    return List.of("feature");
  }

  @Override
  public boolean has(String column) {
    return true;
  }

  @Override
  public boolean hasNext() throws IOException {
    if (ahead != null || done) {
      return !done;
    }
    try {
      JsonToken token = parser.nextToken();
      if (token == null || token == JsonToken.END_ARRAY) {
        done = true;
        if (token == null && collection) {
          throw new IOException("the GeoJSON breaks off after feature " + number);
        }
        return false;
      }
      ahead = parser.readValueAsTree();
      return true;
    } catch (JacksonException e) {
      throw new IOException("the GeoJSON cannot be read after feature " + number + ": " + e.getOriginalMessage(), e);
    }
  }

  @Override
  public FileRow next() {
    JsonNode feature = ahead;
    ahead = null;
    long row = ++number;
    return new FileRow() {
      @Override
      public long number() {
        return row;
      }

      @Override
      public String value(String column) {
        if (column == null) {
          return null;
        }
        JsonNode value = switch (column) {
          case LON -> feature.path("geometry").path("coordinates").path(0);
          case LAT -> feature.path("geometry").path("coordinates").path(1);
          default -> feature.path("properties").path(column);
        };
        String text = value.isMissingNode() || value.isNull() ? "" : value.isContainer() ? value.toString() : value.asString("").strip();
        return text.isEmpty() ? null : text;
      }

      @Override
      public String fault() {
        if (!feature.isObject() || !feature.path("type").asString("").equals("Feature")) {
          return "it is no GeoJSON Feature";
        }
        JsonNode geometry = feature.path("geometry");
        if (!geometry.isObject()) {
          return "the feature has no geometry; a component needs a Point";
        }
        JsonNode at = geometry.path("coordinates");
        if (!geometry.path("type").asString("").equals("Point")) {
          return "the geometry is a " + geometry.path("type").asString("nothing") + ", a component needs a Point";
        }
        return at.size() >= 2 && at.path(0).isNumber() && at.path(1).isNumber() ? null : "the Point's coordinates must be two numbers, longitude and latitude, were " + at;
      }

      @Override
      public List<String> cells() {
        return List.of(feature.toString());
      }
    };
  }

  @Override
  public void close() {
    parser.close();
  }
}
