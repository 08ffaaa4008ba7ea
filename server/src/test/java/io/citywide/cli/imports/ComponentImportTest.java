package io.citywide.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.Component;
import io.citywide.place.Components;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.TestCity;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Registers of components, as surveyors and other systems hand them over. */
@ServerTest
class ComponentImportTest {

  private static final TestCity CITY = new TestCity("780100", 117, 30);
  private static final String MAPPING =
      """
      source: survey
      columns: {ident: 标识码, name: 名称, lon: 经度, lat: 纬度, owner: 主管, status: 状态, accuracy: 精度, recordedOn: 初始日期}
      status: {完好: INTACT, 坏: DAMAGED, 没了: REMOVED}
      timeFormats: ["yyyy/M/d"]
      units: {names: {路灯所: LIGHTS}}
      """;
  private static final String HEADER = "标识码,名称,经度,纬度,主管,状态,精度,初始日期\n";

  @Autowired TestPeople people;
  @Autowired Components components;
  @Autowired JdbcClient jdbc;
  @TempDir Path folder;

  private CityApi api;
  private TestClient steward;

  @BeforeEach
  void aCity() {
    steward = people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client();
    assertThat(steward.put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    api = api(CITY.city);
  }

  private CityApi api(String area) {
    TestClient machine = people.machine(area, Permission.PLACE_READ, Permission.PLACE_EDIT);
    return new CityApi(URI.create(machine.base()), machine.key());
  }

  private static String row(String ident, double x, double y, String rest) {
    List<Double> at = CITY.at(x, y);
    return ident + ",路灯," + at.get(0) + "," + at.get(1) + rest;
  }

  private Path write(String name, String... rows) throws IOException {
    return Files.writeString(folder.resolve(name), HEADER + String.join("\n", rows) + "\n");
  }

  private Mapping mapping(String text) throws Exception {
    return Mapping.readForComponents(Files.writeString(folder.resolve("m.yaml"), text));
  }

  private ComponentImport.Outcome run(CityApi by, Path file, boolean trial) throws Exception {
    return new ComponentImport(by, mapping(MAPPING), file, folder.resolve(file.getFileName() + ".rejected.csv"), null, trial, true).run();
  }

  private Component component(String ident) {
    return components.find(ident).orElseThrow();
  }

  @Test
  void theGoodRowsAreInTheRegisterAndTheBadOnesInAFileWithRowFieldAndReason() throws Exception {
    Path file = write("mixed.csv",
        row("78010201037000001", 0.5, 0.5, ",路灯所,完好,B,2026/7/1"),
        row("78010201037000002", 2.5, 0.5, ",路灯所,坏,A,2026/7/2"),
        row("7801020103700000", 0.5, 0.6, ",,,,"),
        row("78010201999000001", 0.5, 0.6, ",,,,"),
        row("780102010370000", 0.5, 0.6, ",,,,"),
        row("78010201037000003", 0.5, 0.6, ",,歪了,,"),
        row("78010201037000004", 0.5, 0.6, ",,,D,"),
        row("78010201037000005", 0.5, 0.6, ",,,,昨天"),
        "78010201037000006,路灯," + 30.0005 + "," + 117.0005 + ",,,,",
        "78010201037000007,路灯,-150.5,-55.2,,,,",
        "78010201037000008,路灯,东经117,30,,,,",
        row("78010201037000001", 0.7, 0.7, ",,,,"),
        "只有一列");

    ComponentImport.Outcome outcome = run(api, file, false);

    assertThat(outcome.toString()).startsWith("read 13, added 2, changed 0, unchanged 0, rejected 11");
    Component second = component("78010201037000002");
    assertThat(second.state()).isEqualTo(Component.State.DAMAGED);
    assertThat(second.ownerCode()).isEqualTo("LIGHTS");
    assertThat(second.areaCode()).isEqualTo("780102001002001");
    assertThat(second.recordedOn()).isEqualTo("2026-07-02");
    assertThat(Files.readAllLines(outcome.rejects())).hasSize(12)
        .anyMatch(l -> l.startsWith("3,") && l.contains("no kind 'gb30428.2-C0103'"))
        .anyMatch(l -> l.startsWith("4,") && l.contains("no kind 'gb47678.5-C01999'"))
        .anyMatch(l -> l.startsWith("5,标识码,") && l.contains("17 digits") && l.contains("15 characters"))
        .anyMatch(l -> l.startsWith("6,状态,") && l.contains("no status '歪了'; it knows"))
        .anyMatch(l -> l.startsWith("7,精度,") && l.contains("±0.5 m"))
        .anyMatch(l -> l.startsWith("8,初始日期,") && l.contains("yyyy/M/d"))
        .anyMatch(l -> l.startsWith("9,") && l.contains("look swapped"))
        .anyMatch(l -> l.startsWith("10,经度,") && l.contains("outside the city"))
        .anyMatch(l -> l.startsWith("11,经度,") && l.contains("numbers in degrees"))
        .anyMatch(l -> l.startsWith("12,标识码,") && l.contains("stands in row 1 already"))
        .anyMatch(l -> l.startsWith("13,,") && l.contains("1 fields, the header 8"));
  }

  @Test
  void theSameFileASecondTimeChangesNothingAndANewerOneOnlyWhatItSays() throws Exception {
    Path file = write("twice.csv", row("78010201002000001", 0.5, 0.5, ",路灯所,完好,B,"), row("78010201002000002", 0.6, 0.5, ",路灯所,坏,B,"));
    run(api, file, false);
    List<String> before = versions("780102010020000%");

    assertThat(run(api, file, false).toString()).startsWith("read 2, added 0, changed 0, unchanged 2, rejected 0");
    assertThat(versions("780102010020000%")).as("PostgreSQL's own versions of the rows").isEqualTo(before);

    Path newer = write("newer.csv", row("78010201002000001", 0.5, 0.5, ",,坏,,"), row("78010201002000002", 0.6, 0.5, ",,完好,,"), row("78010201002000003", 0.7, 0.5, ",,,,"));
    assertThat(run(api, newer, false).toString()).startsWith("read 3, added 1, changed 2, unchanged 0, rejected 0");
    assertThat(component("78010201002000001").ownerCode()).as("what the newer file does not say stays").isEqualTo("LIGHTS");
    assertThat(steward.get("/api/components/78010201002000001/events").text()).contains("\"act\":\"IMPORTED\"", "\"from\":\"INTACT\"", "\"to\":\"DAMAGED\"", "newer.csv");
    assertThat(steward.get("/api/components/78010201002000003/events").json()).as("a new component has no change of state").isEmpty();
  }

  /** New rows go straight into the register, piece by piece; the first known one is met only after some of them. */
  @Test
  void aLongFileWithAKnownRowAtItsEndIsTakenOverWhole() throws Exception {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 21_000; i++) {
      rows.add(row("780102010370%05d".formatted(50_000 + i), 0.001 + i * 0.0001, 0.5, ",路灯所,,B,"));
    }
    run(api, write("one.csv", rows.getLast()), false);
    rows.set(20_999, rows.getLast().replace(",B,", ",A,"));
    Path file = write("long.csv", rows.toArray(String[]::new));

    assertThat(run(api, file, false).toString()).startsWith("read 21000, added 20999, changed 1, unchanged 0, rejected 0");
    assertThat(component("78010201037070999").accuracy()).isEqualTo("A");
    assertThat(run(api, file, false).toString()).startsWith("read 21000, added 0, changed 0, unchanged 21000, rejected 0");
  }

