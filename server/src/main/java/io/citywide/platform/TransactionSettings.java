package io.citywide.platform;

import java.util.Map;

/**
 * Settings that PostgreSQL must know for the length of one transaction, on which its row-level
 * security decides. Asked once at every beginning; an empty answer means that no row is seen.
 */
@FunctionalInterface
public interface TransactionSettings {

  /** Names (with a dot, such as {@code citywide.area_lo}) and values for {@code set_config(name, value, true)}. */
  Map<String, String> current();
}
