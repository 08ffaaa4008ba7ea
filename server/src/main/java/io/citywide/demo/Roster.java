package io.citywide.demo;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** Units, people and the responsibility matrix of the demo, derived from the areas that the server holds. All names are invented. */
final class Roster {

  /** A unit to be. {@code parentCode} {@code null}: at the top. */
  record Unit(String code, String name, String kind, String parentCode, String areaCode, String stationing) {}

  /** A grid member: on the list, with a position, without a password. */
  record GridMember(String login, String name, String phone, String unitCode, String areaCode) {}

  private record Area(String code, String level, String name) {}

  /** Departments: code, name, how they are stationed at the command centre, whether each district has one of its own. */
  private enum Department {
    CG("城市管理局", "城管局", "WHOLE", true),
    ZJ("住房和城乡建设局", "住建局", "REGULAR", true),
    SW("水务局", "水务局", "REGULAR", true),
    YL("园林绿化局", "园林局", "WHOLE", true),
    JJ("交通警察支队", "交警大队", "REGULAR", true),
    HB("生态环境局", "生态环境局", "REGULAR", false),
    SJ("市场监督管理局", "市场监管局", "NONE", false);

    final String city;
    final String district;
    final String stationing;
    final boolean inDistricts;

    Department(String city, String district, String stationing, boolean inDistricts) {
      this.city = city;
      this.district = district;
      this.stationing = stationing;
      this.inDistricts = inDistricts;
    }
  }

  private static final String SURNAMES = "林沈顾陆苏周程方许叶江韩傅姚邵孟秦白唐段温骆尹季柏舒";
  private static final String GIVEN = "知远书宁子墨安然云舟清和若谷望舒景行怀瑾念慈星野乐言思齐明澈嘉树一诺初晴沐阳";

  private final String city;
  private final String cityName;
  private final List<Area> districts = new ArrayList<>();
  private final List<Area> streets = new ArrayList<>();
  private final List<Area> communities = new ArrayList<>();
  private final Random random = new Random(20261122);

  /** @param areas answer of {@code GET /api/areas} */
  Roster(JsonNode areas) {
    List<Area> all = new ArrayList<>();
    areas.forEach(a -> all.add(new Area(a.path("code").asString(), a.path("level").asString(), a.path("name").asString())));
    all.sort(Comparator.comparing(Area::code));
    Area top = all.stream().filter(a -> a.level().equals("CITY")).findFirst()
        .orElseThrow(() -> new IllegalStateException("the server holds no city; areas must be loaded first"));
    city = top.code();
    cityName = top.name();
    for (Area area : all) {
      switch (area.level()) {
        case "DISTRICT" -> districts.add(area);
        case "STREET" -> streets.add(area);
        case "COMMUNITY" -> communities.add(area);
        default -> {
          // Unit grids have members, not units; the city is at the top.
        }
      }
    }
  }

  String city() {
    return city;
  }

  /** Parents before children. */
  List<Unit> units() {
    List<Unit> units = new ArrayList<>();
    units.add(new Unit("JDZX", cityName + "城市运行监督中心", "CENTRE", null, city, "NONE"));
    units.add(new Unit("ZHZX", cityName + "城市运行指挥中心", "CENTRE", null, city, "NONE"));
    for (Department d : Department.values()) {
      units.add(new Unit(d.name(), "市" + d.city, "DEPARTMENT", "ZHZX", city, d.stationing));
    }
    units.add(new Unit("GD", cityName.replace("市", "") + "供电公司", "ENTERPRISE", "ZHZX", city, "TEMPORARY"));
    units.add(new Unit("TX", cityName.replace("市", "") + "通信管线公司", "ENTERPRISE", "ZHZX", city, "TEMPORARY"));
    for (Area district : districts) {
      units.add(new Unit("JD" + district.code(), district.name() + "监督指挥中心", "CENTRE", null, district.code(), "NONE"));
      for (Department d : Department.values()) {
        if (d.inDistricts) {
          units.add(new Unit(d.name() + district.code(), district.name() + d.district, "DEPARTMENT", d.name(), district.code(), "NONE"));
        }
      }
    }
    for (Area street : streets) {
      units.add(new Unit("JB" + street.code(), street.name() + "办事处", "STREET_OFFICE", "JD" + street.code().substring(0, 6), street.code(), "NONE"));
    }
    for (Area community : communities) {
      units.add(new Unit("SQ" + community.code(), community.name() + "居民委员会", "COMMUNITY", "JB" + community.code().substring(0, 9),
          community.code(), "NONE"));
    }
    return units;
  }

