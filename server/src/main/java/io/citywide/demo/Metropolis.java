package io.citywide.demo;

import io.citywide.demo.CityPlan.PlannedArea;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/**
 * The city's surroundings for as many components as a real metropolis has: 16 districts, 256 streets and 4,096 communities
 * around the generated city, 90 km across, and components along a mesh of streets, densest in the middle. Made row by row
 * as it is sent, so that fifteen million of them need no memory; the same for the same number.
 */
public final class Metropolis {

  /** Rows of one import, which is all there or not at all. After each the index of components is written anew: fewer are quicker. */
  public static final int PART = 2_500_000;

  private static final int SIDE = 64;
  private static final double METERS = 1_400;
  private static final double CENTER_LON = 118.93;
  private static final double CENTER_LAT = 32.52;
  private static final double PER_DEGREE_LAT = 110_900;
  private static final double PER_DEGREE_LON = 111_320 * Math.cos(Math.toRadians(CENTER_LAT));
  /** Streets that cross a community in each direction. */
  private static final int MESH = 7;
  private static final double FALL_METERS = 13_000;
  private static final int LAST_SEQUENCE = 999_999;
  private static final int OUTER_DISTRICTS = 11;

  /** @param code of 12 digits; {@code x}, {@code y} its column and row from the south-west */
  private record Community(String code, int x, int y, Envelope box, long key) {}

  private final long components;
  private final List<Community> communities = new ArrayList<>();
  private final long[] until;
  private final List<String> kinds = new ArrayList<>();
  private final double[] kindUntil;

  /** @param components 1 to 40 million */
  public Metropolis(long components) {
    if (components < 1 || components > 40_000_000) {
      throw new IllegalArgumentException("a city has 1 to 40000000 components, was " + components);
    }
    this.components = components;
    for (int x = 0; x < SIDE; x++) {
      for (int y = 0; y < SIDE; y++) {
        Envelope box = box(x, y);
        communities.add(new Community(code(x, y), x, y, box, curve(x, y)));
      }
    }
    // In the order of the grid: what is near in the city is near in the table and its indexes too.
    communities.sort(Comparator.comparingLong(Community::key));
    until = shares();
    double sum = 0;
    kindUntil = new double[Furniture.frequencies().size()];
    for (Map.Entry<String, Double> kind : Furniture.frequencies().entrySet()) {
      sum += kind.getValue();
      kindUntil[kinds.size()] = sum;
      kinds.add(kind.getKey());
    }
    for (int i = 0; i < kindUntil.length; i++) {
      kindUntil[i] /= sum;
    }
  }

  /** Place along the curve that the grid's codes follow too. */
  private static long curve(int x, int y) {
    long key = 0;
    for (int bit = 0; bit < 6; bit++) {
      key |= (long) (x >> bit & 1) << 2 * bit | (long) (y >> bit & 1) << 2 * bit + 1;
    }
    return key;
  }

  private static double lon(double x) {
    return Math.rint((CENTER_LON + (x - SIDE / 2.0) * METERS / PER_DEGREE_LON) * 1e7) / 1e7;
  }

  private static double lat(double y) {
    return Math.rint((CENTER_LAT + (y - SIDE / 2.0) * METERS / PER_DEGREE_LAT) * 1e7) / 1e7;
  }

  private static Envelope box(int x, int y) {
    return new Envelope(lon(x), lon(x + 1), lat(y), lat(y + 1));
  }

  /** Four by four districts of four by four streets of four by four communities. */
  private static String code(int x, int y) {
    return "%s%02d%03d%03d".formatted(CityPlan.CITY.substring(0, 4), OUTER_DISTRICTS + x / 16 + y / 16 * 4, 1 + x / 4 % 4 + y / 4 % 4 * 4, 1 + x % 4 + y % 4 * 4);
  }

  /** How many components lie in the communities up to each. */
  private long[] shares() {
    double[] weight = new double[communities.size()];
    double sum = 0;
    for (int i = 0; i < weight.length; i++) {
      Community c = communities.get(i);
      double meters = Math.hypot(c.x() + 0.5 - SIDE / 2.0, c.y() + 0.5 - SIDE / 2.0) * METERS;
      weight[i] = Math.exp(-meters / FALL_METERS) + 0.01;
      sum += weight[i];
    }
    long[] ends = new long[weight.length];
    double so = 0;
    for (int i = 0; i < weight.length; i++) {
      so += weight[i];
      ends[i] = i + 1 == weight.length ? components : Math.round(components * so / sum);
    }
    return ends;
  }

