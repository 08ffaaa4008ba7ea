package io.citywide.place;

import io.citywide.grid.index.KindSet;
import io.citywide.grid.index.Snapshot;
import java.util.Set;

/**
 * The components that are in place (not removed), in an index for the map: everything within a shape, the nearest,
 * counts by kind and by cell, in milliseconds for millions. It follows the database within two seconds of a commit.
 *
 * <p>A point's id is the identification code as a number ({@link #identOf}); its kind holds kind and state of the
 * component: {@link #kindOf} and {@link #stateOf} read them. The greater the grade, the worse the state: intact,
 * abandoned, damaged, lost.
 */
public interface ComponentIndex {

  /**
   * Topic of {@link io.citywide.platform.Neighbours} for who changed components: told {@code everywhere} within the
   * transaction, the indexes follow at once instead of within a second.
   */
  String CHANGED = "components";

  /**
   * A consistent view; close it.
   *
   * @throws io.citywide.platform.ProblemException {@link PlaceProblem#INDEX_BUILDING} while the index is built for the
   *     first time, after waiting two seconds for it
   */
  Snapshot open();

  /**
   * These kinds of components, in every state.
   *
   * @param kindIds see {@link Kind#id()}; empty: all. An id of no component's kind is not found in any
   */
  KindSet kinds(Set<String> kindIds);

  /** Only components in one of these states. */
  KindSet states(Set<Component.State> states);

  /** Id of the kind of a point of the index; {@code null} when it is of no known kind. */
  String kindOf(int kind);

  /** Id of the kind of a group, such as the commonest in a cell; {@code null} when it is of no known kind. */
  String kindOfGroup(int group);

  /** State of a point by its kind, or by its grade alone, such as the worst in a cell. */
  Component.State stateOf(int kindOrGrade);

  /** Identification code of a point. */
  default String identOf(long id) {
    return Long.toString(id);
  }

  /** Differs where the content does; equal on all servers, for ETags. Empty while {@link #ready()} is false. */
  String revision();

  /** Whether it answers. */
  boolean ready();

  /** Brings in what was committed before the call. */
  void refresh();
}
