/** Measures the index of the map beside PostGIS, JTS and Lucene: {@code ./citywide bench map}. */
package io.citywide.bench.map;
