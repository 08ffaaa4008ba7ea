package io.citywide.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.cli.imports.RegisterImport.Outcome;
import io.citywide.cli.imports.RegisterImport.Register;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** Registers of buildings, rooms, households and enterprises, as housing offices hand them over. */
@ServerTest
class RegisterImportTest {

  private static final TestCity CITY = new TestCity("730100", 114.45, 30.35);

  @Autowired TestPeople people;
  @TempDir Path folder;

  private CityApi api;
  private TestClient leader;

  @BeforeEach
  void aCity() {
    assertThat(people.someone(Role.SYSTEM_ADMIN, CITY.city, null).client().put("/api/areas", CITY.geoJson()).status()).isEqualTo(200);
    TestClient machine = people.machine(CITY.city, Permission.BUILDING_READ, Permission.BUILDING_EDIT);
    api = new CityApi(URI.create(machine.base()), machine.key());
    leader = people.someone(Role.SHIFT_LEADER, CITY.city, null).client();
  }

  private Outcome run(Register register, RegisterMapping mapping, String name, String text) throws Exception {
    Path file = Files.writeString(folder.resolve(name), text);
    return new RegisterImport(api, register, mapping, file, folder.resolve(name + ".rejected.csv"), true).run();
  }

  private static String at(double x, double y) {
    List<Double> at = CITY.at(x, y);
    return at.get(0) + "," + at.get(1);
  }

  @Test
  void threeFilesMakeTheRegisterAndTheirBadRowsAreNamed() throws Exception {
    RegisterMapping mapping = RegisterMapping.read(Files.writeString(folder.resolve("m.yaml"), """
        columns: {ident: 楼号, name: 楼名, use: 用途, floors: 层数, lon: 经度, lat: 纬度}
        values: {use: {住宅: RESIDENTIAL, 办公: OFFICE}}
        """), Register.BUILDINGS.fields());
    Outcome buildings = run(Register.BUILDINGS, mapping, "b.csv", "楼号,楼名,用途,层数,经度,纬度\nR-0001,梧桐苑1幢,住宅,6," + at(0.5, 0.5) + "\nR-0002,云泽大厦,办公,20," + at(2.5, 0.5)
        + "\nR-0003,天外楼,住宅,6,10.5,10.5\nR-0004,糊涂楼,住宅,六层," + at(0.5, 0.5) + "\nR-0001,又一幢,住宅,6," + at(0.6, 0.5) + "\nr-5,小写楼,住宅,6," + at(0.5, 0.5) + "\n");
    assertThat(buildings.toString()).startsWith("read 6, taken 2, rejected 4");
    assertThat(Files.readString(folder.resolve("b.csv.rejected.csv"))).contains("the position 10.5, 10.5 lies ", "层数 must be a whole number, was '六层'", "stands in row 1 already", "4 to 30 of");

    Outcome rooms = run(Register.ROOMS, RegisterMapping.PLAIN, "r.csv", """
        building,number,floor,occupancy,members,care,head,phone
        R-0001,101,1,OWNER,1,ELDERLY_ALONE;LOW_INCOME,林示例,13900001234
        R-0001,101,1,OWNER,2,,王示例,
        R-0001,102,1,VACANT,,,,
        R-0009,101,1,OWNER,1,,无楼户,
        R-0002,801,8,BUSINESS,,,,
        R-0001,103,1,OWNER,1,,散户,
        """);
    assertThat(rooms.toString()).startsWith("read 6, taken 4, rejected 2");
    assertThat(Files.readString(folder.resolve("r.csv.rejected.csv"))).contains("name is missing", "stand apart, they began in row 1");
    assertThat(run(Register.ENTERPRISES, RegisterMapping.PLAIN, "e.csv", "building,name,trade,contact,phone\nR-0002,云泽示例商行,零售,周示例,13900005678\n").taken()).isEqualTo(1);

    var file = leader.get("/api/buildings/R-0001").json();
    assertThat(file.at("/building/name").asString() + file.at("/building/use").asString() + file.at("/building/rooms").asInt() + file.at("/building/households").asInt()
        + file.at("/building/caredFor").asInt()).isEqualTo("梧桐苑1幢RESIDENTIAL221");
    assertThat(leader.get("/api/buildings/R-0002").json().at("/enterprises/0/contact").asString()).isEqualTo("周**");

    assertThat(run(Register.BUILDINGS, mapping, "b2.csv", "楼号,楼名,用途,层数,经度,纬度\nR-0001,梧桐苑一幢,住宅,7," + at(0.5, 0.5) + "\n").taken()).isEqualTo(1);
    file = leader.get("/api/buildings/R-0001").json();
    assertThat(file.at("/building/name").asString() + file.at("/building/rooms").asInt()).as("rooms stay where the file does not speak of them").isEqualTo("梧桐苑一幢2");
  }

  @Test
  void aFileThatDoesNotFitIsRefusedBeforeAnythingIsSent() throws IOException {
    assertThatThrownBy(() -> run(Register.ROOMS, RegisterMapping.PLAIN, "x.csv", "room,head\n101,林示例\n")).hasMessageContaining("says which building");
    Path wrong = Files.writeString(folder.resolve("w.yaml"), "columns: {roof: 屋顶}\n");
    assertThatThrownBy(() -> RegisterMapping.read(wrong, Register.BUILDINGS.fields())).hasMessageContaining("no field columns.roof");
    Path system = Files.writeString(folder.resolve("s.yaml"), "crs: MARS\n");
    assertThatThrownBy(() -> RegisterMapping.read(system, Register.BUILDINGS.fields())).hasMessageContaining("crs must be one of");
  }

  /** Ten thousand rows a second is what a city needs; the bound here is what any machine under tests reaches. */
  @Test
  void manyRowsTakeFewStatements() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int b = 0; b < 500; b++) {
      List<Double> at = CITY.at(0.1 + b % 25 * 0.15, 0.1 + b / 25 * 0.09);
      lines.append("{\"ident\":\"S-%04d\",\"name\":\"%d幢\",\"use\":\"RESIDENTIAL\",\"floors\":18,\"lon\":%s,\"lat\":%s,\"rooms\":[".formatted(b, b, at.get(0), at.get(1)));
      for (int r = 0; r < 40; r++) {
        lines.append(r == 0 ? "" : ",").append("{\"number\":\"%d\",\"occupancy\":\"OWNER\",\"households\":[{\"members\":3,\"head\":\"林示例\",\"phone\":\"139%08d\"}]}".formatted(r, b * 40 + r));
      }
      lines.append("]}\n");
    }
    run(Register.BUILDINGS, RegisterMapping.PLAIN, "warm.ndjson", lines.toString());
    Outcome outcome = run(Register.BUILDINGS, RegisterMapping.PLAIN, "many.ndjson", lines.toString());
    assertThat(outcome.taken()).isEqualTo(500);
    double rows = 500 * 81 / outcome.seconds();
    System.out.printf("buildings, rooms and households: %,.0f rows/s%n", rows);
    assertThat(rows).isGreaterThan(2_000);
  }
}
