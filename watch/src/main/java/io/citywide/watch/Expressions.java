package io.citywide.watch;

import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelMutableAst;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelMutableExpr;
import dev.cel.common.navigation.CelNavigableMutableAst;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compiles CEL conditions. Numbers are doubles, also those written without a point. What only compares and computes
 * numbers is turned into plain Java (some nanoseconds); everything else is run by the CEL runtime (some microseconds).
 */
final class Expressions {
  static final int LONGEST = 2000;
  private static final CelOptions OPTIONS = CelOptions.current().enableHeterogeneousNumericComparisons(true).maxParseRecursionDepth(60).build();
  private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();

  /** What a name stands for. */
  enum Kind { NUMBER, FLAG, TEXT }

  record Name(Kind kind, int slot) {}

  /** Why a condition was not taken: CEL's own words, in one line. */
  static final class Wrong extends Exception {
    Wrong(String message) {
      super(message, null, false, false);
    }
  }

  private final Map<String, Name> names;
  private final CelCompiler compiler;

  Expressions(Map<String, Name> names) {
    this(names, SimpleType.BOOL);
  }

  /** @param result what a text must come to */
  Expressions(Map<String, Name> names, dev.cel.common.types.CelType result) {
    this.names = new LinkedHashMap<>(names);
    CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(OPTIONS).setStandardMacros(CelStandardMacro.STANDARD_MACROS).setResultType(result);
    names.forEach((name, is) -> builder.addVar(name, switch (is.kind()) {
      case NUMBER -> SimpleType.DOUBLE;
      case FLAG -> SimpleType.BOOL;
      case TEXT -> SimpleType.STRING;
    }));
    compiler = builder.build();
  }

  /** A compiled condition, with the slots of the numbers and flags it reads. */
  record Compiled(Condition condition, BitSet reads, boolean plain) {}

  Compiled compile(String text) throws Wrong {
    CelAbstractSyntaxTree ast = check(text);
    BitSet reads = new BitSet();
    readsOf(ast.getExpr(), reads);
    Condition plain = flag(ast.getExpr());
    return plain == null ? new Compiled(general(ast), reads, false) : new Compiled(plain, reads, true);
  }

  /** The same condition run by the CEL runtime alone. */
  Condition general(String text) throws Wrong {
    return general(check(text));
  }

  private CelAbstractSyntaxTree check(String text) throws Wrong {
    if (text.length() > LONGEST) throw new Wrong("it has " + text.length() + " characters, at most " + LONGEST + " are read");
    try {
      return checked(text);
    } catch (CelValidationException e) {
      throw new Wrong(String.join("; ", e.getErrors().stream().map(Expressions::said).toList()));
    }
  }

  /** The tree, with its types; every whole number has become a double. */
  CelAbstractSyntaxTree checked(String text) throws CelValidationException {
    CelMutableAst tree = CelMutableAst.fromCelAst(compiler.parse(text).getAst());
    CelNavigableMutableAst.fromAst(tree).getRoot().allNodes()
        .map(node -> node.expr())
        .filter(e -> e.getKind() == CelExpr.ExprKind.Kind.CONSTANT && e.constant().getKind() == CelConstant.Kind.INT64_VALUE)
        .forEach(Expressions::toDouble);
    CelValidationResult checked = compiler.check(tree.toParsedAst());
    return checked.getAst();
  }

  /** Where in the text an issue lies, from 1. Trees that were changed no longer know, but their parts keep their numbers. */
  int columnOf(String text, CelIssue issue) {
    try {
      Integer offset = compiler.parse(text).getAst().getSource().getPositionsMap().get(issue.getExprId());
      return offset == null ? issue.getSourceLocation().getColumn() + 1 : offset + 1;
    } catch (CelValidationException e) {
      return issue.getSourceLocation().getColumn() + 1;
    }
  }

