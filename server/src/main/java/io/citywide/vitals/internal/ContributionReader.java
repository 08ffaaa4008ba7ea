package io.citywide.vitals.internal;

import io.citywide.place.Area;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.vitals.internal.IndicatorBook.Tree;
import io.citywide.vitals.internal.Period.Span;
import io.citywide.vitals.internal.ValueStore.Stored;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Where a change came from: the areas below in one period and in another, with what each contributed. */
@Component
public class ContributionReader {

  /**
   * What an area below contributed to the change: {@code rate} because its own value changed, {@code mix} because its share did. Over
   * all rows they add up to the change of the area itself.
   */
  public record Contribution(String area, String name, String nameEn, Double value, Double before, Grade grade, Double score, Double above, Double below,
      Double rate, Double mix, Double total) {}

  /** @param exact whether contributions add up to the change; else there are none */
  public record Contributions(Instant from, Instant to, Instant beforeFrom, Instant beforeTo, Double value, Double before, Double change, boolean exact,
      List<Contribution> rows) {}

  private final AreasInSight sight;
  private final IndicatorBook book;
  private final ValueStore values;
  private final ServerSettings server;
  private final Clock clock;

  ContributionReader(AreasInSight sight, IndicatorBook book, ValueStore values, ServerSettings server, Clock clock) {
    this.sight = sight;
    this.book = book;
    this.values = values;
    this.server = server;
    this.clock = clock;
  }

  /**
   * The areas below, in one period and in the one before it.
   *
   * @param from begin of the period; {@code null}: that of the value which counts now
   * @param before begin of the other; {@code null}: the period before
   * @throws ProblemException {@code vitals.unknown-area}, {@code vitals.unknown-indicator}
   */
  @Transactional(readOnly = true)
  public Contributions contributions(String code, String areaCode, Instant from, Instant before) {
    Area area = sight.get(areaCode);
    Tree tree = book.tree();
    Indicator i = tree.get(code);
    Period period = i.source() == Source.GROUP ? Period.DAY : i.period();
    Instant now = clock.instant();
    Span span = period.around(from != null ? from : values.latestFrom(area.code(), code, tree.grows(code), now), server.zone());
    Span other = before != null ? period.around(before, server.zone()) : period.shift(span, -1, server.zone());
    List<Area> below = sight.below(area);
    List<String> codes = new ArrayList<>(List.of(area.code()));
    below.forEach(a -> codes.add(a.code()));
    Map<String, Stored> after = values.of(code, codes, span.from());
    Map<String, Stored> then = values.of(code, codes, other.from());
    Stored own = after.get(area.code());
    Stored ownThen = then.get(area.code());
    boolean alike = own == null || ownThen == null || own.isEarlierThan(i) == ownThen.isEarlierThan(i);
    boolean exact = alike && own != null && ownThen != null && own.above() != null && ownThen.above() != null
        && (i.aggregation() == Aggregation.SUM || own.below() != null && ownThen.below() != null) && i.source() == Source.FORMULA;
    List<Contribution> rows = new ArrayList<>();
    double[] left = exact ? new double[] {own.above(), nothing(own.below()), ownThen.above(), nothing(ownThen.below())} : null;
    for (Area a : below) {
      Stored s = after.get(a.code());
      Stored t = then.get(a.code());
      rows.add(contribution(i, a.code(), a.name(), a.nameEn(), s, t, own, ownThen, exact));
      if (exact) {
        left[0] -= s == null ? 0 : nothing(s.above());
        left[1] -= s == null ? 0 : nothing(s.below());
        left[2] -= t == null ? 0 : nothing(t.above());
        left[3] -= t == null ? 0 : nothing(t.below());
      }
    }
    // What lies in the area but in none below it: cases whose community nobody knows.
    if (exact && !below.isEmpty() && Arrays.stream(left).anyMatch(x -> Math.abs(x) > 1e-6)) {
      rows.add(contribution(i, null, null, null, stored(own, left[0], left[1]), stored(ownThen, left[2], left[3]), own, ownThen, true));
    }
    rows.sort(Comparator.comparing((Contribution c) -> c.total() == null ? 0 : -Math.abs(c.total())).thenComparing(c -> c.score() == null ? 101 : c.score()));
    return new Contributions(span.from(), span.to(), other.from(), other.to(), own == null ? null : own.value(), ownThen == null ? null : ownThen.value(),
        own == null || ownThen == null || !alike ? null : own.value() - ownThen.value(), exact, rows);
  }

  private static double nothing(Double value) {
    return value == null ? 0 : value;
  }

  private static Stored stored(Stored like, double above, double below) {
    return new Stored(like.indicator(), null, like.span(), above, below, like.below() == null ? above : below == 0 ? 0 : above / below, null, null, like.asOf(),
        like.version());
  }

  /**
   * A sum changes by what its parts change. A mean R = Σ wᵢ rᵢ (share wᵢ of the denominator, value rᵢ) changes by
   * Σ w̄ᵢ Δrᵢ + Σ Δwᵢ (r̄ᵢ − R̄), bars being the middle of both periods: exactly, because the shares always add up to 1.
   */
  private static Contribution contribution(Indicator i, String code, String name, String nameEn, Stored s, Stored t, Stored own, Stored ownThen,
      boolean exact) {
    Double rate = null;
    Double mix = null;
    if (exact && i.aggregation() == Aggregation.SUM) {
      rate = (s == null ? 0 : nothing(s.above())) - (t == null ? 0 : nothing(t.above()));
      mix = 0.0;
    } else if (exact) {
      double w1 = s == null ? 0 : nothing(s.below()) / own.below();
      double w0 = t == null ? 0 : nothing(t.below()) / ownThen.below();
      // Without a share it has no value: then that of the whole, which counts for nothing.
      double r1 = w1 == 0 ? own.value() : s.value();
      double r0 = w0 == 0 ? ownThen.value() : t.value();
      rate = (w1 + w0) / 2 * (r1 - r0);
      mix = (w1 - w0) * ((r1 + r0) / 2 - (own.value() + ownThen.value()) / 2);
    }
    return new Contribution(code, name, nameEn, s == null ? null : s.value(), t == null ? null : t.value(), s == null ? null : s.grade(),
        s == null ? null : s.score(), s == null ? null : s.above(), s == null ? null : s.below(), rate, mix, rate == null ? null : (Double) (rate + mix));
  }
}
