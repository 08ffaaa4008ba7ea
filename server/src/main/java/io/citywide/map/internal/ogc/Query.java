package io.citywide.map.internal.ogc;

import io.citywide.grid.GridBox;
import io.citywide.map.MapProblem;
import io.citywide.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Parameters of a request as the standards want them read: what is unknown or malformed is refused with 400. */
final class Query {

  static final int MOST = 1_000;
  static final int USUAL = 100;

  static final String CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84";

  /** The systems in which features are given: degrees of WGS 84, and of CGCS2000, which differs from it by centimetres. */
  static final List<String> SYSTEMS = List.of(CRS84, "http://www.opengis.net/def/crs/EPSG/0/4326", "http://www.opengis.net/def/crs/EPSG/0/4490");

  /** Beyond it there is no grid, and nothing of a city. */
  private static final double MOST_LATITUDE = 87.9;

  private static final List<String> FORMATS = List.of("json", "html");

  private final HttpServletRequest request;

  /** @throws ProblemException {@code map.invalid-query} for a parameter that is not in {@code known}, or given twice */
  Query(HttpServletRequest request, String... known) {
    this.request = request;
    Set<String> allowed = new TreeSet<>(Arrays.asList(known));
    allowed.add("f");
    request.getParameterMap().forEach((name, values) -> {
      if (!allowed.contains(name)) {
        throw invalid(name, "there is no parameter '" + name + "' here; there are " + allowed);
      }
      if (values.length > 1) {
        throw invalid(name, "the parameter '" + name + "' is given " + values.length + " times");
      }
    });
    if (text("f") != null && !FORMATS.contains(text("f"))) {
      throw invalid("f", "f is one of " + FORMATS + ", was '" + text("f") + "'");
    }
  }

  /** {@code null} where it is absent or empty. */
  String text(String name) {
    String value = request.getParameter(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** Whether a person reads the answer: by {@code f}, else by what the caller accepts first. */
  boolean html() {
    if (text("f") != null) {
      return text("f").equals("html");
    }
    String accept = request.getHeader("Accept");
    if (accept == null) {
      return false;
    }
    int html = accept.indexOf("text/html");
    int json = accept.indexOf("json");
    return html >= 0 && (json < 0 || html < json);
  }

  boolean chinese() {
    String language = request.getHeader("Accept-Language");
    return language != null && language.toLowerCase(Locale.ROOT).startsWith("zh");
  }

  /** 1 to {@value #MOST}; what is beyond is answered with as many as there may be. */
  int limit() {
    String limit = text("limit");
    if (limit == null) {
      return USUAL;
    }
    if (!limit.matches("[0-9]{1,9}") || Integer.parseInt(limit) < 1) {
      throw invalid("limit", "limit is a whole number from 1, was '" + limit + "'");
    }
    return Math.min(Integer.parseInt(limit), MOST);
  }

  /** {@code null} where there is none. Of six numbers the heights are left out: everything here lies on the ground. */
  GridBox bbox() {
    String bbox = text("bbox");
    boolean latitudeFirst = latitudeFirst("bbox-crs");
    if (bbox == null) {
      return null;
    }
    String[] parts = bbox.split(",", -1);
    try {
      double[] n = Arrays.stream(parts).mapToDouble(p -> Double.parseDouble(p.strip())).toArray();
      if (n.length != 4 && n.length != 6) {
        throw new IllegalArgumentException("it has four or six numbers");
      }
      double a = n[0];
      double b = n[1];
      double c = n[n.length / 2];
      double d = n[n.length / 2 + 1];
      GridBox box = latitudeFirst ? new GridBox(b, a, d, c) : new GridBox(a, b, c, d);
      return new GridBox(box.west(), Math.clamp(box.south(), -MOST_LATITUDE, MOST_LATITUDE), box.east(), Math.clamp(box.north(), -MOST_LATITUDE, MOST_LATITUDE));
    } catch (IllegalArgumentException e) {
      throw invalid("bbox", "bbox is the lower left and the upper right corner, in degrees, was '" + bbox + "': " + e.getMessage());
    }
  }

  /** Whether a parameter names a system of reference whose first axis is the latitude. */
  boolean latitudeFirst(String parameter) {
    return !system(parameter).equals(CRS84);
  }

  /** CRS84 where nothing is named. */
  String system(String parameter) {
    String named = text(parameter);
    if (named != null && !SYSTEMS.contains(named)) {
      throw invalid(parameter, parameter + " is one of " + SYSTEMS + ", was '" + named + "'");
    }
    return named == null ? CRS84 : named;
  }

  /**
   * Checks the form of {@code datetime}: a moment, or an interval that may be open at one end. The published features carry
   * no time of their own, and the standard wants such features whatever time is asked for.
   */
  void checkDatetime() {
    String datetime = text("datetime");
    if (datetime == null) {
      return;
    }
    String[] ends = datetime.split("/", -1);
    try {
      if (ends.length > 2) {
        throw new IllegalArgumentException("an interval has two ends");
      }
      Instant from = moment(ends[0], ends.length == 2);
      Instant to = ends.length == 2 ? moment(ends[1], true) : null;
      if (ends.length == 2 && from == null && to == null) {
        throw new IllegalArgumentException("an interval is open at one end at most");
      }
      if (from != null && to != null && from.isAfter(to)) {
        throw new IllegalArgumentException("an interval ends after it begins");
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw invalid("datetime", "datetime is a moment such as 2026-11-22T08:00:00Z, or an interval of two, '..' for an open end, was '" + datetime + "': " + e.getMessage());
    }
  }

  /** {@code null} for an open end. */
  private static Instant moment(String text, boolean mayBeOpen) {
    if (mayBeOpen && (text.isEmpty() || text.equals(".."))) {
      return null;
    }
    return text.length() <= 10 ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant() : OffsetDateTime.parse(text).toInstant();
  }

  static ProblemException invalid(String field, String detail) {
    return new ProblemException(MapProblem.INVALID_QUERY, detail, Map.of("field", field)).zh("参数 " + field + " 无效");
  }
}
