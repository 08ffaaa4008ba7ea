package io.citywide.sensing.spi;

import java.time.LocalDate;

/** The city's calendar, for {@code workday} and {@code holiday} in watch rules. Where nobody has one, Monday to Friday are workdays. */
public interface Workdays {

  /** From memory. */
  boolean workday(LocalDate day);
}
