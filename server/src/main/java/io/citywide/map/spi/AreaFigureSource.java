package io.citywide.map.spi;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Figures of areas for drilling down the map: implemented by whoever counts something. */
public interface AreaFigureSource {

  /**
   * One figure.
   *
   * @param id the member of the answer that carries it, such as {@code overdue}
   * @param titleZh for people
   * @param titleEn for people
   */
  record Figure(String id, String titleZh, String titleEn) {}

  /** What it counts, in the order in which it is shown. */
  List<Figure> figures();

  /**
   * Counts by area, within the scope of the current viewer, in a number of statements that does not grow with the areas.
   * Runs within a transaction.
   *
   * @param root everything counted lies in this area or below it
   * @param at as it stood then; {@code null}: now
   * @return by the deepest area that is known, and by {@link Figure#id()}; the caller adds up
   */
  Map<String, Map<String, Long>> count(String root, Instant at);
}
