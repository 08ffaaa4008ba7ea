package io.citywide.map.internal.base.osm;

import io.citywide.place.BaseFeatures.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.ObjLongConsumer;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.operation.polygonize.Polygonizer;

/**
 * Makes features of a file of OpenStreetMap, in two passes: the first notes which ways bound areas made of several (its
 * multipolygon relations), the second makes everything. Nodes lie in a {@link NodeFile}; in memory are only the ways of
 * multipolygons, at most {@value #MOST_POINTS} points of 8 bytes.
 */
public final class OsmReader {

  /** What was found, and what could not be drawn. */
  public static final class Count {
    public long nodes;
    public long ways;
    public long relations;
    /** Lines that lack some of their nodes, as at the edge of an extract. */
    public long incomplete;
    /** Areas whose outline does not close or crosses itself beyond mending. */
    public long broken;
  }

  static final int MOST_POINTS = 20_000_000;

  private static final GeometryFactory FACTORY = new GeometryFactory();

  private final BiConsumer<String, Feature> features;
  private final Count count = new Count();
  private final Set<Long> wanted = new HashSet<>();
  private final Map<Long, int[]> outlines = new HashMap<>();
  private long points;

  private OsmReader(BiConsumer<String, Feature> features) {
    this.features = features;
  }

  /**
   * Reads a file.
   *
   * @param work folder for temporary files; on the disk 16 bytes a node are needed
   * @param features takes the layer and each feature
   * @param progress takes what is being done and the bytes of the file read so far
   * @throws OsmFault says what is wrong with the file and where
   */
  public static Count read(Path file, Path work, BiConsumer<String, Feature> features, ObjLongConsumer<String> progress) throws IOException, OsmFault {
    OsmReader reader = new OsmReader(features);
    OsmFile.read(file, reader.new Relations(), bytes -> progress.accept("reading relations", bytes));
    Files.createDirectories(work);
    try (NodeFile nodes = new NodeFile(work)) {
      Everything everything = reader.new Everything(nodes);
      OsmFile.read(file, everything, bytes -> progress.accept("reading nodes, ways and areas", bytes));
    }
    if (reader.count.nodes == 0) {
      throw new OsmFault("the file holds no node");
    }
    return reader.count;
  }

  /**
   * Looks at the first bytes only.
   *
   * @throws OsmFault where the file is certainly none of OpenStreetMap
   */
  public static void check(Path file) throws IOException, OsmFault {
    OsmFile.check(file);
  }

  private static boolean isArea(Map<String, String> tags) {
    return "multipolygon".equals(tags.get("type")) && OsmTags.ofWay(tags) != null && OsmTags.ofWay(tags).area();
  }

  private final class Relations implements OsmSink {

    @Override
    public boolean wants(Type type) {
      return type == Type.RELATION;
    }

    @Override
    public void node(long id, int lonE7, int latE7, Map<String, String> tags) {}

    @Override
    public void way(long id, long[] refs, Map<String, String> tags) {}

    @Override
    public void relation(long id, List<Member> members, Map<String, String> tags) {
      if (isArea(tags)) {
        members.stream().filter(m -> m.type() == Type.WAY).forEach(m -> wanted.add(m.ref()));
      }
    }
  }

  private final class Everything implements OsmSink {

    private final NodeFile nodes;
    private Type at = Type.NODE;

    Everything(NodeFile nodes) {
      this.nodes = nodes;
    }

    @Override
    public boolean wants(Type type) {
      return true;
    }

    private void now(Type type, long id) throws IOException, OsmFault {
      if (type.ordinal() < at.ordinal()) {
        throw new OsmFault(type.name().toLowerCase(Locale.ROOT) + " " + id + " comes after a " + at.name().toLowerCase(Locale.ROOT)
            + "; nodes, ways and relations must come in this order (osmium sort)");
      }
      if (at == Type.NODE && type != Type.NODE) {
        nodes.seal();
      }
      at = type;
    }

