package io.citywide.cases.internal;

import io.citywide.sensing.spi.Workdays;
import java.time.LocalDate;
import org.springframework.stereotype.Component;

/** The working calendar by which deadlines are counted, for watch rules that ask for {@code workday}. */
@Component
class CityWorkdays implements Workdays {

  private final CalendarStore calendars;

  CityWorkdays(CalendarStore calendars) {
    this.calendars = calendars;
  }

  @Override
  public boolean workday(LocalDate day) {
    return calendars.calendar().isWorkday(day);
  }
}
