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

  /**
   * Units of the city: who does the work and who looks after components (the codes with YZ stand in the components).
   *
   * @param ofDistricts code and name of its units in the districts, {@code null}: none
   */
  private record CityUnit(String code, String name, String kind, String parentCode, String stationing, String[] ofDistricts) {}

  private static final List<CityUnit> CITY_UNITS =
      List.of(
          new CityUnit("YZ-ADMIN", "云泽市城市管理局", "DEPARTMENT", "ZHZX", "WHOLE", new String[] {"CG", "城管局"}),
          new CityUnit("ZJ", "云泽市住房和城乡建设局", "DEPARTMENT", "ZHZX", "REGULAR", new String[] {"ZJ", "住建局"}),
          new CityUnit("SW", "云泽市水务局", "DEPARTMENT", "ZHZX", "REGULAR", new String[] {"SW", "水务局"}),
          new CityUnit("YZ-GREEN", "云泽市园林绿化中心", "DEPARTMENT", "ZHZX", "WHOLE", new String[] {"YL", "园林局"}),
          new CityUnit("YZ-TRAFFIC", "云泽市交警支队", "DEPARTMENT", "ZHZX", "REGULAR", new String[] {"JJ", "交警大队"}),
          new CityUnit("HB", "云泽市生态环境局", "DEPARTMENT", "ZHZX", "REGULAR", null),
          new CityUnit("SJ", "云泽市市场监督管理局", "DEPARTMENT", "ZHZX", "NONE", null),
          new CityUnit("YZ-POWER", "云泽供电公司", "ENTERPRISE", "ZHZX", "TEMPORARY", null),
          new CityUnit("YZ-TELE", "云泽通信公司", "ENTERPRISE", "ZHZX", "TEMPORARY", null),
          new CityUnit("YZ-GAS", "云泽燃气集团", "ENTERPRISE", "ZHZX", "TEMPORARY", null),
          new CityUnit("YZ-MUNI", "云泽市市政设施中心", "DEPARTMENT", "ZJ", "NONE", null),
          new CityUnit("YZ-LIGHT", "云泽市路灯管理所", "DEPARTMENT", "ZJ", "NONE", null),
          new CityUnit("YZ-WATER", "云泽水务集团", "ENTERPRISE", "SW", "NONE", null),
          new CityUnit("YZ-CLEAN", "云泽市环境卫生中心", "DEPARTMENT", "YZ-ADMIN", "NONE", null),
          new CityUnit("YZ-BUS", "云泽公交集团", "ENTERPRISE", null, "NONE", null),
          new CityUnit("YZ-POLICE", "云泽市公安局", "DEPARTMENT", null, "NONE", null),
          new CityUnit("YZ-FIRE", "云泽市消防救援支队", "DEPARTMENT", null, "NONE", null));

  /** Who handles for the city's units: login by unit. The first is the account that the demo names. */
  private static final List<String[]> HANDLERS =
      List.of(new String[] {"handler", "YZ-ADMIN"}, new String[] {"handler.housing", "ZJ"}, new String[] {"handler.water", "SW"},
          new String[] {"handler.green", "YZ-GREEN"}, new String[] {"handler.traffic", "YZ-TRAFFIC"}, new String[] {"handler.environment", "HB"},
          new String[] {"handler.market", "SJ"}, new String[] {"handler.power", "YZ-POWER"}, new String[] {"handler.telecom", "YZ-TELE"},
          new String[] {"handler.gas", "YZ-GAS"});

  /** Names of those who manage houses. */
  private static final String[] MANAGERS = {"安居", "和邻", "悦家", "常青"};

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
    for (CityUnit u : CITY_UNITS) {
      units.add(new Unit(u.code(), u.name(), u.kind(), u.parentCode(), city, u.stationing()));
    }
    for (Area district : districts) {
      units.add(new Unit("JD" + district.code(), district.name() + "监督指挥中心", "CENTRE", null, district.code(), "NONE"));
      for (CityUnit u : CITY_UNITS) {
        if (u.ofDistricts() != null) {
          units.add(new Unit(u.ofDistricts()[0] + district.code(), district.name() + u.ofDistricts()[1], "DEPARTMENT", u.code(), district.code(), "NONE"));
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
    for (Area community : communities) {
      String manager = manager(community.code());
      if (manager != null) {
        String name = community.name().replaceFirst("社区$", "") + MANAGERS[Integer.parseInt(community.code().substring(9)) % MANAGERS.length] + "物业服务公司";
        units.add(new Unit(manager, name, "ENTERPRISE", "ZJ" + community.code().substring(0, 6), community.code(), "NONE"));
      }
    }
    return units;
  }

  /** Code of the company that manages the houses of a community, with their sheds and lifts; {@code null}: there is none in every third. */
  static String manager(String communityCode) {
    return Integer.parseInt(communityCode.substring(9)) % 3 == 0 ? null : "WY" + communityCode;
  }

  /** At most 40: each of them costs several password hashes. */
  List<Account> accounts() {
    List<Account> accounts = new ArrayList<>();
    add(accounts, "acceptor", "ACCEPTOR", "JDZX", city);
    add(accounts, "shift", "SHIFT_LEADER", "JDZX", city);
    add(accounts, "dispatcher", "DISPATCHER", "ZHZX", city);
    add(accounts, HANDLERS.getFirst()[0], "HANDLER", HANDLERS.getFirst()[1], city);
    add(accounts, "verifier", "VERIFIER", "JDZX", city);
    add(accounts, "collector", "COLLECTOR", "JDZX", city);
    add(accounts, "evaluator", "EVALUATOR", "JDZX", city);
    add(accounts, "leader", "LEADER", "JDZX", city);
    for (String[] handler : HANDLERS.subList(1, HANDLERS.size())) {
      add(accounts, handler[0], "HANDLER", handler[1], city);
    }
    for (int i = 0; i < Math.min(3, districts.size()); i++) {
      String code = districts.get(i).code();
      add(accounts, "acceptor.d" + (i + 1), "ACCEPTOR", "JD" + code, code);
      add(accounts, "leader.d" + (i + 1), "LEADER", "JD" + code, code);
    }
    for (int i = 0; i < Math.min(15, streets.size()); i++) {
      String code = streets.get(i).code();
      add(accounts, "street." + (i + 1), "HANDLER", "JB" + code, code);
    }
    communities.stream().map(Area::code).filter(code -> manager(code) != null).findFirst().ifPresent(code -> add(accounts, "handler.property", "HANDLER", manager(code), code));
    add(accounts, "handler.fire", "HANDLER", "YZ-FIRE", city);
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
        rules.put("M" + power, "YZ-POWER");
      }
      for (String telecom : List.of("01007", "01027", "01031", "01062")) {
        rules.put("M" + telecom, "YZ-TELE");
      }
      for (String light : List.of("01006", "01037", "01038", "01039", "01060")) {
        rules.put("M" + light, "YZ-LIGHT,ZJ" + d);
      }
      for (String gas : List.of("01011", "01049", "01057")) {
        rules.put("M" + gas, "YZ-GAS");
      }
      rules.put("M02004", "JJ" + d + ",YZ-BUS");
      rules.put("M02*", "JJ" + d);
      rules.put("M03*", "CG" + d);
      rules.put("M03005", "YZ-CLEAN,CG" + d);
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
