package io.citywide.map.internal.base.osm;

/** What is wrong with a file of OpenStreetMap, and where. */
public final class OsmFault extends Exception {

  OsmFault(String message) {
    super(message, null, false, false);
  }
}
