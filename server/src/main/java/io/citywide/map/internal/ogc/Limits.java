package io.citywide.map.internal.ogc;

import io.citywide.grid.GridBox;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which tiles of a zoom touch a box: a row of tiles from the north, a column from the west. */
record Limits(int zoom, int minRow, int maxRow, int minColumn, int maxColumn) {

  private static final double MOST_LATITUDE = 85.0511287798066;

  /** @param box {@code null}: the world */
  static Limits of(GridBox box, int zoom) {
    int last = (1 << zoom) - 1;
    return box == null ? new Limits(zoom, 0, last, 0, last)
        : new Limits(zoom, row(box.north(), zoom), row(box.south(), zoom), column(box.west(), zoom), column(box.east(), zoom));
  }

  boolean hold(int row, int column) {
    return row >= minRow && row <= maxRow && column >= minColumn && column <= maxColumn;
  }

  static List<Map<String, Object>> list(GridBox box, int mostZoom) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (int zoom = 0; zoom <= mostZoom; zoom++) {
      Limits limits = of(box, zoom);
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("tileMatrix", String.valueOf(zoom));
      one.put("minTileRow", limits.minRow);
      one.put("maxTileRow", limits.maxRow);
      one.put("minTileCol", limits.minColumn);
      one.put("maxTileCol", limits.maxColumn);
      list.add(one);
    }
    return list;
  }

  private static int column(double lon, int zoom) {
    return (int) Math.clamp((long) Math.floor((lon + 180) / 360 * (1 << zoom)), 0, (1 << zoom) - 1);
  }

  private static int row(double lat, int zoom) {
    double sine = Math.sin(Math.toRadians(Math.clamp(lat, -MOST_LATITUDE, MOST_LATITUDE)));
    return (int) Math.clamp((long) Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * (1 << zoom)), 0, (1 << zoom) - 1);
  }
}
