package io.citywide.vitals.internal;

import io.citywide.place.Area;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.vitals.internal.Entries.Entry;
import io.citywide.vitals.internal.FigureSource.Figure;
import io.citywide.vitals.internal.FigureSource.Nature;
import io.citywide.vitals.internal.IndicatorBook.Tree;
import io.citywide.vitals.internal.IndicatorReader.Row;
import io.citywide.vitals.internal.Period.Span;
import io.citywide.watch.Formula;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What a number is made of: the figures of a formula, the indicators of a group, or what was entered. */
@Component
public class BehindReader {

  /**
   * A figure that a formula reads.
   *
   * @param amount in the area and period, in the viewer's sight; {@code null}: not known any more
   * @param factor by which it is taken; {@code null} where the formula is no sum or quotient of sums
   * @param part {@code above} or {@code below} the line
   * @param open what shows it: {@code cases}, {@code devices}, {@code buildings}; {@code null}: nothing does
   * @param query how to ask for it
   */
  public record BehindFigure(String name, String nameZh, String nameEn, String part, Double factor, Double amount, String open, Map<String, String> query) {}

  /**
   * A value that somebody entered, or took back.
   *
   * @param area for which it was entered: the one asked for, or one below where its value is made of theirs
   */
  public record BehindEntry(String area, String name, String nameEn, Double value, Double base, String note, String enteredBy, Instant enteredAt) {}

  /** What one value is made of, in its period. */
  public record Behind(Instant from, Instant to, List<BehindFigure> figures, List<Row> indicators, List<BehindEntry> entries) {}

  private final AreasInSight sight;
  private final Places places;
  private final IndicatorBook book;
  private final IndicatorReader indicators;
  private final FigureBook figures;
  private final ValueStore values;
  private final Entries entries;
  private final ServerSettings server;
  private final Clock clock;

  BehindReader(AreasInSight sight, Places places, IndicatorBook book, IndicatorReader indicators, FigureBook figures, ValueStore values, Entries entries,
      ServerSettings server, Clock clock) {
    this.sight = sight;
    this.places = places;
    this.book = book;
    this.indicators = indicators;
    this.figures = figures;
    this.values = values;
    this.entries = entries;
    this.server = server;
    this.clock = clock;
  }

  /**
   * @param from begin of the period; {@code null}: that of the value which counts now
   * @throws ProblemException {@code vitals.unknown-area}, {@code vitals.unknown-indicator}
   */
  @Transactional(readOnly = true)
  public Behind behind(String code, String areaCode, Instant from) {
    Area area = sight.get(areaCode);
    Tree tree = book.tree();
    Indicator i = tree.get(code);
    Instant now = clock.instant();
    Span span = i.period().around(from != null ? from : values.latestFrom(area.code(), code, tree.grows(code), now), server.zone());
    if (i.source().isEntered()) {
      return new Behind(span.from(), span.to(), List.of(), List.of(), entries.behind(code, area.code(), span.from()).stream().map(this::said).toList());
    }
    Indicator.Ready ready = tree.findReady(code).orElse(null);
    if (ready == null) {
      return new Behind(span.from(), span.to(), List.of(),
          i.source() == Source.GROUP ? indicators.rows(areaCode).stream().filter(r -> code.equals(r.parentCode())).toList() : List.of(), List.of());
    }
    Formula formula = ready.formula();
    Map<String, Figure> known = new HashMap<>();
    formula.reads().forEach(n -> figures.find(n).ifPresent(f -> known.put(n, f)));
    Set<String> readable = known.values().stream().filter(f -> f.nature() != Nature.STATE || !span.isOver(now)).map(Figure::name).collect(Collectors.toSet());
    FigureBook.Read read = figures.read(readable, span);
    int at = read.land().get(area.code());
    List<BehindFigure> shown = new ArrayList<>();
    List<String> others = new ArrayList<>();
    double[] above = formula.factorsAbove();
    double[] below = formula.factorsBelow();
    for (int n = 0; n < formula.reads().size(); n++) {
      String name = formula.reads().get(n);
      Figure figure = known.get(name);
      if (figure == null) {
        others.add(name.substring(IndicatorBook.OTHER.length()));
        continue;
      }
      double[] amounts = read.total().get(name);
      Double amount = amounts == null || at < 0 || Double.isNaN(amounts[at]) ? null : amounts[at];
      if (above != null && above[n] != 0 || above == null) {
        shown.add(behind(figure, "above", above == null ? null : above[n], amount, area.code(), span));
      }
      if (below != null && below[n] != 0) {
        shown.add(behind(figure, "below", below[n], amount, area.code(), span));
      }
    }
    return new Behind(span.from(), span.to(), shown,
        others.isEmpty() ? List.of() : indicators.rows(area, others, span.from()), List.of());
  }

  private static BehindFigure behind(Figure f, String part, Double factor, Double amount, String area, Span span) {
    Map<String, String> query = new LinkedHashMap<>();
    if ("cases".equals(f.open())) {
      CaseFigureSource.wanted(f.name()).ifPresent(w -> {
        query.put("counted", w.code());
        query.put("kinds", w.kinds());
        query.put("areaCode", area);
        query.put("from", span.from().toString());
        query.put("to", span.to().toString());
      });
    } else if (f.open() != null) {
      query.put("area", area);
      query.putAll(SensingFigureSource.wanted(f.name(), span));
    }
    return new BehindFigure(f.name(), f.nameZh(), f.nameEn(), part, factor, amount, f.open(), query);
  }

  private BehindEntry said(Entry e) {
    Area area = places.findArea(e.area()).orElse(null);
    return new BehindEntry(e.area(), area == null ? null : area.name(), area == null ? null : area.nameEn(), e.value(), e.base(), e.note(), e.enteredBy(), e.enteredAt());
  }
}