  /** At most 40: each of them costs several password hashes. */
  List<Account> accounts() {
    List<Account> accounts = new ArrayList<>();
    add(accounts, "acceptor", "ACCEPTOR", "JDZX", city);
    add(accounts, "shift", "SHIFT_LEADER", "JDZX", city);
    add(accounts, "dispatcher", "DISPATCHER", "ZHZX", city);
    add(accounts, "handler", "HANDLER", "CG", city);
    add(accounts, "verifier", "VERIFIER", "JDZX", city);
    add(accounts, "collector", "COLLECTOR", "JDZX", city);
    add(accounts, "evaluator", "EVALUATOR", "JDZX", city);
    add(accounts, "leader", "LEADER", "JDZX", city);
    for (Department d : Department.values()) {
      if (d != Department.CG) {
        add(accounts, "handler." + d.name().toLowerCase(java.util.Locale.ROOT), "HANDLER", d.name(), city);
      }
    }
    add(accounts, "handler.gd", "HANDLER", "GD", city);
    add(accounts, "handler.tx", "HANDLER", "TX", city);
    for (int i = 0; i < Math.min(3, districts.size()); i++) {
      String code = districts.get(i).code();
      add(accounts, "acceptor.d" + (i + 1), "ACCEPTOR", "JD" + code, code);
      add(accounts, "leader.d" + (i + 1), "LEADER", "JD" + code, code);
    }
    for (int i = 0; i < Math.min(15, streets.size()); i++) {
      String code = streets.get(i).code();
      add(accounts, "street." + (i + 1), "HANDLER", "JB" + code, code);
    }
    return accounts;
  }

  private void add(List<Account> accounts, String login, String role, String unit, String area) {
    accounts.add(new Account(login, name(), role, unit, area));
  }

  List<GridMember> gridMembers() {
    List<GridMember> members = new ArrayList<>();
    for (Area community : communities) {
      members.add(new GridMember("grid." + community.code(), name(), "1990000" + String.format("%04d", random.nextInt(10_000)),
          "SQ" + community.code(), community.code()));
    }
    return members;
  }

  private String name() {
    int g = random.nextInt(GIVEN.length() / 2) * 2;
    return "" + SURNAMES.charAt(random.nextInt(SURNAMES.length())) + GIVEN.substring(g, g + 2);
  }

  /** The responsibility matrix as CSV: kind, area, lead, assist. Some kinds have no rule on purpose: those wait for a dispatcher. */
  String matrix() {
    StringBuilder csv = new StringBuilder("kind,area,lead,assist\n");
    for (Area district : districts) {
      String d = district.code();
      Map<String, String> rules = new LinkedHashMap<>();
      rules.put("M01*", "ZJ" + d);
      for (String water : List.of("01001", "01002", "01003", "01004", "01069", "01070", "01071", "01072", "01073")) {
        rules.put("M" + water, "SW" + d);
      }
      for (String power : List.of("01005", "01028", "01030", "01048", "10002")) {
        rules.put("M" + power, "GD");
      }
      for (String telecom : List.of("01007", "01027", "01031", "01062")) {
        rules.put("M" + telecom, "TX");
      }
      rules.put("M02*", "JJ" + d);
      rules.put("M03*", "CG" + d);
      rules.put("M04*", "YL" + d);
      rules.put("M06013", "ZJ" + d);
      rules.put("M06045", "YL" + d);
      rules.put("M06018", "YL" + d);
      rules.put("M06025", "SW" + d);
      rules.put("M06026", "SW" + d + ",HB");
      rules.put("M06027", "HB,CG" + d);
      rules.put("M06028", "HB");
      rules.put("M07*", "CG" + d);
      rules.put("M08*", "ZJ" + d + ",CG" + d);
      rules.put("M09009", "JJ" + d);
      rules.put("M09005", "CG" + d);
      rules.put("M09006", "CG" + d + ",SJ");
      rules.forEach((kind, lead) -> csv.append("gb47678.5-").append(kind).append(',').append(d).append(',').append(lead)
          .append(lead.contains(",") ? "\n" : ",\n"));
    }
    for (Area street : streets) {
      csv.append("gb47678.5-M06*,").append(street.code()).append(",JB").append(street.code()).append(",CG").append(street.code(), 0, 6).append('\n');
    }
    return csv.toString();
  }

  /** Kinds that are dispatched without a person. */
  List<Map<String, Object>> switches() {
    List<Map<String, Object>> switches = new ArrayList<>();
    for (String kind : List.of("M06*", "M03*", "M07*", "M01002", "M01037", "M09010")) {
      switches.add(Map.of("kind", "gb47678.5-" + kind, "areaCode", city, "automatic", true));
    }
    return switches;
  }
}
