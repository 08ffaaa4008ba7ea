package io.citywide.place;

import io.citywide.place.Kind.Family;
import java.util.List;
import java.util.Optional;

/** The catalogues of kinds, versioned by standard. Answers come from memory. */
public interface Catalogue {

  /** Any kind that ever was, by id. */
  Optional<Kind> findKind(String id);

  /** Every kind, ended ones too, in the order of standard, family and code. */
  List<Kind> listKinds();

  /** Kinds in force today, of the family and standard where these are not {@code null}. */
  List<Kind> listKinds(Family family, String standardRef);

  /** The kind that replaced {@code id} in a newer catalogue, such as gb30428.2-M0110 → gb47678.5-M06010. */
  Optional<Kind> findSuccessor(String id);

  /**
   * Adds a kind of the city's own, or answers the one that is already there with the same content.
   *
   * @throws io.citywide.platform.ProblemException {@code place.invalid-kind} or {@code place.kind-taken}
   */
  Kind addExtension(NewKind kind);

  /**
   * A kind of the city's own.
   *
   * @param standardRef a standard of the catalogue (the code's class number is then 080 to 999, assigned downward), or
   *     the name of a local catalogue, 2 to 40 of {@code a-z 0-9 .}, such as {@code boston311}
   * @param code for a standard its code; for a local catalogue 1 to 60 of {@code a-z 0-9 -}
   * @param majorZh large class; may be {@code null} for a standard's own classes
   */
  record NewKind(String standardRef, Family family, String code, String nameZh, String nameEn, String majorZh,
      String majorEn, List<String> keywords) {}
}
