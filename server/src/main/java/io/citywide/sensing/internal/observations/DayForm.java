package io.citywide.sensing.internal.observations;

import io.citywide.sensing.Observations.Sum;
import java.util.ArrayList;
import java.util.List;

/** What stays of a day: five columns of its parts of five minutes, each as a block. */
final class DayForm {

  private DayForm() {}

  static byte[] encode(List<Sum> parts) {
    Bits.Writer out = new Bits.Writer(1 << 12);
    BlockCodec codec = new BlockCodec();
    for (int column = 0; column < 5; column++) {
      Points points = new Points(parts.size());
      for (Sum part : parts) {
        points.add(part.from(), switch (column) {
          case 0 -> part.count();
          case 1 -> part.min();
          case 2 -> part.max();
          case 3 -> part.sum();
          default -> part.last();
        });
      }
      codec.encode(points, 0, points.size, out);
    }
    return out.toBytes();
  }

  static List<Sum> decode(byte[] bytes) {
    Bits.Reader in = new Bits.Reader(bytes, 0, bytes.length);
    BlockCodec codec = new BlockCodec();
    Points[] columns = new Points[5];
    for (int column = 0; column < 5; column++) {
      columns[column] = new Points(288);
      codec.decode(in, columns[column]);
    }
    List<Sum> parts = new ArrayList<>(columns[0].size);
    for (int i = 0; i < columns[0].size; i++) {
      parts.add(new Sum(columns[0].time[i], (long) columns[0].value[i], columns[1].value[i], columns[2].value[i], columns[3].value[i], columns[4].value[i]));
    }
    return parts;
  }
}