  /** The areas of the city with those around it, for {@code PUT /api/areas}. */
  String areas(CityPlan plan) {
    Geometry core = plan.areas().stream().filter(a -> a.code().equals(CityPlan.CITY)).findFirst().orElseThrow().boundary();
    Map<String, List<Geometry>> above = new LinkedHashMap<>();
    List<PlannedArea> outer = new ArrayList<>();
    for (Community c : communities) {
      Geometry square = Lattice.FACTORY.toGeometry(c.box());
      Geometry rest = square.intersects(core) ? OverlayNGRobust.overlay(square, core, OverlayNG.DIFFERENCE) : square;
      if (rest.getArea() * PER_DEGREE_LAT * PER_DEGREE_LON < 1) {
        continue;
      }
      outer.add(new PlannedArea(c.code(), "COMMUNITY", "第%d-%d社区".formatted(c.x() + 1, c.y() + 1), "Community %d-%d".formatted(c.x() + 1, c.y() + 1), null, rest));
      above.computeIfAbsent(c.code().substring(0, 9), k -> new ArrayList<>()).add(rest);
    }
    Map<String, List<Geometry>> districts = new LinkedHashMap<>();
    above.forEach((code, parts) -> {
      Geometry street = UnaryUnionOp.union(parts);
      outer.add(new PlannedArea(code, "STREET", code.substring(4, 6) + "区" + code.substring(6) + "镇", "Town " + code.substring(4), null, street));
      districts.computeIfAbsent(code.substring(0, 6), k -> new ArrayList<>()).add(street);
    });
    List<Geometry> all = new ArrayList<>(List.of(core));
    districts.forEach((code, parts) -> {
      Geometry district = UnaryUnionOp.union(parts);
      outer.add(new PlannedArea(code, "DISTRICT", "外环" + code.substring(4) + "区", "Outer District " + code.substring(4), "一般", district));
      all.add(district);
    });
    List<PlannedArea> areas = new ArrayList<>();
    plan.areas().forEach(a -> areas.add(a.code().equals(CityPlan.CITY)
        ? new PlannedArea(a.code(), a.level(), a.name(), a.nameEn(), a.tier(), UnaryUnionOp.union(all)) : a));
    areas.addAll(outer);
    areas.sort(Comparator.comparing(PlannedArea::code));
    return CityPlan.geoJson(areas);
  }

  /** A district that only the metropolis has. */
  static String outerDistrict() {
    return CityPlan.CITY.substring(0, 4) + OUTER_DISTRICTS;
  }

  /** Whether an area lies around the city. */
  static boolean around(String code) {
    return code.compareTo(outerDistrict()) >= 0;
  }

  int parts() {
    return Math.toIntExact((components + PART - 1) / PART);
  }

  /** Identification code in the first row of a part. */
  String firstIdent(int part) {
    return new Rows(part).ident();
  }

  /** The rows of a part as {@code POST /api/components:import} takes them: ident, lon, lat, ownerCode, accuracy, state below a line that says so. */
  public InputStream rows(int part) {
    return new Rows(part);
  }

  /** Well mixed bits of a row's number (SplitMix64): each row is the same whatever part it is asked for with. */
  private static long mixed(long seed) {
    long z = seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }

  private final class Rows extends InputStream {
    private static final int CHUNK = 1 << 16;
    private static final double PER_BIT = 0x1p-53;
    private final StringBuilder text = new StringBuilder(CHUNK + 256).append("ident,lon,lat,ownerCode,accuracy,state\n");
    /** Codes given out by district and kind. */
    private final int[][] sequences = new int[SIDE * SIDE / 256][kinds.size()];
    private final long end;
    private long at;
    private int community;
    private byte[] bytes = new byte[0];
    private int given;

    /** What the parts before it have used is counted by drawing their kinds, a fraction of a second for all. */
    Rows(int part) {
      end = Math.min(components, (long) (part + 1) * PART);
      while (at < (long) part * PART) {
        kind();
        at++;
      }
    }

    /** Draws the kind of the row and counts its code. */
    private int kind() {
      while (until[community] <= at) {
        community++;
      }
      int[] ofDistrict = sequences[district()];
      double lot = (mixed(at) >>> 11) * PER_BIT;
      int kind = 0;
      while (kindUntil[kind] < lot && kind + 1 < kindUntil.length) {
        kind++;
      }
      while (ofDistrict[kind] == LAST_SEQUENCE) {
        kind = (kind + 1) % kindUntil.length;
      }
      ofDistrict[kind]++;
      return kind;
    }

    private int district() {
      Community c = communities.get(community);
      return c.x() / 16 + c.y() / 16 * 4;
    }

    private String ident() {
      int kind = kind();
      return communities.get(community).code().substring(0, 6) + kinds.get(kind) + String.valueOf(1_000_000 + sequences[district()][kind]).substring(1);
    }

    private void row() {
      String ident = ident();
      Envelope box = communities.get(community).box();
      long bits = mixed(~at);
      boolean along = (bits & 1) == 0;
      double line = (1 + Math.floorMod(bits >>> 1, MESH)) / (MESH + 1.0) + ((bits >>> 20 & 1) == 0 ? 8 : -8) / METERS;
      double way = 0.001 + (bits >>> 21) * 0x1p-43 * 0.998;
      text.append(ident).append(',');
      degrees(box.getMinX() + (along ? way : line) * box.getWidth());
      degrees(box.getMinY() + (along ? line : way) * box.getHeight());
      int state = Math.floorMod(bits >>> 8, 1_000);
      text.append(Furniture.owner(ident.substring(6, 11))).append(",B,").append(state < 7 ? "DAMAGED" : state < 8 ? "LOST" : "").append('\n');
      at++;
    }

    /** Seven decimals, and the comma after them. */
    private void degrees(double degrees) {
      long units = Math.round(degrees * 1e7);
      text.append(units / 10_000_000).append('.').append(10_000_000 + units % 10_000_000).deleteCharAt(text.length() - 8).append(',');
    }

    private boolean fill() {
      while (text.length() < CHUNK && at < end) {
        row();
      }
      bytes = text.toString().getBytes(StandardCharsets.US_ASCII);
      text.setLength(0);
      given = 0;
      return bytes.length > 0;
    }

    @Override
    public int read(byte[] into, int from, int length) {
      if (given == bytes.length && !fill()) {
        return -1;
      }
      int n = Math.min(length, bytes.length - given);
      System.arraycopy(bytes, given, into, from, n);
      given += n;
      return n;
    }

    @Override
    public int read() {
      return given == bytes.length && !fill() ? -1 : bytes[given++] & 0xFF;
    }
  }
}
