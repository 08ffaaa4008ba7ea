package io.citywide.cases.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ServerTest;
import io.citywide.grid.GridKeys;
import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.place.Buildings;
import io.citywide.place.Catalogue;
import io.citywide.sensing.spi.ReportedCases;
import io.citywide.sensing.spi.ReportedCases.Around;
import io.citywide.sensing.spi.ReportedCases.Ground;
import io.citywide.sensing.spi.ReportedCases.OfKind;
import io.citywide.sensing.spi.ReportedCases.Reported;
import io.citywide.sensing.spi.ReportedCases.Site;
import io.citywide.sensing.spi.ReportedCases.Stretch;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Whatever lies where: the cases around stretches are those that looking at each pair finds, in one statement. */
@ServerTest
class CasesAroundTest {

  private static final String AREA = "763300";
  private static final String KIND = "gb47678.5-M06010";
  private static final double LON = 109.2166;
  private static final double LAT = 28.2833;
  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");

  private record Laid(String no, double lon, double lat, Instant at, boolean ofKind) {}

  @Autowired DataSource database;
  @Autowired JdbcClient jdbc;
  @Autowired Buildings buildings;
  @Autowired Catalogue catalogue;
  @Autowired TransactionTemplate transaction;

  private final AtomicInteger statements = new AtomicInteger();

  private <T> T ask(Function<ReportedCases, T> question) {
    JdbcTemplate counting = new JdbcTemplate(database) {
      @Override
      protected void applyStatementSettings(Statement statement) throws SQLException {
        statements.incrementAndGet();
        super.applyStatementSettings(statement);
      }
    };
    statements.set(0);
    return Viewer.callAs(Viewer.system("test"), () -> transaction.execute(status -> question.apply(new CasesAround(JdbcClient.create(counting), buildings, catalogue))));
  }

  private static double meters(double lon, double lat, Site site) {
    return 111_319.49 * Math.hypot((lon - site.lon()) * Math.cos(Math.toRadians(site.lat())), lat - site.lat());
  }

  @Test
  void areThoseThatLookingAtEachPairFinds() {
    Random random = new Random(5);
    List<Laid> laid = new ArrayList<>();
    Viewer.runAs(Viewer.system("test"), () -> transaction.executeWithoutResult(status -> {
      for (int n = 0; n < 400; n++) {
        // Over the edges of several cells of 1′.
        Laid one = new Laid("76330220260301%05d".formatted(n), LON + random.nextDouble() * 0.04, LAT + random.nextDouble() * 0.04, BEGIN.plusSeconds(random.nextInt(10 * 86_400)), n % 3 == 0);
        laid.add(one);
        jdbc.sql("""
                INSERT INTO case_file (case_no, stage, stage_since, title, area_code, source_channel, last_signal_at, reported_at, kind_id, signal_count, lon, lat, grid_key)
                VALUES (:no, 'CLOSED', :at, '案件', :area, 'HOTLINE', :at, :at, :kind, 1, :lon, :lat, :key)""")
            .param("no", one.no()).param("at", CaseStore.utc(one.at())).param("area", AREA).param("kind", one.ofKind() ? KIND : null).param("lon", one.lon()).param("lat", one.lat())
            .param("key", GridKeys.encode(one.lon(), one.lat(), 9)).update();
      }
    }));
    List<Site> sites = IntStream.range(0, 60).mapToObj(n -> new Site(LON + random.nextDouble() * 0.04, LAT + random.nextDouble() * 0.04, n % 2 == 0 ? null : "nothing-" + n, null)).toList();
    for (int meters : new int[] {50, 300, 2000}) {
      List<Stretch> stretches = IntStream.range(0, 40).mapToObj(n -> {
        Instant from = BEGIN.plusSeconds(random.nextInt(10 * 86_400));
        return new Stretch(IntStream.range(0, random.nextInt(4)).map(i -> random.nextInt(sites.size())).distinct().boxed().toList(), from, from.plusSeconds(random.nextInt(3 * 86_400)));
      }).toList();
      List<Around> around = ask(cases -> cases.around(sites, stretches, meters, 5));
      assertThat(statements).hasValue(1);
      List<String> anywhere = new ArrayList<>();
      for (int n = 0; n < stretches.size(); n++) {
        Stretch stretch = stretches.get(n);
        List<String> naive = laid.stream().filter(c -> !c.at().isBefore(stretch.from()) && c.at().isBefore(stretch.to()))
            .filter(c -> stretch.sites().stream().anyMatch(s -> meters(c.lon(), c.lat(), sites.get(s)) <= meters)).map(Laid::no).toList();
        anywhere.addAll(naive);
        assertThat(around.get(n).count()).as("stretch %d within %d m", n, meters).isEqualTo(naive.size());
        assertThat(around.get(n).first()).hasSize(Math.min(5, naive.size())).extracting(Reported::caseNo).isSubsetOf(naive);
        assertThat(around.get(n).first()).extracting(Reported::meters).isSorted();
      }
      Instant to = BEGIN.plus(Duration.ofDays(8));
      OfKind ofKind = ask(cases -> cases.ofKind(new Ground(KIND, AreaScope.of(AREA), BEGIN, to), sites, stretches, meters, 1000));
      assertThat(statements).hasValue(1);
      List<Laid> all = laid.stream().filter(c -> c.ofKind() && c.at().isBefore(to)).toList();
      List<String> missed = all.stream().map(Laid::no).filter(no -> !anywhere.contains(no)).toList();
      assertThat(ofKind.all()).isEqualTo(all.size());
      assertThat(ofKind.missed()).isEqualTo(missed.size());
      assertThat(ofKind.first()).extracting(Reported::caseNo).containsExactlyInAnyOrderElementsOf(missed);
      assertThat(ofKind.beyond()).isEqualTo(all.stream().filter(c -> missed.contains(c.no()) && sites.stream().noneMatch(s -> meters(c.lon(), c.lat(), s) <= meters)).count());
    }
    List<Around> none = ask(cases -> cases.around(sites, List.of(), 50, 5));
    assertThat(none).isEmpty();
    List<Around> nowhere = ask(cases -> cases.around(List.of(), List.of(new Stretch(List.of(), BEGIN, BEGIN.plusSeconds(1))), 50, 5));
    assertThat(nowhere).containsExactly(Around.NOTHING);
    assertThat(ask(cases -> cases.ofKind(new Ground(KIND, AreaScope.of(AREA), BEGIN, BEGIN.plus(Duration.ofDays(11))), List.of(), List.of(), 50, 0)).beyond()).isEqualTo(134);
  }
}
