package io.citywide.map.internal.base.osm;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Any bytes for {@code PUT /api/map/base}: elements, or refused with what is wrong. */
class OsmFuzzTest {

  private static final OsmSink NOWHERE = new OsmSink() {
    @Override
    public boolean wants(Type type) {
      return true;
    }

    @Override
    public void node(long id, int lonE7, int latE7, Map<String, String> tags) {
      OsmTags.ofNode(tags);
    }

    @Override
    public void way(long id, long[] refs, Map<String, String> tags) {
      OsmTags drawn = OsmTags.ofWay(tags);
      if (drawn != null) {
        drawn.attributes(tags);
      }
    }

    @Override
    public void relation(long id, List<Member> members, Map<String, String> tags) {}
  };

  @FuzzTest(maxDuration = "60s")
  void readsOrRefusesAnyFile(FuzzedDataProvider data) throws IOException {
    boolean pbf = data.consumeBoolean();
    var in = new ByteArrayInputStream(data.consumeRemainingAsBytes());
    try {
      if (pbf) {
        OsmPbf.read(in, NOWHERE);
      } else {
        OsmXml.read(in, NOWHERE);
      }
    } catch (OsmFault refused) {
      refused.getMessage();
    }
  }
}
