package io.citywide.map.spi;

import io.citywide.grid.GridBox;
import java.time.Duration;
import org.locationtech.jts.geom.Geometry;

/**
 * Draws into a tile. Features follow one another: {@code point}, {@code cell} or {@code geometry} begins one, {@code tag}
 * adds to it. What lies outside the tile with its margin may be given and is left out.
 */
public interface TilePen {

  /** Most bytes of a tile, before compression. */
  int MOST_BYTES = 500_000;

  /** Stands for no number: the feature is not to be known again. */
  long NO_ID = -1;

  /** @param id a number of 0 to 2^53 - 1 that stays with the thing, for the browser to know it again; or {@link #NO_ID} */
  TilePen point(long id, double lon, double lat);

  /**
   * A cell of the grid that stands for what lies in it.
   *
   * @param count how many, exactly
   * @param dominant the commonest kind
   * @param worst the highest grade in it, 0..4
   */
  TilePen cell(GridBox box, long count, String dominant, int worst);

  /** A line or polygon in WGS-84; the pen clips and simplifies it. */
  TilePen geometry(long id, Geometry geometry);

  TilePen tag(String name, String value);

  TilePen tag(String name, long value);

  /** Bytes so far, before compression. */
  int size();

  /**
   * Whether the tile is within its bound: {@link #MOST_BYTES}, and less where several layers share a tile. A source whose objects do
   * not fit takes them back and draws cells.
   */
  default boolean fits() {
    return size() <= MOST_BYTES;
  }

  /**
   * How long drawing may still take. A source that asks a database lets its statement take no longer; the pen itself ends a
   * drawing that goes on beyond it, and one whose caller has gone.
   */
  default Duration left() {
    return Duration.ofSeconds(30);
  }

  /** Takes back all that was drawn of this layer. */
  void clear();
}
