package io.citywide.vitals.internal;

import io.citywide.cases.CaseCounts;
import io.citywide.cases.CaseCounts.Counted;
import io.citywide.cases.CaseCounts.Wanted;
import io.citywide.vitals.internal.Period.Span;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Cases: {@code cases.closed} of every kind, {@code cases.reported.M06} of those that begin so, one count for each of {@link CaseCounts}. */
@Component
class CaseFigureSource implements FigureSource {

  private static final Pattern NAME = Pattern.compile("cases\\.([A-Za-z]+)(?:\\.(M[0-9]{2,5}))?");

  private final CaseCounts counts;
  private final Map<String, Counted> counted;

  CaseFigureSource(CaseCounts counts) {
    this.counts = counts;
    this.counted = counts.listCounted().stream().collect(Collectors.toMap(Counted::code, c -> c));
  }

  /** The count that a figure is; empty where it is of another source. */
  static Optional<Wanted> wanted(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? Optional.of(new Wanted(matcher.group(1), matcher.group(2) == null ? "" : matcher.group(2))) : Optional.empty();
  }

  @Override
  public List<Figure> list() {
    return counts.listCounted().stream().map(c -> figure(c, "")).toList();
  }

  @Override
  public Optional<Figure> find(String name) {
    return wanted(name).filter(w -> counted.containsKey(w.code())).map(w -> figure(counted.get(w.code()), w.kinds()));
  }

  private static Figure figure(Counted c, String kinds) {
    String of = kinds.isEmpty() ? "" : "（" + kinds + "）";
    return new Figure("cases." + c.code() + (kinds.isEmpty() ? "" : "." + kinds), c.nameZh() + of + "：" + c.definitionZh(), c.definitionEn() + (kinds.isEmpty() ? "" : " Of kinds " + kinds + "."),
        c.standing() ? Nature.STATE : Nature.FLOW, Whole.SUM, "cases");
  }

  @Override
  public Map<String, Map<String, Double>> read(Collection<String> names, Span span) {
    Map<Wanted, String> wanted = new HashMap<>();
    names.forEach(name -> wanted.put(wanted(name).orElseThrow(), name));
    Map<String, Map<String, Double>> read = new HashMap<>();
    counts.count(wanted.keySet(), span.from(), span.to()).forEach((w, byArea) -> read.put(wanted.get(w), byArea));
    return read;
  }

  @Override
  public Arrived arrived(Looked last) {
    CaseCounts.Arrived arrived = counts.arrived(last.before(), last.mark(), last.seen());
    return new Arrived(new Looked(last.mark(), arrived.mark(), arrived.seen()), arrived.earliest());
  }
}
