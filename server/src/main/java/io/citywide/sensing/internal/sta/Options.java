package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Query options (18-088 §9.3), of a request or of one member of {@code $expand}.
 *
 * @param filter {@code null}: everything
 * @param select names in their order; empty: everything
 * @param top 0 to {@value #MOST}
 * @param written names and texts as they came, for the link to the next page
 */
record Options(Expression filter, List<Order> orders, List<String> select, List<Expand> expands, int top, int skip, boolean count, boolean dataArray,
    List<Map.Entry<String, String>> written) {

  static final int USUAL = 100;
  static final int MOST = 1_000;
  static final int MOST_SKIP = 1_000_000;

  /** A chain of expansions is at most so long. */
  static final int MOST_LEVELS = 5;
  static final int MOST_EXPANDS = 40;

  static final Options NONE = new Options(null, List.of(), List.of(), List.of(), USUAL, 0, false, false, List.of());

  record Order(Expression by, boolean descending) {}

  /** @param options what was asked of these entities */
  record Expand(EntitySet.Navigation navigation, Options options) {}

  /** Of a raw query string; {@code null} as an empty one. */
  static Options of(EntitySet set, String query) {
    Draft draft = new Draft(set, 0);
    if (query != null) {
      for (String part : query.split("&")) {
        if (!part.isEmpty()) {
          int equals = part.indexOf('=');
          String name = decode(equals < 0 ? part : part.substring(0, equals));
          String value = equals < 0 ? "" : decode(part.substring(equals + 1));
          Parser parser = new Parser(name, value);
          draft.read(name, parser);
          parser.end();
          draft.written.add(Map.entry(name, value));
        }
      }
    }
    return draft.finish();
  }

  static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new ProblemException(StaProblem.INVALID_QUERY, "the address cannot be decoded: " + e.getMessage()).zh("地址编码无效");
    }
  }

  boolean selects(String name) {
    return select.isEmpty() || select.contains(name);
  }

  /** Options while they are read. Members of {@code $expand} that name the same navigation are put together. */
  private static final class Draft {

    private final EntitySet set;
    private final int level;
    private Expression filter;
    private final List<Order> orders = new ArrayList<>();
    private final List<String> select = new ArrayList<>();
    private final Map<String, Draft> expands = new LinkedHashMap<>();
    private int top = USUAL;
    private int skip;
    private boolean count;
    private boolean dataArray;
    private final List<Map.Entry<String, String>> written = new ArrayList<>();

    Draft(EntitySet set, int level) {
      this.set = set;
      this.level = level;
    }

    Options finish() {
      return new Options(filter, List.copyOf(orders), List.copyOf(select),
          expands.entrySet().stream().map(e -> new Expand(set.findNavigation(e.getKey()).orElseThrow(), e.getValue().finish())).toList(), top, skip, count, dataArray,
          List.copyOf(written));
    }

    void read(String name, Parser parser) {
      switch (name) {
        case "$filter" -> filter = parser.expression();
        case "$orderby" -> orders(parser);
        case "$select" -> select(parser);
        case "$expand" -> expands(parser);
        case "$top" -> top = Math.min(whole(name, parser, Integer.MAX_VALUE), MOST);
        case "$skip" -> skip = whole(name, parser, MOST_SKIP);
        case "$count" -> count = truth(parser);
        case "$resultFormat" -> dataArray = format(parser);
        default -> throw parser.refuse(1, "there is no option '" + name + "'; there are $filter, $orderby, $select, $expand, $top, $skip, $count and $resultFormat",
            "没有查询选项“" + name + "”");
      }
    }

    private void orders(Parser parser) {
      do {
        Expression by = parser.expression();
        boolean descending = false;
        int where = parser.next();
        String direction = parser.until(",;)");
        if (direction.equals("desc")) {
          descending = true;
        } else if (!direction.isEmpty() && !direction.equals("asc")) {
          throw parser.refuse(where, "asc or desc was expected, was '" + direction + "'", "应为 asc 或 desc");
        }
        orders.add(new Order(by, descending));
      } while (parser.take(','));
    }

    private void select(Parser parser) {
      do {
        int where = parser.next();
        String name = parser.name("the name of a property");
        if (name.equals("@iot.id")) {
          name = "id";
        }
        if (!set.names().contains(name)) {
          throw parser.refuse(where, "a " + set.singular() + " has no property '" + name + "'; it has " + set.names(), set.singular() + " 没有属性“" + name + "”");
        }
        select.add(name);
      } while (parser.take(','));
    }

    private void expands(Parser parser) {
      do {
        Draft draft = this;
        Map<Draft, Integer> passed = new LinkedHashMap<>();
        do {
          int where = parser.next();
          String name = parser.name("the name of a navigation");
          EntitySet.Navigation navigation = draft.navigation(name, parser, where);
          int deeper = draft.level + 1;
          if (deeper > MOST_LEVELS) {
            throw parser.refuse(where, "$expand reaches at most " + MOST_LEVELS + " levels", "$expand 最多 " + MOST_LEVELS + " 层");
          }
          if (draft.expands.size() >= MOST_EXPANDS) {
            throw parser.refuse(where, "$expand has more than " + MOST_EXPANDS + " members", "$expand 过多");
          }
          if (draft != this) {
            passed.put(draft, where);
          }
          draft = draft.expands.computeIfAbsent(name, n -> new Draft(navigation.target(), deeper));
        } while (parser.take('/'));
        if (parser.take('(')) {
          parser.deeper();
          do {
            String option = parser.name("a query option");
            parser.want('=');
            int begin = parser.next();
            draft.read(option, parser);
            draft.written.add(Map.entry(option, parser.since(begin)));
          } while (parser.take(';'));
          parser.want(')');
          parser.shallower();
        }
        passed.forEach((parent, begin) -> parent.written.add(Map.entry("$expand", parser.since(begin))));
      } while (parser.take(','));
    }

    private EntitySet.Navigation navigation(String name, Parser parser, int where) {
      return set.findNavigation(name).orElseThrow(() -> parser.refuse(where, "a " + set.singular() + " leads to no '" + name + "'; it leads to "
          + set.navigations().stream().map(EntitySet.Navigation::name).collect(Collectors.joining(", ")), set.singular() + " 没有导航“" + name + "”"));
    }

    private static int whole(String name, Parser parser, int most) {
      int where = parser.next();
      String value = parser.until(";)");
      if (!value.matches("[0-9]{1,18}")) {
        throw parser.refuse(where, name + " is a whole number from 0, was '" + value + "'", name + " 应为从 0 起的整数");
      }
      long number = Long.parseLong(value);
      if (number > most && most != Integer.MAX_VALUE) {
        throw parser.refuse(where, name + " is at most " + most + ", was " + number + "; narrow the question by $filter instead", name + " 最大 " + most + "，请用 $filter 缩小范围");
      }
      return (int) Math.min(number, most);
    }

    private static boolean truth(Parser parser) {
      int where = parser.next();
      String value = parser.until(";)");
      if (!value.equals("true") && !value.equals("false")) {
        throw parser.refuse(where, "$count is true or false, was '" + value + "'", "$count 应为 true 或 false");
      }
      return value.equals("true");
    }

    private boolean format(Parser parser) {
      int where = parser.next();
      String value = parser.until(";)");
      if (!value.equals("dataArray") || set != EntitySet.OBSERVATIONS || level > 0) {
        throw parser.refuse(where, "$resultFormat is dataArray, and of Observations only", "$resultFormat 只能是 dataArray，且只用于 Observations");
      }
      return true;
    }
  }
}
