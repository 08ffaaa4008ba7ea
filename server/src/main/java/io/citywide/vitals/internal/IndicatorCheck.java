package io.citywide.vitals.internal;

import io.citywide.identity.Units;
import io.citywide.place.AreaLevel;
import io.citywide.platform.ProblemException;
import io.citywide.vitals.VitalsProblem;
import io.citywide.watch.Formula;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** Says of an indicator what is wrong with it: where, which bound, how to mend it. */
@Component
class IndicatorCheck {

  private static final Set<String> LEVELS = Stream.concat(Stream.of(Indicator.EVERY), Arrays.stream(AreaLevel.values()).filter(l -> l != AreaLevel.UNIT_GRID).map(Enum::name))
      .collect(Collectors.toSet());
  private static final int DEEPEST = 3;

  private final IndicatorBook book;
  private final Units units;

  IndicatorCheck(IndicatorBook book, Units units) {
    this.book = book;
    this.units = units;
  }

  /**
   * @param known all others by their codes; may hold the indicator itself
   * @throws ProblemException {@code vitals.invalid-indicator}, {@code vitals.invalid-formula}
   */
  void check(Indicator i, Map<String, Indicator> known) {
    if (!i.code().matches("[A-Z][A-Z0-9]{0,19}")) {
      throw invalid("code", "a code has 1 to 20 capital letters and digits and begins with a letter, was '" + i.code() + "'", "编码须为 1 至 20 位大写字母和数字，以字母开头");
    }
    text("nameZh", i.nameZh(), 1, 60);
    text("nameEn", i.nameEn(), 1, 120);
    text("meaningZh", i.meaningZh(), 0, 500);
    text("meaningEn", i.meaningEn(), 0, 500);
    text("unit", i.unit(), 0, 20);
    text("standardRef", i.standardRef(), 0, 200);
    if (i.decimals() < 0 || i.decimals() > 4) {
      throw invalid("decimals", "decimals are 0 to 4, was " + i.decimals(), "小数位须为 0 至 4");
    }
    if (!(i.weight() >= 0 && i.weight() <= 1000)) {
      throw invalid("weight", "a weight is 0 to 1000, was " + i.weight(), "权重须为 0 至 1000");
    }
    if (i.freshFor().compareTo(Duration.ofMinutes(1)) < 0 || i.freshFor().compareTo(Duration.ofDays(3660)) > 0) {
      throw invalid("freshHours", "a promise of freshness is 1 minute to 10 years, was " + i.freshFor(), "时效承诺须为 1 分钟至 10 年");
    }
    if (!Set.of("VERIFIED", "RECALLED", "LOCAL").contains(i.evidence())) {
      throw invalid("evidence", "evidence is VERIFIED, RECALLED or LOCAL, was '" + i.evidence() + "'", "依据须为 VERIFIED、RECALLED 或 LOCAL");
    }
    if (i.validTo() != null && i.validTo().isBefore(i.validFrom())) {
      throw invalid("validTo", "validTo " + i.validTo() + " lies before validFrom " + i.validFrom(), "失效日期不能早于生效日期");
    }
    if (i.ownerUnitId() != null && units.findUnit(i.ownerUnitId()).isEmpty()) {
      throw invalid("ownerUnitId", "there is no unit " + i.ownerUnitId(), "没有此单位");
    }
    place(i, known);
    judgement(i);
    if (i.source() == Source.FORMULA) {
      formula(i, known);
    } else if (i.formula() != null) {
      throw invalid("formula", "only an indicator whose source is FORMULA has one", "只有来源为“公式”的指标才有公式");
    }
  }

  private static void place(Indicator i, Map<String, Indicator> known) {
    if (i.parentCode() == null) {
      if (i.source() != Source.GROUP) {
        throw invalid("source", "a dimension (without parent) is a GROUP, was " + i.source(), "维度（没有上级）的来源须为“汇总”");
      }
      return;
    }
    int depth = 1;
    for (String code = i.parentCode(); code != null; depth++) {
      if (code.equals(i.code())) {
        throw invalid("parentCode", "indicator " + i.code() + " would lie below itself", "指标不能成为自己的下级");
      }
      Indicator parent = known.get(code);
      if (parent == null) {
        throw invalid("parentCode", "there is no indicator '" + code + "'", "没有编码为“" + code + "”的指标");
      }
      if (parent.source() != Source.GROUP) {
        throw invalid("parentCode", "only a GROUP has indicators below it, " + code + " is " + parent.source(), "只有“汇总”指标才能有下级，" + code + " 不是");
      }
      if (depth >= DEEPEST) {
        throw invalid("parentCode", "the tree has at most 3 levels: dimension, first, second", "指标树最多三级：维度、一级、二级");
      }
      code = parent.parentCode();
    }
  }

