package io.citywide.watch.stats;

import io.citywide.watch.Words;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * How unusual something is.
 *
 * @param score at least 0; what it counts is said by its maker
 * @param limit above it the score is unusual
 * @param parts what the score is made of, the greatest first
 * @param reason why, in words
 */
public record Finding(double score, double limit, List<Part> parts, Words reason) {
  public Finding {
    parts = List.copyOf(parts);
  }

  public void write(DataOutput out) throws IOException {
    out.writeDouble(score);
    out.writeDouble(limit);
    out.writeInt(parts.size());
    for (Part part : parts) {
      out.writeUTF(part.series());
      out.writeDouble(part.share());
    }
    out.writeUTF(reason.en());
    out.writeUTF(reason.zh());
  }

  /** What {@link #write} gave. */
  public static Finding read(DataInput in) throws IOException {
    double score = in.readDouble();
    double limit = in.readDouble();
    List<Part> parts = new ArrayList<>();
    for (int n = in.readInt(); n > 0; n--) parts.add(new Part(in.readUTF(), in.readDouble()));
    String en = in.readUTF();
    return new Finding(score, limit, parts, new Words(en, in.readUTF()));
  }

  public boolean unusual() {
    return score > limit;
  }

  /**
   * A series' part in the score.
   *
   * @param share 0..1 of the score
   */
  public record Part(String series, double share) {}
}
