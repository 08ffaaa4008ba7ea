package io.citywide.place.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.PlaceProblem;
import io.citywide.place.PlaceReading;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import io.citywide.place.internal.PlaceSearch;
import io.citywide.platform.ProblemException;
import java.util.List;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where a point lies, what a text names, where something is. */
@RestController
class PlaceController {

  private final Places places;
  private final PlaceSearch search;

  PlaceController(Places places, PlaceSearch search) {
    this.places = places;
    this.search = search;
  }

  /** A spot with the words for it. */
  record Located(double lon, double lat, String gridCode, String areaCode, String description, Spot spot) {}

  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/places/locate")
  Located locate(@RequestParam double lon, @RequestParam double lat, @RequestParam(defaultValue = "WGS84") CoordinateSystem crs) {
    Spot spot;
    CoordinateSystem.Position at;
    try {
      at = crs.toWgs84(lon, lat);
      spot = places.locate(at.lon(), at.lat()).orElse(null);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(PlaceProblem.INVALID_POSITION, e.getMessage(), Map.of("lon", lon, "lat", lat)).zh("坐标（" + lon + "，" + lat + "）无效");
    }
    if (spot == null) {
      boolean swapped = Math.abs(at.lon()) < 88 && places.bounds().filter(b -> b.contains(at.lat(), at.lon())).isPresent();
      throw new ProblemException(PlaceProblem.OUTSIDE,
          "%s, %s lies in no known area".formatted(at.lon(), at.lat())
              + (swapped ? "; longitude and latitude look swapped" : ""), Map.of("lon", lon, "lat", lat))
          .zh("位置（" + at.lon() + "，" + at.lat() + "）不在任何区域内" + (swapped ? "，经度和纬度似乎写反了" : ""));
    }
    return new Located(at.lon(), at.lat(), spot.cell().code(), spot.areaCode(), places.describe(spot.areaCode()), spot);
  }

  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/places/search")
  List<PlaceSearch.Found> search(@RequestParam String q, @RequestParam(defaultValue = "20") int limit) {
    return search.find(q, limit);
  }

  /** What a text says about the place. */
  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/places/read")
  PlaceReading read(@RequestParam String text) {
    return places.read(text);
  }
}
