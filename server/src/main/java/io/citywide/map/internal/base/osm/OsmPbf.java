package io.citywide.map.internal.base.osm;

import io.citywide.map.internal.base.osm.OsmSink.Member;
import io.citywide.map.internal.base.osm.OsmSink.Type;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads OpenStreetMap PBF as wiki.openstreetmap.org/wiki/PBF_Format describes it: blocks of at most 32 MB, packed with
 * zlib or not at all. One block is in memory at a time.
 *
 * <p>Tried: osmosis-pbf2 and osm4j; each brings a runtime of protocol buffers and more for what are varints and deltas.
 */
final class OsmPbf {

  private static final int MOST_HEADER = 64 << 10;
  private static final int MOST_BLOB = 32 << 20;
  private static final Set<String> KNOWN = Set.of("OsmSchema-V0.6", "DenseNodes");

  private final OsmSink sink;
  private int block;

  private OsmPbf(OsmSink sink) {
    this.sink = sink;
  }

  static void read(InputStream in, OsmSink sink) throws IOException, OsmFault {
    OsmPbf reader = new OsmPbf(sink);
    try {
      reader.read(new DataInputStream(in));
    } catch (Broken broken) {
      throw new OsmFault("block " + reader.block + ": " + broken.getMessage());
    } catch (java.io.EOFException e) {
      throw new OsmFault("block " + reader.block + ": the file ends in the middle");
    }
  }

  private void read(DataInputStream in) throws IOException, OsmFault, Broken {
    boolean header = false;
    while (true) {
      int first = in.read();
      if (first < 0) {
        if (!header) {
          throw new Broken("the file has no header");
        }
        return;
      }
      block++;
      int size = first << 24 | in.readUnsignedByte() << 16 | in.readUnsignedByte() << 8 | in.readUnsignedByte();
      if (size <= 0 || size > MOST_HEADER) {
        throw new Broken("this is no PBF file: a block's header has 1 to " + MOST_HEADER + " bytes, not " + (size & 0xFFFFFFFFL));
      }
      String type = "";
      long length = -1;
      for (Proto message = new Proto(exactly(in, size)); message.next(); ) {
        switch (message.field) {
          case 1 -> type = message.text();
          case 3 -> length = message.number();
          default -> message.skip();
        }
      }
      if (length < 0 || length > MOST_BLOB) {
        throw new Broken("a block has at most " + MOST_BLOB + " bytes, not " + length);
      }
      byte[] blob = exactly(in, (int) length);
      if (type.equals("OSMHeader")) {
        header(new Proto(unpacked(blob)));
        header = true;
      } else if (type.equals("OSMData")) {
        if (!header) {
          throw new Broken("data come before the header");
        }
        data(unpacked(blob));
      }
    }
  }

