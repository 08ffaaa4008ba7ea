package io.citywide.map.internal.base.osm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import crosby.binary.file.CompressFlags;
import io.citywide.place.BaseFeatures.Feature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.locationtech.jts.geom.Point;

/** What of a file of OpenStreetMap becomes the base map, and what is refused with the place of its fault. */
class OsmReaderTest {

  @TempDir Path folder;

  /** A road, a house, a lake of two ways with an island, a broken area, a river that leaves the extract, a suburb. */
  static final String CITY = """
      <?xml version='1.0' encoding='UTF-8'?>
      <osm version="0.6" generator="test">
        <bounds minlat="31.2" minlon="121.4" maxlat="31.3" maxlon="121.5"/>
        <node id="1" lat="31.2000" lon="121.4000"/><node id="2" lat="31.2000" lon="121.4100"/><node id="3" lat="31.2100" lon="121.4100"/>
        <node id="4" lat="31.2100" lon="121.4000"/><node id="5" lat="31.2040" lon="121.4040"/><node id="6" lat="31.2040" lon="121.4060"/>
        <node id="7" lat="31.2060" lon="121.4060"/><node id="8" lat="31.2060" lon="121.4040"/>
        <node id="9" lat="31.2200" lon="121.4200"><tag k="place" v="suburb"/><tag k="name" v="听雨"/><tag k="name:en" v="Tingyu"/></node>
        <node id="10" lat="31.2300" lon="121.4200"><tag k="amenity" v="bench"/><tag k="name" v="一张长椅"/></node>
        <way id="100"><nd ref="1"/><nd ref="2"/><nd ref="9"/><tag k="highway" v="primary"/><tag k="name" v="Nanjing Road"/><tag k="name:zh" v="南京路"/><tag k="name:en" v="Nanjing Road"/><tag k="bridge" v="yes"/></way>
        <way id="101"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/><tag k="building" v="office"/><tag k="height" v="24.5 m"/><tag k="addr:street" v="南京路"/><tag k="addr:housenumber" v="12"/></way>
        <way id="102"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
        <way id="103"><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
        <way id="104"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="8"/><nd ref="5"/></way>
        <way id="105"><nd ref="2"/><nd ref="3"/><nd ref="999"/><tag k="waterway" v="river"/></way>
        <way id="106"><nd ref="2"/><nd ref="3"/><tag k="highway" v="proposed"/></way>
        <way id="107"><nd ref="1"/><nd ref="3"/><nd ref="2"/><nd ref="4"/><nd ref="1"/><tag k="landuse" v="grass"/></way>
        <relation id="200"><member type="way" ref="102" role="outer"/><member type="way" ref="103" role="outer"/><member type="way" ref="104" role="inner"/>
          <tag k="type" v="multipolygon"/><tag k="natural" v="water"/><tag k="name" v="望湖"/></relation>
        <relation id="201"><member type="way" ref="102" role="outer"/><tag k="type" v="multipolygon"/><tag k="natural" v="wood"/></relation>
        <relation id="202"><member type="way" ref="100" role=""/><tag k="type" v="route"/></relation>
      </osm>
      """;

  private record Read(Map<String, List<Feature>> features, OsmReader.Count count) {
    Feature only(String layer) {
      assertThat(features.get(layer)).hasSize(1);
      return features.get(layer).getFirst();
    }
  }

  private Read read(byte[] content) throws IOException, OsmFault {
    Path file = Files.write(folder.resolve("city"), content);
    Map<String, List<Feature>> features = new TreeMap<>();
    OsmReader.Count count = OsmReader.read(file, folder.resolve("work"), (layer, feature) -> features.computeIfAbsent(layer, l -> new ArrayList<>()).add(feature), (step, bytes) -> { });
    assertThat(folder.resolve("work")).as("nothing is left behind").isEmptyDirectory();
    return new Read(features, count);
  }

  private Read read(String content) throws IOException, OsmFault {
    return read(content.getBytes(StandardCharsets.UTF_8));
  }

  private void refused(String content, String... words) {
    assertThatExceptionOfType(OsmFault.class).as(content).isThrownBy(() -> read(content)).satisfies(fault -> assertThat(fault.getMessage()).contains(words));
  }

