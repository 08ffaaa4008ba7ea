package io.citywide.watch;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number computed from named numbers by CEL, such as {@code 100 * cases.closedOnTime / cases.closureDue}. A quotient keeps
 * its two parts, and each part that is a sum of multiples of names keeps its factors: such a formula of a whole can be had
 * from the parts of the whole, and so can what each of them contributes.
 *
 * <p>Numbers without a value are NaN, and so is what reads them; a denominator of 0 gives NaN, never 0.
 */
public final class Formula {

  private static final Pattern NAME = Pattern.compile("(?<![0-9.A-Za-z_])[A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z0-9_]+)*");
  private static final Set<String> RESERVED = Set.of("true", "false", "null", "in");

  /**
   * Why a formula was not taken.
   *
   * @see #column()
   */
  public static final class Refused extends Exception {
    private final int column;
    private final transient Words words;

    Refused(int column, String en, String zh) {
      super(en, null, false, false);
      this.column = column;
      this.words = new Words(en, zh);
    }

    /** Where it begins in the text, from 1; 0: the whole. */
    public int column() {
      return column;
    }

    public Words words() {
      return words;
    }
  }

  /**
   * A sum of multiples of names.
   *
   * @param factors one for each of {@link Formula#reads()}
   */
  private record Sum(double[] factors, double constant) {

    double of(double[] values) {
      double sum = constant;
      for (int i = 0; i < factors.length; i++) {
        if (factors[i] != 0) sum += factors[i] * values[i];
      }
      return sum;
    }

    Sum times(double by) {
      return new Sum(Arrays.stream(factors).map(f -> f * by).toArray(), constant * by);
    }

    Sum plus(Sum other) {
      double[] both = factors.clone();
      for (int i = 0; i < both.length; i++) both[i] += other.factors[i];
      return new Sum(both, constant + other.constant);
    }

    boolean isConstant() {
      return Arrays.stream(factors).allMatch(f -> f == 0);
    }

    boolean same(Sum other) {
      return Arrays.equals(factors, other.factors) && constant == other.constant;
    }
  }

  /** @param below {@code null}: not a quotient */
  private record Parts(Sum above, Sum below) {}

  private final List<String> reads;
  private final Parts parts;
  private final ToDoubleFunction<double[]> run;

  private Formula(List<String> reads, Parts parts, ToDoubleFunction<double[]> run) {
    this.reads = reads;
    this.parts = parts;
    this.run = run;
  }

