package io.citywide.map.internal.tile;

import io.citywide.grid.GridBox;
import io.citywide.map.spi.TileFrame;
import io.citywide.map.spi.TilePen;
import io.citywide.platform.Caller;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.algorithm.Orientation;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateFilter;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.PrecisionModel;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.precision.GeometryPrecisionReducer;

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
 * <p>A point belongs to exactly one tile of a zoom. Lines and polygons reach {@value #MARGIN} units beyond the edge, and
 * lose what is thinner than {@value #TOLERANCE} unit. A cell is drawn whole in every tile that it touches, with the same id.
 * Not thread-safe.
 */
public final class TileWriter implements TilePen {

  /** Units along a side of a tile. */
  public static final int EXTENT = TileGrid.EXTENT;

  /** Units beyond the edge, so that a line's ends and a polygon's cut side are not seen. */
  static final int MARGIN = 64;

  static final double TOLERANCE = 1;

  private static final GeometryFactory SHAPES = new GeometryFactory();
  private static final Geometry SQUARE = SHAPES.toGeometry(new Envelope(-MARGIN, EXTENT + MARGIN, -MARGIN, EXTENT + MARGIN));

  /** A ring of less than this many square units is left out: a hundredth of a pixel. */
  private static final long LEAST_AREA = 2;

  private static final int MOVE_TO = 1;
  private static final int LINE_TO = 2;
  private static final int CLOSE_PATH = 7;

  private static final int POINT = 1;
  private static final int LINE = 2;
  private static final int POLYGON = 3;

  // Keys of the wire format: number of the field << 3 | type of its value.
  private static final int TILE_LAYER = 3 << 3 | 2;
  private static final int LAYER_NAME = 1 << 3 | 2;
  private static final int LAYER_FEATURE = 2 << 3 | 2;
  private static final int LAYER_KEY = 3 << 3 | 2;
  private static final int LAYER_VALUE = 4 << 3 | 2;
  private static final int LAYER_EXTENT = 5 << 3;
  private static final int LAYER_VERSION = 15 << 3;
  private static final int FEATURE_ID = 1 << 3;
  private static final int FEATURE_TAGS = 2 << 3 | 2;
  private static final int FEATURE_TYPE = 3 << 3;
  private static final int FEATURE_GEOMETRY = 4 << 3 | 2;
  private static final int VALUE_TEXT = 1 << 3 | 2;
  private static final int VALUE_UNSIGNED = 5 << 3;
  private static final int VALUE_SIGNED = 6 << 3;

  private final TileFrame frame;
  private final TileGrid grid;
  private final Envelope reach;
  private final Bytes tile = new Bytes(1 << 12);

  private String layer;
  private final Bytes features = new Bytes(1 << 14);
  private final Bytes values = new Bytes(1 << 10);
  private final List<String> keys = new ArrayList<>();
  private int keyBytes;
  private final Map<Object, Integer> valueNumbers = new HashMap<>();

  // The feature under way; type 0: none, or one that lies outside.
  private int type;
  private long id;
  private final Bytes geometry = new Bytes(1 << 10);
  private final Bytes tags = new Bytes(1 << 8);
  private int penX;
  private int penY;
  private final Path path = new Path();
  private int[] rounded = new int[256];

  /** Ends a drawing that took too long. */
  static final class OutOfTime extends RuntimeException {
    OutOfTime() {
      super("the tile took too long", null, false, false);
    }
  }

  /** The clock is looked at, and whether the caller is there, once in so many features. */
  private static final int LOOK_EVERY = 64;

  private final long until;
  private final Caller caller = Caller.waitedFor();
  private int ended;

  public TileWriter(TileFrame frame) {
    this(frame, Duration.ofMinutes(1));
  }

  /** @param longest after that {@link OutOfTime} is thrown to whoever draws */
  TileWriter(TileFrame frame, Duration longest) {
    this.until = System.nanoTime() + longest.toNanos();
    this.frame = frame;
    this.grid = new TileGrid(frame);
    GridBox box = frame.box();
    // The margin in degrees, a little generous: only a first, cheap test.
    double dx = (box.east() - box.west()) * MARGIN / EXTENT * 1.01;
    double dy = (box.north() - box.south()) * MARGIN / EXTENT * 2;
    this.reach = new Envelope(box.west() - dx, box.east() + dx, box.south() - dy, box.north() + dy);
  }

  /** Begins a layer; what follows goes into it. A layer without features is left out of the tile. */
  public TileWriter layer(String name) {
    endLayer();
    layer = name;
    return this;
  }

  @Override
  public TilePen point(long id, double lon, double lat) {
    endFeature();
    if (grid.owns(lon, lat)) {
      begin(id, POINT);
      geometry.varint(MOVE_TO | 1 << 3);
      to((int) Math.min(grid.x(lon) + 0.5, EXTENT - 1), (int) Math.min(grid.y(lat) + 0.5, EXTENT - 1));
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
    begin(cellId(box), POLYGON);
    geometry.varint(MOVE_TO | 1 << 3);
    to(west, north);
    geometry.varint(LINE_TO | 3 << 3);
    to(east, north);
    to(east, south);
    to(west, south);
    geometry.varint(CLOSE_PATH | 1 << 3);
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
    if (shape.isEmpty() || !reach.intersects(shape.getEnvelopeInternal())) {
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
    if (type != 0 && value != null) {
      tags.varint(keyNumber(name));
      tags.varint(textNumber(value));
    }
    return this;
  }

  @Override
  public TilePen tag(String name, long value) {
    if (type != 0) {
      tags.varint(keyNumber(name));
      tags.varint(numberNumber(value));
    }
    return this;
  }

  @Override
  public int size() {
    return tile.length() + (features.length() == 0 && type == 0 ? 0 : withHeader(layerLength()));
  }

  @Override
  public void clear() {
    endFeature();
    features.clear();
    values.clear();
    keys.clear();
    keyBytes = 0;
    valueNumbers.clear();
  }

  /** The tile; of no bytes when nothing was drawn. Ends the last layer. */
  public byte[] bytes() {
    endLayer();
    layer = null;
    return tile.toArray();
  }

  public TileFrame frame() {
    return frame;
  }

  private void begin(long newId, int newType) {
    id = newId;
    type = newType;
    penX = 0;
    penY = 0;
    geometry.clear();
    tags.clear();
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
    if (type == 0) {
      return;
    }
    features.raw(LAYER_FEATURE);
    features.varint(featureLength());
    if (id != NO_ID) {
      features.raw(FEATURE_ID);
      features.varint(id);
    }
    field(features, FEATURE_TAGS, tags);
    features.raw(FEATURE_TYPE);
    features.raw(type);
    field(features, FEATURE_GEOMETRY, geometry);
    type = 0;
  }

  private int featureLength() {
    return (id == NO_ID ? 0 : 1 + Bytes.sizeOf(id)) + 2 + fieldLength(tags) + fieldLength(geometry);
  }

  private int pendingLength() {
    return type == 0 ? 0 : withHeader(featureLength());
  }

  private static int fieldLength(Bytes content) {
    return content.length() == 0 ? 0 : withHeader(content.length());
  }

  private static int withHeader(int length) {
    return 1 + Bytes.sizeOf(length) + length;
  }

  private static void field(Bytes out, int key, Bytes content) {
    if (content.length() > 0) {
      out.raw(key);
      out.varint(content.length());
      out.append(content);
    }
  }

  private int layerLength() {
    return 2 + withHeader(utf8Length(layer)) + features.length() + pendingLength() + keyBytes + values.length() + 1 + Bytes.sizeOf(EXTENT);
  }

  private void endLayer() {
    endFeature();
    if (features.length() > 0) {
      tile.raw(TILE_LAYER);
      tile.varint(layerLength());
      tile.raw(LAYER_VERSION);
      tile.raw(2);
      tile.text(LAYER_NAME, layer);
      tile.append(features);
      keys.forEach(key -> tile.text(LAYER_KEY, key));
      tile.append(values);
      tile.raw(LAYER_EXTENT);
      tile.varint(EXTENT);
    }
    clear();
  }

  private int keyNumber(String name) {
    // A layer has a handful of keys, and callers pass the same literals.
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).equals(name)) {
        return i;
      }
    }
    keys.add(name);
    keyBytes += withHeader(utf8Length(name));
    return keys.size() - 1;
  }

  private int textNumber(String value) {
    Integer known = valueNumbers.get(value);
    if (known != null) {
      return known;
    }
    values.raw(LAYER_VALUE);
    values.varint(withHeader(utf8Length(value)));
    values.text(VALUE_TEXT, value);
    valueNumbers.put(value, valueNumbers.size());
    return valueNumbers.size() - 1;
  }

  private int numberNumber(long value) {
    Integer known = valueNumbers.get(value);
    if (known != null) {
      return known;
    }
    long wire = value >= 0 ? value : value << 1 ^ value >> 63;
    values.raw(LAYER_VALUE);
    values.varint(1 + Bytes.sizeOf(wire));
    values.raw(value >= 0 ? VALUE_UNSIGNED : VALUE_SIGNED);
    values.varint(wire);
    valueNumbers.put(value, valueNumbers.size());
    return valueNumbers.size() - 1;
  }

  private static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void to(int x, int y) {
    geometry.zigzag(x - penX);
    geometry.zigzag(y - penY);
    penX = x;
    penY = y;
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
    begin(newId, POINT);
    geometry.varint(MOVE_TO | owned << 3);
    for (int i = 0; i < shape.getNumGeometries(); i++) {
      Point point = (Point) shape.getGeometryN(i);
      if (!point.isEmpty() && grid.owns(point.getX(), point.getY())) {
        to((int) Math.min(grid.x(point.getX()) + 0.5, EXTENT - 1), (int) Math.min(grid.y(point.getY()) + 0.5, EXTENT - 1));
      }
    }
  }

  private void lines(long newId, Geometry shape) {
    begin(newId, LINE);
    lines(shape);
    drop();
  }

  private void lines(Geometry shape) {
    if (shape instanceof LineString line) {
      line(line);
    } else if (shape instanceof GeometryCollection collection) {
      for (int i = 0; i < collection.getNumGeometries(); i++) {
        lines(collection.getGeometryN(i));
      }
    }
  }

  /** Nothing of the feature was left: there is none. */
  private void drop() {
    if (geometry.length() == 0) {
      type = 0;
    }
  }

  private void line(LineString line) {
    var points = line.getCoordinateSequence();
    path.clear();
    for (int i = 0; i + 1 < points.size(); i++) {
      stretch(grid.x(points.getX(i)), grid.y(points.getY(i)), grid.x(points.getX(i + 1)), grid.y(points.getY(i + 1)));
    }
    endLine();
  }

  /** Adds what of a stretch lies inside (Liang and Barsky); where it leaves, the line ends and another begins later. */
  private void stretch(double ax, double ay, double bx, double by) {
    double low = -MARGIN;
    double high = EXTENT + MARGIN;
    double dx = bx - ax;
    double dy = by - ay;
    double enter = 0;
    double leave = 1;
    for (int side = 0; side < 4; side++) {
      double along = side == 0 ? -dx : side == 1 ? dx : side == 2 ? -dy : dy;
      double room = side == 0 ? ax - low : side == 1 ? high - ax : side == 2 ? ay - low : high - ay;
      if (along == 0 && room < 0) {
        endLine();
        return;
      }
      if (along < 0) {
        enter = Math.max(enter, room / along);
      } else if (along > 0) {
        leave = Math.min(leave, room / along);
      }
    }
    if (enter > leave) {
      endLine();
      return;
    }
    if (enter > 0) {
      endLine();
    }
    if (path.points() == 0) {
      path.add(ax + enter * dx, ay + enter * dy);
    }
    path.add(ax + leave * dx, ay + leave * dy);
    if (leave < 1) {
      endLine();
    }
  }

  private void endLine() {
    path.simplify(TOLERANCE, false);
    int size = round();
    if (size >= 2) {
      geometry.varint(MOVE_TO | 1 << 3);
      to(rounded[0], rounded[1]);
      geometry.varint(LINE_TO | (size - 1) << 3);
      for (int i = 1; i < size; i++) {
        to(rounded[2 * i], rounded[2 * i + 1]);
      }
    }
    path.clear();
  }

  private void polygons(long newId, Geometry shape) {
    begin(newId, POLYGON);
    polygons(shape);
    drop();
  }

  private void polygons(Geometry shape) {
    if (shape instanceof Polygon polygon) {
      if (reach.intersects(polygon.getEnvelopeInternal())) {
        clipped(units(polygon));
      }
    } else if (shape instanceof GeometryCollection collection) {
      for (int i = 0; i < collection.getNumGeometries(); i++) {
        polygons(collection.getGeometryN(i));
      }
    }
  }

  private Geometry units(Polygon polygon) {
    Geometry units = polygon.copy();
    units.apply((CoordinateFilter) c -> c.setCoordinate(new Coordinate(grid.x(c.x), grid.y(c.y))));
    units.geometryChanged();
    return units;
  }

  // Tried: cutting ring by ring (Sutherland and Hodgman). Parts that leave the square and come back stay joined along its
  // edge, and readers that ask for valid polygons drop them.
  private void clipped(Geometry units) {
    Geometry inside = SQUARE.getEnvelopeInternal().contains(units.getEnvelopeInternal()) ? units : OverlayNGRobust.overlay(units, SQUARE, OverlayNG.INTERSECTION);
    for (int i = 0; i < inside.getNumGeometries(); i++) {
      if (inside.getGeometryN(i) instanceof Polygon part && !part.isEmpty()) {
        Polygon simple = simplified(part);
        if (simple != null && simple.isValid()) {
          rings(simple);
        } else if (simple != null) {
          snapped(part);
        }
      }
    }
  }

  /** Where leaving out points would make a ring cross itself, all stay, and only the grid of units changes the shape. */
  private void snapped(Polygon part) {
    Geometry snapped = GeometryPrecisionReducer.reduce(part, new PrecisionModel(1));
    for (int i = 0; i < snapped.getNumGeometries(); i++) {
      if (snapped.getGeometryN(i) instanceof Polygon polygon && !polygon.isEmpty()) {
        rings(polygon);
      }
    }
  }

  /** On whole units, without what is too small to see; {@code null}: all of it is. */
  private Polygon simplified(Polygon part) {
    LinearRing outline = simplified(part.getExteriorRing());
    if (outline == null) {
      return null;
    }
    List<LinearRing> holes = new ArrayList<>();
    for (int i = 0; i < part.getNumInteriorRing(); i++) {
      LinearRing hole = simplified(part.getInteriorRingN(i));
      if (hole != null) {
        holes.add(hole);
      }
    }
    return SHAPES.createPolygon(outline, holes.toArray(LinearRing[]::new));
  }

  private LinearRing simplified(LinearRing ring) {
    var points = ring.getCoordinateSequence();
    path.clear();
    for (int i = 0; i + 1 < points.size(); i++) {
      path.add(points.getX(i), points.getY(i));
    }
    path.simplify(TOLERANCE, true);
    int size = round();
    path.clear();
    while (size > 1 && rounded[0] == rounded[2 * size - 2] && rounded[1] == rounded[2 * size - 1]) {
      size--;
    }
    if (size < 3 || Math.abs(doubleArea(size)) < 2 * LEAST_AREA) {
      return null;
    }
    Coordinate[] corners = new Coordinate[size + 1];
    for (int i = 0; i <= size; i++) {
      int at = i == size ? 0 : i;
      corners[i] = new Coordinate(rounded[2 * at], rounded[2 * at + 1]);
    }
    return SHAPES.createLinearRing(corners);
  }

  /** Outlines run clockwise as seen on the screen, where y goes to the south, holes the other way. */
  private void rings(Polygon polygon) {
    ring(polygon.getExteriorRing(), true);
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      ring(polygon.getInteriorRingN(i), false);
    }
  }

  private void ring(LinearRing ring, boolean clockwise) {
    Coordinate[] corners = ring.getCoordinates();
    int size = corners.length - 1;
    // To JTS, whose y goes to the north, clockwise on the screen is counter-clockwise.
    boolean turn = Orientation.isCCW(corners) != clockwise;
    geometry.varint(MOVE_TO | 1 << 3);
    to((int) corners[0].x, (int) corners[0].y);
    geometry.varint(LINE_TO | (size - 1) << 3);
    for (int i = 1; i < size; i++) {
      Coordinate corner = corners[turn ? size - i : i];
      to((int) corner.x, (int) corner.y);
    }
    geometry.varint(CLOSE_PATH | 1 << 3);
  }

  /** The path on whole units, without repetitions, in {@link #rounded}. Answers the number of points. */
  private int round() {
    if (rounded.length < 2 * path.points()) {
      rounded = new int[4 * path.points()];
    }
    int size = 0;
    for (int i = 0; i < path.points(); i++) {
      int x = (int) Math.round(path.x(i));
      int y = (int) Math.round(path.y(i));
      if (size == 0 || rounded[2 * size - 2] != x || rounded[2 * size - 1] != y) {
        rounded[2 * size] = x;
        rounded[2 * size + 1] = y;
        size++;
      }
    }
    return size;
  }

  private long doubleArea(int size) {
    long area = 0;
    for (int i = 0; i < size; i++) {
      int next = i + 1 == size ? 0 : i + 1;
      area += (long) rounded[2 * i] * rounded[2 * next + 1] - (long) rounded[2 * next] * rounded[2 * i + 1];
    }
    return area;
  }
}