  @Test
  void aStateThatCannotFollowIsRejectedAndTheRowChangesNothing() throws Exception {
    run(api, write("gone.csv", row("78010201003000001", 0.5, 0.5, ",,没了,,")), false);

    ComponentImport.Outcome outcome = run(api, write("back.csv", row("78010201003000001", 1.5, 0.5, ",,完好,,")), false);

    assertThat(outcome.toString()).startsWith("read 1, added 0, changed 0, unchanged 0, rejected 1");
    assertThat(Files.readString(outcome.rejects())).contains("1,状态,").contains("REMOVED 移除 and cannot become INTACT 完好");
    assertThat(component("78010201003000001").areaCode()).isEqualTo("780102001001001");
  }

  @Test
  void aTrialTellsEverythingAndKeepsNothing() throws Exception {
    ComponentImport.Outcome outcome = run(api, write("trial.csv", row("78010201004000001", 0.5, 0.5, ",,,,"), row("78010201004000002", 9, 9, ",,,,")), true);

    assertThat(outcome.toString()).startsWith("tried and kept nothing: read 2, added 1, changed 0, unchanged 0, rejected 1");
    assertThat(components.find("78010201004000001")).isEmpty();
  }

  @Test
  void whoAdministersADistrictImportsNothingIntoTheOneBesideItAndMovesNothingOutOfIt() throws Exception {
    run(api, write("all.csv", row("78010201005000001", 2.5, 0.5, ",,,,")), false);

    ComponentImport.Outcome outcome = run(api("780102001001"), write("part.csv", row("78010201005000002", 0.5, 0.5, ",,,,"), row("78010201005000003", 2.5, 0.5, ",,,,"),
        row("78010201005000001", 0.5, 0.5, ",,,,")), false);

    assertThat(outcome.toString()).startsWith("read 3, added 1, changed 0, unchanged 0, rejected 2");
    assertThat(component("78010201005000001").areaCode()).isEqualTo("780102001002001");
    assertThat(components.find("78010201005000003")).isEmpty();
  }

