package io.citywide.platform;

import java.util.OptionalLong;

/**
 * A table with sealed personal data. At the start of the server what lies in clear is sealed; after a change of key or
 * suite what was sealed before is sealed anew.
 */
public interface SealedTable {

  /** Name for messages. */
  String name();

  /**
   * Seals the next rows in clear, in one transaction of its own.
   *
   * @return how many; 0: nothing lies in clear any longer
   */
  int sealClear(int most);

  /**
   * Looks at rows after {@code id} and seals anew those of another suite or key, in one transaction of its own; what
   * does not open stays as it is and stands in the log.
   *
   * @return id of the last row looked at; empty: there was none
   */
  OptionalLong resealAfter(long id, int most);

  /** Whether a row is still sealed with this version of the key. */
  boolean uses(int version);
}
