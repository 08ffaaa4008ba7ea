package io.citywide.place.internal;

import io.citywide.place.Component.State;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Which state (状态, GB/T 47678.5) a component may take after which. What was removed does not come back: what is put there
 * again is another component with a code of its own.
 */
final class StateTable {

  private static final Map<State, List<State>> NEXT = new EnumMap<>(Map.of(
      State.INTACT, List.of(State.DAMAGED, State.LOST, State.ABANDONED, State.REMOVED),
      State.DAMAGED, List.of(State.INTACT, State.LOST, State.ABANDONED, State.REMOVED),
      State.LOST, List.of(State.INTACT, State.ABANDONED, State.REMOVED),
      State.ABANDONED, List.of(State.INTACT, State.REMOVED),
      State.REMOVED, List.of()));

  private StateTable() {}

  /** The states that may follow, none for {@link State#REMOVED}. */
  static List<State> after(State state) {
    return NEXT.get(state);
  }

  static boolean allows(State from, State to) {
    return NEXT.get(from).contains(to);
  }
}