  @Test
  void readsGeoJsonWholeOrLineByLineAndNamesBrokenGeometries() throws Exception {
    Path whole = Files.writeString(folder.resolve("lamps.geojson"), """
        {"type": "FeatureCollection", "name": "lamps", "features": [
          {"type": "Feature", "properties": {"code": "78010201006000001"}, "geometry": {"type": "Point", "coordinates": [117.0005, 30.0005]}},
          {"type": "Feature", "properties": {"code": "78010201006000002"}, "geometry": {"type": "LineString", "coordinates": [[117, 30], [117.1, 30]]}},
          {"type": "Feature", "properties": {"code": "78010201006000003"}, "geometry": null},
          {"type": "Feature", "properties": {"code": "78010201006000004"}, "geometry": {"type": "Point", "coordinates": ["117", 30]}}
        ]}""");
    Mapping mapping = mapping("source: survey\ncolumns: {ident: code}\n");
    Path rejects = folder.resolve("r.csv");

    assertThat(new ComponentImport(api, mapping, whole, rejects, "gb47678.5-C01006", false, true).run().toString()).startsWith("read 4, added 1, changed 0, unchanged 0, rejected 3");
    assertThat(Files.readAllLines(rejects)).anyMatch(l -> l.startsWith("2,") && l.contains("LineString, a component needs a Point"))
        .anyMatch(l -> l.startsWith("3,") && l.contains("no geometry")).anyMatch(l -> l.startsWith("4,") && l.contains("two numbers"));

    Path lines = Files.writeString(folder.resolve("lamps.geojsonl"), """
        {"type": "Feature", "properties": {"code": "78010201006000001"}, "geometry": {"type": "Point", "coordinates": [117.0005, 30.0005]}}
        {"type": "Feature", "properties": {"code": "78010201006000005"}, "geometry": {"type": "Point", "coordinates": [117.0006, 30.0005]}}
        """);
    assertThat(new ComponentImport(api, mapping, lines, rejects, null, false, true).run().toString()).startsWith("read 2, added 1, changed 0, unchanged 1, rejected 0");

    Path broken = Files.writeString(folder.resolve("half.geojson"), "{\"type\": \"FeatureCollection\", \"features\": [{\"type\": \"Feature\", \"properties\": {\"code\": \"78010201006000006\"}, \"geometry\": {\"type\": \"Point\", \"coordinates\": [117.0006, 30.0005]}}, {\"ty");
    assertThatThrownBy(() -> new ComponentImport(api, mapping, broken, rejects, null, false, true).run()).isInstanceOf(IOException.class);
    assertThat(components.find("78010201006000006")).as("a file that breaks off changes nothing").isEmpty();
  }

