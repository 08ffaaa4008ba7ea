package io.citywide.demo;

import io.citywide.demo.Lattice.Block;
import io.citywide.demo.Lattice.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.operation.overlayng.CoverageUnion;

/**
 * 云泽市: a city that does not exist, the same for the same seed to the last digit. Its codes (9901…) are unassigned in
 * GB/T 2260.
 */
public final class CityPlan {

  /** Code of the city. */
  public static final String CITY = "990100";

  /** Components in the city. */
  public static final int COMPONENTS = 50_000;

  private static final int STREETS_PER_DISTRICT = 4;
  private static final int COMMUNITIES_PER_STREET = 5;

  /**
   * An area of the plan.
   *
   * @param level as the module place names it: CITY, DISTRICT, STREET, COMMUNITY, UNIT_GRID
   * @param boundary in degrees
   */
  public record PlannedArea(String code, String level, String name, String nameEn, String tier, Geometry boundary) {}

  /** A unit that looks after components: code, name. */
  public record Owner(String code, String name) {}

  /** A layer of the base map: GeoJSON body and the zoom from which it is worth showing. */
  public record MapLayer(String layer, double minZoom, String geoJson) {}

  private final List<PlannedArea> areas;
  private final Map<Cell, String> codes;
  private final Landscape landscape;
  private final List<String> components;
  private final List<String> buildings;

  private CityPlan(List<PlannedArea> areas, Map<Cell, String> codes, Landscape landscape, List<String> components, List<String> buildings) {
    this.areas = areas;
    this.codes = codes;
    this.landscape = landscape;
    this.components = components;
    this.buildings = buildings;
  }

  /** Draws the city; about a second's work. */
  public static CityPlan generate(long seed) {
    Random random = new Random(seed);
    Terrain terrain = new Terrain(random);
    Lattice lattice = new Lattice(terrain, random);
    List<PlannedArea> areas = new ArrayList<>();
    Map<Cell, String> codes = new HashMap<>();
    Map<Cell, String> communityNames = new HashMap<>();
    divide(lattice, areas, codes, communityNames);
    Landscape landscape = new Landscape(terrain, lattice, communityNames, random);
    return new CityPlan(areas, codes, landscape, new Furniture(lattice, landscape, codes, random).ndjson(COMPONENTS),
        new Housing(landscape.buildings(), codes, communityNames, new Random(seed + 1)).ndjson());
  }

  private static void divide(Lattice lattice, List<PlannedArea> areas, Map<Cell, String> codes, Map<Cell, String> communityNames) {
    List<Block> blocks = lattice.blocks();
    List<Block> north = blocks.stream().filter(b -> b.row() >= Terrain.RIVER).toList();
    List<List<Block>> districts = new ArrayList<>(Lattice.split(north, 2));
    districts.add(blocks.stream().filter(b -> b.row() < Terrain.RIVER).toList());
    int street = 0;
    int community = 0;
    for (int d = 0; d < districts.size(); d++) {
      String district = "%s%02d".formatted(CITY.substring(0, 4), d + 2);
      List<Geometry> ofDistrict = new ArrayList<>();
      int s = 0;
      for (List<Block> ofStreetBlocks : Lattice.split(districts.get(d), STREETS_PER_DISTRICT)) {
        String streetCode = "%s%03d".formatted(district, ++s);
        List<Geometry> ofStreet = new ArrayList<>();
        int c = 0;
        for (List<Block> ofCommunity : Lattice.split(ofStreetBlocks, COMMUNITIES_PER_STREET)) {
          String communityCode = "%s%03d".formatted(streetCode, ++c);
          String[] name = Names.COMMUNITIES.get(community++);
          List<Cell> cells = ofCommunity.stream().flatMap(b -> b.cells().stream())
              .sorted(Comparator.comparingInt(Cell::j).reversed().thenComparing(Cell::i)).toList();
          List<Geometry> grids = new ArrayList<>();
          int g = 0;
          for (Cell cell : cells) {
            String code = "%s%03d".formatted(communityCode, ++g);
            codes.put(cell, code);
            communityNames.put(cell, name[0]);
            Geometry boundary = lattice.polygon(cell);
            grids.add(boundary);
            areas.add(new PlannedArea(code, "UNIT_GRID", "%03d网格".formatted(g), "Grid %03d".formatted(g), null, boundary));
          }
          Geometry boundary = union(grids);
          ofStreet.add(boundary);
          areas.add(new PlannedArea(communityCode, "COMMUNITY", name[0] + "社区", name[1] + " Community", null, boundary));
        }
        Geometry boundary = union(ofStreet);
        ofDistrict.add(boundary);
        String[] name = Names.STREETS.get(street++);
        areas.add(new PlannedArea(streetCode, "STREET", name[0] + "街道", name[1] + " Subdistrict", null, boundary));
      }
      String[] name = Names.DISTRICTS.get(d);
      areas.add(new PlannedArea(district, "DISTRICT", name[0] + "区", name[1] + " District", d == 2 ? "一般" : "成熟", union(ofDistrict)));
    }
    areas.add(new PlannedArea(CITY, "CITY", "云泽市", "Yunze City", null,
        union(areas.stream().filter(a -> a.level().equals("DISTRICT")).map(PlannedArea::boundary).toList())));
    areas.sort(Comparator.comparing(PlannedArea::code));
  }

  /** Parts share their corners exactly, so their union keeps every corner and the levels fit without a gap. */
  private static Geometry union(List<Geometry> parts) {
    return CoverageUnion.union(Lattice.FACTORY.buildGeometry(parts));
  }

  /** All areas in the order of their codes. */
  public List<PlannedArea> areas() {
    return areas;
  }

  /** Body for {@code PUT /api/areas}: all levels at once. */
  public String areasGeoJson() {
    return geoJson(areas);
  }

  static String geoJson(List<PlannedArea> areas) {
    Json json = new Json();
    for (PlannedArea area : areas) {
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("code", area.code());
      properties.put("level", area.level());
      properties.put("name", area.name());
      properties.put("nameEn", area.nameEn());
      if (area.tier() != null) {
        properties.put("tier", area.tier());
      }
      json.add(area.boundary(), properties);
    }
    return json.text();
  }

  /** Bodies for {@code PUT /api/basemap/{layer}?minZoom=…}. */
  public List<MapLayer> layers() {
    return landscape.layers();
  }

  /** Lines for {@code POST /api/components:batch}, one component each; {@value #COMPONENTS} of them. */
  public List<String> components() {
    return components;
  }

  /** The same in bodies of at most {@code size} lines. */
  public List<String> componentBatches(int size) {
    return batches(components, size);
  }

  /** Bodies for {@code POST /api/buildings:batch} of at most {@code size} lines: one building each, with who lives and works in it. */
  public List<String> buildingBatches(int size) {
    return batches(buildings, size);
  }

  private static List<String> batches(List<String> lines, int size) {
    List<String> batches = new ArrayList<>();
    for (int from = 0; from < lines.size(); from += size) {
      batches.add(String.join("\n", lines.subList(from, Math.min(lines.size(), from + size))));
    }
    return batches;
  }

  /** Who looks after components; their codes stand in the components' {@code ownerCode}. */
  public static List<Owner> owners() {
    return Furniture.OWNERS;
  }

  /** Number of unit grids. */
  public int unitGrids() {
    return codes.size();
  }
}
