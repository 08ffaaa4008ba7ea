package io.citywide.place.internal;

import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.ProblemException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Polygonal;
import tools.jackson.databind.JsonNode;

/**
 * Reads a FeatureCollection of areas. Each feature has the properties {@code code} and {@code name}, and may have
 * {@code nameEn}, {@code aliases} (list), {@code tier}, {@code level} (must agree with the code), {@code center},
 * {@code validFrom}, {@code validTo} (days); its geometry is a polygon, a multipolygon or null.
 */
final class AreaFile {

  private final List<AreaDraft> drafts = new ArrayList<>();
  private final List<AreaFault> faults = new ArrayList<>();

  private AreaFile() {}

  static AreaFile read(JsonNode body, CoordinateSystem system, LocalDate today) {
    if (!"FeatureCollection".equals(body.path("type").asString("")) || !body.path("features").isArray()) {
      throw new ProblemException(PlaceProblem.UNREADABLE_GEOJSON,
          "areas come as a GeoJSON FeatureCollection with an array 'features'", Map.of("field", "type"))
          .zh("文件须为 GeoJSON 的 FeatureCollection，含 features 数组");
    }
    AreaFile file = new AreaFile();
    int index = 0;
    for (JsonNode feature : body.path("features")) {
      file.readFeature(index++, feature, system, today);
    }
    return file;
  }

  List<AreaDraft> drafts() {
    return drafts;
  }

  List<AreaFault> faults() {
    return faults;
  }

  private void readFeature(int index, JsonNode feature, CoordinateSystem system, LocalDate today) {
    JsonNode properties = feature.path("properties");
    String code = properties.path("code").isString() || properties.path("code").isNumber() ? properties.path("code").asString() : null;
    Optional<String> codeFault = AreaCode.fault(code);
    if (codeFault.isPresent()) {
      faults.add(new AreaFault(index, code, codeFault.get(), null));
      return;
    }
    int before = faults.size();
    AreaLevel level = AreaCode.levelOf(code);
    String stated = text(properties, "level");
    if (stated != null && !stated.equals(level.name())) {
      faults.add(new AreaFault(index, code, "a code of this form is a " + level + ", the feature says " + stated, null));
    }
    String name = text(properties, "name");
    if (name == null || name.isBlank() || name.length() > 100) {
      faults.add(new AreaFault(index, code, "property name must have 1 to 100 characters", null));
    }
    List<String> aliases = new ArrayList<>();
    JsonNode given = properties.path("aliases");
    if (given.isArray()) {
      given.forEach(alias -> aliases.add(alias.asString("").strip()));
    } else if (!given.isMissingNode() && !given.isNull()) {
      faults.add(new AreaFault(index, code, "property aliases must be a list of names", null));
    }
    aliases.removeIf(String::isBlank);
    LocalDate from = day(index, code, properties, "validFrom");
    LocalDate to = day(index, code, properties, "validTo");
    if (from != null && to != null && to.isBefore(from)) {
      faults.add(new AreaFault(index, code, "validTo " + to + " is before validFrom " + from, null));
    }
    Geometry boundary = boundary(index, code, feature, system);
    double[] center = center(index, code, properties, system, boundary);
    if (faults.size() == before) {
      drafts.add(new AreaDraft(index, code, name.strip(), text(properties, "nameEn"), aliases, center, text(properties, "tier"),
          boundary, from == null ? today : from, to));
    }
  }

  private Geometry boundary(int index, String code, JsonNode feature, CoordinateSystem system) {
    try {
      Geometry boundary = GeoJson.read(feature.get("geometry"), system);
      if (boundary != null && !(boundary instanceof Polygonal)) {
        faults.add(new AreaFault(index, code, "a boundary is a Polygon or MultiPolygon, was " + boundary.getGeometryType(),
            where(boundary)));
      }
      if (boundary instanceof Polygonal && Math.abs(boundary.getEnvelopeInternal().getMaxY()) >= 87.9) {
        faults.add(new AreaFault(index, code, "a boundary must stay below 88° of latitude", where(boundary)));
      }
      return boundary;
    } catch (GeoJson.Fault fault) {
      faults.add(new AreaFault(index, code, fault.getMessage(), fault.where()));
      return null;
    }
  }

  private double[] center(int index, String code, JsonNode properties, CoordinateSystem system, Geometry boundary) {
    JsonNode given = properties.path("center");
    if (given.isArray() && given.size() == 2 && given.get(0).isNumber() && given.get(1).isNumber()) {
      try {
        var position = system.toWgs84(given.get(0).asDouble(), given.get(1).asDouble());
        return new double[] {position.lon(), position.lat()};
      } catch (IllegalArgumentException e) {
        faults.add(new AreaFault(index, code, "property center: " + e.getMessage(), null));
        return null;
      }
    }
    if (!given.isMissingNode() && !given.isNull()) {
      faults.add(new AreaFault(index, code, "property center must be [longitude, latitude]", null));
    }
    return boundary == null || boundary.isEmpty() || !boundary.isValid() ? null : where(boundary);
  }

  private LocalDate day(int index, String code, JsonNode properties, String field) {
    String text = text(properties, field);
    if (text == null) {
      return null;
    }
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      faults.add(new AreaFault(index, code, "property " + field + " must be a day such as 2026-07-01, was '" + text + "'", null));
      return null;
    }
  }

  private static String text(JsonNode properties, String field) {
    JsonNode value = properties.path(field);
    return value.isMissingNode() || value.isNull() ? null : value.asString("");
  }

  private static double[] where(Geometry geometry) {
    var point = geometry.isValid() ? geometry.getInteriorPoint().getCoordinate() : geometry.getCoordinate();
    return new double[] {point.x, point.y};
  }
}
