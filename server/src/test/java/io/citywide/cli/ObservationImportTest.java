package io.citywide.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.TestClient;
import io.citywide.cli.imports.CityApi;
import io.citywide.cli.imports.ObservationImport;
import io.citywide.identity.OperatorKey;
import io.citywide.identity.Permission;
import io.citywide.identity.internal.TestPeople;
import io.citywide.place.TestCity;
import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.registry.DeviceDirectory;
import io.citywide.sensing.internal.sta.StaGround;
import io.citywide.sensing.internal.sta.StaGround.Gauge;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;

/** Histories of observations, by {@code import observations} as an operator types it. */
@ServerTest
class ObservationImportTest {

  private static final TestCity CITY = new TestCity("974100", 97.41, 37.41);
  private static final Instant FROM = Instant.parse("2024-03-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2024-03-03T00:00:00Z");

  @Autowired StaGround ground;
  @Autowired TestPeople people;
  @Autowired DeviceDirectory directory;
  @Autowired Observations observations;
  /** Of the data, as the command finds it, and of the files. */
  @TempDir Path folder;

  private TestClient machine;

  @BeforeEach
  void gaugesAndAServerOfTheFolder() throws IOException {
    ground.city(CITY.alone(CITY.box(0, 0, 1, 1)));
    ground.gauges("import-gauge", 5, List.of("level", "temp"), gauge("HIST-1"), gauge("HIST-2"), gauge("HIST-3"));
    machine = people.machine(CITY.city, Permission.OBSERVATION_WRITE, Permission.SENSING_READ);
    RunningAddress.write(folder, machine.base());
    Files.writeString(OperatorKey.file(folder), machine.key());
  }

  private static Gauge gauge(String code) {
    return new Gauge(code, CITY.at(0.5, 0.5).get(0), CITY.at(0.5, 0.5).get(1), CITY.city);
  }

  /** @return its exit code */
  private int imported(Path file, String... options) {
    List<String> command = new ArrayList<>(List.of("import", "observations", file.toString(), "--data", folder.toString(), "--quiet"));
    command.addAll(List.of(options));
    return Citywide.commandLine().execute(command.toArray(String[]::new));
  }

  private Path write(String name, String... rows) throws IOException {
    return Files.write(folder.resolve(name), List.of(rows));
  }

  /** Each with its moment. */
  private List<String> values(String device, String property) {
    return machine.get("/api/devices/" + device + "/observations?property=" + property + "&from=" + FROM + "&to=" + TO).json().path("items").valueStream()
        .map(v -> Instant.ofEpochMilli(v.path("time").asLong()) + " " + v.path("value").asDouble()).toList();
  }

  @Test
  void goodRowsAreReadBackAndBadOnesStandInAFileWithTheirReasons() throws Exception {
    Path file = write("history.csv", "time,device,level,temp",
        "2024-03-01 08:15:30,HIST-1,0.5,21", // of Shanghai: it names no offset
        "2024-03-01T00:16:30Z,HIST-1,0.75,",
        "2024-03-01T10:17:30+10:00,HIST-1,1e-1,22.5",
        "yesterday,HIST-1,1,1",
        "2024-03-01 08:18:30,HIST-1,wet,20",
        "2024-03-01 08:19:30,HIST-1,,",
        "2024-03-01 08:20:30,,1,1",
        "2024-03-01 08:21:30,HIST-9,1,1",
        "2999-01-01 00:00:00,HIST-1,1,1",
        "2024-03-01 08:22:30,HIST-1,1");

    assertThat(imported(file)).isZero();

    assertThat(values("HIST-1", "level")).containsExactly("2024-03-01T00:15:30Z 0.5", "2024-03-01T00:16:30Z 0.75", "2024-03-01T00:17:30Z 0.1");
    assertThat(values("HIST-1", "temp")).containsExactly("2024-03-01T00:15:30Z 21.0", "2024-03-01T00:17:30Z 22.5");
    List<String> rejected = Files.readAllLines(folder.resolve("history.csv.rejected.csv"));
    assertThat(rejected).hasSize(8).first().isEqualTo("row,field,reason,time,device,level,temp");
    assertThat(rejected).anyMatch(l -> l.startsWith("4,time,") && l.contains("'yesterday' is no moment") && l.endsWith(",yesterday,HIST-1,1,1"))
        .anyMatch(l -> l.startsWith("5,level,") && l.contains("'wet' is no number"))
        .anyMatch(l -> l.startsWith("6,,") && l.contains("no value"))
        .anyMatch(l -> l.startsWith("7,device,") && l.contains("device is empty"))
        .anyMatch(l -> l.startsWith("8,,") && l.contains("there is no device 'HIST-9'") && l.contains("sensing.unknown-device"))
        .anyMatch(l -> l.startsWith("9,,") && l.contains("sensing.future"))
        .anyMatch(l -> l.startsWith("10,,") && l.contains("the row has 3 fields"));
  }

