package io.citywide.sensing.internal.sta;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.locationtech.jts.geom.Geometry;

/** An expression of {@code $filter} or {@code $orderby} (18-088 §9.3.3.5), as it was written. {@code at}: where it begins, from 1. */
sealed interface Expression {

  int at();

  /** A constant: Double, String, Boolean, {@link Moment}, {@link Duration}, {@link Geometry}, or {@code null}. */
  record Literal(Object value, int at) implements Expression {}

  /** A moment or, where {@code end} is not {@code null}, an interval. */
  record Moment(Instant start, Instant end) {}

  /** A property, perhaps of an entity some navigations away, perhaps a member inside of a JSON value. */
  record Path(List<String> names, int at) implements Expression {

    public Path {
      names = List.copyOf(names);
    }

    Path rest() {
      return new Path(names.subList(1, names.size()), at);
    }

    String first() {
      return names.getFirst();
    }
  }

  record Call(String function, List<Expression> arguments, int at) implements Expression {

    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  record Not(Expression of, int at) implements Expression {}

  record Negative(Expression of, int at) implements Expression {}

  record Binary(Operator operator, Expression left, Expression right, int at) implements Expression {}

  enum Operator {
    OR, AND, EQ, NE, GT, GE, LT, LE, ADD, SUB, MUL, DIV, MOD;

    boolean logical() {
      return this == OR || this == AND;
    }

    boolean comparison() {
      return ordinal() >= EQ.ordinal() && ordinal() <= LE.ordinal();
    }

    /** The same with its sides exchanged. */
    Operator mirrored() {
      return switch (this) {
        case GT -> LT;
        case GE -> LE;
        case LT -> GT;
        case LE -> GE;
        case OR, AND, EQ, NE, ADD, SUB, MUL, DIV, MOD -> this;
      };
    }
  }
}
