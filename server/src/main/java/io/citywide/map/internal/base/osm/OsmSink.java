package io.citywide.map.internal.base.osm;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Takes the elements of a file in its order. */
interface OsmSink {

  /** The three elements of OpenStreetMap. */
  enum Type {
    NODE,
    WAY,
    RELATION
  }

  /** One member of a relation; {@code role} is empty where none is given. */
  record Member(Type type, long ref, String role) {}

  /** What is not wanted is passed over without being decoded. */
  boolean wants(Type type);

  /** Degrees of WGS-84 times 1e7. */
  void node(long id, int lonE7, int latE7, Map<String, String> tags) throws IOException, OsmFault;

  void way(long id, long[] refs, Map<String, String> tags) throws IOException, OsmFault;

  void relation(long id, List<Member> members, Map<String, String> tags) throws IOException, OsmFault;
}