  @Test
  void readsTheFeaturesOfAGeoPackageAndRefusesAProjectedOne() throws Exception {
    Path file = folder.resolve("lamps.gpkg");
    Mapping mapping = mapping("source: survey\ncolumns: {ident: code, name: label}\n");
    geoPackage(file, 4326);

    ComponentImport.Outcome outcome = new ComponentImport(api, mapping, file, folder.resolve("g.csv"), null, false, true).run();

    assertThat(outcome.toString()).startsWith("read 3, added 1, changed 0, unchanged 0, rejected 2");
    assertThat(component("78010201007000001").name()).isEqualTo("通信井盖 7 号");
    assertThat(Files.readString(outcome.rejects())).contains("2,,the geometry is broken").contains("3,,the row has no geometry");

    Files.delete(file);
    geoPackage(file, 3857);
    assertThatThrownBy(() -> new ComponentImport(api, mapping, file, folder.resolve("g.csv"), null, false, true).run()).hasMessageContaining("EPSG:3857").hasMessageContaining("EPSG:4326");
  }

  @Test
  void aPageHasAGeoPackageReadForIt() throws Exception {
    TestClient steward = people.machine(CITY.city, Permission.PLACE_EDIT);
    Path file = folder.resolve("page.gpkg");
    Map<String, String> type = Map.of("Content-Type", "application/geopackage+sqlite3");
    geoPackage(file, 4490);

    var read = steward.send("POST", "/api/components:unpack", Files.readAllBytes(file), type);
    assertThat(read.status()).as(read.text()).isEqualTo(200);
    assertThat(read.json().path("columns").toString()).isEqualTo("[\"fid\",\"code\",\"label\"]");
    assertThat(read.json().path("rows").toString()).isEqualTo("[[1,\"1\",\"78010201007000001\",\"通信井盖 7 号\",117.0005,30.0007]]");
    assertThat(read.json().path("broken").findValuesAsString("why")).containsExactly("BROKEN", "NO_GEOMETRY");
    assertThat(components.find("78010201007000009")).isEmpty();

    Files.delete(file);
    geoPackage(file, 3857);
    assertThat(steward.send("POST", "/api/components:unpack", Files.readAllBytes(file), type).text()).contains("place.unreadable-import").contains("the file is in EPSG:3857");
    assertThat(steward.send("POST", "/api/components:unpack", Files.readAllBytes(file), Map.of("Content-Type", "application/octet-stream", "Accept-Language", "zh-CN")).text())
        .contains("文件的坐标系是 EPSG:3857");
    assertThat(steward.send("POST", "/api/components:unpack", "no package".getBytes(StandardCharsets.UTF_8), type).text()).contains("is no GeoPackage");
    assertThat(people.machine(CITY.city, Permission.PLACE_READ).send("POST", "/api/components:unpack", Files.readAllBytes(file), type).status()).isEqualTo(403);

    // One whose table would be computed without end.
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = db.createStatement()) {
      statement.executeUpdate("UPDATE gpkg_geometry_columns SET srs_id = 4326");
      statement.executeUpdate("DROP TABLE lamps");
      statement.executeUpdate("CREATE VIEW lamps AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom FROM n");
    }
    assertThat(steward.send("POST", "/api/components:unpack", Files.readAllBytes(file), type).text()).contains("keeps lamps as a view");
  }

  private static void geoPackage(Path file, int system) throws Exception {
    ByteBuffer point = ByteBuffer.allocate(8 + 21).order(ByteOrder.LITTLE_ENDIAN).put((byte) 'G').put((byte) 'P').put((byte) 0).put((byte) 1).putInt(system)
        .put((byte) 1).putInt(1).putDouble(117.0005).putDouble(30.0007);
    try (Connection db = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = db.createStatement()) {
      statement.executeUpdate("CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT)");
      statement.executeUpdate("CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, srs_id INTEGER)");
      statement.executeUpdate("CREATE TABLE lamps (fid INTEGER PRIMARY KEY, geom BLOB, code TEXT, label TEXT)");
      statement.executeUpdate("INSERT INTO gpkg_contents VALUES ('lamps', 'features')");
      statement.executeUpdate("INSERT INTO gpkg_geometry_columns VALUES ('lamps', 'geom', " + system + ")");
      try (var insert = db.prepareStatement("INSERT INTO lamps (geom, code, label) VALUES (?, ?, ?)")) {
        for (Object[] row : new Object[][] {{point.array(), "78010201007000001", "通信井盖 7 号"}, {new byte[] {1, 2, 3}, "78010201007000002", null}, {null, "78010201007000003", null}}) {
          insert.setBytes(1, (byte[]) row[0]);
          insert.setString(2, (String) row[1]);
          insert.setString(3, (String) row[2]);
          insert.executeUpdate();
        }
      }
    }
  }

  @Test
  void gcj02GivenAsWgs84IsNamedWithTheFigures() throws Exception {
    TestCity wide = new TestCity("780300", 116, 30);
    // A street grid: a road every thousandth of a degree (about 100 m) in each direction over the whole city.
    wide.features.clear();
    wide.area("780300", "宽市", wide.box(0, 0, 40, 40));
    TestClient admin = people.someone(Role.SYSTEM_ADMIN, wide.city, null).client();
    assertThat(admin.put("/api/areas", wide.geoJson()).status()).isEqualTo(200);
    List<Map<String, Object>> roads = new ArrayList<>();
    for (int i = 0; i <= 40; i += 4) {
      roads.add(road(wide.at(i, 0), wide.at(i, 40)));
      roads.add(road(wide.at(0, i), wide.at(40, i)));
    }
    people.someone(Role.SYSTEM_ADMIN, "", null).client().put("/api/basemap/roads?minZoom=1", Map.of("type", "FeatureCollection", "features", roads));
    StringBuilder shifted = new StringBuilder(HEADER);
    StringBuilder straight = new StringBuilder(HEADER);
    for (int i = 0; i < 60; i++) {
      // Lamps 5 m beside the roads.
      List<Double> at = wide.at(8 + i % 6 * 4 + 0.05, 10.3 + i * 0.31);
      CoordinateSystem.Position gcj = CoordinateSystem.GCJ02.fromWgs84(at.get(0), at.get(1));
      shifted.append("780302010370%05d,路灯,%s,%s,,,,\n".formatted(i, gcj.lon(), gcj.lat()));
      straight.append("780302010370%05d,路灯,%s,%s,,,,\n".formatted(i, at.get(0), at.get(1)));
    }
    Path bad = Files.writeString(folder.resolve("gcj.csv"), shifted);
    Path good = Files.writeString(folder.resolve("wgs.csv"), straight);

    assertThat(run(api("780300"), good, false).warnings()).isEmpty();
    ComponentImport.Outcome doubted = run(api("780300"), bad, true);

    assertThat(doubted.warnings()).hasSize(2).allMatch(w -> w.contains("says WGS84, but its positions look like GCJ02") && w.contains("of 60 compared") && w.contains("crs: GCJ02"))
        .anyMatch(w -> w.contains("from the nearest road")).anyMatch(w -> w.contains("where the register has the same component"));
  }

  private static Map<String, Object> road(List<Double> from, List<Double> to) {
    return Map.of("type", "Feature", "properties", Map.of("name", "路"), "geometry", Map.of("type", "LineString", "coordinates", List.of(from, to)));
  }

  @Test
  void twoImportsAtOnceBothSucceedAndAThirdIsRefusedByName() throws Exception {
    TestClient machine = people.machine(CITY.city, Permission.PLACE_EDIT);
    List<Socket> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(sending(machine, "ident,lon,lat\n78010201008000001,117.0005,30.0005\n"));
    }

    until("both are read", "query LIKE 'CREATE TEMP TABLE place_incoming%'", 2);
    assertThat(machine.send("POST", "/api/components:import?trial=true", "ident,lon,lat\n", Map.of("Content-Type", "text/csv")).problem()).isEqualTo("place.import-under-way");

    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      send(both.get(i), chunk("78010201008%06d,117.0006,30.0005\n".formatted(i + 2)) + "0\r\n\r\n");
      answers.add(new String(both.get(i).getInputStream().readAllBytes(), StandardCharsets.UTF_8));
      both.get(i).close();
    }
    assertThat(answers.get(0)).contains("\"added\":2");
    assertThat(answers.get(1)).as("the row that both bring is new once").contains("\"added\":1", "\"unchanged\":1");
  }

  @Test
  void ofTwoThatBringTheSameInOppositeOrderOneIsTakenAndTheOtherRefusedByName() throws Exception {
    TestClient machine = people.machine(CITY.city, Permission.PLACE_EDIT);
    List<String> halves = List.of(rows(100_000), rows(200_000));
    List<Socket> both = new ArrayList<>();
    for (String half : halves) {
      both.add(sending(machine, "ident,lon,lat\n" + half));
    }
    until("both halves are written", "query = 'RELEASE SAVEPOINT piece'", 2);

    List<String> answers = new CopyOnWriteArrayList<>();
    try {
      List<Thread> ending = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        Socket one = both.get(i);
        String other = halves.get(1 - i);
        ending.add(Thread.ofPlatform().start(() -> {
          try (one) {
            send(one, chunk(other) + "0\r\n\r\n");
            answers.add(new String(one.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
          } catch (IOException e) {
            answers.add(e.toString());
          }
        }));
      }
      for (Thread thread : ending) {
        thread.join(60_000);
      }
      assertThat(answers).anyMatch(a -> a.contains("\"added\":40000")).anyMatch(a -> a.contains("place.import-under-way") && a.contains("in another order"));
    } finally {
      assertThat(jdbc.sql("DELETE FROM place_component WHERE ident LIKE '78010201002%'").update()).isEqualTo(40_000);
    }
  }

  /** As many as are written at once. */
  private static String rows(int from) {
    StringBuilder rows = new StringBuilder();
    for (int i = from; i < from + 20_000; i++) {
      rows.append("78010201002%06d,117.0005,30.0005\n".formatted(i));
    }
    return rows.toString();
  }

  private static Socket sending(TestClient machine, String text) throws IOException {
    Socket socket = new Socket("127.0.0.1", URI.create(machine.base()).getPort());
    send(socket, "POST /api/components:import HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + machine.key()
        + "\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + chunk(text));
    return socket;
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
  }

  private void until(String what, String statement, int imports) {
    long end = System.nanoTime() + 30_000_000_000L;
    while (jdbc.sql("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction' AND " + statement).query(Integer.class).single() < imports) {
      assertThat(System.nanoTime()).as(what + " within 30 s").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void aHeaderThatIsNotUnderstoodIsRefusedByItsName() {
    assertThat(steward.send("POST", "/api/components:import", "ident,lon,latitude\n1,2,3\n", Map.of("Content-Type", "text/csv")).text())
        .contains("place.unreadable-import").contains("'latitude'").contains("recordedOn");
    assertThat(steward.send("POST", "/api/components:import", "ident,lon\n1,2\n", Map.of("Content-Type", "text/csv")).text()).contains("lacks lat");
    assertThat(steward.send("POST", "/api/components:import", "", Map.of("Content-Type", "text/csv")).problem()).isEqualTo("place.unreadable-import");
  }

  @Test
  void aMappingForComponentsNeedsTheCodeAndNothingOfReports() {
    assertThatThrownBy(() -> mapping("source: x1\ncolumns: {name: a}\n")).isInstanceOf(Mapping.Invalid.class).hasMessageContaining("columns.ident");
    assertThatThrownBy(() -> mapping("source: x1\nhistory: true\ncolumns: {ident: a}\n")).isInstanceOf(Mapping.Invalid.class).hasMessageContaining("for reports");
    assertThatThrownBy(() -> mapping("source: x1\ncrs: GCJ2\ncolumns: {ident: a}\n")).isInstanceOf(Mapping.Invalid.class).hasMessageContaining("GCJ02");
  }

  private List<String> versions(String like) {
    return jdbc.sql("SELECT ident || ' ' || xmin::text || ' ' || xmax::text FROM place_component WHERE ident LIKE :like ORDER BY ident").param("like", like).query(String.class).list();
  }
}