  private static byte[] exactly(DataInputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new java.io.EOFException();
    }
    return bytes;
  }

  private static byte[] unpacked(byte[] blob) throws Broken {
    byte[] raw = null;
    byte[] zlib = null;
    long size = -1;
    for (Proto message = new Proto(blob); message.next(); ) {
      switch (message.field) {
        case 1 -> raw = message.bytes();
        case 2 -> size = message.number();
        case 3 -> zlib = message.bytes();
        case 4, 5, 6, 7 -> throw new Broken("the block is packed with " + List.of("lzma", "bzip2", "lz4", "zstd").get(message.field - 4)
            + "; write the file with zlib (osmium cat -f pbf,pbf_compression=zlib)");
        default -> message.skip();
      }
    }
    if (raw != null) {
      return raw;
    }
    if (zlib == null || size < 0 || size > MOST_BLOB) {
      throw new Broken("a block has at most " + MOST_BLOB + " bytes unpacked, this one says " + size);
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(zlib);
      byte[] out = new byte[(int) size];
      int n = 0;
      while (n < out.length) {
        int more = inflater.inflate(out, n, out.length - n);
        if (more == 0) {
          throw new Broken("a block is shorter than it says");
        }
        n += more;
      }
      return out;
    } catch (DataFormatException e) {
      throw new Broken("a block cannot be unpacked: " + e.getMessage());
    } finally {
      inflater.end();
    }
  }

  private static void header(Proto message) throws Broken {
    while (message.next()) {
      if (message.field == 4) {
        String feature = message.text();
        if (!KNOWN.contains(feature)) {
          throw new Broken("the file needs '" + feature + "', which is not supported" + (feature.equals("HistoricalInformation") ? "; a file without history is needed" : ""));
        }
      } else {
        message.skip();
      }
    }
  }

  private void data(byte[] content) throws IOException, OsmFault, Broken {
    String[] strings = {};
    List<byte[]> groups = new ArrayList<>();
    long granularity = 100;
    long lonOffset = 0;
    long latOffset = 0;
    for (Proto message = new Proto(content); message.next(); ) {
      switch (message.field) {
        case 1 -> strings = strings(message.bytes());
        case 2 -> groups.add(message.bytes());
        case 17 -> granularity = message.number();
        case 19 -> latOffset = message.number();
        case 20 -> lonOffset = message.number();
        default -> message.skip();
      }
    }
    Block decoded = new Block(strings, granularity, lonOffset, latOffset);
    for (byte[] group : groups) {
      for (Proto message = new Proto(group); message.next(); ) {
        switch (message.field) {
          case 1 -> {
            byte[] node = message.bytes();
            if (sink.wants(Type.NODE)) {
              node(decoded, node);
            }
          }
          case 2 -> {
            byte[] dense = message.bytes();
            if (sink.wants(Type.NODE)) {
              dense(decoded, dense);
            }
          }
          case 3 -> {
            byte[] way = message.bytes();
            if (sink.wants(Type.WAY)) {
              way(decoded, way);
            }
          }
          case 4 -> {
            byte[] relation = message.bytes();
            if (sink.wants(Type.RELATION)) {
              relation(decoded, relation);
            }
          }
          default -> message.skip();
        }
      }
    }
  }

  private static String[] strings(byte[] table) throws Broken {
    List<String> strings = new ArrayList<>();
    for (Proto message = new Proto(table); message.next(); ) {
      if (message.field == 1) {
        strings.add(message.text());
      } else {
        message.skip();
      }
    }
    return strings.toArray(String[]::new);
  }

  private record Block(String[] strings, long granularity, long lonOffset, long latOffset) {

    String text(long index) throws Broken {
      if (index < 0 || index >= strings.length) {
        throw new Broken("there is no text " + index + ", the block has " + strings.length);
      }
      return strings[(int) index];
    }

    int degreesE7(long value, long offset, int bound, long id) throws Broken {
      double degrees = 1e-9 * (offset + (double) granularity * value);
      if (!(Math.abs(degrees) <= bound)) {
        throw new Broken("node " + id + ": a position must be within " + bound + " degrees, was " + degrees);
      }
      return (int) Math.round(degrees * 1e7);
    }

    Map<String, String> tags(long[] keys, long[] values) throws Broken {
      if (keys.length != values.length) {
        throw new Broken("there are " + keys.length + " keys and " + values.length + " values");
      }
      Map<String, String> tags = LinkedHashMap.newLinkedHashMap(keys.length);
      for (int i = 0; i < keys.length; i++) {
        tags.put(text(keys[i]), text(values[i]));
      }
      return tags;
    }
  }

  private void node(Block in, byte[] content) throws IOException, OsmFault, Broken {
    long id = 0;
    long lon = 0;
    long lat = 0;
    long[] keys = {};
    long[] values = {};
    for (Proto message = new Proto(content); message.next(); ) {
      switch (message.field) {
        case 1 -> id = message.signed();
        case 2 -> keys = message.packed(false);
        case 3 -> values = message.packed(false);
        case 8 -> lat = message.signed();
        case 9 -> lon = message.signed();
        default -> message.skip();
      }
    }
    sink.node(id, in.degreesE7(lon, in.lonOffset, 180, id), in.degreesE7(lat, in.latOffset, 90, id), in.tags(keys, values));
  }

  private void dense(Block in, byte[] content) throws IOException, OsmFault, Broken {
    long[] ids = {};
    long[] lons = {};
    long[] lats = {};
    long[] tags = {};
    for (Proto message = new Proto(content); message.next(); ) {
      switch (message.field) {
        case 1 -> ids = message.packed(true);
        case 8 -> lats = message.packed(true);
        case 9 -> lons = message.packed(true);
        case 10 -> tags = message.packed(false);
        default -> message.skip();
      }
    }
    if (ids.length != lons.length || ids.length != lats.length) {
      throw new Broken("there are " + ids.length + " nodes, " + lons.length + " longitudes and " + lats.length + " latitudes");
    }
    long id = 0;
    long lon = 0;
    long lat = 0;
    int at = 0;
    for (int i = 0; i < ids.length; i++) {
      id += ids[i];
      lon += lons[i];
      lat += lats[i];
      Map<String, String> own = Map.of();
      while (at < tags.length && tags[at] != 0) {
        if (at + 1 >= tags.length) {
          throw new Broken("a key of node " + id + " has no value");
        }
        if (own.isEmpty()) {
          own = new LinkedHashMap<>();
        }
        own.put(in.text(tags[at]), in.text(tags[at + 1]));
        at += 2;
      }
      at++;
      sink.node(id, in.degreesE7(lon, in.lonOffset, 180, id), in.degreesE7(lat, in.latOffset, 90, id), own);
    }
  }

  private void way(Block in, byte[] content) throws IOException, OsmFault, Broken {
    long id = 0;
    long[] keys = {};
    long[] values = {};
    long[] refs = {};
    for (Proto message = new Proto(content); message.next(); ) {
      switch (message.field) {
        case 1 -> id = message.number();
        case 2 -> keys = message.packed(false);
        case 3 -> values = message.packed(false);
        case 8 -> refs = message.packed(true);
        default -> message.skip();
      }
    }
    sums(refs);
    sink.way(id, refs, in.tags(keys, values));
  }

  private void relation(Block in, byte[] content) throws IOException, OsmFault, Broken {
    long id = 0;
    long[] keys = {};
    long[] values = {};
    long[] roles = {};
    long[] refs = {};
    long[] types = {};
    for (Proto message = new Proto(content); message.next(); ) {
      switch (message.field) {
        case 1 -> id = message.number();
        case 2 -> keys = message.packed(false);
        case 3 -> values = message.packed(false);
        case 8 -> roles = message.packed(false);
        case 9 -> refs = message.packed(true);
        case 10 -> types = message.packed(false);
        default -> message.skip();
      }
    }
    if (roles.length != refs.length || types.length != refs.length) {
      throw new Broken("relation " + id + " has " + refs.length + " members, " + roles.length + " roles and " + types.length + " types");
    }
    sums(refs);
    List<Member> members = new ArrayList<>(refs.length);
    for (int i = 0; i < refs.length; i++) {
      if (types[i] < 0 || types[i] > 2) {
        throw new Broken("relation " + id + ": a member's type must be 0, 1 or 2, was " + types[i]);
      }
      members.add(new Member(Type.values()[(int) types[i]], refs[i], in.text(roles[i])));
    }
    sink.relation(id, members, in.tags(keys, values));
  }

  private static void sums(long[] deltas) {
    for (int i = 1; i < deltas.length; i++) {
      deltas[i] += deltas[i - 1];
    }
  }

  private static final class Broken extends Exception {
    Broken(String message) {
      super(message, null, false, false);
    }
  }

  /** A message of protocol buffers, read field by field. */
  private static final class Proto {

    private final byte[] bytes;
    private int at;
    private int wire;
    private int field;

    Proto(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean next() throws Broken {
      if (at >= bytes.length) {
        return false;
      }
      long tag = varint();
      field = (int) (tag >>> 3);
      wire = (int) (tag & 7);
      return true;
    }

    private long varint() throws Broken {
      long value = 0;
      for (int shift = 0; shift < 70; shift += 7) {
        if (at >= bytes.length) {
          throw new Broken("a number is cut off");
        }
        byte next = bytes[at++];
        value |= (long) (next & 0x7F) << shift;
        if (next >= 0) {
          return value;
        }
      }
      throw new Broken("a number has more than ten bytes");
    }

    private void expect(int wanted) throws Broken {
      if (wire != wanted) {
        throw new Broken("field " + field + " has the wire type " + wire + " instead of " + wanted);
      }
    }

    long number() throws Broken {
      expect(0);
      return varint();
    }

    long signed() throws Broken {
      long value = number();
      return value >>> 1 ^ -(value & 1);
    }

    byte[] bytes() throws Broken {
      expect(2);
      int length = length();
      byte[] part = java.util.Arrays.copyOfRange(bytes, at, at + length);
      at += length;
      return part;
    }

    private int length() throws Broken {
      long length = varint();
      if (length < 0 || length > bytes.length - at) {
        throw new Broken("field " + field + " is cut off");
      }
      return (int) length;
    }

    String text() throws Broken {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    long[] packed(boolean zigzag) throws Broken {
      expect(2);
      int length = length();
      int end = at + length;
      int count = 0;
      for (int i = at; i < end; i++) {
        if (bytes[i] >= 0) {
          count++;
        }
      }
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        long value = varint();
        values[i] = zigzag ? value >>> 1 ^ -(value & 1) : value;
      }
      if (at != end) {
        throw new Broken("the numbers of field " + field + " are cut off");
      }
      return values;
    }

    void skip() throws Broken {
      switch (wire) {
        case 0 -> varint();
        case 1 -> forward(8);
        case 2 -> forward(length());
        case 5 -> forward(4);
        default -> throw new Broken("field " + field + " has the unknown wire type " + wire);
      }
    }

    private void forward(int count) throws Broken {
      if (count > bytes.length - at) {
        throw new Broken("field " + field + " is cut off");
      }
      at += count;
    }
  }
}