  /**
   * @param known whether there is a number of this name
   * @throws Refused with the place and the reason
   */
  public static Formula compile(String text, Predicate<String> known) throws Refused {
    if (text == null || text.isBlank()) throw new Refused(0, "the formula is empty", "公式为空");
    if (text.length() > Expressions.LONGEST) {
      throw new Refused(0, "the formula has " + text.length() + " characters, at most " + Expressions.LONGEST + " are read", "公式有 " + text.length() + " 个字符，最多 " + Expressions.LONGEST + " 个");
    }
    Map<String, Expressions.Name> names = new LinkedHashMap<>();
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      String name = matcher.group();
      if (RESERVED.contains(name)) continue;
      if (!known.test(name)) throw new Refused(matcher.start() + 1, "there is no figure '" + name + "'", "没有名为“" + name + "”的数据");
      names.computeIfAbsent(name, n -> new Expressions.Name(Expressions.Kind.NUMBER, names.size()));
    }
    List<String> reads = List.copyOf(names.keySet());
    if (reads.isEmpty()) throw new Refused(0, "the formula reads no figure", "公式没有引用任何数据");
    Expressions expressions = new Expressions(names, SimpleType.DOUBLE);
    try {
      CelAbstractSyntaxTree ast = expressions.checked(text);
      Parts parts = parts(ast.getExpr(), names);
      return new Formula(reads, parts, parts == null ? Expressions.computed(ast, names) : null);
    } catch (CelValidationException e) {
      CelIssue first = e.getErrors().getFirst();
      String said = first.getMessage().replaceAll("\\s+", " ");
      throw new Refused(expressions.columnOf(text, first), said, inChinese(said));
    } catch (CelEvaluationException e) {
      throw new Refused(0, e.getMessage(), "公式无法运行");
    }
  }

  private static String inChinese(String said) {
    if (said.startsWith("undeclared reference")) return "这里引用了没有的数据或函数";
    if (said.startsWith("found no matching overload")) return "这里的运算不能用于这样的值";
    if (said.startsWith("expected type 'double'")) return "公式的结果必须是一个数";
    return "语法有误，从这里开始无法理解";
  }

  /** The names it reads; a value for each, in this order, is what it computes from. */
  public List<String> reads() {
    return reads;
  }

  /** Whether it is a quotient of two sums of multiples of names. */
  public boolean isQuotient() {
    return parts != null && parts.below() != null;
  }

  /** Whether its value for a whole is the sum of its values for the parts. */
  public boolean isAdditive() {
    return parts != null && parts.below() == null && parts.above().constant() == 0;
  }

  /** Whether it is a quotient whose two parts, for a whole, are the sums of those for the parts. */
  public boolean isMean() {
    return isQuotient() && parts.above().constant() == 0 && parts.below().constant() == 0;
  }

  /** Of the names above the line their factors, in the order of {@link #reads()}; {@code null} where it is not a sum or quotient of sums. */
  public double[] factorsAbove() {
    return parts == null ? null : parts.above().factors().clone();
  }

  /** Of the names below the line; {@code null} where it is not a quotient. */
  public double[] factorsBelow() {
    return isQuotient() ? parts.below().factors().clone() : null;
  }

  /** What is above the line, or the value itself. */
  public double above(double[] values) {
    return parts == null ? value(values) : parts.above().of(values);
  }

  /** What is below the line; NaN where it is not a quotient. */
  public double below(double[] values) {
    return isQuotient() ? parts.below().of(values) : Double.NaN;
  }

  /** NaN: there is none. */
  public double value(double[] values) {
    double value;
    if (parts == null) {
      value = run.applyAsDouble(values);
    } else if (parts.below() == null) {
      value = parts.above().of(values);
    } else {
      double below = parts.below().of(values);
      value = below == 0 ? Double.NaN : parts.above().of(values) / below;
    }
    return Double.isInfinite(value) ? Double.NaN : value;
  }

  /** {@code null} where it is neither a sum nor a quotient of sums. */
  private static Parts parts(CelExpr e, Map<String, Expressions.Name> names) {
    int n = names.size();
    switch (e.getKind()) {
      case CONSTANT -> {
        return e.constant().getKind() == CelConstant.Kind.DOUBLE_VALUE ? new Parts(new Sum(new double[n], e.constant().doubleValue()), null) : null;
      }
      case IDENT -> {
        Expressions.Name name = names.get(e.ident().name());
        if (name == null) return null;
        double[] one = new double[n];
        one[name.slot()] = 1;
        return new Parts(new Sum(one, 0), null);
      }
      case CALL -> {
        List<CelExpr> args = e.call().args();
        Parts a = args.isEmpty() ? null : parts(args.get(0), names);
        if (a == null) return null;
        if (e.call().function().equals("-_")) return new Parts(a.above().times(-1), a.below());
        Parts b = args.size() == 2 ? parts(args.get(1), names) : null;
        if (b == null) return null;
        return switch (e.call().function()) {
          case "_+_" -> sum(a, b);
          case "_-_" -> sum(a, new Parts(b.above().times(-1), b.below()));
          case "_*_" -> isNumber(a) ? new Parts(b.above().times(a.above().constant()), b.below())
              : isNumber(b) ? new Parts(a.above().times(b.above().constant()), a.below()) : null;
          case "_/_" -> isNumber(b) ? (b.above().constant() == 0 ? null : new Parts(a.above().times(1 / b.above().constant()), a.below()))
              : a.below() == null && b.below() == null ? new Parts(a.above(), b.above()) : null;
          default -> null;
        };
      }
      default -> {
        return null;
      }
    }
  }

  private static boolean isNumber(Parts p) {
    return p.below() == null && p.above().isConstant();
  }

  private static Parts sum(Parts a, Parts b) {
    if (a.below() == null && b.below() == null) return new Parts(a.above().plus(b.above()), null);
    if (a.below() != null && b.below() != null) return a.below().same(b.below()) ? new Parts(a.above().plus(b.above()), a.below()) : null;
    // 1 - a / b is (b - a) / b.
    if (isNumber(a)) return new Parts(b.below().times(a.above().constant()).plus(b.above()), b.below());
    return isNumber(b) ? new Parts(a.below().times(b.above().constant()).plus(a.above()), a.below()) : null;
  }
}
