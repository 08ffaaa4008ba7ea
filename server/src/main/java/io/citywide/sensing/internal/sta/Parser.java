package io.citywide.sensing.internal.sta;

import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.sta.Expression.Binary;
import io.citywide.sensing.internal.sta.Expression.Call;
import io.citywide.sensing.internal.sta.Expression.Literal;
import io.citywide.sensing.internal.sta.Expression.Moment;
import io.citywide.sensing.internal.sta.Expression.Negative;
import io.citywide.sensing.internal.sta.Expression.Not;
import io.citywide.sensing.internal.sta.Expression.Operator;
import io.citywide.sensing.internal.sta.Expression.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

/**
 * Reads the text of query options (18-088 §9.3), by recursive descent. Every refusal names the place in the text. One parser
 * reads one text; what is nested in {@code $expand} is read by the same one.
 */
final class Parser {

  /** So deep may parentheses, calls and options of {@code $expand} lie in one another. */
  static final int MOST_DEPTH = 30;
  private static final int MOST_LENGTH = 20_000;

  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+ -]\\d{2}:?\\d{2})?)?");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final Pattern INDEX = Pattern.compile("\\d{1,6}");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_@$][\\p{L}\\p{N}_.@-]*");

  private final String option;
  private final String text;
  private int at;
  private int depth;

  /** @param option name of the query option, for refusals */
  Parser(String option, String text) {
    this.option = option;
    this.text = text;
    if (text.length() > MOST_LENGTH) {
      throw new ProblemException(StaProblem.INVALID_QUERY, option + " has " + text.length() + " characters; at most " + MOST_LENGTH + " are read", Map.of("bound", MOST_LENGTH))
          .zh(option + " 共 " + text.length() + " 个字符，最多 " + MOST_LENGTH + " 个");
    }
  }

  /** A whole text that is one expression. */
  static Expression expression(String option, String text) {
    Parser parser = new Parser(option, text);
    Expression expression = parser.expression();
    parser.end();
    return expression;
  }

  // ---- expressions ---------------------------------------------------------------------------------

  Expression expression() {
    deeper();
    Expression left = conjunction();
    for (int where = next(); word("or"); where = next()) {
      left = new Binary(Operator.OR, left, conjunction(), where);
    }
    depth--;
    return left;
  }

  private Expression conjunction() {
    Expression left = negation();
    for (int where = next(); word("and"); where = next()) {
      left = new Binary(Operator.AND, left, negation(), where);
    }
    return left;
  }

  private Expression negation() {
    int where = next();
    if (word("not")) {
      deeper();
      Expression of = negation();
      depth--;
      return new Not(of, where);
    }
    return comparison();
  }

  private Expression comparison() {
    Expression left = sum();
    int where = next();
    for (Operator operator : List.of(Operator.EQ, Operator.NE, Operator.GE, Operator.GT, Operator.LE, Operator.LT)) {
      if (word(operator.name().toLowerCase(Locale.ROOT))) {
        return new Binary(operator, left, sum(), where);
      }
    }
    return left;
  }

  private Expression sum() {
    Expression left = product();
    while (true) {
      int where = next();
      Operator operator = word("add") ? Operator.ADD : word("sub") ? Operator.SUB : null;
      if (operator == null) {
        return left;
      }
      left = new Binary(operator, left, product(), where);
    }
  }

  private Expression product() {
    Expression left = unary();
    while (true) {
      int where = next();
      Operator operator = word("mul") ? Operator.MUL : word("div") ? Operator.DIV : word("mod") ? Operator.MOD : null;
      if (operator == null) {
        return left;
      }
      left = new Binary(operator, left, unary(), where);
    }
  }

  private Expression unary() {
    int where = next();
    if (take('-')) {
      deeper();
      Expression of = unary();
      depth--;
      return of instanceof Literal(Double number, int ignored) ? new Literal(-number, where) : new Negative(of, where);
    }
    return primary();
  }

  private Expression primary() {
    int where = next();
    if (take('(')) {
      Expression inner = expression();
      want(')');
      return inner;
    }
    if (peek() == '\'') {
      return new Literal(quoted(), where);
    }
    if (at < text.length() && Character.isDigit(text.charAt(at))) {
      return timeOrNumber(where);
    }
    String name = name("a property, a function or a value");
    switch (name) {
      case "null":
        return new Literal(null, where);
      case "true":
        return new Literal(true, where);
      case "false":
        return new Literal(false, where);
      default:
    }
    if (peek() == '\'' && (name.equals("geography") || name.equals("geometry"))) {
      return new Literal(geometry(quoted(), where), where);
    }
    if (peek() == '\'' && name.equals("duration")) {
      return duration(quoted(), where);
    }
    if (peek() == '(') {
      return call(name, where);
    }
    List<String> names = new ArrayList<>(List.of(id(name)));
    while (take('/')) {
      names.add(member());
    }
    return new Path(names, where);
  }

  /** A property, or the number of a member of a list, from 0. */
  private String member() {
    next();
    Matcher index = INDEX.matcher(text).region(at, text.length());
    if (!index.lookingAt()) {
      return id(name("the name of a property"));
    }
    at = index.end();
    return index.group();
  }

  private Expression call(String name, int where) {
    want('(');
    List<Expression> arguments = new ArrayList<>();
    next();
    if (!take(')')) {
      do {
        arguments.add(expression());
        next();
      } while (take(','));
      want(')');
    }
    return new Call(name, arguments, where);
  }

  private Literal duration(String period, int where) {
    try {
      return new Literal(Duration.parse(period), where);
    } catch (DateTimeException e) {
      throw refuse(where, "a duration is such as duration'P1DT2H30M', was '" + period + "'", "时长格式如 duration'P1DT2H30M'");
    }
  }

  private Geometry geometry(String wkt, int where) {
    try {
      Geometry geometry = new WKTReader().read(wkt.replaceFirst("^SRID=4326;", ""));
      if (geometry.isEmpty()) {
        throw refuse(where, "the geometry is empty", "几何为空");
      }
      return geometry;
    } catch (ParseException | IllegalArgumentException e) {
      throw refuse(where, "the geometry is not well-known text: " + e.getMessage(), "几何不是有效的 WKT");
    }
  }

  private Expression timeOrNumber(int where) {
    Matcher time = TIME.matcher(text).region(at, text.length());
    if (time.lookingAt()) {
      at = time.end();
      Instant start = instant(time.group(), where);
      if (at < text.length() && text.charAt(at) == '/' && TIME.matcher(text).region(at + 1, text.length()).lookingAt()) {
        at++;
        Matcher end = TIME.matcher(text).region(at, text.length());
        end.lookingAt();
        at = end.end();
        return new Literal(new Moment(start, instant(end.group(), where)), where);
      }
      return new Literal(new Moment(start, null), where);
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (!number.lookingAt()) {
      throw refuse(where, "a number or a time was expected", "应为数字或时间");
    }
    at = number.end();
    double value = Double.parseDouble(number.group());
    if (!Double.isFinite(value)) {
      throw refuse(where, "the number is greater than any that can be compared", "数字过大");
    }
    return new Literal(value, where);
  }

  private Instant instant(String time, int where) {
    try {
      return time(time);
    } catch (DateTimeException e) {
      throw refuse(where, "'" + time + "' is not a time after ISO 8601: " + e.getMessage(), "“" + time + "”不是有效的 ISO 8601 时间");
    }
  }

  /**
   * A moment after ISO 8601; without a zone it is UTC, without a time of day its midnight.
   *
   * @throws DateTimeException where it is none, or lies outside the years 0001 to 9999
   */
  static Instant time(String time) {
    String whole = time.strip().replace(' ', '+').replaceFirst("([+-]\\d{2})(\\d{2})$", time.contains("T") ? "$1:$2" : "$0");
    Instant instant = whole.length() == 10 ? LocalDate.parse(whole).atStartOfDay().toInstant(ZoneOffset.UTC)
        : whole.matches(".*(Z|[+-]\\d{2}:\\d{2})") ? OffsetDateTime.parse(whole).toInstant() : LocalDateTime.parse(whole).toInstant(ZoneOffset.UTC);
    int year = instant.atOffset(ZoneOffset.UTC).getYear();
    if (year < 1 || year > 9999) {
      throw new DateTimeException("years are 1 to 9999");
    }
    return instant;
  }

  // ---- the text ------------------------------------------------------------------------------------

  private static String id(String name) {
    return name.equals("@iot.id") ? "id" : name;
  }

  /** Where the next thing begins, from 1. */
  int next() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at + 1;
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  boolean ended() {
    next();
    return at >= text.length();
  }

  boolean take(char c) {
    next();
    if (peek() == c) {
      at++;
      return true;
    }
    return false;
  }

  void want(char c) {
    int where = next();
    if (!take(c)) {
      throw refuse(where, "'" + c + "' was expected", "此处应为“" + c + "”");
    }
  }

  /** Takes the word, where it is this one and ends here. */
  private boolean word(String word) {
    next();
    int end = at + word.length();
    if (text.startsWith(word, at) && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)) && text.charAt(end) != '_')) {
      at = end;
      return true;
    }
    return false;
  }

  String name(String expected) {
    int where = next();
    Matcher name = NAME.matcher(text).region(at, text.length());
    if (!name.lookingAt()) {
      throw refuse(where, expected + " was expected", "此处应为名称或值");
    }
    at = name.end();
    return name.group();
  }

  /** A text in quotes; a quote in it is written twice. */
  private String quoted() {
    int where = at + 1;
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length(); at++) {
      if (text.charAt(at) != '\'') {
        value.append(text.charAt(at));
      } else if (at + 1 < text.length() && text.charAt(at + 1) == '\'') {
        value.append('\'');
        at++;
      } else {
        at++;
        return value.toString();
      }
    }
    throw refuse(where, "the text that begins here has no closing quote", "此处开始的文字缺少结束引号");
  }

  /** What was read since a place, from 1. */
  String since(int begin) {
    return text.substring(begin - 1, at).strip();
  }

  /** What is up to one of these characters. */
  String until(String ends) {
    next();
    int begin = at;
    while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return text.substring(begin, at).strip();
  }

  void end() {
    int where = next();
    if (!ended()) {
      throw refuse(where, "nothing more was expected, but there is '" + text.substring(at, Math.min(at + 20, text.length())) + "'", "此处不应再有内容");
    }
  }

  void deeper() {
    if (++depth > MOST_DEPTH) {
      throw refuse(at + 1, "it is nested deeper than " + MOST_DEPTH, "嵌套超过 " + MOST_DEPTH + " 层");
    }
  }

  void shallower() {
    depth--;
  }

  ProblemException refuse(int where, String en, String zh) {
    return new ProblemException(StaProblem.INVALID_QUERY, option + " at position " + where + ": " + en, Map.of("option", option, "position", where))
        .zh(option + " 第 " + where + " 个字符处：" + zh);
  }
}
