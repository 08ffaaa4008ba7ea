package io.citywide.sensing.internal.sta;

import io.citywide.sensing.internal.sta.EntitySet.Property;
import io.citywide.sensing.internal.sta.Expression.Binary;
import io.citywide.sensing.internal.sta.Expression.Call;
import io.citywide.sensing.internal.sta.Expression.Literal;
import io.citywide.sensing.internal.sta.Expression.Operator;
import io.citywide.sensing.internal.sta.Expression.Path;
import java.util.Set;
import java.util.function.Predicate;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.IntersectionMatrix;

/** Spatial functions, which JTS judges: each becomes a list of ids. */
final class SqlGeometry {

  private final Sql sql;

  SqlGeometry(Sql sql) {
    this.sql = sql;
  }

  /** Whether it is a number of degrees, which is only compared. */
  static boolean measures(Call call) {
    return call.function().equals("geo.distance") || call.function().equals("geo.length");
  }

  /** The property and the constant of a spatial function, and whether the constant came first. */
  private record Sides(Property property, Geometry constant, boolean turned) {}

  private Sides sides(EntitySet set, Call call, int constants) {
    Property property = null;
    Geometry constant = null;
    boolean turned = false;
    for (Expression argument : call.arguments().subList(0, Math.min(call.arguments().size(), 1 + constants))) {
      if (argument instanceof Path p && p.names().size() == 1 && set.findProperty(p.first()).filter(f -> f.type() == EntitySet.Type.GEOMETRY).isPresent() && property == null) {
        property = set.findProperty(p.first()).get();
      } else if (argument instanceof Literal(Geometry g, int at) && constant == null) {
        constant = g;
        turned = property == null;
      } else {
        throw Sql.refuse(argument.at(), call.function() + " takes a geometry of the entity, such as location or feature, and a constant such as geography'POINT (118.8 32.05)'",
            call.function() + " 需要实体的几何属性与一个几何常量");
      }
    }
    if (property == null || constants > 0 && constant == null) {
      throw Sql.refuse(call.at(), call.function() + " takes a geometry of the entity" + (constants > 0 ? " and a constant such as geography'POINT (118.8 32.05)'" : ""),
          call.function() + " 的参数应为几何");
    }
    return new Sides(property, constant, turned);
  }

  /** The condition that a spatial relation holds for the row {@code row} of the set. */
  String condition(EntitySet set, String row, Call call) {
    boolean relate = call.function().equals("st_relate");
    if (call.arguments().size() != (relate ? 3 : 2)) {
      throw Sql.refuse(call.at(), call.function() + " takes " + (relate ? 3 : 2) + " arguments, was given " + call.arguments().size(), call.function() + " 参数个数不对");
    }
    Sides s = sides(set, call, 1);
    Geometry other = s.constant();
    boolean turned = s.turned();
    return switch (call.function()) {
      case "st_equals" -> within(set, row, s, g -> g.equalsTopo(other));
      case "st_intersects", "geo.intersects" -> within(set, row, s, g -> g.intersects(other));
      case "st_disjoint" -> anywhere(set, row, s, g -> g.disjoint(other));
      case "st_touches" -> within(set, row, s, g -> g.touches(other));
      case "st_within" -> within(set, row, s, g -> turned ? other.within(g) : g.within(other));
      case "st_contains" -> within(set, row, s, g -> turned ? other.contains(g) : g.contains(other));
      case "st_overlaps" -> within(set, row, s, g -> g.overlaps(other));
      case "st_crosses" -> within(set, row, s, g -> g.crosses(other));
      case "st_relate" -> {
        if (!(call.arguments().get(2) instanceof Literal(String pattern, int at)) || !pattern.matches("[TF*012]{9}")) {
          throw Sql.refuse(call.arguments().get(2).at(), "a pattern of nine characters T F * 0 1 2 was expected", "应为 9 个字符的关系模式");
        }
        yield anywhere(set, row, s, g -> {
          IntersectionMatrix matrix = turned ? other.relate(g) : g.relate(other);
          return matrix.matches(pattern);
        });
      }
      default -> throw Sql.refuse(call.at(), "there is no function '" + call.function() + "'", "没有函数“" + call.function() + "”");
    };
  }

  /** The condition that a distance or a length compares so with a number of degrees. */
  String measured(EntitySet set, String row, Call call, Operator operator, Expression with) {
    Set<String> first = Sql.firsts(set, call);
    if (first.size() == 1 && !first.contains("")) {
      return sql.beyond(set.findNavigation(first.iterator().next()).orElseThrow(), row, new Binary(operator, Sql.rebased(call), with, call.at()));
    }
    boolean distance = call.function().equals("geo.distance");
    if (!(with instanceof Literal(Double bound, int at)) || call.arguments().size() != (distance ? 2 : 1)) {
      throw Sql.refuse(call.at(), call.function() + " takes " + (distance ? "two geometries" : "a geometry") + " and is compared with a number of degrees", call.function() + " 应与度数比较");
    }
    Sides s = sides(set, call, distance ? 1 : 0);
    Predicate<Geometry> wanted = g -> {
      int order = Double.compare(distance ? g.distance(s.constant()) : g.getLength(), bound);
      return switch (operator) {
        case EQ -> order == 0;
        case NE -> order != 0;
        case GT -> order > 0;
        case GE -> order >= 0;
        case LT -> order < 0;
        case LE -> order <= 0;
        case OR, AND, ADD, SUB, MUL, DIV, MOD -> throw new IllegalArgumentException(operator + " compares nothing");
      };
    };
    if (distance && (operator == Operator.LT || operator == Operator.LE || operator == Operator.EQ)) {
      Envelope box = new Envelope(s.constant().getEnvelopeInternal());
      box.expandBy(Math.max(bound, 0));
      return found(row, sql.lookup().geometries(set, s.property(), box, wanted));
    }
    return anywhere(set, row, s, wanted);
  }

  private String within(EntitySet set, String row, Sides sides, Predicate<Geometry> wanted) {
    return found(row, sql.lookup().geometries(set, sides.property(), sides.constant().getEnvelopeInternal(), wanted));
  }

  private String anywhere(EntitySet set, String row, Sides sides, Predicate<Geometry> wanted) {
    return found(row, sql.lookup().geometries(set, sides.property(), null, wanted));
  }

  private String found(String row, Long[] ids) {
    return "(" + row + ".id = ANY (" + sql.parameter(ids) + "::bigint[]))";
  }
}
