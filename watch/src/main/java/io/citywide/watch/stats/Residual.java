package io.citywide.watch.stats;

import io.citywide.watch.Words;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Several series that hang together, by principal components. Each row is centred, scaled and averaged with those before
 * it; the components that hold nine tenths of the variance are the usual way the series move together. Q (also SPE, Jackson and
 * Mudholkar 1979) is what they leave unexplained: the series do not fit each other any more, which is a fault. T² (Hotelling)
 * is how far they went along the usual ways, which also a mere change of load does; so it is told, but does not alarm.
 * The limit is the greatest Q while it learned.
 */
public final class Residual {
  private static final double KEPT_VARIANCE = 0.9;

  private final List<String> names;
  private final double[] mean;
  private final double[] scale;
  private final double[] middle;
  private final double[][] components;
  private final double[] variances;
  private final double limit;
  private final Average average;

  private Residual(List<String> names, double[] mean, double[] scale, double[] middle, double[][] components, double[] variances, double limit, int over) {
    this.names = names;
    this.mean = mean;
    this.scale = scale;
    this.middle = middle;
    this.components = components;
    this.variances = variances;
    this.limit = limit;
    this.average = new Average(names.size(), over);
  }

  /**
   * Learns from rows during which all was well.
   *
   * @param over how many rows are averaged, at least 1; 5 evens out the noise of one reading
   * @throws IllegalArgumentException where there are fewer than 10 rows for each series, or a row is not as long as the names
   */
  public static Residual learn(List<String> names, List<double[]> rows, int over) {
    int n = names.size();
    if (over < 1) throw new IllegalArgumentException("over must be at least 1, was " + over);
    if (n < 2 || rows.size() < 10 * n + over) {
      throw new IllegalArgumentException("at least 2 series and " + (10 * n + over) + " rows are needed, were " + n + " and " + rows.size());
    }
    double[] mean = new double[n];
    double[] scale = new double[n];
    for (double[] row : rows) {
      if (row.length != n) throw new IllegalArgumentException("a row must have " + n + " values, had " + row.length);
      for (int i = 0; i < n; i++) mean[i] += row[i] / rows.size();
    }
    for (double[] row : rows) {
      for (int i = 0; i < n; i++) scale[i] += (row[i] - mean[i]) * (row[i] - mean[i]) / rows.size();
    }
    for (int i = 0; i < n; i++) scale[i] = scale[i] > 1e-18 ? Math.sqrt(scale[i]) : 1;
    List<double[]> smooth = new ArrayList<>();
    Average average = new Average(n, over);
    for (double[] row : rows) smooth.add(average.add(scaled(row, mean, scale)));
    double[] middle = new double[n];
    for (double[] row : smooth) for (int i = 0; i < n; i++) middle[i] += row[i] / smooth.size();
    double[][] covariance = new double[n][n];
    for (double[] row : smooth) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) covariance[i][j] += (row[i] - middle[i]) * (row[j] - middle[j]) / (smooth.size() - 1);
      }
    }
    Eigen eigen = Eigen.of(covariance);
    double all = 0;
    for (double v : eigen.values()) all += v;
    int kept = 0;
    for (double held = 0; kept < n - 1 && held < KEPT_VARIANCE * all; kept++) held += eigen.values()[kept];
    double[][] components = Arrays.copyOf(eigen.vectors(), kept);
    double[] variances = Arrays.copyOf(eigen.values(), kept);
    double limit = 0;
    for (double[] row : smooth.subList(over - 1, smooth.size())) {
      double q = 0;
      for (double r : residual(row, middle, components)) q += r * r;
      limit = Math.max(limit, q);
    }
    return new Residual(List.copyOf(names), mean, scale, middle, components, variances, limit, over);
  }

  /** Takes in the next row. The score is Q; the parts are the series' shares in it. */
  public Finding accept(double[] row) {
    double[] z = average.add(scaled(row, mean, scale));
    double[] r = residual(z, middle, components);
    double q = 0;
    for (double x : r) q += x * x;
    List<Finding.Part> parts = new ArrayList<>();
    for (int i = 0; i < r.length; i++) parts.add(new Finding.Part(names.get(i), q == 0 ? 0 : r[i] * r[i] / q));
    parts.sort(Comparator.comparingDouble(Finding.Part::share).reversed());
    return new Finding(q, limit, parts, words(q, tSquared(z), parts));
  }

  public void write(DataOutput out) throws IOException {
    for (double[] of : List.of(mean, scale, middle)) write(of, out);
    out.writeInt(components.length);
    for (double[] component : components) write(component, out);
    write(variances, out);
    out.writeDouble(limit);
    out.writeInt(average.rows.length);
    out.writeInt(average.count);
    for (double[] row : average.rows) write(row, out);
  }

  /** Goes on from what {@link #write} gave. */
  public static Residual read(List<String> names, DataInput in) throws IOException {
    int n = names.size();
    double[] mean = read(n, in);
    double[] scale = read(n, in);
    double[] middle = read(n, in);
    double[][] components = new double[in.readInt()][];
    for (int k = 0; k < components.length; k++) components[k] = read(n, in);
    double[] variances = read(components.length, in);
    double limit = in.readDouble();
    Residual residual = new Residual(List.copyOf(names), mean, scale, middle, components, variances, limit, in.readInt());
    residual.average.count = in.readInt();
    for (int k = 0; k < residual.average.rows.length; k++) residual.average.rows[k] = read(n, in);
    return residual;
  }

  private static void write(double[] values, DataOutput out) throws IOException {
    for (double value : values) out.writeDouble(value);
  }

  private static double[] read(int length, DataInput in) throws IOException {
    double[] values = new double[length];
    for (int i = 0; i < length; i++) values[i] = in.readDouble();
    return values;
  }

  private double tSquared(double[] z) {
    double sum = 0;
    for (int k = 0; k < components.length; k++) {
      double along = 0;
      for (int i = 0; i < z.length; i++) along += components[k][i] * (z[i] - middle[i]);
      sum += along * along / variances[k];
    }
    return sum;
  }

  private Words words(double q, double t, List<Finding.Part> parts) {
    Finding.Part a = parts.get(0);
    Finding.Part b = parts.get(1);
    return q > limit
        ? new Words("The series do not fit each other as they used to: Q is %.1f times its limit, by %s (%.0f %%) and %s (%.0f %%); T² %.1f".formatted(
            q / limit, a.series(), 100 * a.share(), b.series(), 100 * b.share(), t),
            "各序列之间的关系异常：Q为限值的%.1f倍，主要来自%s（%.0f%%）和%s（%.0f%%）；T²为%.1f".formatted(q / limit, a.series(), 100 * a.share(), b.series(), 100 * b.share(), t))
        : new Words("The series fit each other: Q is %.0f %% of its limit; T² %.1f".formatted(100 * q / limit, t),
            "各序列之间的关系正常：Q为限值的%.0f%%；T²为%.1f".formatted(100 * q / limit, t));
  }

  private static double[] scaled(double[] row, double[] mean, double[] scale) {
    double[] z = new double[row.length];
    for (int i = 0; i < z.length; i++) z[i] = (row[i] - mean[i]) / scale[i];
    return z;
  }

  private static double[] residual(double[] z, double[] middle, double[][] components) {
    double[] r = new double[z.length];
    for (int i = 0; i < r.length; i++) r[i] = z[i] - middle[i];
    double[] left = r.clone();
    for (double[] c : components) {
      double along = 0;
      for (int i = 0; i < r.length; i++) along += c[i] * r[i];
      for (int i = 0; i < r.length; i++) left[i] -= along * c[i];
    }
    return left;
  }

  /** The mean of the last rows. */
  private static final class Average {
    private final double[][] rows;
    private int count;

    Average(int width, int over) {
      rows = new double[over][width];
    }

    double[] add(double[] row) {
      rows[count++ % rows.length] = row;
      int n = Math.min(count, rows.length);
      double[] mean = new double[row.length];
      for (int k = 0; k < n; k++) for (int i = 0; i < mean.length; i++) mean[i] += rows[k][i] / n;
      return mean;
    }
  }
}
