package io.citywide.vitals.internal;

import io.citywide.vitals.internal.Period.Span;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that knows named figures of every area at once. */
interface FigureSource {

  /** What a figure says of time. */
  enum Nature {
    /** It happens in a period, also in a past one. */
    FLOW,
    /** It changes so slowly that what is known now may stand for a past period. */
    STOCK,
    /** How it is now; nobody knows any more how it was. */
    STATE
  }

  /** How the figure of an area follows from those of its parts. */
  enum Whole { SUM, MAX, MIN }

  /**
   * What a figure is.
   *
   * @param name as formulas call it
   * @param open how a console shows what it is made of: {@code cases}, {@code devices}, {@code buildings}, {@code warnings}, or {@code null}
   */
  record Figure(String name, String nameZh, String nameEn, Nature nature, Whole whole, String open) {}

  /** The figures worth offering to who writes a formula; there may be more. */
  List<Figure> list();

  Optional<Figure> find(String name);

  /**
   * Reads figures in a number of statements that does not grow with the areas. Runs within a transaction that sees every area.
   *
   * @return by the deepest area that is known; what is left out is 0 for a sum, and has no value for the others
   */
  Map<String, Map<String, Double>> read(Collection<String> names, Span span);

  /**
   * What came since.
   *
   * @param mark how far it was looked
   * @param earliest the earliest moment that something which came is of; {@code null}: nothing came
   */
  record Arrived(long mark, Instant earliest) {}

  /** What this source learned of since a mark (0 at first), also of times long past. Runs as {@link #read} does. */
  default Arrived arrived(long mark) {
    return new Arrived(mark, null);
  }
}
