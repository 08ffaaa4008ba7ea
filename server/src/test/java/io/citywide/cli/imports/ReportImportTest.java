package io.citywide.cli.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.identity.Permission;
import io.citywide.identity.internal.TestPeople;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** Files of reports, as other systems write them. */
@ServerTest
class ReportImportTest {

  private static final String MAPPING =
      """
      source: %s
      timezone: Asia/Shanghai
      timeFormats: ["yyyy/M/d H:mm"]
      history: true
      columns: {ref: 编号, title: 标题, description: 内容, kind: 类型, lon: 经度, lat: 纬度, openedAt: 上报, targetAt: 截止, closedAt: 办结, unit: 部门}
      kinds: {values: {暴露垃圾: gb47678.5-M06010}, local: %s}
      units: {create: true}
      areas: {city: "%s", name: 导入市, columns: {district: 区, street: 街道, community: 社区}}
      compare: {column: 是否按期, onTime: [是], overdue: [否]}
      """;
  private static final String HEADER = "编号,标题,内容,类型,经度,纬度,上报,截止,办结,部门,区,街道,社区,是否按期\n";

  @Autowired TestPeople people;
  @TempDir Path folder;

  private CityApi api;

  @BeforeEach
  void anOperator() {
    TestClient operator = people.machine("", Permission.PLACE_READ, Permission.PLACE_EDIT, Permission.CATALOGUE_EDIT, Permission.UNIT_READ,
        Permission.UNIT_EDIT, Permission.SIGNAL_IMPORT, Permission.EVALUATION_READ);
    api = new CityApi(URI.create(operator.base()), operator.key());
  }

  @Test
  void aFileInGb18030BecomesCasesOfADerivedCityAndItsBadRowsGoToAFileWithReasons() throws Exception {
    Path file = write("gb.csv", Charset.forName("GB18030"),
        "A1,垃圾成堆,路口垃圾成堆,暴露垃圾,105.1001,33.1001,2026/3/2 9:00,2026/3/3 9:00,2026/3/3 9:00,城管一队,东区,河沿街道,柳荫社区,是",
        "A2,井盖坏了,井盖破损,井盖,105.1101,33.1002,2026/3/2 9:00,2026/3/3 9:00,2026/3/4 9:00,城管一队,东区,河沿街道,榆树社区,否",
        "A3,没有时间,内容,暴露垃圾,105.1001,33.1001,昨天,,,城管一队,东区,河沿街道,柳荫社区,是",
        "A4,倒流,内容,暴露垃圾,105.1001,33.1001,2026/3/4 9:00,,2026/3/2 9:00,城管一队,东区,河沿街道,柳荫社区,是",
        "A5,少了列");
    Mapping mapping = mapping("gbfile", "990300");
    Path rejects = folder.resolve("gb.csv.rejected.csv");

    ReportImport.Outcome first = new ReportImport(api, mapping, file, rejects, true).run();

    assertThat(first.toString()).startsWith("read 5, accepted 2, opened 2, joined 0, rejected 3");
    assertThat(Files.readAllLines(rejects)).hasSize(4).anyMatch(l -> l.startsWith("3,上报,") && l.contains("昨天"))
        .anyMatch(l -> l.startsWith("4,closedAt,")).anyMatch(l -> l.startsWith("5,,") && l.contains("2 fields"));
    assertThat(api.get("/api/places/locate?lon=105.1001&lat=33.1001").path("description").asString()).contains("东区").contains("柳荫社区");
    assertThat(new PunctualityComparison(api, mapping, file, folder.resolve("d.csv")).run())
        .isEqualTo("punctuality: compared 4, on time by the file 3, on time by the evaluation 1, differences 2 (see " + folder.resolve("d.csv") + ")");

    ReportImport.Outcome second = new ReportImport(api, mapping, file, rejects, true).run();

    assertThat(second.toString()).startsWith("read 5, accepted 2 (2 of them before), opened 0, joined 0, rejected 3");
  }

  @Test
  void whatAnInterruptedRunBroughtIsNotBroughtAgain() throws Exception {
    String one = "B1,垃圾,垃圾一,暴露垃圾,105.3001,33.3001,2026/3/2 9:00,,,城管二队,南区,山前街道,竹林社区,是";
    String two = "B2,垃圾,垃圾二,暴露垃圾,105.3002,33.3001,2026/3/2 9:00,,,城管二队,南区,山前街道,竹林社区,是";
    Mapping mapping = mapping("halffile", "990400");
    new ReportImport(api, mapping, write("half.csv", StandardCharsets.UTF_8, one), folder.resolve("r.csv"), true).run();

    ReportImport.Outcome whole = new ReportImport(api, mapping, write("half.csv", StandardCharsets.UTF_8, one, two), folder.resolve("r.csv"), true).run();

    assertThat(whole.before()).isEqualTo(1);
    assertThat(whole.opened()).isEqualTo(1);
    assertThat(folder.resolve("r.csv")).doesNotExist();
  }

  @Test
  void aMappingThatDoesNotFitTheFileIsRefusedByTheColumnsName() throws Exception {
    Path file = folder.resolve("other.csv");
    Files.writeString(file, "id,text\n1,hello\n");

    assertThatThrownBy(() -> new ReportImport(api, mapping("misfit", "990500"), file, folder.resolve("r.csv"), true).run())
        .isInstanceOf(Mapping.Invalid.class).hasMessageContaining("编号").hasMessageContaining("[id, text]");
  }

  @Test
  void aMappingWithAnUnknownKeyIsRefusedByItsNameAndTheKnownOnesAreListed() throws Exception {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(file, "source: bad\ncolums: {}\n");

    assertThatThrownBy(() -> Mapping.read(file)).isInstanceOf(Mapping.Invalid.class).hasMessageContaining("unknown key 'colums'").hasMessageContaining("columns");
  }

  @Test
  void utf8IsToldFromGb18030ByTheWholeFile() throws Exception {
    assertThat(RowFile.detect(write("u.csv", StandardCharsets.UTF_8, "市民来信"))).isEqualTo(StandardCharsets.UTF_8);
    assertThat(RowFile.detect(write("g.csv", Charset.forName("GBK"), "市民来信"))).isEqualTo(Charset.forName("GB18030"));
  }

  private Mapping mapping(String source, String city) throws Exception {
    Path file = folder.resolve(source + ".yaml");
    Files.writeString(file, MAPPING.formatted(source, source, city));
    return Mapping.read(file);
  }

  private Path write(String name, Charset charset, String... rows) throws Exception {
    Path file = folder.resolve(name);
    Files.write(file, (HEADER + String.join("\n", List.of(rows)) + "\n").getBytes(charset));
    return file;
  }
}
