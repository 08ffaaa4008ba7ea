package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The metropolis around the demo city, made row by row. */
class MetropolisTest {

  private static final int ROWS = 2_500_000;

  @Test
  void everyCodeIsOfItsOwnAndTheMiddleIsDensest() throws IOException {
    Metropolis city = new Metropolis(ROWS);
    Set<Long> idents = new HashSet<>();
    Map<String, Integer> kinds = new HashMap<>();
    long middle = 0;
    assertThat(city.parts()).isEqualTo(3);
    for (int part = 0; part < city.parts(); part++) {
      List<String> rows = new String(city.rows(part).readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
      assertThat(rows.getFirst()).isEqualTo("ident,lon,lat,ownerCode,accuracy,state");
      assertThat(rows.get(1)).as("what tells whether a part is there").startsWith(city.firstIdent(part) + ",");
      for (String row : rows.subList(1, rows.size())) {
        String[] fields = row.split(",", -1);
        assertThat(fields[0]).matches("9901(1[1-9]|2[0-6])[0-9]{11}");
        idents.add(Long.parseLong(fields[0]));
        kinds.merge(fields[0].substring(6, 11), 1, Integer::sum);
        double east = (Double.parseDouble(fields[1]) - 118.93) * 93_900;
        double north = (Double.parseDouble(fields[2]) - 32.52) * 110_900;
        middle += Math.hypot(east, north) < 9_000 ? 1 : 0;
        assertThat(Math.max(Math.abs(east), Math.abs(north))).isLessThan(44_900);
      }
    }
    assertThat(idents).hasSize(ROWS);
    assertThat(kinds.get("04002")).as("trees are the commonest").isEqualTo(kinds.values().stream().mapToInt(n -> n).max().orElseThrow());
    // A circle of 9 km is 3 % of the square.
    assertThat(middle).isGreaterThan(ROWS / 8);
  }

  @Test
  void refusesACityOfNoComponentsAndOneThatIsTooLarge() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Metropolis(0)).withMessageContaining("1 to 40000000");
    assertThatIllegalArgumentException().isThrownBy(() -> new Metropolis(40_000_001));
  }
}
