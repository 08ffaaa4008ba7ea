package io.citywide.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GridLinesTest {

  @ParameterizedTest(name = "''{0}''")
  @ValueSource(strings = {
    "118.796877 32.060255", "118.796877\t32.060255", "118.796877,32.060255", "118.796877, 32.060255",
    "  118.796877   32.060255  ", "118.796877 , 32.060255\r", "+118.796877 +32.060255", "118.7968770000000000000 32.060255",
    "1.18796877e2 3.2060255E1", "0118.796877 32.060255", "0000118.796877 32.060255", "\uFEFF118.796877 32.060255"
  })
  void readsLongitudeAndLatitudeHoweverTheyAreSeparated(String line) {
    assertThat(encode(line + "\n", 10)).isEqualTo("N50I90123C9033051360\n");
  }

  @Test
  void answersEachLineOnItsOwnLine() {
    assertThat(encode("118.796877 32.060255\r\n\r\nnowhere\n\n151.2093,-33.8688", 5)).isEqualTo("""
        N50I90123C9

        error: expected LON LAT, two numbers, found 1 in 'nowhere'

        S56I234C281
        """);
    assertThat(decode("n50i\nN50I9\n\nS21H764C31B375022200\r\n")).isEqualTo("""
        117 34
        error: grid code 'N50I9': length must be 4, 6, 7, 9, 11, 12, 14, 16, 18 or 20 (levels 1 to 10), was 5

        -57.702155016 -31.396477932
        """);
    assertThat(encode("", 5)).isEmpty();
    assertThat(encode("\n", 5)).isEqualTo("\n");
  }

  @Test
  void aBadLineSaysWhatIsWrongAndWhatIsAllowed() {
    assertThat(encode("""
        181 10
        10 91
        10 88
        10 -88.0001
        abc 10
        10 1O
        10,,20
        10 20 30
        10
        NaN 10
        1e999999999 1
        """, 5)).isEqualTo("""
        error: longitude must be -180..180 degrees, was 181
        error: latitude must be -90..90 degrees, was 91
        error: latitude must be between -88 and 88 degrees, exclusive, was 88 (polar cells of GB/T 39409-2020, 5.3, are not supported)
        error: latitude must be between -88 and 88 degrees, exclusive, was -88.0001 (polar cells of GB/T 39409-2020, 5.3, are not supported)
        error: longitude must be a number in degrees, was 'abc'
        error: latitude must be a number in degrees, was '1O'
        error: expected LON LAT, two numbers, found 3 in '10,,20'
        error: expected LON LAT, two numbers, found 3 in '10 20 30'
        error: expected LON LAT, two numbers, found 1 in '10'
        error: longitude must be a number in degrees, was 'NaN'
        error: longitude must be -180..180 degrees, was 1E+999999999
        """);
  }

  @Test
  void countsLinesAndErrors() throws IOException {
    GridLines.Tally tally = GridLines.encode(bytes("1 1\nx\n2 2"), new ByteArrayOutputStream(), 3);
    assertThat(tally).isEqualTo(new GridLines.Tally(3, 1));
  }

  @Test
  void anEndlessLineIsRefusedOnceAndTheNextIsRead() {
    String answers = encode("7".repeat(300_000) + " 1\n118.796877 32.060255\n", 1);
    assertThat(answers).isEqualTo("error: line 1 is longer than 4096 bytes\nN50I\n");
    assertThat(encode("1 1\n" + "7".repeat(300_000), 1)).isEqualTo("N31A\nerror: line 2 is longer than 4096 bytes\n");
  }

  @Test
  void controlCharactersInALineDoNotBreakTheAnswer() {
    assertThat(encode("1\u0007 2\n", 1)).isEqualTo("error: longitude must be a number in degrees, was '1?'\n");
  }

  @Test
  void answersAreThoseOfTheExactPath() {
    SplittableRandom random = new SplittableRandom(1);
    StringBuilder lines = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      BigDecimal lon = decimal(random, 180);
      BigDecimal lat = decimal(random, 88);
      lines.append(lon.toPlainString()).append(' ').append(lat.toPlainString()).append('\n');
      expected.append(GridCode.of(lon, lat, 10)).append('\n');
    }
    assertThat(encode(lines.toString(), 10)).isEqualTo(expected.toString());
  }

  @Test
  void aDecodedCentreEncodesToTheSameCodeAtEveryLevel() {
    SplittableRandom random = new SplittableRandom(2);
    for (int level = 1; level <= 10; level++) {
      StringBuilder codes = new StringBuilder();
      for (int i = 0; i < 20_000; i++) {
        codes.append(GridCode.of(random.nextDouble(-180, 180), random.nextDouble(-88, 88), level)).append('\n');
      }
      assertThat(encode(decode(codes.toString()), level)).isEqualTo(codes.toString());
    }
  }

  @Test
  void readsAcrossChunksOfAnySize() throws IOException {
    String line = "118.796877 32.060255\n";
    for (int chunk = 1; chunk < 50; chunk++) {
      int size = chunk;
      InputStream slow = new ByteArrayInputStream(("\uFEFF" + line.repeat(20)).getBytes(StandardCharsets.UTF_8)) {
        @Override
        public int read(byte[] b, int off, int len) {
          return super.read(b, off, Math.min(len, size));
        }
      };
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      GridLines.encode(slow, out, 1);
      assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("N50I\n".repeat(20));
    }
  }

  @Test
  void answersBeforeItWaitsForMore() throws Exception {
    try (PipedOutputStream question = new PipedOutputStream();
        PipedInputStream in = new PipedInputStream(question);
        PipedOutputStream out = new PipedOutputStream();
        PipedInputStream answer = new PipedInputStream(out);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Callable<GridLines.Tally> work = () -> GridLines.encode(in, out, 1);
      var tally = threads.submit(work);
      question.write("118.796877 32.060255\n".getBytes(StandardCharsets.UTF_8));
      question.flush();
      assertThat(new String(answer.readNBytes(5), StandardCharsets.UTF_8)).isEqualTo("N50I\n");
      question.close();
      assertThat(tally.get(10, TimeUnit.SECONDS).lines()).isEqualTo(1);
    }
  }

  @Test
  void levelsOutsideTheirBoundsAreRefused() {
    for (int level : List.of(0, 11)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> GridLines.encode(InputStream.nullInputStream(), new ByteArrayOutputStream(), level))
          .withMessage("grid level must be 1..10, was " + level);
    }
  }

  /** Up to 30 decimals; every other one on a cell boundary or a hair beside. */
  private static BigDecimal decimal(SplittableRandom random, int limit) {
    if (random.nextBoolean()) {
      int scale = random.nextInt(0, 16);
      return new BigDecimal(random.nextDouble(-limit + 1, limit - 1)).setScale(scale, java.math.RoundingMode.DOWN);
    }
    int units = random.nextInt((limit - 1) * Layout.UNITS_PER_DEGREE);
    BigDecimal edge = BigDecimal.valueOf(units).divide(BigDecimal.valueOf(Layout.UNITS_PER_DEGREE),
        random.nextInt(8, 31), random.nextBoolean() ? java.math.RoundingMode.UP : java.math.RoundingMode.DOWN);
    return random.nextBoolean() ? edge : edge.negate();
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(String lines, int level) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      GridLines.encode(bytes(lines), out, level);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static String decode(String lines) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      GridLines.decode(bytes(lines), out);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
