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
   * How far a source was looked through. What was written, but not committed yet, when the mark was taken is found the next
   * time, by the number of what lies between the two marks; a transaction longer than from one look to the next is not waited for.
   *
   * @param before the mark before this one
   * @param mark what is beyond it was not there yet
   * @param seen how much was seen from {@code before} to {@code mark}
   */
  record Looked(long before, long mark, long seen) {

    static final Looked NOTHING = new Looked(0, 0, 0);
  }

  /**
   * What came since.
   *
   * @param looked how far it was looked now
   * @param earliest the earliest moment that something which came is of; {@code null}: nothing came
   */
  record Arrived(Looked looked, Instant earliest) {}

  /** What this source learned of since it was last looked through, also of times long past. Runs as {@link #read} does. */
  default Arrived arrived(Looked last) {
    return new Arrived(last, null);
  }
}