    @Override
    public void node(long id, int lonE7, int latE7, Map<String, String> tags) throws IOException, OsmFault {
      now(Type.NODE, id);
      count.nodes++;
      nodes.add(id, lonE7, latE7);
      OsmTags drawn = OsmTags.ofNode(tags);
      if (drawn != null) {
        emit(drawn, tags, FACTORY.createPoint(new Coordinate(lonE7 / 1e7, latE7 / 1e7)));
      }
    }

    @Override
    public void way(long id, long[] refs, Map<String, String> tags) throws IOException, OsmFault {
      now(Type.WAY, id);
      count.ways++;
      OsmTags drawn = OsmTags.ofWay(tags);
      boolean member = wanted.contains(id);
      if (drawn == null && !member) {
        return;
      }
      int[] line = line(refs);
      if (member) {
        points += line.length / 2;
        if (points > MOST_POINTS) {
          throw new OsmFault("the outlines of areas have more than " + MOST_POINTS + " points; take a smaller extract (osmium extract)");
        }
        outlines.put(id, line);
      }
      if (drawn == null) {
        return;
      }
      boolean whole = line.length == refs.length * 2;
      if (!whole) {
        count.incomplete++;
      }
      if (drawn.area()) {
        boolean closed = refs.length > 3 && refs[0] == refs[refs.length - 1];
        // The outline of an area in several parts carries the tags itself in old data; the relation draws it.
        if (closed && whole) {
          area(drawn, tags, FACTORY.createPolygon(coordinates(line)));
        } else if (!member) {
          count.broken++;
        }
      } else if (line.length >= 4) {
        emit(drawn, tags, FACTORY.createLineString(coordinates(line)));
      }
    }

    /** The nodes that the file holds. */
    private int[] line(long[] refs) {
      int[] line = new int[refs.length * 2];
      int n = 0;
      for (long ref : refs) {
        long place = nodes.find(ref);
        if (place != Long.MIN_VALUE) {
          line[n++] = (int) (place >> 32);
          line[n++] = (int) place;
        }
      }
      return n == line.length ? line : Arrays.copyOf(line, n);
    }

    @Override
    public void relation(long id, List<Member> members, Map<String, String> tags) throws IOException, OsmFault {
      now(Type.RELATION, id);
      count.relations++;
      if (!isArea(tags)) {
        return;
      }
      Polygonizer rings = new Polygonizer(true);
      for (Member member : members) {
        int[] line = member.type() == Type.WAY ? outlines.get(member.ref()) : null;
        if (line != null && line.length >= 4) {
          rings.add(FACTORY.createLineString(coordinates(line)));
        }
      }
      Geometry area = rings.getGeometry();
      if (area.isEmpty()) {
        count.broken++;
      } else {
        area(OsmTags.ofWay(tags), tags, area);
      }
    }

    private void area(OsmTags drawn, Map<String, String> tags, Geometry area) {
      Geometry valid = area.isValid() ? area : GeometryFixer.fix(area);
      if (valid.isEmpty() || valid.getDimension() != 2) {
        count.broken++;
      } else {
        emit(drawn, tags, valid);
      }
    }

    private void emit(OsmTags drawn, Map<String, String> tags, Geometry geometry) {
      features.accept(drawn.layer(), new Feature(0, OsmTags.name(tags), drawn.kind(), onlyAreas(drawn, geometry), drawn.attributes(tags)));
    }

    private static Geometry onlyAreas(OsmTags drawn, Geometry geometry) {
      if (!drawn.area() || geometry.getNumGeometries() == 1) {
        return geometry.getNumGeometries() == 1 ? geometry.getGeometryN(0) : geometry;
      }
      List<Polygon> polygons = new ArrayList<>();
      for (int i = 0; i < geometry.getNumGeometries(); i++) {
        if (geometry.getGeometryN(i) instanceof Polygon polygon) {
          polygons.add(polygon);
        }
      }
      return FACTORY.createMultiPolygon(polygons.toArray(Polygon[]::new));
    }
  }

  private static Coordinate[] coordinates(int[] line) {
    Coordinate[] points = new Coordinate[line.length / 2];
    for (int i = 0; i < points.length; i++) {
      points[i] = new Coordinate(line[2 * i] / 1e7, line[2 * i + 1] / 1e7);
    }
    return points;
  }
}
