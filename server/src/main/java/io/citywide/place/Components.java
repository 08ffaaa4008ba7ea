package io.citywide.place;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The components of the city. Reads the database: call within a transaction. */
public interface Components {

  /** The component with this identification code. */
  Optional<Component> find(String ident);

  /** Those of these that there are, in no order; in one statement. */
  List<Component> list(Collection<String> idents);

  /** Those whose identification code begins so, in its order, at most {@code limit}. */
  List<Component> listByNumber(String beginning, int limit);

  /** How many there are of a kind, in a state, in the deepest known area, no deeper than a community. */
  record Count(String areaCode, String kindId, Component.State state, long n) {}

  /** All that lie in an area, counted in one pass: of millions it takes seconds. */
  List<Count> counts();
}
