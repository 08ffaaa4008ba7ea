package io.citywide.map.internal.base.osm;

import com.google.protobuf.ByteString;
import crosby.binary.Osmformat;
import crosby.binary.file.BlockOutputStream;
import crosby.binary.file.CompressFlags;
import crosby.binary.file.FileBlock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes PBF with the format's own library. */
final class PbfWriter implements OsmSink {

  private final boolean dense;
  private final CompressFlags packing;
  private final List<String> strings = new ArrayList<>(List.of(""));
  private final Osmformat.PrimitiveGroup.Builder nodes = Osmformat.PrimitiveGroup.newBuilder();
  private final Osmformat.DenseNodes.Builder denseNodes = Osmformat.DenseNodes.newBuilder();
  private final Osmformat.PrimitiveGroup.Builder ways = Osmformat.PrimitiveGroup.newBuilder();
  private final Osmformat.PrimitiveGroup.Builder relations = Osmformat.PrimitiveGroup.newBuilder();
  private long id;
  private long lon;
  private long lat;

  PbfWriter(boolean dense, CompressFlags packing) {
    this.dense = dense;
    this.packing = packing;
  }

  @Override
  public boolean wants(Type type) {
    return true;
  }

  private int index(String text) {
    int known = strings.indexOf(text);
    if (known >= 0) {
      return known;
    }
    strings.add(text);
    return strings.size() - 1;
  }

  @Override
  public void node(long nodeId, int lonE7, int latE7, Map<String, String> tags) {
    if (dense) {
      denseNodes.addId(nodeId - id).addLon(lonE7 - lon).addLat(latE7 - lat);
      id = nodeId;
      lon = lonE7;
      lat = latE7;
      tags.forEach((key, value) -> denseNodes.addKeysVals(index(key)).addKeysVals(index(value)));
      denseNodes.addKeysVals(0);
    } else {
      var node = Osmformat.Node.newBuilder().setId(nodeId).setLon(lonE7).setLat(latE7);
      tags.forEach((key, value) -> node.addKeys(index(key)).addVals(index(value)));
      nodes.addNodes(node);
    }
  }

  @Override
  public void way(long wayId, long[] refs, Map<String, String> tags) {
    var way = Osmformat.Way.newBuilder().setId(wayId);
    tags.forEach((key, value) -> way.addKeys(index(key)).addVals(index(value)));
    long last = 0;
    for (long ref : refs) {
      way.addRefs(ref - last);
      last = ref;
    }
    ways.addWays(way);
  }

  @Override
  public void relation(long relationId, List<Member> members, Map<String, String> tags) {
    var relation = Osmformat.Relation.newBuilder().setId(relationId);
    tags.forEach((key, value) -> relation.addKeys(index(key)).addVals(index(value)));
    long last = 0;
    for (Member member : members) {
      relation.addMemids(member.ref() - last).addRolesSid(index(member.role())).addTypes(Osmformat.Relation.MemberType.forNumber(member.type().ordinal()));
      last = member.ref();
    }
    relations.addRelations(relation);
  }

  byte[] bytes(String... required) throws IOException {
    var out = new ByteArrayOutputStream();
    try (BlockOutputStream blocks = new BlockOutputStream(out)) {
      blocks.setCompress(packing);
      var header = Osmformat.HeaderBlock.newBuilder().addRequiredFeatures("OsmSchema-V0.6").addRequiredFeatures("DenseNodes").setWritingprogram("test");
      for (String feature : required) {
        header.addRequiredFeatures(feature);
      }
      blocks.write(FileBlock.newInstance("OSMHeader", header.build().toByteString(), null));
      if (dense) {
        nodes.setDense(denseNodes);
      }
      for (var group : List.of(nodes, ways, relations)) {
        var table = Osmformat.StringTable.newBuilder();
        strings.forEach(text -> table.addS(ByteString.copyFromUtf8(text)));
        blocks.write(FileBlock.newInstance("OSMData", Osmformat.PrimitiveBlock.newBuilder().setStringtable(table).setGranularity(100).addPrimitivegroup(group).build().toByteString(), null));
      }
    }
    return out.toByteArray();
  }
}
