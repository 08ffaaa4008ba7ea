package io.citywide.sensing.internal.observations;

/**
 * A page: values of the 64 series of a slot, those of each series in a block of their own.
 *
 * <pre>page = (place of the series in the slot, length, block)*</pre>
 */
final class PageForm {

  private final BlockCodec codec = new BlockCodec();
  private final Bits.Writer block = new Bits.Writer(1 << 12);

  void add(int place, Points points, int from, int to, Bits.Writer page) {
    block.clear();
    codec.encode(points, from, to, block);
    page.octet(place);
    page.varint(block.size());
    page.copy(block.array(), 0, block.size());
  }

  /** The values of one series. */
  void select(byte[] bytes, int place, Points to) {
    Bits.Reader in = new Bits.Reader(bytes, 0, bytes.length);
    while (in.more()) {
      int found = in.octet();
      int length = (int) in.varint();
      if (found == place) {
        codec.decode(in, to);
      } else {
        in.skip(length);
      }
    }
  }

  /** The values of the series that have a place to go to. */
  void select(byte[] bytes, Points[] to) {
    Bits.Reader in = new Bits.Reader(bytes, 0, bytes.length);
    while (in.more()) {
      Points found = to[in.octet()];
      int length = (int) in.varint();
      if (found == null) {
        in.skip(length);
      } else {
        codec.decode(in, found);
      }
    }
  }

  /** Every series: its values are added to those it had. */
  void readAll(byte[] bytes, Points[] to) {
    Bits.Reader in = new Bits.Reader(bytes, 0, bytes.length);
    while (in.more()) {
      int place = in.octet();
      in.varint();
      if (to[place] == null) {
        to[place] = new Points(64);
      }
      codec.decode(in, to[place]);
    }
  }

  BlockCodec codec() {
    return codec;
  }
}