  private static void check(Read city) {
    Feature road = city.only("roads");
    assertThat(road.name()).as("the Chinese name where there is one").isEqualTo("南京路");
    assertThat(road.kind()).isEqualTo("primary");
    assertThat(road.attributes()).containsEntry("nameEn", "Nanjing Road").containsEntry("bridge", 1);
    assertThat(road.geometry().getNumPoints()).isEqualTo(3);
    assertThat(city.only("buildings").attributes()).containsEntry("height", 24.5).containsEntry("kind", "office").containsEntry("address", "南京路12号");
    List<Feature> water = city.features.get("water");
    assertThat(water).extracting(Feature::name).containsExactlyInAnyOrder(null, "望湖");
    Feature lake = water.stream().filter(w -> w.name() != null).findFirst().orElseThrow();
    assertThat(lake.geometry().getArea()).as("the lake without its island").isCloseTo(0.01 * 0.01 - 0.002 * 0.002, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(city.only("green").geometry().isValid()).as("an outline that crosses itself is mended").isTrue();
    assertThat(city.only("landmarks").name()).isEqualTo("听雨");
    assertThat(((Point) city.only("landmarks").geometry()).getX()).isEqualTo(121.42);
    assertThat(city.count.incomplete).as("the river lacks its node 999").isEqualTo(1);
    assertThat(city.count.broken).as("the wood does not close").isEqualTo(1);
    assertThat(city.count.nodes).isEqualTo(10);
    assertThat(city.count.ways).isEqualTo(8);
    assertThat(city.count.relations).isEqualTo(3);
  }

  @Test
  void takesRoadsHousesWaterGreenAndPlacesOfXml() throws Exception {
    check(read(CITY));
  }

  @Test
  void takesTheSameOfPackedXml() throws Exception {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(CITY.getBytes(StandardCharsets.UTF_8));
    }
    check(read(packed.toByteArray()));
  }

  @Test
  void takesTheSameOfPbfInEachOfItsForms() throws Exception {
    for (boolean dense : new boolean[] {true, false}) {
      for (CompressFlags packing : CompressFlags.values()) {
        check(read(pbf(dense, packing)));
      }
    }
  }

  private static byte[] pbf(boolean dense, CompressFlags packing, String... required) throws IOException, OsmFault {
    PbfWriter writer = new PbfWriter(dense, packing);
    OsmXml.read(new java.io.ByteArrayInputStream(CITY.getBytes(StandardCharsets.UTF_8)), writer);
    return writer.bytes(required);
  }

  @Test
  void aFileWhoseNodesAreNotInOrderIsReadTheSame() throws Exception {
    List<String> nodes = new ArrayList<>(CITY.lines().filter(l -> l.contains("<node")).toList());
    String shuffled = CITY.lines().filter(l -> l.contains("<node")).reduce(CITY, (text, line) -> text.replace(line + "\n", ""));
    java.util.Collections.reverse(nodes);
    check(read(shuffled.replace("    <way id=\"100\"", String.join("\n", nodes) + "\n    <way id=\"100\"").replaceFirst("(?s)(<bounds[^>]*>)(.*?)(<way id=\"100\")", "$1" + String.join("\n", nodes).replace("$", "") + "$3")));
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    refused("", "empty");
    refused("hello", "neither");
    refused("BZh91AY", "bzip2");
    refused("<gpx/>", "line 1", "<osm>", "<gpx>");
    refused("<osm version=\"0.5\"/>", "0.6", "0.5");
    refused("<osm><node id=\"1\" lat=\"1\" lon=\"2\"/>", "line 1");
    refused("<osm>\n<node id=\"1\" lat=\"91\" lon=\"2\"/></osm>", "line 2", "node 1", "91");
    refused("<osm>\n<node id=\"1\" lat=\"\" lon=\"2\"/></osm>", "line 2", "lat");
    refused("<osm>\n<node id=\"x\" lat=\"1\" lon=\"2\"/></osm>", "line 2", "'x'");
    refused("<osm>\n<way id=\"1\"><nd/></way></osm>", "line 2", "ref");
    refused("<osm>\n<way id=\"1\"/>\n<node id=\"7\" lat=\"1\" lon=\"2\"/></osm>", "node 7", "osmium sort");
    refused("<osm>\n<create/></osm>", "changes");
    refused("<osm/>", "no node");
  }

  @Test
  void readsNothingFromOutsideTheFileAndUnfoldsNoEntities() {
    refused("<?xml version=\"1.0\"?><!DOCTYPE osm [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><osm><node id=\"1\" lat=\"1\" lon=\"1\"><tag k=\"place\" v=\"&x;\"/></node></osm>", "line 1");
    refused("<?xml version=\"1.0\"?><!DOCTYPE osm [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;\">]><osm>&b;</osm>", "line 1");
    refused("<?xml version=\"1.0\"?><!DOCTYPE osm SYSTEM \"http://127.0.0.1:9/osm.dtd\"><osm/>", "line 1");
  }

  @Test
  void aPbfThatIsCutOffOrAlteredIsRefusedByItsBlock() throws Exception {
    byte[] whole = pbf(true, CompressFlags.DEFLATE);
    for (int length : new int[] {1, 3, 5, 20, 60, whole.length / 2, whole.length - 1}) {
      assertThatExceptionOfType(OsmFault.class).as("first %d bytes", length).isThrownBy(() -> read(java.util.Arrays.copyOf(whole, length)));
    }
    byte[] altered = whole.clone();
    altered[whole.length - 30] ^= 0x55;
    assertThatExceptionOfType(OsmFault.class).isThrownBy(() -> read(altered)).withMessageContaining("block");
    assertThatExceptionOfType(OsmFault.class).isThrownBy(() -> read(pbf(true, CompressFlags.DEFLATE, "HistoricalInformation"))).withMessageContaining("HistoricalInformation");
    assertThatExceptionOfType(OsmFault.class).isThrownBy(() -> read(new byte[] {0, 0x7F, 0, 0, 1, 2, 3})).withMessageContaining("block 1");
  }
}
