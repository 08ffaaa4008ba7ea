/** Vector tiles: how they are written (MVT 2.1, decision 0013), drawn by the layers and served. */
package io.citywide.map.internal.tile;
