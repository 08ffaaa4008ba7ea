package io.citywide.demo;

import static io.citywide.demo.Landscape.degrees;

import io.citywide.demo.Landscape.Built;
import io.citywide.demo.Lattice.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.Point;

/** The register of buildings: who lives and works in what the landscape draws. Every name and number is made up; phones are of a range that nobody has. */
final class Housing {

  private static final String SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜";
  private static final String GIVEN = "安平和顺宁静明亮文武松柏梅兰竹菊春夏秋冬山川江河云霞星辰嘉佳欣悦思远怀志";
  private static final List<String> TRADES = List.of("餐饮", "零售", "理发", "诊所", "物流", "软件", "广告", "教育培训", "家政", "文具");

  /** The first community of each street has its homes in the register, the others will follow: the demo is to start quickly. */
  private static final String WITH_HOMES = "001";

  private static final int HOMES_ON_A_FLOOR = 2;

  private final List<Built> buildings;
  private final Map<Cell, String> codes;
  private final Map<Cell, String> communityNames;
  private final Random random;
  private final Map<String, Integer> numbers = new HashMap<>();
  private int phones;

  Housing(List<Built> buildings, Map<Cell, String> codes, Map<Cell, String> communityNames, Random random) {
    this.buildings = buildings;
    this.codes = codes;
    this.communityNames = communityNames;
    this.random = random;
  }

  /** One line for each building, in the order of the unit grids. */
  List<String> ndjson() {
    List<String> lines = new ArrayList<>(buildings.size());
    buildings.stream().sorted(Comparator.comparing(b -> codes.get(b.cell()))).forEach(b -> lines.add(line(b)));
    return lines;
  }

  private String line(Built b) {
    String community = codes.get(b.cell()).substring(0, 12);
    int number = numbers.merge(community, 1, Integer::sum);
    Geometry shape = degrees(b.shape());
    Point at = shape.getInteriorPoint();
    boolean flats = b.kind().equals("residential");
    String name = b.name() != null ? b.name() : communityNames.get(b.cell()) + (flats ? "苑" + number + "幢" : b.kind().equals("public") ? "公共服务楼" + number : "商务楼" + number);
    StringBuilder out = new StringBuilder(512).append("{\"ident\":\"").append(community).append("%04d".formatted(number)).append("\",\"name\":\"").append(name)
        .append("\",\"use\":\"").append(flats ? "RESIDENTIAL" : b.kind().equals("public") ? "PUBLIC" : "OFFICE").append("\",\"floors\":").append(b.floors())
        .append(",\"built\":").append(1985 + random.nextInt(38)).append(",\"lon\":").append(Json.degrees(at.getX())).append(",\"lat\":").append(Json.degrees(at.getY()))
        .append(",\"outline\":{\"type\":\"Polygon\",\"coordinates\":[[");
    Coordinate[] corners = shape.getCoordinates();
    for (int i = 0; i < corners.length; i++) {
      out.append(i == 0 ? "[" : ",[").append(Json.degrees(corners[i].x)).append(',').append(Json.degrees(corners[i].y)).append(']');
    }
    out.append("]]}");
    if (flats && community.endsWith(WITH_HOMES)) {
      homes(out, b.floors());
    } else if (b.kind().equals("commercial")) {
      enterprises(out, 1 + random.nextInt(4));
    }
    return out.append('}').toString();
  }

  private void homes(StringBuilder out, int floors) {
    out.append(",\"rooms\":[");
    for (int floor = 1; floor <= floors; floor++) {
      for (int home = 1; home <= HOMES_ON_A_FLOOR; home++) {
        int luck = random.nextInt(20);
        out.append(floor == 1 && home == 1 ? "" : ",").append("{\"number\":\"").append(floor).append("%02d".formatted(home)).append("\",\"floor\":").append(floor)
            .append(",\"occupancy\":\"").append(luck < 2 ? "VACANT" : luck < 7 ? "RENTED" : "OWNER").append('"');
        if (luck >= 2) {
          household(out);
        }
        out.append('}');
      }
    }
    out.append(']');
  }

  private void household(StringBuilder out) {
    int luck = random.nextInt(100);
    String care = luck < 3 ? "\"ELDERLY_ALONE\"" : luck < 5 ? "\"ELDERLY_COUPLE\"" : luck < 6 ? "\"DISABLED\"" : luck < 7 ? "\"SERIOUSLY_ILL\",\"LOW_INCOME\""
        : luck < 8 ? "\"LOW_INCOME\"" : luck == 8 && random.nextInt(3) == 0 ? "\"CHILD_IN_NEED\"" : "";
    int members = luck < 3 ? 1 : luck < 5 ? 2 : 1 + random.nextInt(5);
    out.append(",\"households\":[{\"members\":").append(members).append(",\"care\":[").append(care).append("],\"head\":\"").append(person()).append("\",\"phone\":\"")
        .append(phone()).append("\"}]");
  }

  private void enterprises(StringBuilder out, int count) {
    out.append(",\"enterprises\":[");
    for (int i = 0; i < count; i++) {
      String trade = TRADES.get(random.nextInt(TRADES.size()));
      out.append(i == 0 ? "" : ",").append("{\"name\":\"云泽").append(pick(GIVEN)).append(pick(GIVEN)).append(trade).append("行\",\"trade\":\"").append(trade)
          .append("\",\"room\":\"").append(1 + i).append("01\",\"contact\":\"").append(person()).append("\",\"phone\":\"").append(phone()).append("\"}");
    }
    out.append(']');
  }

  private String person() {
    return pick(SURNAMES) + pick(GIVEN) + (random.nextBoolean() ? pick(GIVEN) : "");
  }

  private String pick(String characters) {
    int at = random.nextInt(characters.length());
    return characters.substring(at, at + 1);
  }

  private String phone() {
    return "1000%07d".formatted(phones++);
  }
}
