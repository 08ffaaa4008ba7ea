package io.citywide.map.internal.base;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes one layer of a Mapbox Vector Tile 2.1. The bytes carry the layer's field number of the message {@code Tile}, so a
 * tile is its layers' bytes one after another.
 */
final class TileLayer {

  /** One feature of the layer; {@code tags}: text, {@code Long}, {@code Double} or {@code Boolean}. */
  record Drawn(long id, TileShape shape, Map<String, Object> tags) {}

  private static final int MOVE_TO = 1;
  private static final int LINE_TO = 2;
  private static final int CLOSE_PATH = 7;

  private final Message layer = new Message();
  private final Map<String, Integer> keys = new LinkedHashMap<>();
  private final Map<Object, Integer> values = new LinkedHashMap<>();

  private TileLayer() {}

  static byte[] write(String name, int extent, List<Drawn> features) {
    TileLayer writer = new TileLayer();
    writer.layer.number(15, 2);
    writer.layer.text(1, name);
    features.forEach(writer::add);
    writer.keys.keySet().forEach(key -> writer.layer.text(3, key));
    writer.values.keySet().forEach(value -> writer.layer.message(4, value(value)));
    writer.layer.number(5, extent);
    Message tile = new Message();
    tile.message(3, writer.layer);
    return tile.bytes();
  }

  private void add(Drawn feature) {
    Message message = new Message();
    if (feature.id > 0) {
      message.number(1, feature.id);
    }
    Message tags = new Message();
    feature.tags.forEach((key, value) -> {
      tags.varint(keys.computeIfAbsent(key, k -> keys.size()));
      tags.varint(values.computeIfAbsent(value, v -> values.size()));
    });
    message.message(2, tags);
    message.number(3, feature.shape.type().ordinal());
    message.message(4, geometry(feature.shape));
    layer.message(2, message);
  }

  private static Message geometry(TileShape shape) {
    Message commands = new Message();
    int x = 0;
    int y = 0;
    boolean points = shape.type() == TileShape.Type.POINT;
    if (points) {
      commands.varint(shape.parts().size() << 3 | MOVE_TO);
    }
    for (int[] part : shape.parts()) {
      for (int i = 0; i < part.length; i += 2) {
        if (!points && i == 0) {
          commands.varint(1 << 3 | MOVE_TO);
        } else if (!points && i == 2) {
          commands.varint((part.length / 2 - 1) << 3 | LINE_TO);
        }
        commands.zigzag(part[i] - x);
        commands.zigzag(part[i + 1] - y);
        x = part[i];
        y = part[i + 1];
      }
      if (shape.type() == TileShape.Type.POLYGON) {
        commands.varint(1 << 3 | CLOSE_PATH);
      }
    }
    return commands;
  }

  private static Message value(Object value) {
    Message message = new Message();
    switch (value) {
      case Boolean flag -> message.number(7, flag ? 1 : 0);
      case Long number when number < 0 -> message.number(4, number);
      case Long number -> message.number(5, number);
      case Integer number -> message.number(4, number);
      case Double number -> message.decimal(3, number);
      default -> message.text(1, value.toString());
    }
    return message;
  }

  /** A message of protocol buffers while it is written. */
  private static final class Message {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void varint(long value) {
      while ((value & ~0x7FL) != 0) {
        out.write((int) (value & 0x7F | 0x80));
        value >>>= 7;
      }
      out.write((int) value);
    }

    void zigzag(int value) {
      varint((value << 1 ^ value >> 31) & 0xFFFFFFFFL);
    }

    void number(int field, long value) {
      varint(field << 3);
      varint(value);
    }

    void decimal(int field, double value) {
      varint(field << 3 | 1);
      long bits = Double.doubleToLongBits(value);
      for (int i = 0; i < 8; i++) {
        out.write((int) (bits >>> 8 * i));
      }
    }

    void text(int field, String value) {
      bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    void message(int field, Message inner) {
      bytes(field, inner.out.toByteArray());
    }

    private void bytes(int field, byte[] content) {
      varint(field << 3 | 2);
      varint(content.length);
      out.writeBytes(content);
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
