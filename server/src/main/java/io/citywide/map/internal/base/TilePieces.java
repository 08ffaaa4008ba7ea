package io.citywide.map.internal.base;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pieces of all tiles of a layer between cutting and writing: on disk, in {@value #FILES} files of neighbouring tiles,
 * so that only one part in {@value #FILES} of them is in memory at a time.
 */
final class TilePieces implements AutoCloseable {

  /** A piece of a feature within one tile. */
  record Piece(int zoom, int x, int y, int order, double size, TileLayer.Drawn drawn) {}

  static final int FILES = 128;

  private final Path folder;
  private final DataOutputStream[] files = new DataOutputStream[FILES];

  /** @param parent existing folder in which a temporary one is made */
  TilePieces(Path parent) throws IOException {
    folder = Files.createTempDirectory(parent, "tiles");
  }

  void add(Piece piece) throws IOException {
    // Eight by eight tiles belong together, so that a dense quarter does not fill one file and leave the others empty.
    int file = Math.floorMod(((piece.zoom * 31 + (piece.x >> 3)) * 31 + (piece.y >> 3)) * 0x9E3779B1 >> 8, FILES);
    if (files[file] == null) {
      files[file] = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path(file)), 1 << 14));
    }
    DataOutputStream out = files[file];
    out.writeByte(piece.zoom);
    out.writeInt(piece.x);
    out.writeInt(piece.y);
    out.writeInt(piece.order);
    out.writeDouble(piece.size);
    out.writeLong(piece.drawn.id());
    out.writeByte(piece.drawn.tags().size());
    for (var tag : piece.drawn.tags().entrySet()) {
      out.writeUTF(tag.getKey());
      if (tag.getValue() instanceof Number number) {
        out.writeByte(0);
        out.writeLong(number.longValue());
      } else {
        out.writeByte(1);
        out.writeUTF(tag.getValue().toString());
      }
    }
    TileShape shape = piece.drawn.shape();
    out.writeByte(shape.type().ordinal());
    out.writeInt(shape.parts().size());
    for (int[] part : shape.parts()) {
      out.writeInt(part.length);
      for (int value : part) {
        out.writeShort(value);
      }
    }
  }

  private Path path(int file) {
    return folder.resolve(Integer.toString(file));
  }

  /** Takes the pieces of a tile, each tile once. */
  interface Tile {
    void take(int zoom, int x, int y, List<Piece> pieces) throws IOException;
  }

  void forEachTile(Tile each) throws IOException {
    for (int file = 0; file < FILES; file++) {
      if (files[file] == null) {
        continue;
      }
      files[file].close();
      List<Piece> pieces = read(Files.readAllBytes(path(file)));
      pieces.sort(Comparator.comparingInt(Piece::zoom).thenComparingInt(Piece::x).thenComparingInt(Piece::y));
      for (int from = 0; from < pieces.size(); ) {
        Piece first = pieces.get(from);
        int to = from;
        while (to < pieces.size() && pieces.get(to).zoom == first.zoom && pieces.get(to).x == first.x && pieces.get(to).y == first.y) {
          to++;
        }
        each.take(first.zoom, first.x, first.y, pieces.subList(from, to));
        from = to;
      }
    }
  }

  private static List<Piece> read(byte[] content) throws IOException {
    List<Piece> pieces = new ArrayList<>();
    var in = new DataInputStream(new ByteArrayInputStream(content));
    while (in.available() > 0) {
      int zoom = in.readByte();
      int x = in.readInt();
      int y = in.readInt();
      int order = in.readInt();
      double size = in.readDouble();
      long id = in.readLong();
      Map<String, Object> tags = new LinkedHashMap<>();
      for (int n = in.readByte(); n > 0; n--) {
        String key = in.readUTF().intern();
        tags.put(key, in.readByte() == 0 ? (Object) in.readLong() : in.readUTF());
      }
      TileShape.Type type = TileShape.Type.values()[in.readByte()];
      List<int[]> parts = new ArrayList<>();
      for (int n = in.readInt(); n > 0; n--) {
        int[] part = new int[in.readInt()];
        for (int i = 0; i < part.length; i++) {
          part[i] = in.readShort();
        }
        parts.add(part);
      }
      pieces.add(new Piece(zoom, x, y, order, size, new TileLayer.Drawn(id, new TileShape(type, parts), tags)));
    }
    return pieces;
  }

  @Override
  public void close() throws IOException {
    for (DataOutputStream file : files) {
      if (file != null) {
        file.close();
      }
    }
    try (var left = Files.list(folder)) {
      for (Path path : left.toList()) {
        Files.delete(path);
      }
    }
    Files.delete(folder);
  }
}
