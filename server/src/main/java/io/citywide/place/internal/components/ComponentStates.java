package io.citywide.place.internal.components;

import io.citywide.place.Component.State;
import java.util.List;

/** States as grades of the index, the better the lower. A removed component is in no index. */
final class ComponentStates {

  private static final List<State> BY_GRADE = List.of(State.INTACT, State.ABANDONED, State.DAMAGED, State.LOST);

  /** The grade of {@code c.state} in SQL. */
  static final String GRADE = "CASE c.state WHEN 'INTACT' THEN 0 WHEN 'ABANDONED' THEN 1 WHEN 'DAMAGED' THEN 2 WHEN 'LOST' THEN 3 END";

  private ComponentStates() {}

  /** @return -1 for a removed one */
  static int grade(State state) {
    return BY_GRADE.indexOf(state);
  }

  static State ofGrade(int grade) {
    return BY_GRADE.get(grade);
  }
}
