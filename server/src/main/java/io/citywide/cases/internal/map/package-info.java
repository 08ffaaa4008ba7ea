/** Cases on the map: as they stand and as they stood at any moment, counted by area, settled at a place, in figures. */
package io.citywide.cases.internal.map;
