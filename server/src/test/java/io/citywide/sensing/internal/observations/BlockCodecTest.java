package io.citywide.sensing.internal.observations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BlockCodecTest {

  private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /** Bytes beside the block in a row of {@code sensing_chunk}: header of the row and its pointer, columns, entry of the index. */
  private static final int ROW = 24 + 4 + 56 + 4 + 20;

  @Test
  void givesBackEveryBitOfWhateverIsFinite() {
    Random random = new Random(7);
    for (int run = 0; run < 800; run++) {
      Points points = new Points(16);
      long time = random.nextLong() >> random.nextInt(8, 40);
      int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 1500 : 60);
      int kind = random.nextInt(8);
      double value = random.nextGaussian() * 100;
      for (int i = 0; i < count; i++) {
        time += kind == 0 ? 1 + (random.nextLong() >>> 40) : random.nextInt(50) == 0 ? 61_000 : 1000;
        value = switch (kind) {
          case 0 -> Double.longBitsToDouble(random.nextLong() & 0xBFEFFFFFFFFFFFFFL | random.nextLong() & 0x8010000000000000L);
          case 1 -> random.nextInt(4) == 0 ? -0.0 : 0.0;
          case 2 -> Math.rint(random.nextGaussian() * 1000) / 100;
          case 3 -> random.nextInt(30) == 0 ? Math.nextUp(value) : Math.rint(value * 1e8) / 1e8 + 0.25;
          case 4 -> random.nextLong() >> random.nextInt(64);
          case 5 -> new double[] {0.054711, 0.382638, -0.273216, 1e-300, Double.MAX_VALUE, Double.MIN_VALUE}[random.nextInt(run % 2 == 0 ? 3 : 6)];
          case 6 -> value + random.nextGaussian();
          default -> i * 17.0 + (random.nextInt(100) == 0 ? 1e15 : 0);
        };
        points.add(time, Double.isFinite(value) ? value : 1.5);
      }
      Bits.Writer out = new Bits.Writer(8);
      new BlockCodec().encode(points, 0, count, out);
      Points read = new Points(1);
      Bits.Reader in = new Bits.Reader(out.toBytes(), 0, out.size());
      new BlockCodec().decode(in, read);
      assertThat(in.more()).isFalse();
      assertThat(read.size).isEqualTo(count);
      for (int i = 0; i < count; i++) {
        if (read.time[i] != points.time[i] || Double.doubleToRawLongBits(read.value[i]) != Double.doubleToRawLongBits(points.value[i])) {
          throw new AssertionError("run %d kind %d value %d: %s became %s".formatted(run, kind, i, points.value[i], read.value[i]));
        }
      }
    }
  }

  @Test
  void keepsRealSeriesInAtMostThreeBytesAnObservation() throws Exception {
    Path sensors = Path.of(System.getenv().getOrDefault("CITYWIDE_SHARED", "../../shared")).resolve("data/sensors");
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(sensors), "the series of data/sensors are not here (set CITYWIDE_SHARED)");
    long bytes = 0;
    long values = 0;
    for (Points series : RealSeries.read(sensors)) {
      for (int from = 0; from < series.size; from += Gatherer.CHUNK_VALUES) {
        int to = Math.min(series.size, from + Gatherer.CHUNK_VALUES);
        Bits.Writer out = new Bits.Writer(4096);
        new BlockCodec().encode(series, from, to, out);
        Points read = new Points(1);
        new BlockCodec().decode(new Bits.Reader(out.array(), 0, out.size()), read);
        assertThat(java.util.Arrays.equals(java.util.Arrays.copyOf(read.value, read.size), java.util.Arrays.copyOfRange(series.value, from, to))).isTrue();
        assertThat(java.util.Arrays.equals(java.util.Arrays.copyOf(read.time, read.size), java.util.Arrays.copyOfRange(series.time, from, to))).isTrue();
        bytes += out.size() + ROW;
        values += to - from;
      }
    }
    System.out.printf("real series: %d values, %.3f bytes each with their rows%n", values, bytes / (double) values);
    assertThat(values).isGreaterThan(180_000);
    assertThat(bytes / (double) values).isLessThanOrEqualTo(3.0);
  }

  /** The columns of the files, as series. */
  static final class RealSeries {
    static List<Points> read(Path sensors) throws Exception {
      List<Points> all = new ArrayList<>();
      try (Stream<Path> files = Files.walk(sensors)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".csv")).sorted().toList()) {
          List<String> lines = Files.readAllLines(file);
          String separator = lines.getFirst().contains(";") ? ";" : ",";
          String[] names = lines.getFirst().split(separator);
          for (int column = 1; column < names.length && !names[column].equals("anomaly"); column++) {
            Points points = new Points(lines.size());
            for (String line : lines.subList(1, lines.size())) {
              String[] cells = line.split(separator);
              points.add(LocalDateTime.parse(cells[0], MOMENT).toInstant(ZoneOffset.UTC).toEpochMilli(), Double.parseDouble(cells[column]));
            }
            points.settle();
            all.add(points);
          }
        }
      }
      return all;
    }
  }

  @Test
  void putsPointsIntoTheOrderOfTimeAndLetsTheFirstOfAMomentStand() {
    Random random = new Random(3);
    for (int run = 0; run < 300; run++) {
      java.util.TreeMap<Long, Double> expected = new java.util.TreeMap<>();
      Points points = new Points(2);
      int count = random.nextInt(400);
      long time = 0;
      for (int i = 0; i < count; i++) {
        time = random.nextInt(10) == 0 ? random.nextInt(500) : time + random.nextInt(3);
        points.add(time, i);
        expected.putIfAbsent(time, (double) i);
      }
      assertThat(points.settle()).isEqualTo(count - expected.size());
      assertThat(java.util.Arrays.stream(points.time, 0, points.size).boxed()).containsExactlyElementsOf(expected.keySet());
      assertThat(java.util.Arrays.stream(points.value, 0, points.size).boxed()).containsExactlyElementsOf(expected.values());
    }
  }
}