  private static void judgement(Indicator i) {
    for (String level : i.thresholds().keySet()) {
      if (!LEVELS.contains(level)) {
        throw invalid("thresholds", "thresholds are for * or one of " + LEVELS + ", was '" + level + "'", "阈值的层级有误：" + level);
      }
    }
    if (i.source() == Source.GROUP) {
      if (!i.thresholds().isEmpty() || i.direction() != Direction.HIGHER) {
        throw invalid("thresholds", "a GROUP has the score of its children, no thresholds of its own, and its direction is HIGHER", "“汇总”指标取下级得分，不设阈值，方向为“越高越好”");
      }
    } else if (i.direction() == Direction.NONE) {
      if (!i.thresholds().isEmpty() || i.weight() > 0) {
        throw invalid("direction", "an indicator without a direction has no thresholds and weight 0", "不作评判的指标不设阈值，权重为 0");
      }
    } else if (i.thresholds().isEmpty() && i.weight() > 0 && i.source() != Source.DATASET) {
      throw invalid("thresholds", "an indicator with a weight needs thresholds, by which it has a score", "有权重的指标须设阈值，否则无法评分");
    }
  }

  private void formula(Indicator i, Map<String, Indicator> known) {
    Formula formula = compile(i.formula(), known);
    List<String> others = formula.reads().stream().filter(n -> n.startsWith(IndicatorBook.OTHER)).map(n -> n.substring(IndicatorBook.OTHER.length())).toList();
    for (String other : others) {
      Indicator read = known.get(other);
      int column = i.formula().indexOf(IndicatorBook.OTHER + other) + 1;
      if (read.source() == Source.GROUP) {
        throw refused(column, "indicator " + i.code() + " reads " + other + ", a GROUP, which has a score but no value of its own; read indicators below it instead",
            "指标 " + i.code() + " 引用的 " + other + " 为“汇总”指标，只有得分、没有数值，请改为引用其下级指标");
      }
      if (read.period() != i.period()) {
        throw refused(column, "indicator " + i.code() + " (" + i.period() + ") reads " + other + " (" + read.period() + "); a formula reads indicators of its own period only: give both the same"
            + " period, or take " + other + " out of the formula", "指标 " + i.code() + " 引用的 " + other + " 与其周期不同；公式只能引用同一周期的指标，请统一两者的周期，或从公式中去掉 " + other);
      }
      circle(i.code(), other, known, column, new java.util.HashSet<>());
    }
    switch (i.aggregation()) {
      case SUM -> {
        if (!formula.isAdditive() || !others.isEmpty()) {
          throw refused(1, "what is summed up over areas is a sum of multiples of figures, without a constant, a product of figures or another indicator; use EACH for others",
              "按“求和”汇总的公式须为各数据的倍数之和，不含常数项、数据相乘或其他指标；其他公式请选“逐级计算”");
        }
      }
      case MEAN -> {
        if (!formula.isMean() || !others.isEmpty()) {
          throw refused(1, "a weighted mean is a quotient whose numerator and denominator are sums of multiples of figures; use EACH for others",
              "按“加权平均”汇总的公式须为商，分子、分母各为数据的倍数之和；其他公式请选“逐级计算”");
        }
      }
      case WORST, EACH -> { }
    }
  }

  /** @throws ProblemException {@code vitals.invalid-formula} with the column */
  Formula compile(String text, Map<String, Indicator> known) {
    try {
      return Formula.compile(text, book.known(known));
    } catch (Formula.Refused e) {
      throw refused(e.column(), e.words().en(), e.words().zh());
    }
  }

  private void circle(String code, String other, Map<String, Indicator> known, int column, Set<String> seen) {
    if (other.equals(code)) {
      throw refused(column, "indicator " + code + " would be computed from itself", "指标 " + code + " 不能由自己计算得出");
    }
    Indicator read = known.get(other);
    if (read != null && read.formula() != null && seen.add(other)) {
      compile(read.formula(), known).reads().stream().filter(n -> n.startsWith(IndicatorBook.OTHER))
          .forEach(n -> circle(code, n.substring(IndicatorBook.OTHER.length()), known, column, seen));
    }
  }

  private static void text(String field, String text, int shortest, int longest) {
    if (text == null || text.strip().length() < shortest || text.length() > longest) {
      throw invalid(field, field + " has " + shortest + " to " + longest + " characters, was " + (text == null ? "missing" : text.length()), "“" + field + "”须为 " + shortest + " 至 " + longest + " 个字符");
    }
  }

  private static ProblemException invalid(String field, String en, String zh) {
    return new ProblemException(VitalsProblem.INVALID_INDICATOR, en, Map.of("field", field)).zh(zh);
  }

  static ProblemException refused(int column, String en, String zh) {
    Map<String, Object> extras = new LinkedHashMap<>(Map.of("field", "formula", "column", column, "reasonEn", en, "reasonZh", zh));
    return new ProblemException(VitalsProblem.INVALID_FORMULA, (column > 0 ? "at " + column + ": " : "") + en, extras).zh((column > 0 ? "第 " + column + " 个字符：" : "") + zh);
  }
}
