package io.citywide.bench.map;

import io.citywide.grid.GridKeys;
import io.citywide.grid.index.IndexedPoint;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * A city of Shanghai's size, made up: 80 × 80 km, a dense centre, forty towns around it, the rest in the open. Seven of
 * ten components stand along streets, which are 150 m apart in the centre and 600 m outside. The kinds are as uneven as
 * those of a register (lamps and trees by the million, some kinds by the dozen), and 4 of 100 components are not intact.
 * The same seed makes the same city.
 *
 * <p>Every contender gets the position that the index keeps, the centre of a cell of 12 cm, so that answers can be
 * compared point by point.
 */
final class City {

  static final double LON = 121.4737;
  static final double LAT = 31.2304;

  /** Kinds of components. */
  static final int GROUPS = 130;

  private static final double KILOMETERS_PER_DEGREE = 111.0;
  private static final double COS = Math.cos(Math.toRadians(LAT));
  private static final int TOWNS = 40;

  interface Sink {
    void point(long key, int kind, long id);
  }

  private final long seed;
  private final long points;
  private final double[] townX = new double[TOWNS];
  private final double[] townY = new double[TOWNS];
  private final double[] townSize = new double[TOWNS];
  /** Upper ends of the shares of the kinds. */
  private final double[] shares = new double[GROUPS];

  City(long seed, long points) {
    this.seed = seed;
    this.points = points;
    Random random = new Random(seed);
    for (int t = 0; t < TOWNS; t++) {
      townX[t] = random.nextDouble() * 76 - 38;
      townY[t] = random.nextDouble() * 76 - 38;
      townSize[t] = 1 + random.nextDouble() * 1.5;
    }
    double sum = 0;
    for (int g = 0; g < GROUPS; g++) sum += 1 / Math.pow(g + 1, 1.1);
    double so = 0;
    for (int g = 0; g < GROUPS; g++) {
      so += 1 / Math.pow(g + 1, 1.1) / sum;
      shares[g] = so;
    }
  }

  long points() {
    return points;
  }

  /** Every component, in the order of its making, which is none in space. */
  void each(Sink sink) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] at = new double[2];
    long[] next = new long[16 * (GROUPS + 1)];
    for (long i = 0; i < points; i++) {
      place(random, at);
      int group = 1 + group(random.nextDouble());
      double state = random.nextDouble();
      int grade = state < 0.96 ? 0 : state < 0.97 ? 1 : state < 0.995 ? 2 : 3;
      long key = GridKeys.encode(at[0], at[1], 9);
      // District 6, kind 5, sequence 6 digits; a kind of more than a million in a district goes on with the next code.
      int district = district(at);
      long number = next[district * (GROUPS + 1) + group]++;
      sink.point(key, IndexedPoint.kind(group, grade), (310_101L + district) * 100_000_000_000L + (group * 100L + number / 1_000_000) * 1_000_000L + number % 1_000_000);
    }
  }

  /** A place where somebody would look: distributed as the components are. */
  double[] somewhere(SplittableRandom random) {
    double[] at = new double[2];
    place(random, at);
    return at;
  }

  private static int district(double[] at) {
    return (int) Math.floorMod((long) Math.floor((at[0] - LON) * 6) * 4 + (long) Math.floor((at[1] - LAT) * 6), 16L);
  }

  private int group(double share) {
    int low = 0;
    int high = GROUPS - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (shares[middle] < share) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private void place(SplittableRandom random, double[] at) {
    double x;
    double y;
    double street;
    do {
      double which = random.nextDouble();
      street = 0.6;
      if (which < 0.35) {
        x = gaussian(random) * 5;
        y = gaussian(random) * 5;
        street = 0.15;
      } else if (which < 0.60) {
        x = gaussian(random) * 12;
        y = gaussian(random) * 12;
        street = 0.3;
      } else if (which < 0.85) {
        int town = random.nextInt(TOWNS);
        x = townX[town] + gaussian(random) * townSize[town];
        y = townY[town] + gaussian(random) * townSize[town];
        street = 0.2;
      } else {
        x = random.nextDouble() * 80 - 40;
        y = random.nextDouble() * 80 - 40;
      }
    } while (Math.abs(x) > 40 || Math.abs(y) > 40);
    if (random.nextInt(10) < 7) {
      double kerb = (random.nextInt(2) * 2 - 1) * 0.008 + gaussian(random) * 0.001;
      if (random.nextBoolean()) x = Math.round(x / street) * street + kerb;
      else y = Math.round(y / street) * street + kerb;
    }
    at[0] = LON + x / KILOMETERS_PER_DEGREE / COS;
    at[1] = LAT + y / KILOMETERS_PER_DEGREE;
  }

  /** Box and Muller; the generator of the library draws from tables whose order is not promised. */
  private static double gaussian(SplittableRandom random) {
    return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
  }

  /** A polygon around about half of the city, with corners every few hundred metres as a district's boundary has, and a hole. */
  static double[][] half(int corners) {
    double[] outline = new double[corners * 2];
    Random random = new Random(7);
    for (int i = 0; i < corners; i++) {
      double angle = 2 * Math.PI * i / corners;
      double radius = (26 + 9 * Math.sin(3 * angle) + random.nextDouble() * 0.5);
      outline[2 * i] = LON + (8 + radius * Math.cos(angle) * 0.75) / KILOMETERS_PER_DEGREE / COS;
      outline[2 * i + 1] = LAT + radius * Math.sin(angle) / KILOMETERS_PER_DEGREE;
    }
    double[] hole = new double[corners / 4 * 2];
    for (int i = 0; i < corners / 4; i++) {
      double angle = 2 * Math.PI * i / (corners / 4);
      hole[2 * i] = LON + (10 + 3 * Math.cos(angle)) / KILOMETERS_PER_DEGREE / COS;
      hole[2 * i + 1] = LAT + (6 + 3 * Math.sin(angle)) / KILOMETERS_PER_DEGREE;
    }
    return new double[][] {outline, hole};
  }
}
