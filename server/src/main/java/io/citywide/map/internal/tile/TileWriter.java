package io.citywide.map.internal.tile;

import io.citywide.grid.GridBox;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.platform.Caller;
import java.time.Duration;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;

/**
 * Writes a Mapbox Vector Tile 2.1, layer after layer, straight into its bytes: a feature is on the wire before the next
 * begins, and nothing is kept of it.
 *
 * <pre>{@code
 * TileWriter tile = new TileWriter(frame);
 * tile.layer("road").geometry(17, line).tag("name", "望江路");
 * byte[] body = tile.bytes(); // empty: nothing lies in this tile
 * }</pre>
 *
 * <p>A point belongs to exactly one tile of a zoom. Lines and polygons reach {@value ShapeCutter#MARGIN} units beyond the edge, and
 * lose what is thinner than {@value ShapeCutter#TOLERANCE} unit. A cell is drawn whole in every tile that it touches, with the same id.
 * Not thread-safe.
 */
public final class TileWriter implements TilePen {

  /** Units along a side of a tile. */
  public static final int EXTENT = TileGrid.EXTENT;

  private static final int POINT = 1;
  private static final int LINE = 2;
  private static final int POLYGON = 3;

  private final TileFrame frame;
  private final TileGrid grid;
  private final Bytes tile = new Bytes(1 << 12);

  private final Strokes strokes = new Strokes();
  private final LayerBytes layer = new LayerBytes(strokes);
  private final ShapeCutter shapes;

  /** Ends a drawing that took too long. */
  static final class OutOfTime extends RuntimeException {
    OutOfTime() {
      super("the tile took too long", null, false, false);
    }
  }

  /** The clock is looked at, and whether the caller is there, once in so many features. */
  private static final int LOOK_EVERY = 64;

  private final long until;
  private final int most;
  private final Caller caller = Caller.waitedFor();
  private int ended;

  public TileWriter(TileFrame frame) {
    this(frame, Duration.ofMinutes(1), MOST_BYTES);
  }

  /**
   * @param longest after that {@link OutOfTime} is thrown to whoever draws
   * @param most bytes that {@link #fits()}, at most {@value TilePen#MOST_BYTES}
   */
  TileWriter(TileFrame frame, Duration longest, int most) {
    this.until = System.nanoTime() + longest.toNanos();
    this.most = most;
    this.frame = frame;
    this.grid = new TileGrid(frame);
    this.shapes = new ShapeCutter(frame.box(), grid, strokes);
  }

  /** Begins a layer; what follows goes into it. A layer without features is left out of the tile. */
  public TileWriter layer(String name) {
    endLayer();
    layer.begin(name);
    return this;
  }

  @Override
  public TilePen point(long id, double lon, double lat) {
    endFeature();
    if (grid.owns(lon, lat)) {
      layer.beginFeature(id, POINT);
      strokes.move(1);
      strokes.to((int) Math.min(grid.x(lon) + 0.5, EXTENT - 1), (int) Math.min(grid.y(lat) + 0.5, EXTENT - 1));
    }
    return this;
  }

  @Override
  public TilePen cell(GridBox box, long count, String dominant, int worst) {
    endFeature();
    int west = (int) Math.round(grid.x(box.west()));
    int east = (int) Math.round(grid.x(box.east()));
    int north = (int) Math.round(grid.y(box.north()));
    int south = (int) Math.round(grid.y(box.south()));
    if (west >= EXTENT || east <= 0 || north >= EXTENT || south <= 0 || east == west || south == north) {
      return this;
    }
    layer.beginFeature(cellId(box), POLYGON);
    strokes.move(1);
    strokes.to(west, north);
    strokes.line(3);
    strokes.to(east, north);
    strokes.to(east, south);
    strokes.to(west, south);
    strokes.close();
    return tag("count", count).tag("dominant", dominant).tag("worst", worst);
  }

  /** The centre in steps of 360°/2^26, about 60 cm: below 2^53, so that JavaScript holds it exactly. */
  static long cellId(GridBox box) {
    long x = (long) (((box.west() + box.east()) / 2 + 180) / 360 * (1 << 26));
    long y = (long) (((box.south() + box.north()) / 2 + 90) / 360 * (1 << 26));
    return x << 25 | y;
  }

  @Override
  public TilePen geometry(long id, Geometry shape) {
    endFeature();
    if (shape.isEmpty() || !shapes.reaches(shape)) {
      return this;
    }
    switch (shape.getDimension()) {
      case 0 -> points(id, shape);
      case 1 -> lines(id, shape);
      default -> polygons(id, shape);
    }
    return this;
  }

  @Override
  public TilePen tag(String name, String value) {
    if (layer.drawing() && value != null) {
      layer.tag(name, value);
    }
    return this;
  }

  @Override
  public TilePen tag(String name, long value) {
    if (layer.drawing()) {
      layer.tag(name, value);
    }
    return this;
  }

  @Override
  public int size() {
    return tile.length() + layer.length();
  }

  @Override
  public boolean fits() {
    return size() <= most;
  }

  @Override
  public void clear() {
    endFeature();
    layer.clear();
  }

  /** The tile; of no bytes when nothing was drawn. Ends the last layer. */
  public byte[] bytes() {
    endLayer();
    return tile.toArray();
  }

  public TileFrame frame() {
    return frame;
  }

  @Override
  public Duration left() {
    return Duration.ofNanos(Math.max(0, until - System.nanoTime()));
  }

  private void endFeature() {
    if (++ended % LOOK_EVERY == 0) {
      caller.checkThere();
      if (System.nanoTime() - until > 0) {
        throw new OutOfTime();
      }
    }
    layer.endFeature();
  }

  private void endLayer() {
    endFeature();
    layer.writeTo(tile);
    layer.clear();
  }

  private void points(long newId, Geometry shape) {
    int owned = 0;
    for (int i = 0; i < shape.getNumGeometries(); i++) {
      Point point = (Point) shape.getGeometryN(i);
      owned += !point.isEmpty() && grid.owns(point.getX(), point.getY()) ? 1 : 0;
    }
    if (owned == 0) {
      return;
    }
    layer.beginFeature(newId, POINT);
    strokes.move(owned);
    for (int i = 0; i < shape.getNumGeometries(); i++) {
      Point point = (Point) shape.getGeometryN(i);
      if (!point.isEmpty() && grid.owns(point.getX(), point.getY())) {
        strokes.to((int) Math.min(grid.x(point.getX()) + 0.5, EXTENT - 1), (int) Math.min(grid.y(point.getY()) + 0.5, EXTENT - 1));
      }
    }
  }

  private void lines(long newId, Geometry shape) {
    layer.beginFeature(newId, LINE);
    shapes.lines(shape);
    drop();
  }

  /** Nothing of the feature was left: there is none. */
  private void drop() {
    if (strokes.isEmpty()) {
      layer.dropFeature();
    }
  }

  private void polygons(long newId, Geometry shape) {
    layer.beginFeature(newId, POLYGON);
    shapes.polygons(shape);
    drop();
  }
}
