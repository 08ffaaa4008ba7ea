package io.citywide.map.internal.tile;

/**
 * The geometry of one feature as a Mapbox Vector Tile tells it: commands, each with the number of points it is for, and
 * points in whole units, each relative to the one before.
 */
final class Strokes {

  private static final int MOVE_TO = 1;
  private static final int LINE_TO = 2;
  private static final int CLOSE_PATH = 7;

  private final Bytes commands = new Bytes(1 << 10);
  private int penX;
  private int penY;

  /** Begins another feature. */
  void clear() {
    commands.clear();
    penX = 0;
    penY = 0;
  }

  /** So many points follow at which the pen is set down. */
  void move(int points) {
    commands.varint(MOVE_TO | points << 3);
  }

  /** So many points follow to each of which a line is drawn. */
  void line(int points) {
    commands.varint(LINE_TO | points << 3);
  }

  /** Draws a ring's last line, back to where the pen was set down. */
  void close() {
    commands.varint(CLOSE_PATH | 1 << 3);
  }

  void to(int x, int y) {
    commands.zigzag(x - penX);
    commands.zigzag(y - penY);
    penX = x;
    penY = y;
  }

  boolean isEmpty() {
    return commands.length() == 0;
  }

  Bytes commands() {
    return commands;
  }
}
