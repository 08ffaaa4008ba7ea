package io.citywide.sensing;

import io.citywide.platform.Slice;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The register of devices. Answers lie within the scope of the current viewer; reads the database: call within a transaction. */
public interface Devices {

  /**
   * Which devices; {@code null} members do not restrict.
   *
   * @param text part of name or code
   * @param areaCode this area and all below it
   */
  record Query(String typeCode, Device.State state, String areaCode, String groupCode, String source, Long ownerUnitId, String text) {}

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
}
