package io.citywide.sensing.internal.sta;

import java.util.ArrayList;
import java.util.List;

/**
 * An entity was made, or is not what it was.
 *
 * @param set its set, such as {@code Things}
 * @param id of it
 * @param stream of an Observation the id of its Datastream; else 0
 */
public record Change(String set, long id, long stream) {

  /** Where those listen whom it may concern. */
  public List<String> places() {
    return List.of(set, set + "/" + (stream == 0 ? id : stream));
  }

  /** What changes with a device of the register: its Thing, where it is, and its Datastreams. */
  public static List<Change> ofDevice(long device, int[] series) {
    List<Change> changes = new ArrayList<>();
    for (EntitySet set : List.of(EntitySet.THINGS, EntitySet.LOCATIONS, EntitySet.HISTORICAL_LOCATIONS, EntitySet.FEATURES_OF_INTEREST)) {
      changes.add(new Change(set.plural(), device, 0));
    }
    for (int one : series) {
      if (one >= 0) {
        changes.add(new Change(EntitySet.DATASTREAMS.plural(), one, 0));
      }
    }
    return changes;
  }
}
