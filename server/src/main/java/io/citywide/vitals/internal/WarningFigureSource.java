package io.citywide.vitals.internal;

import io.citywide.sensing.WarningCounts;
import io.citywide.sensing.WarningCounts.Count;
import io.citywide.sensing.WarningGrade;
import io.citywide.vitals.internal.Period.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Warnings: {@code warnings.live} now, {@code warnings.raised} in the period; {@code warnings.live.red}, {@code warnings.raised.red} of one grade, of those raised the highest they came to. */
@Component
class WarningFigureSource implements FigureSource {

  private static final Pattern NAME = Pattern.compile("warnings\\.(live|raised)(?:\\.(blue|yellow|orange|red))?");

  private final WarningCounts counts;

  WarningFigureSource(WarningCounts counts) {
    this.counts = counts;
  }

  @Override
  public List<Figure> list() {
    List<Figure> all = new ArrayList<>();
    for (String what : List.of("live", "raised")) {
      find("warnings." + what).ifPresent(all::add);
      for (WarningGrade grade : WarningGrade.values()) {
        find("warnings." + what + "." + grade.name().toLowerCase(Locale.ROOT)).ifPresent(all::add);
      }
    }
    return all;
  }

  @Override
  public Optional<Figure> find(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean live = matcher.group(1).equals("live");
    WarningGrade grade = grade(matcher);
    String zh = (grade == null ? "" : grade.nameZh()) + (live ? "预警：当前未解除" : "预警：时期内发出" + (grade == null ? "" : "（按最高等级）"));
    String en = (live ? "Live warnings" : "Warnings raised in the period") + (grade == null ? "" : (live ? " of grade " : " whose highest grade is ") + matcher.group(2));
    return Optional.of(new Figure(name, zh, en, live ? Nature.STATE : Nature.FLOW, Whole.SUM, "warnings"));
  }

  /** {@code null}: of every grade. */
  private static WarningGrade grade(Matcher name) {
    return name.group(2) == null ? null : WarningGrade.valueOf(name.group(2).toUpperCase(Locale.ROOT));
  }

  @Override
  public Map<String, Map<String, Double>> read(Collection<String> names, Span span) {
    Map<String, Map<String, Double>> read = new HashMap<>();
    Map<String, List<Count>> known = new HashMap<>();
    for (String name : names) {
      Matcher matcher = NAME.matcher(name);
      if (!matcher.matches()) {
        continue;
      }
      WarningGrade grade = grade(matcher);
      Map<String, Double> byArea = read.computeIfAbsent(name, n -> new HashMap<>());
      for (Count count : known.computeIfAbsent(matcher.group(1), what -> what.equals("live") ? counts.live() : counts.raised(span.from(), span.to()))) {
        if (grade == null || grade == count.grade()) {
          byArea.merge(count.areaCode(), (double) count.count(), Double::sum);
        }
      }
    }
    return read;
  }
}
