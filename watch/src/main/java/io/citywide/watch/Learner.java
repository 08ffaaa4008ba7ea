package io.citywide.watch;

import io.citywide.watch.Rule.Learned;
import io.citywide.watch.stats.ChangePoint;
import io.citywide.watch.stats.Finding;
import io.citywide.watch.stats.Residual;
import io.citywide.watch.stats.SeasonalBaseline;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

/** A watch that learns, on one subject. Its inputs tell it each value that is newer than all before. */
abstract sealed class Learner {
  /** Rows that the residual is averaged over, as it was measured. */
  static final int AVERAGED = 5;
  private static final Words LEARNING = new Words("Still learning", "仍在学习");

  private Finding finding;

  /** Those of a plan, tied to the streams they learn from. */
  static Learner[] of(Plan plan, Stream[] streams, ZoneId zone) {
    Learner[] all = new Learner[plan.learnedInputs.length];
    for (int i = 0; i < all.length; i++) {
      Learned learned = plan.rule.learned().get(i);
      Stream[] of = new Stream[plan.learnedInputs[i].length];
      for (int k = 0; k < of.length; k++) of[k] = streams[plan.learnedInputs[i][k]];
      all[i] = switch (learned.method()) {
        case BASELINE -> new Course(learned, zone);
        case CHANGE -> new Level(learned);
        case RESIDUAL -> new Together(learned, of);
      };
      for (Stream stream : of) stream.teach(all[i]);
    }
    return all;
  }

  /** A value of this time is about to come. */
  void before(long time) {}

  /** It has come. */
  abstract void add(long time, double value);

  /** How unusual it is, in units of the limit; NaN while it learns. */
  double value() {
    return finding == null ? Double.NaN : finding.score() / finding.limit();
  }

  Words reason() {
    return finding == null ? LEARNING : finding.reason();
  }

  /** @param learning whether the finding says nothing yet */
  void found(Finding found, boolean learning) {
    finding = learning ? null : found;
  }

  /** Takes over what one of the same kind has learned. */
  void inherit(Learner other) {
    finding = other.finding;
    take(other);
  }

  abstract void take(Learner other);

  void write(DataOutput out) throws IOException {
    out.writeBoolean(finding != null);
    if (finding != null) finding.write(out);
    writeLearned(out);
  }

  void read(DataInput in) throws IOException {
    finding = in.readBoolean() ? Finding.read(in) : null;
    readLearned(in);
  }

  abstract void writeLearned(DataOutput out) throws IOException;

  abstract void readLearned(DataInput in) throws IOException;

  /** Against the course of day and week. */
  private static final class Course extends Learner {
    private final ZoneId zone;
    private SeasonalBaseline baseline;

    Course(Learned of, ZoneId zone) {
      this.zone = zone;
      baseline = new SeasonalBaseline(of.inputs().getFirst());
    }

    @Override
    void add(long time, double value) {
      long local = time + 1000L * zone.getRules().getOffset(Instant.ofEpochMilli(time)).getTotalSeconds();
      found(baseline.accept(local, value), baseline.learning());
    }

    @Override
    void take(Learner other) {
      baseline = ((Course) other).baseline;
    }

    @Override
    void writeLearned(DataOutput out) throws IOException {
      baseline.write(out);
    }

    @Override
    void readLearned(DataInput in) throws IOException {
      baseline.read(in);
    }
  }

  /** Against the level it had. */
  private static final class Level extends Learner {
    private ChangePoint change;

    Level(Learned of) {
      change = new ChangePoint(of.inputs().getFirst(), of.learn());
    }

    @Override
    void add(long time, double value) {
      boolean learning = change.learning();
      found(change.accept(time, value), learning);
    }

    @Override
    void take(Learner other) {
      change = ((Level) other).change;
    }

    @Override
    void writeLearned(DataOutput out) throws IOException {
      change.write(out);
    }

    @Override
    void readLearned(DataInput in) throws IOException {
      change.read(in);
    }
  }

  /** Several inputs against how they hang together. A row is what all had at the end of a piece of time in which something came. */
  private static final class Together extends Learner {
    private final Learned of;
    private final Stream[] streams;
    private final List<double[]> rows = new ArrayList<>();
    private Residual residual;
    private long piece = Long.MIN_VALUE;

    Together(Learned of, Stream[] streams) {
      this.of = of;
      this.streams = streams;
    }

    @Override
    void before(long time) {
      long next = Math.floorDiv(time, of.every());
      if (next <= piece) return;
      if (piece != Long.MIN_VALUE) row();
      piece = next;
    }

    private void row() {
      double[] row = new double[streams.length];
      for (int i = 0; i < row.length; i++) {
        row[i] = streams[i].latest();
        if (Double.isNaN(row[i])) return;
      }
      if (residual != null) {
        found(residual.accept(row), false);
        return;
      }
      rows.add(row);
      if (rows.size() < of.learn()) return;
      residual = Residual.learn(of.inputs(), rows, AVERAGED);
      rows.clear();
    }

    @Override
    void add(long time, double value) {
      // The row is taken when its time is over.
    }

    @Override
    void take(Learner other) {
      Together was = (Together) other;
      rows.clear();
      rows.addAll(was.rows);
      residual = was.residual;
      piece = was.piece;
    }

    @Override
    void writeLearned(DataOutput out) throws IOException {
      out.writeLong(piece);
      out.writeInt(rows.size());
      for (double[] row : rows) for (double value : row) out.writeDouble(value);
      out.writeBoolean(residual != null);
      if (residual != null) residual.write(out);
    }

    @Override
    void readLearned(DataInput in) throws IOException {
      piece = in.readLong();
      rows.clear();
      for (int n = in.readInt(); n > 0; n--) {
        double[] row = new double[streams.length];
        for (int i = 0; i < row.length; i++) row[i] = in.readDouble();
        rows.add(row);
      }
      residual = in.readBoolean() ? Residual.read(of.inputs(), in) : null;
    }
  }
}