  /** Runs a tree whose names are numbers; NaN where it reads one that has no value. */
  static java.util.function.ToDoubleFunction<double[]> computed(CelAbstractSyntaxTree ast, Map<String, Name> names) throws CelEvaluationException {
    CelRuntime.Program program = (CelRuntime.Program) RUNTIME.createProgram(ast);
    Map<String, Name> known = new HashMap<>(names);
    return values -> {
      CelVariableResolver resolver = name -> {
        Name is = known.get(name);
        return is == null || Double.isNaN(values[is.slot()]) ? Optional.empty() : Optional.of(values[is.slot()]);
      };
      try {
        return program.eval(resolver) instanceof Double value ? value : Double.NaN;
      } catch (CelEvaluationException e) {
        return Double.NaN;
      }
    };
  }

  private static void toDouble(CelMutableExpr e) {
    e.setConstant(CelConstant.ofValue((double) e.constant().int64Value()));
  }

  private static String said(CelIssue issue) {
    return "at " + (issue.getSourceLocation().getColumn() + 1) + ": " + issue.getMessage().replaceAll("\\s+", " ");
  }

  private void readsOf(CelExpr e, BitSet reads) {
    switch (e.getKind()) {
      case IDENT -> {
        Name name = names.get(e.ident().name());
        if (name != null && name.kind() != Kind.TEXT) reads.set(name.slot());
      }
      case CALL -> {
        e.call().target().ifPresent(t -> readsOf(t, reads));
        e.call().args().forEach(a -> readsOf(a, reads));
      }
      case LIST -> e.list().elements().forEach(x -> readsOf(x, reads));
      case SELECT -> readsOf(e.select().operand(), reads);
      case MAP -> e.map().entries().forEach(x -> {
        readsOf(x.key(), reads);
        readsOf(x.value(), reads);
      });
      case COMPREHENSION -> {
        readsOf(e.comprehension().iterRange(), reads);
        readsOf(e.comprehension().accuInit(), reads);
        readsOf(e.comprehension().loopCondition(), reads);
        readsOf(e.comprehension().loopStep(), reads);
        readsOf(e.comprehension().result(), reads);
      }
      case CONSTANT, STRUCT, NOT_SET -> {}
    }
  }

  private Condition general(CelAbstractSyntaxTree ast) throws Wrong {
    CelRuntime.Program program;
    try {
      program = (CelRuntime.Program) RUNTIME.createProgram(ast);
    } catch (CelEvaluationException e) {
      throw new Wrong(e.getMessage());
    }
    Map<String, Name> known = new HashMap<>(names);
    return (values, texts) -> {
      CelVariableResolver resolver = name -> {
        Name is = known.get(name);
        if (is == null) return Optional.empty();
        if (is.kind() == Kind.TEXT) return Optional.of(texts[is.slot()]);
        double value = values[is.slot()];
        if (Double.isNaN(value)) return Optional.empty();
        return Optional.of(is.kind() == Kind.FLAG ? (Object) (value != 0) : (Object) value);
      };
      try {
        return Boolean.TRUE.equals(program.eval(resolver)) ? Condition.YES : Condition.NO;
      } catch (CelEvaluationException e) {
        return Condition.UNKNOWN;
      }
    };
  }

  /** {@code null} where it is more than numbers and flags. */
  private Condition flag(CelExpr e) {
    switch (e.getKind()) {
      case IDENT -> {
        Name name = names.get(e.ident().name());
        if (name == null || name.kind() != Kind.FLAG) return null;
        int slot = name.slot();
        return (v, t) -> v[slot] > 0 ? Condition.YES : v[slot] == 0 ? Condition.NO : Condition.UNKNOWN;
      }
      case CONSTANT -> {
        if (e.constant().getKind() != CelConstant.Kind.BOOLEAN_VALUE) return null;
        byte value = e.constant().booleanValue() ? Condition.YES : Condition.NO;
        return (v, t) -> value;
      }
      case CALL -> {
        return switch (e.call().function()) {
          case "_&&_" -> and(flag(e.call().args().get(0)), flag(e.call().args().get(1)));
          case "_||_" -> or(flag(e.call().args().get(0)), flag(e.call().args().get(1)));
          case "!_" -> not(flag(e.call().args().get(0)));
          case "_<_", "_<=_", "_>_", "_>=_", "_==_", "_!=_" -> comparison(e.call().function(), e.call().args());
          default -> null;
        };
      }
      default -> {
        return null;
      }
    }
  }

