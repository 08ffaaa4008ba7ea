/**
 * An index over points of a city: each has the level 9 key of its BeiDou grid cell, a 16-bit kind and a 64-bit id.
 * Plain Java without dependencies.
 *
 * <p><b>In.</b> {@link io.citywide.grid.index.PointIndex} keeps the points: most of them in one immutable file that is
 * mapped into memory and opened in milliseconds, the changes since in a small layer that is merged into a new file in
 * the background. {@link io.citywide.grid.index.Snapshot} is a consistent view of both, and answers the queries: what
 * lies in a {@link io.citywide.grid.index.Where}, of which {@link io.citywide.grid.index.KindSet}; what is nearest;
 * how many of each kind; how many in each cell of a tile. {@link io.citywide.grid.index.ShapeIndex} finds lines and
 * areas by their coverings.
 *
 * <p><b>The order.</b> Points are sorted by key, then id. The first 30 bits of a key name a cell of level 4 (1′, about
 * 1.8 km): its points are a block of the file. The next 8 bits name one of its 225 cells of level 5 (4″, about 120 m),
 * whose first rows the block lists; the 20 bits after that are the place within. So a shape is sorted out block by
 * block and cell by cell, whole cells are counted without being read, and only cells on the edge of the shape are
 * tested point by point. Each block has sums by kind, for itself and for its parts of 20″ and 12″, from which the low
 * zooms of a map are drawn. Positions are not stored: the centre of the level 9 cell is within 9 cm of where the point
 * was, and all queries mean that centre.
 *
 * <p><b>Kinds.</b> The upper 13 bits of a kind say what a point is, its <i>group</i>; the lower 3 say how it is, its
 * <i>grade</i>: 0 is well, a greater one is worse.
 *
 * <p>Decision 0011 says what was tried and measured.
 */
package io.citywide.grid.index;