  @Test
  void aSecondImportChangesNothing() throws Exception {
    Path file = write("twice.csv", "time,device,level", "2024-03-01 08:00:00,HIST-2,0.5", "2024-03-01 08:01:00,HIST-2,0.75", "2024-03-01 08:02:00,HIST-9,1");
    Path other = write("other.csv", "time,device,level", "2024-03-01 08:01:00,HIST-2,3");
    Path rejects = folder.resolve("twice.csv.rejected.csv");

    assertThat(run(file, rejects).toString()).startsWith("read 3 rows, taken 2 with 2 values, rejected 1 (see " + rejects + ")");
    List<String> first = values("HIST-2", "level");
    String bad = Files.readString(rejects);
    assertThat(first).containsExactly("2024-03-01T00:00:00Z 0.5", "2024-03-01T00:01:00Z 0.75");

    assertThat(run(file, rejects).toString()).startsWith("read 3 rows, taken 2 with 2 values, rejected 1");
    assertThat(Files.readString(rejects)).isEqualTo(bad);
    assertThat(run(other, folder.resolve("other.csv.rejected.csv")).rejected()).isZero();
    assertThat(folder.resolve("other.csv.rejected.csv")).doesNotExist();
    assertThat(values("HIST-2", "level")).as("of the same moment the first stands").isEqualTo(first);
    assertThat(observations.sums(directory.find("HIST-2").orElseThrow().series("level"), Observations.Step.DAY, FROM, TO).stream().mapToLong(Observations.Sum::count).sum()).isEqualTo(2);
  }

  private ObservationImport.Outcome run(Path file, Path rejects) throws Exception {
    var plan = new ObservationImport.Plan("time", null, ZoneId.of("Asia/Shanghai"), "device", null, Map.of(), ',', "auto");
    return new ObservationImport(new CityApi(URI.create(machine.base()), machine.key()), plan, file, rejects, true).run();
  }

  @Test
  void columnsAndMomentsMeanWhatTheOptionsSay() throws Exception {
    Path file = folder.resolve("station.csv");
    Files.write(file, List.of("时刻;水位;备注", "2024/3/2 8:00;0.5;好", "2024/3/2 8:01;;断电"), Charset.forName("GB18030"));
    assertThat(imported(file, "--device", "HIST-3", "--time", "时刻", "--time-format", "yyyy/M/d H:mm", "--zone", "Asia/Urumqi", "--value", "水位=level", "--separator", ";")).isZero();
    Path seconds = write("seconds.csv", "time,level", "1709337661.5,0.75");
    assertThat(imported(seconds, "--device", "HIST-3", "--time-format", "s")).isZero();

    assertThat(values("HIST-3", "level")).containsExactly("2024-03-02T00:01:01.500Z 0.75", "2024-03-02T02:00:00Z 0.5");
    assertThat(Files.readString(folder.resolve("station.csv.rejected.csv"), StandardCharsets.UTF_8)).contains("2,,the row has no value,2024/3/2 8:01,,断电");
    assertThat(folder.resolve("seconds.csv.rejected.csv")).doesNotExist();

    assertThat(imported(seconds)).as("it has no column device").isEqualTo(2);
    assertThat(imported(seconds, "--device", "HIST-3", "--zone", "Asia/Atlantis")).isEqualTo(2);
    assertThat(imported(seconds, "--device", "HIST-9", "--time-format", "s")).as("a file of bad rows is no fault of the command").isZero();
    assertThat(Files.readString(folder.resolve("seconds.csv.rejected.csv"))).contains("there is no device 'HIST-9'");
  }
}
