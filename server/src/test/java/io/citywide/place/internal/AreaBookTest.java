package io.citywide.place.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;

/** A position in none of the areas is refused in words that say what is likely wrong with it. */
class AreaBookTest {

  /** A triangle: half of its bounds lies in no area. */
  private static AreaBook triangle(double lon, double lat) {
    Geometry shape = GeoJson.FACTORY.createPolygon(new Coordinate[] {new Coordinate(lon, lat), new Coordinate(lon + 1, lat), new Coordinate(lon, lat + 1), new Coordinate(lon, lat)});
    return new AreaBook(Map.of("990100", new Area("990100", null, AreaLevel.CITY, "云泽市", null, List.of(), null, null, true, LocalDate.EPOCH, null)), Map.of("990100", shape));
  }

  @Test
  void swappedCoordinatesAreRecognisedAlsoWhereTheLatitudeIsNone() {
    for (double lon : new double[] {80, 118}) {
      var words = triangle(lon, 30).outside(30.25, lon + 0.25);
      assertThat(words.en()).isEqualTo("longitude and latitude look swapped: 30.25, %s lies outside the city, %s, 30.25 inside; exchange lon and lat".formatted(lon + 0.25, lon + 0.25));
      assertThat(words.zh()).startsWith("经纬度似乎颠倒：30.25, ").endsWith("请互换经度和纬度");
    }
  }

  @Test
  void whatLiesElsewhereIsToldFromAHoleInTheAreas() {
    AreaBook book = triangle(118, 30);
    assertThat(book.outside(118.9, 30.9).en()).startsWith("the position 118.9, 30.9 lies within the city's bounds but in none of its areas");
    assertThat(book.outside(30.9, 118.9).en()).as("swapped it would not be inside either").contains("outside the city, whose bounds are 118.0..119.0 E, 30.0..31.0 N");
    for (double[] far : new double[][] {{0, 0}, {500, 1e9}, {-88, 179}, {87.99, -180}}) {
      assertThat(book.outside(far[0], far[1]).en()).contains("outside the city, whose bounds are");
    }
  }
}
