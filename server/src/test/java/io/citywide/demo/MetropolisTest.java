package io.citywide.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The metropolis around the demo city, made row by row. */
class MetropolisTest {

  private static final Pattern CODE = Pattern.compile("9901(1[1-9]|2[0-6])[0-9]{11}");
  private static final int ROWS = 2_600_000;
  /** Of so many rows one is looked at in all its fields. */
  private static final int SAMPLE = 13;

  @Test
  void everyCodeIsOfItsOwnAndTheMiddleIsDensest() throws IOException {
    Metropolis city = new Metropolis(ROWS);
    long[] idents = new long[ROWS];
    int n = 0;
    Map<String, Integer> kinds = new HashMap<>();
    long middle = 0;
    assertThat(city.parts()).isEqualTo(2);
    for (int part = 0; part < city.parts(); part++) {
      BufferedReader rows = new BufferedReader(new InputStreamReader(city.rows(part), StandardCharsets.US_ASCII));
      assertThat(rows.readLine()).isEqualTo("ident,lon,lat,ownerCode,accuracy,state");
      String first = rows.readLine();
      assertThat(first).as("what tells whether a part is there").startsWith(city.firstIdent(part) + ",");
      for (String row = first; row != null; row = rows.readLine()) {
        idents[n] = Long.parseLong(row, 0, 17, 10);
        if (n++ % SAMPLE == 0) {
          String[] fields = row.split(",", -1);
          assertThat(fields[0]).matches(CODE);
          kinds.merge(fields[0].substring(6, 11), 1, Integer::sum);
          double east = (Double.parseDouble(fields[1]) - 118.93) * 93_900;
          double north = (Double.parseDouble(fields[2]) - 32.52) * 110_900;
          middle += Math.hypot(east, north) < 9_000 ? 1 : 0;
          assertThat(Math.max(Math.abs(east), Math.abs(north))).isLessThan(44_900);
        }
      }
    }
    Arrays.sort(idents);
    for (int i = 1; i < ROWS; i++) {
      if (idents[i] == idents[i - 1]) {
        assertThat(idents[i]).as("given out once").isNotEqualTo(idents[i - 1]);
      }
    }
    assertThat(n).isEqualTo(ROWS);
    assertThat(kinds.get("04002")).as("trees are the commonest").isEqualTo(kinds.values().stream().mapToInt(Integer::intValue).max().orElseThrow());
    // A circle of 9 km is 3 % of the square.
    assertThat(middle).isGreaterThan(ROWS / SAMPLE / 8);
  }

  @Test
  void refusesACityOfNoComponentsAndOneThatIsTooLarge() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Metropolis(0)).withMessageContaining("1 to 40000000");
    assertThatIllegalArgumentException().isThrownBy(() -> new Metropolis(40_000_001));
  }
}
