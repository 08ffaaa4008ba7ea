package io.citywide.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Where in the city something can happen: along the roads of its base map. */
final class Roads {

  /** A place on a road. {@code lon} and {@code lat} in degrees. */
  record Point(String road, double lon, double lat) {}

  private record Road(String name, double[][] line) {}

  private static final double METERS_PER_DEGREE = 111_320;

  private final List<Road> all;

  private Roads(List<Road> all) {
    this.all = all;
  }

  /** Reads the layer {@code roads}; a city without one has things happen in the middle of its unit grids. */
  static Roads read(ApiClient citizen, ApiClient person) {
    List<Road> found = new ArrayList<>();
    try {
      for (JsonNode feature : citizen.get("/api/basemap/roads.geojson").path("features")) {
        String name = feature.path("properties").path("name").asString("");
        JsonNode geometry = feature.path("geometry");
        if (!name.isEmpty() && geometry.path("type").asString().equals("LineString") && geometry.path("coordinates").size() > 1) {
          found.add(new Road(name, StreamSupport.stream(geometry.path("coordinates").spliterator(), false)
              .map(c -> new double[] {c.path(0).asDouble(), c.path(1).asDouble()}).toArray(double[][]::new)));
        }
      }
    } catch (Refusal e) {
      if (e.status() != 404) {
        throw e;
      }
    }
    if (found.isEmpty()) {
      for (JsonNode area : person.get("/api/areas?level=UNIT_GRID")) {
        double[] center = {area.path("center").path(0).asDouble(), area.path("center").path(1).asDouble()};
        found.add(new Road(area.path("name").asString(), new double[][] {center, center}));
      }
    }
    if (found.isEmpty()) {
      throw new IllegalStateException("the server knows neither roads nor unit grids; load the demo city first");
    }
    return new Roads(found);
  }

  /** Anywhere on any road, inside its first and last tenth where it could leave the city. */
  Point point(Random random) {
    return on(all.get(random.nextInt(all.size())), random);
  }

  /** On a road that the text names, else anywhere. */
  Point pointOf(String text, Random random) {
    List<Road> named = all.stream().filter(r -> text.contains(r.name())).toList();
    return named.isEmpty() ? point(random) : on(named.get(random.nextInt(named.size())), random);
  }

  private static Point on(Road road, Random random) {
    double[][] line = road.line();
    double along = (0.1 + 0.8 * random.nextDouble()) * (line.length - 1);
    int i = Math.min((int) along, line.length - 2);
    double part = along - i;
    double lat = line[i][1] + (line[i + 1][1] - line[i][1]) * part;
    double lon = line[i][0] + (line[i + 1][0] - line[i][0]) * part;
    // A few metres beside the middle of the road.
    return new Point(road.name(), round(lon + degreesEast(random.nextGaussian() * 6, lat)), round(lat + degreesNorth(random.nextGaussian() * 6)));
  }

  static double degreesNorth(double meters) {
    return meters / METERS_PER_DEGREE;
  }

  static double degreesEast(double meters, double lat) {
    return meters / (METERS_PER_DEGREE * Math.cos(Math.toRadians(lat)));
  }

  private static double round(double degrees) {
    return Math.rint(degrees * 1e7) / 1e7;
  }
}
