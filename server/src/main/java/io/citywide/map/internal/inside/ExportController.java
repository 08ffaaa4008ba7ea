package io.citywide.map.internal.inside;

import io.citywide.identity.AccessLog;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.map.MapProblem;
import io.citywide.map.internal.inside.RegionReader.Read;
import io.citywide.map.internal.layer.FoundWriter;
import io.citywide.map.internal.layer.LayerBook;
import io.citywide.map.spi.Found;
import io.citywide.map.spi.Region;
import io.citywide.platform.CsvFile;
import io.citywide.platform.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a layer holds in a region, as a file: page by page to the caller, however much it is. Who took what is in the access
 * log and the ledger before the first row goes out. Who goes away ends it.
 */
@RestController
class ExportController {

  /** @param region as in the penetrating query; absent: everything in the caller's scope */
  record Wanted(JsonNode region, Set<String> kinds, Instant at) {}

  /** Writes the items that are given page by page. */
  private interface Format {
    void write(List<Found> first, Iterator<List<Found>> others, OutputStream out) throws IOException;
  }

  private final InsideDesk desk;
  private final RegionReader regions;
  private final LayerBook layers;
  private final AccessLog access;
  private final JsonMapper json;
  private final Clock clock;

  ExportController(InsideDesk desk, RegionReader regions, LayerBook layers, AccessLog access, JsonMapper json, Clock clock) {
    this.desk = desk;
    this.regions = regions;
    this.layers = layers;
    this.access = access;
    this.json = json;
    this.clock = clock;
  }

  /** @param format {@code csv} or {@code geojson} */
  @Requires(Permission.MAP_EXPORT)
  @PostMapping("/api/map/export/{layer}.{format}")
  void export(@PathVariable String layer, @PathVariable String format, @RequestBody Wanted wanted, HttpServletResponse response) throws IOException {
    layers.get(layer);
    Format writer = switch (format) {
      case "csv" -> this::csv;
      case "geojson" -> this::geoJson;
      default -> throw new ProblemException(MapProblem.INVALID_QUERY, "a file is .csv or .geojson, was '." + format + "'", Map.of("field", "format", "value", format))
          .zh("文件格式须为 csv 或 geojson");
    };
    Read read = wanted.region() == null || wanted.region().isNull() ? new Read(new Region.Anywhere(), new LinkedHashMap<>(Map.of("everywhere", true)), null, null)
        : regions.read(wanted.region());
    Set<String> kinds = wanted.kinds() == null ? Set.of() : wanted.kinds();
    Iterator<List<Found>> pages = desk.pages(read, layer, kinds, wanted.at());
    // What is refused is refused before anything is on record, or sent.
    List<Found> first = pages.next();
    access.record("map.exported", "layer:" + layer, "done", details(read, kinds, wanted.at(), format));
    response.setContentType(format.equals("csv") ? "text/csv;charset=utf-8" : "application/geo+json");
    response.setHeader(HttpHeaders.CONTENT_DISPOSITION,
        ContentDisposition.attachment().filename(layer + "-" + LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC) + "." + format).build().toString());
    writer.write(first, pages, response.getOutputStream());
  }

  private static Map<String, Object> details(Read read, Set<String> kinds, Instant at, String format) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("region", read.shown());
    details.put("kinds", kinds.stream().sorted().toList());
    details.put("at", at == null ? null : at.toString());
    details.put("format", format);
    return details;
  }

  private void geoJson(List<Found> first, Iterator<List<Found>> others, OutputStream out) {
    try (JsonGenerator generator = json.createGenerator(out)) {
      generator.writeStartObject();
      generator.writeStringProperty("type", "FeatureCollection");
      generator.writeName("features");
      generator.writeStartArray();
      FoundWriter writer = new FoundWriter(generator, false);
      first.forEach(writer::write);
      while (others.hasNext()) {
        generator.flush();
        others.next().forEach(writer::write);
      }
      generator.writeEndArray();
      generator.writeEndObject();
    }
  }

  /** Properties of the first page name the columns: those of a layer are steady. A line or an area has a point inside it, and its shape as text. */
  private void csv(List<Found> first, Iterator<List<Found>> others, OutputStream out) throws IOException {
    List<Found> page = first;
    Set<String> names = new LinkedHashSet<>();
    page.forEach(f -> names.addAll(f.properties().keySet()));
    boolean shapes = page.stream().anyMatch(f -> f.geometry() != null && !(f.geometry() instanceof Point));
    List<String> columns = new ArrayList<>(List.of("id", "kind", "titleZh", "titleEn", "grade", "lon", "lat"));
    columns.addAll(names);
    if (shapes) {
      columns.add("wkt");
    }
    CsvFile rows = new CsvFile(out, columns);
    while (true) {
      for (Found found : page) {
        rows.row(row(found, names, shapes));
      }
      rows.flush();
      if (!others.hasNext()) {
        return;
      }
      page = others.next();
    }
  }

  private static List<Object> row(Found found, Set<String> names, boolean shapes) {
    Geometry geometry = found.geometry() == null || found.geometry().isEmpty() ? null : found.geometry();
    Coordinate at = geometry == null ? null : geometry instanceof Point point ? point.getCoordinate() : geometry.getInteriorPoint().getCoordinate();
    List<Object> row = new ArrayList<>();
    row.add(found.id());
    row.add(found.kind());
    row.add(found.titleZh());
    row.add(found.titleEn());
    row.add(found.grade());
    row.add(at == null ? null : Math.rint(at.x * 1e7) / 1e7);
    row.add(at == null ? null : Math.rint(at.y * 1e7) / 1e7);
    names.forEach(name -> row.add(found.properties().get(name)));
    if (shapes) {
      row.add(geometry == null ? null : geometry.toText());
    }
    return row;
  }
}
