package io.citywide.demo;

import io.citywide.demo.SensorWorld.Sort;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The devices of the generated city, {@value #COUNT} of them: 216 bicycle sheds with smoke detectors and cameras, lifts of tall
 * houses, levels of the drains, covers, lamps and bins along the roads, air, noise, weather, gas, electricity, and people at
 * the station and in the parks. The same for the same city.
 */
final class Sensors {

  static final int COUNT = 20_000;

  private static final int SHEDS = 216;
  private static final int CAMERAS = 585;
  private static final int DETECTORS_OF_A_SHED = 3;
  private static final double METERS_PER_DEGREE = 111_320;

  /** Class and kind of the components that carry such a device (GB/T 47678.5). */
  private static final String DRAIN = "01004";
  private static final String COVER = "010(?:0[2357]|11)";
  private static final String LAMP = "01037";
  private static final String BIN = "03005";

  private static final Pattern COMPONENT = Pattern.compile("\"ident\":\"(\\d{6})(\\d{5})(\\d{6})\",\"lon\":([-0-9.]+),\"lat\":([-0-9.]+)");
  private static final Pattern BUILDING = Pattern.compile("\"ident\":\"([^\"]+)\".*?\"name\":\"([^\"]+)\"");
  private static final Pattern POINT = Pattern.compile("\"lon\":([-0-9.]+),\"lat\":([-0-9.]+)");

  /** A device of the plan. @param component {@code null}: it is fixed to none */
  record Planned(String code, Sort sort, String name, double lon, double lat, String group, String component, String building, String unit) {

    String line() {
      StringBuilder line = new StringBuilder(220).append("{\"code\":\"").append(code).append("\",\"type\":\"").append(sort.type()).append("\",\"name\":\"").append(name)
          .append("\",\"lon\":").append(Json.degrees(lon)).append(",\"lat\":").append(Json.degrees(lat));
      say(line, "group", group);
      say(line, "component", component);
      say(line, "building", building);
      say(line, "unit", unit);
      say(line, "source", sort.source());
      return line.append('}').toString();
    }

    private static void say(StringBuilder line, String field, String value) {
      if (value != null) {
        line.append(",\"").append(field).append("\":\"").append(value).append('"');
      }
    }
  }

  private record Place(String ident, String name, double lon, double lat) {}

  private final List<Planned> planned = new ArrayList<>(COUNT);
  private final Random random;

  private Sensors(long seed) {
    this.random = new Random(seed);
  }

  /** The devices of a city, {@value #COUNT} of them or as many as it has places for. */
  static List<Planned> of(CityData city, long seed) {
    Sensors sensors = new Sensors(seed);
    List<Place> covers = new ArrayList<>();
    List<Place> drains = new ArrayList<>();
    List<Place> lamps = new ArrayList<>();
    List<Place> bins = new ArrayList<>();
    for (String batch : city.components()) {
      Matcher m = COMPONENT.matcher(batch);
      while (m.find()) {
        Place place = new Place(m.group(1) + m.group(2) + m.group(3), "", Double.parseDouble(m.group(4)), Double.parseDouble(m.group(5)));
        if (m.group(2).matches(COVER)) {
          covers.add(place);
        } else if (m.group(2).equals(DRAIN)) {
          drains.add(place);
        } else if (m.group(2).equals(LAMP)) {
          lamps.add(place);
        } else if (m.group(2).equals(BIN)) {
          bins.add(place);
        }
      }
    }
    List<Place> houses = new ArrayList<>();
    for (String batch : city.buildings()) {
      batch.lines().forEach(line -> {
        Matcher named = BUILDING.matcher(line);
        Matcher at = POINT.matcher(line);
        if (named.find() && at.find()) {
          houses.add(new Place(named.group(1), named.group(2), Double.parseDouble(at.group(1)), Double.parseDouble(at.group(2))));
        }
      });
    }
    if (houses.isEmpty() || drains.isEmpty()) {
      return List.of();
    }
    sensors.plan(houses, covers, drains, lamps, bins);
    return sensors.planned;
  }

  private void plan(List<Place> houses, List<Place> covers, List<Place> drains, List<Place> lamps, List<Place> bins) {
    for (int shed = 1; shed <= SHEDS; shed++) {
      Place house = houses.get((int) ((long) shed * houses.size() / (SHEDS + 1)));
      String group = code("shed", shed);
      String manager = manager(house);
      for (int n = 1; n <= DETECTORS_OF_A_SHED; n++) {
        near(group + "-smoke-" + n, Sort.SMOKE, house.name() + "车棚" + n + "号烟感", house, 18, group, house.ident(), manager);
      }
      int cameras = CAMERAS * shed / SHEDS - CAMERAS * (shed - 1) / SHEDS;
      for (int n = 1; n <= cameras; n++) {
        near(group + "-camera-" + n, Sort.CAMERA, house.name() + "车棚" + n + "号摄像机", house, 20, group, house.ident(), manager);
      }
    }
    each("lift", 229, houses, Sort.LIFT, "电梯", 0, true, null);
    each("power", 400, houses, Sort.POWER, "配电箱", 6, true, null);
    each("gas", 400, houses, Sort.GAS, "燃气探测器", 8, true, "YZ-GAS");
    each("level", 180, drains, Sort.LEVEL, "易涝点水位计", 0, false, null);
    each("air", 120, lamps, Sort.AIR, "空气微站", 0, false, null);
    each("noise", 160, lamps, Sort.NOISE, "噪声监测点", 0, false, null);
    each("weather", 12, lamps, Sort.WEATHER, "气象站", 0, false, null);
    crowd("station", 12, lamps.get(lamps.size() / 2), Sort.STATION, "云泽站客流");
    crowd("park", 12, lamps.get(lamps.size() / 5), Sort.PARK, "湖滨公园客流");
    each("bin", 1_800, bins, Sort.BIN, "垃圾桶", 0, false, null);
    each("lamp", 5_000, lamps, Sort.LAMP, "路灯", 0, false, null);
    each("cover", COUNT - planned.size(), covers, Sort.COVER, "智能井盖", 0, false, null);
  }

  /** So many, evenly over the places; of components each bears one at most, and who looks after it answers for the device. */
  private void each(String prefix, int count, List<Place> places, Sort sort, String name, double meters, boolean houses, String unit) {
    int most = houses ? count : Math.min(count, places.size());
    for (int n = 1; n <= most; n++) {
      Place at = places.get((int) ((long) (n - 1) * places.size() / most));
      if (houses) {
        near(code(prefix, n), sort, at.name() + name, at, meters, null, at.ident(), sort == Sort.LIFT ? manager(at) : unit);
      } else {
        boolean own = sort == Sort.COVER || sort == Sort.LAMP || sort == Sort.BIN || sort == Sort.LEVEL;
        planned.add(new Planned(code(prefix, n), sort, name + n + "号", at.lon(), at.lat(), null, own ? at.ident() : null, null, own ? Furniture.owner(at.ident().substring(6, 11)) : unit));
      }
    }
  }

  /** Who manages a house; its number begins with its community. */
  private static String manager(Place house) {
    return Roster.manager(house.ident().substring(0, 12));
  }

  private void crowd(String prefix, int count, Place at, Sort sort, String name) {
    for (int n = 1; n <= count; n++) {
      near(code(prefix, n), sort, name + n + "号", at, 120, prefix, null, null);
    }
  }

  private void near(String code, Sort sort, String name, Place at, double meters, String group, String building, String unit) {
    double lat = at.lat() + (random.nextDouble() * 2 - 1) * meters / METERS_PER_DEGREE;
    double lon = at.lon() + (random.nextDouble() * 2 - 1) * meters / METERS_PER_DEGREE / Math.cos(Math.toRadians(at.lat()));
    planned.add(new Planned(code, sort, name, lon, lat, group, null, building, unit));
  }

  private static String code(String prefix, int n) {
    return String.format(Locale.ROOT, "yz-%s-%04d", prefix, n);
  }
}
