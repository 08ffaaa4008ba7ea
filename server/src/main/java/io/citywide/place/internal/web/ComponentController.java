package io.citywide.place.internal.web;

import io.citywide.grid.GridBox;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.place.Component;
import io.citywide.place.ComponentEvent;
import io.citywide.place.Kind;
import io.citywide.place.PlaceProblem;
import io.citywide.place.Places;
import io.citywide.place.internal.ComponentHistory;
import io.citywide.place.internal.ComponentLabel;
import io.citywide.place.internal.ComponentFinder;
import io.citywide.place.internal.ComponentFinder.Near;
import io.citywide.place.internal.ComponentStore;
import io.citywide.place.internal.FeatureWriter;
import io.citywide.place.internal.KindStore;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The components of the city. */
@RestController
class ComponentController {

  private static final GeometryFactory POINTS = new GeometryFactory();
  private static final MediaType SVG = MediaType.valueOf("image/svg+xml");

  /**
   * A component in words.
   *
   * @param allowed states that may follow
   */
  record ComponentDetail(Component component, String kindName, String description, List<Component.State> allowed) {}

  /** @param from state that the caller saw */
  record StateChange(Component.State from, Component.State to, String reason) {}

  /** @param seq of the change that the caller saw last */
  record TakeBack(int seq, String reason) {}

  /** Longest address of a server that its label carries. */
  private static final int MOST_ADDRESS = 200;

  /** A circle of the widest radius must not reach beyond 88°. */
  private static final double MOST_LATITUDE = 87.9;
  private static final double MOST_METERS = 2_000;

  private final ComponentStore components;
  private final ComponentFinder finder;
  private final ComponentHistory history;
  private final KindStore kinds;
  private final Places places;

  ComponentController(ComponentStore components, ComponentFinder finder, ComponentHistory history, KindStore kinds, Places places) {
    this.components = components;
    this.finder = finder;
    this.history = history;
    this.kinds = kinds;
    this.places = places;
  }

  /** @param bbox {@code west,south,east,north} in degrees; {@code limit} 1..5000 */
  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/components")
  ResponseEntity<byte[]> inBox(@RequestParam String bbox, @RequestParam(defaultValue = "5000") int limit) {
    if (limit < 1 || limit > 5_000) {
      throw new ProblemException(PlaceProblem.INVALID_BOX, "limit must be 1..5000, was " + limit, Map.of("field", "limit"));
    }
    List<Component> found = finder.inBox(box(bbox), limit);
    byte[] body = FeatureWriter.write(features -> found.forEach(c -> {
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("ident", c.ident());
      properties.put("kindId", c.kindId());
      properties.put("name", c.name());
      properties.put("state", c.state().name());
      properties.put("areaCode", c.areaCode());
      properties.put("ownerCode", c.ownerCode());
      features.add(POINTS.createPoint(new Coordinate(c.lon(), c.lat())), properties);
    }));
    return ResponseEntity.ok().contentType(AreaController.GEO_JSON).header("X-Truncated", String.valueOf(found.size() == limit)).body(body);
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/components/{ident}")
  ComponentDetail one(@PathVariable String ident) {
    Component component = components.find(ident)
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_COMPONENT, "there is no component '" + ident + "'", Map.of("ident", ident)).zh("没有部件“" + ident + "”"));
    return detail(component);
  }

  /** The nearest component within a radius in metres, above 0 to 2000; 404 where there is none. */
  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/components:nearest")
  Near nearest(@RequestParam double lon, @RequestParam double lat, @RequestParam(defaultValue = "50") double radius,
      @RequestParam(required = false) String kindId) {
    if (!(Math.abs(lon) <= 180 && Math.abs(lat) < MOST_LATITUDE && radius > 0 && radius <= MOST_METERS)) {
      throw new ProblemException(PlatformProblem.INVALID, "lon must be -180..180, lat between -" + MOST_LATITUDE + " and " + MOST_LATITUDE
          + " degrees, radius above 0 and at most " + MOST_METERS + " m, was " + lon + ", " + lat + ", " + radius, Map.of("field", radius > 0 && radius <= MOST_METERS ? "lon" : "radius"));
    }
    return finder.nearest(lon, lat, radius, kindId)
        .orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_COMPONENT, "no component of this kind stands within " + radius + " m").zh(radius + " 米内没有此类部件"));
  }

  /** What became of it, the newest change first. */
  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/components/{ident}/events")
  List<ComponentEvent> events(@PathVariable String ident) {
    get(ident);
    return history.list(ident);
  }

  @Requires(Permission.PLACE_EDIT)
  @PostMapping("/api/components/{ident}/state")
  ComponentEvent change(@PathVariable String ident, @RequestBody StateChange body) {
    return history.change(ident, body.from(), body.to(), body.reason());
  }

  /** Takes the last change of state back. */
  @Requires(Permission.PLACE_EDIT)
  @PostMapping("/api/components/{ident}/take-back")
  ComponentEvent takeBack(@PathVariable String ident, @RequestBody TakeBack body) {
    return history.takeBack(ident, body.seq(), body.reason());
  }

  /**
   * A label to stick on it, SVG: its code and a QR code that opens the report form about it.
   *
   * @param base where citizens reach this server, such as {@code https://city.example}
   */
  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/components/{ident}/label.svg")
  ResponseEntity<String> label(@PathVariable String ident, @RequestParam String base) {
    if (!base.matches("https?://[A-Za-z0-9.:\\[\\]-]{1," + MOST_ADDRESS + "}")) {
      throw new ProblemException(PlatformProblem.INVALID, "base must be the address of the server such as https://city.example, was '" + base + "'", Map.of("field", "base"));
    }
    ComponentDetail detail = detail(get(ident));
    return ResponseEntity.ok().contentType(SVG).body(ComponentLabel.svg(detail.component(), detail.kindName(), base));
  }

  private Component get(String ident) {
    return components.find(ident).orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_COMPONENT, "there is no component '" + ident + "'").zh("没有部件“" + ident + "”"));
  }

  /** A JSON array or NDJSON of components. */
  @Requires(Permission.PLACE_EDIT)
  @PostMapping("/api/components:batch")
  ComponentStore.Batch batch(@RequestBody byte[] body) {
    return components.importBatch(body);
  }

  private ComponentDetail detail(Component component) {
    return new ComponentDetail(component, kinds.findKind(component.kindId()).map(Kind::nameZh).orElse(component.kindId()),
        component.areaCode() == null ? null : places.describe(component.areaCode()), ComponentHistory.allowed(component.state()));
  }

  static GridBox box(String bbox) {
    String[] parts = bbox.split(",");
    try {
      if (parts.length != 4) {
        throw new IllegalArgumentException("it needs four numbers");
      }
      GridBox box = new GridBox(Double.parseDouble(parts[0].strip()), Double.parseDouble(parts[1].strip()),
          Double.parseDouble(parts[2].strip()), Double.parseDouble(parts[3].strip()));
      if (box.west() > box.east()) {
        throw new IllegalArgumentException("west must not be above east");
      }
      if (Math.max(Math.abs(box.south()), Math.abs(box.north())) >= 88) {
        throw new IllegalArgumentException("it must stay below 88° of latitude");
      }
      return box;
    } catch (IllegalArgumentException e) {
      throw new ProblemException(PlaceProblem.INVALID_BOX, "bbox must be west,south,east,north in degrees, was '" + bbox + "': " + e.getMessage(),
          Map.of("field", "bbox"));
    }
  }
}
