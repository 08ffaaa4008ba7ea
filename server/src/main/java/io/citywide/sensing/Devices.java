package io.citywide.sensing;

import io.citywide.platform.Slice;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The register of devices. Answers lie within the scope of the current viewer; reads the database: call within a transaction. */
public interface Devices {

  /**
   * Which devices; {@code null} members do not restrict.
   *
   * @param text part of name or code
   * @param areaCode this area and all below it
   * @param property of its type, by name
   */
  record Query(String typeCode, Device.State state, String areaCode, String groupCode, String source, Long ownerUnitId, String text, String property) {}

  /** All types, by code. From memory. */
  List<DeviceType> listTypes();

  /** From memory. */
  Optional<DeviceType> findType(String code);

  Optional<Device> find(String code);

  Optional<Device> find(long id);

  /** Those of these that there are, in no order; in one statement. */
  List<Device> list(Collection<Long> ids);

  /**
   * A page in the order of the codes.
   *
   * @param after {@link Slice#next()} of the page before; {@code null} for the first
   * @param limit 1..1000
   */
  Slice<Device> list(Query query, String after, int limit);

  /** How many devices of one type are in one state in one area; without those that are disabled or stand outside every boundary. */
  record Tally(String areaCode, String typeCode, Device.State state, long devices) {}

  /** How many there are of each kind, in one statement. */
  List<Tally> tally();

  /** Is told of a series. */
  @FunctionalInterface
  interface SeriesVisitor {

    /**
     * @param series its number, see {@link Observations}
     * @param areaCode deepest area in which the device stands
     */
    void visit(int series, String property, String areaCode);
  }

  /**
   * Visits the series of these properties of all devices that stand within a boundary, from memory.
   *
   * @throws IllegalStateException where the viewer does not see the whole city
   */
  void forEachSeries(Set<String> properties, SeriesVisitor visitor);
}