  private static Condition and(Condition a, Condition b) {
    if (a == null || b == null) return null;
    return (v, t) -> {
      byte x = a.test(v, t);
      if (x == Condition.NO) return x;
      byte y = b.test(v, t);
      return y == Condition.NO ? y : x == Condition.YES ? y : x;
    };
  }

  private static Condition or(Condition a, Condition b) {
    if (a == null || b == null) return null;
    return (v, t) -> {
      byte x = a.test(v, t);
      if (x == Condition.YES) return x;
      byte y = b.test(v, t);
      return y == Condition.YES ? y : x == Condition.NO ? y : x;
    };
  }

  private static Condition not(Condition a) {
    if (a == null) return null;
    return (v, t) -> {
      byte x = a.test(v, t);
      return x == Condition.UNKNOWN ? x : (byte) (1 - x);
    };
  }

  private interface Number {
    double of(double[] values);
  }

  private Condition comparison(String operator, ImmutableList<CelExpr> args) {
    List<Integer> read = new ArrayList<>();
    Number a = number(args.get(0), read);
    Number b = number(args.get(1), read);
    if (a == null || b == null) return null;
    int[] slots = read.stream().mapToInt(Integer::intValue).distinct().toArray();
    return switch (operator) {
      case "_<_" -> (v, t) -> absent(v, slots) ? Condition.UNKNOWN : a.of(v) < b.of(v) ? Condition.YES : Condition.NO;
      case "_<=_" -> (v, t) -> absent(v, slots) ? Condition.UNKNOWN : a.of(v) <= b.of(v) ? Condition.YES : Condition.NO;
      case "_>_" -> (v, t) -> absent(v, slots) ? Condition.UNKNOWN : a.of(v) > b.of(v) ? Condition.YES : Condition.NO;
      case "_>=_" -> (v, t) -> absent(v, slots) ? Condition.UNKNOWN : a.of(v) >= b.of(v) ? Condition.YES : Condition.NO;
      case "_==_" -> (v, t) -> absent(v, slots) ? Condition.UNKNOWN : a.of(v) == b.of(v) ? Condition.YES : Condition.NO;
      case "_!=_" -> (v, t) -> absent(v, slots) ? Condition.UNKNOWN : a.of(v) != b.of(v) ? Condition.YES : Condition.NO;
      default -> null;
    };
  }

  private static boolean absent(double[] values, int[] slots) {
    for (int slot : slots) {
      if (Double.isNaN(values[slot])) return true;
    }
    return false;
  }

  /** {@code null} where it is not made of numbers by the four operations. */
  private Number number(CelExpr e, List<Integer> read) {
    switch (e.getKind()) {
      case IDENT -> {
        Name name = names.get(e.ident().name());
        if (name == null || name.kind() != Kind.NUMBER) return null;
        int slot = name.slot();
        read.add(slot);
        return v -> v[slot];
      }
      case CONSTANT -> {
        if (e.constant().getKind() != CelConstant.Kind.DOUBLE_VALUE) return null;
        double value = e.constant().doubleValue();
        return v -> value;
      }
      case CALL -> {
        List<CelExpr> args = e.call().args();
        if (e.call().function().equals("-_")) {
          Number a = number(args.get(0), read);
          return a == null ? null : v -> -a.of(v);
        }
        if (args.size() != 2 || e.call().target().isPresent()) return null;
        Number a = number(args.get(0), read);
        Number b = number(args.get(1), read);
        if (a == null || b == null) return null;
        return switch (e.call().function()) {
          case "_+_" -> v -> a.of(v) + b.of(v);
          case "_-_" -> v -> a.of(v) - b.of(v);
          case "_*_" -> v -> a.of(v) * b.of(v);
          case "_/_" -> v -> a.of(v) / b.of(v);
          default -> null;
        };
      }
      default -> {
        return null;
      }
    }
  }
}
