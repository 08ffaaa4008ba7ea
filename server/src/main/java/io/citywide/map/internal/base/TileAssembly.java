package io.citywide.map.internal.base;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.operation.linemerge.LineMerger;

/**
 * Makes one layer of one tile of its pieces: lines with the same tags are joined, because OpenStreetMap's roads end at every
 * crossing and no name fits beside such a piece; where the layer would grow beyond its bound, the least and smallest are left out.
 */
final class TileAssembly {

  private static final GeometryFactory FACTORY = new GeometryFactory();

  private TileAssembly() {}

  static byte[] write(String tileLayer, int zoom, List<TilePieces.Piece> pieces) {
    List<TilePieces.Piece> all = new ArrayList<>(pieces.size());
    Map<Map<String, Object>, List<TilePieces.Piece>> lines = new LinkedHashMap<>();
    for (TilePieces.Piece piece : pieces) {
      if (piece.drawn().shape().type() == TileShape.Type.LINE) {
        lines.computeIfAbsent(piece.drawn().tags(), tags -> new ArrayList<>()).add(piece);
      } else {
        all.add(piece);
      }
    }
    lines.values().forEach(same -> all.add(same.size() == 1 ? same.getFirst() : joined(same)));
    all.sort(Comparator.comparingInt(TilePieces.Piece::order).thenComparingDouble(TilePieces.Piece::size).thenComparingLong(p -> p.drawn().id()));
    int budget = DrawnAs.budget(tileLayer);
    List<TilePieces.Piece> kept = all;
    byte[] body = encode(tileLayer, zoom, kept);
    while (body.length > budget && kept.size() > 1) {
      int most = (int) Math.clamp((long) (kept.size() * 0.95 * budget / body.length), 1L, kept.size() - 1L);
      kept = kept.subList(kept.size() - most, kept.size());
      body = encode(tileLayer, zoom, kept);
    }
    return body;
  }

  private static byte[] encode(String tileLayer, int zoom, List<TilePieces.Piece> pieces) {
    return TileLayer.write(tileLayer, TileCutter.extent(zoom), pieces.stream().map(TilePieces.Piece::drawn).toList());
  }

  private static TilePieces.Piece joined(List<TilePieces.Piece> same) {
    LineMerger merger = new LineMerger();
    for (TilePieces.Piece piece : same) {
      for (int[] part : piece.drawn().shape().parts()) {
        Coordinate[] points = new Coordinate[part.length / 2];
        for (int i = 0; i < points.length; i++) {
          points[i] = new Coordinate(part[2 * i], part[2 * i + 1]);
        }
        merger.add(FACTORY.createLineString(points));
      }
    }
    List<int[]> parts = new ArrayList<>();
    for (Object merged : merger.getMergedLineStrings()) {
      Coordinate[] points = ((LineString) merged).getCoordinates();
      int[] part = new int[points.length * 2];
      for (int i = 0; i < points.length; i++) {
        part[2 * i] = (int) points[i].x;
        part[2 * i + 1] = (int) points[i].y;
      }
      parts.add(part);
    }
    TilePieces.Piece first = same.getFirst();
    return new TilePieces.Piece(first.zoom(), first.x(), first.y(), first.order(), same.stream().mapToDouble(TilePieces.Piece::size).sum(),
        new TileLayer.Drawn(first.drawn().id(), new TileShape(TileShape.Type.LINE, parts), first.drawn().tags()));
  }
}
