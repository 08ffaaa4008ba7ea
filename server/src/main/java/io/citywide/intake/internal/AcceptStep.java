package io.citywide.intake.internal;

import io.citywide.intake.Decision;
import io.citywide.intake.History;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.Reporter;
import io.citywide.intake.SignalDraft;
import io.citywide.place.Catalogue;
import io.citywide.place.Components;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.Kind;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** First step: is the report one that can be taken? Judges each field by itself and changes nothing. */
@Component
class AcceptStep {

  static final int MAX_TITLE = 200;
  /** Channels as a person calls them; another one is shown by its own name. */
  static final Map<String, String> CHANNELS =
      Map.of("CONSOLE", "坐席登记", "PUBLIC", "市民上报", "HOTLINE", "热线", "OPEN311", " Open311 ", "IMPORT", "批量导入", "COLLECTOR", "监督员", "API", "系统接入");

  static final int MAX_DESCRIPTION = 20_000;
  static final int MAX_ADDRESS = 300;
  static final int MAX_MEDIA = 12;
  static final int MAX_ATTRIBUTES = 50;
  private static final int TITLE_FROM_DESCRIPTION = 40;
  /** Well within the working calendar, by which deadlines are counted. */
  private static final Instant OLDEST_HISTORY = Instant.parse("2000-01-03T00:00:00Z");
  private static final Instant NEWEST_HISTORY = Instant.parse("2049-12-30T00:00:00Z");
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
  private static final Pattern CHANNEL = Pattern.compile("[A-Z][A-Z0-9_]{1,29}");
  private static final Pattern PHONE = Pattern.compile("\\+?[0-9][0-9 ()-]{4,22}");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,190}");
  private static final Set<String> URGENCIES = Set.of("NORMAL", "URGENT");
  private static final Set<String> HISTORY_STATES = Set.of("OPEN", "CLOSED", "VOID");

  private final Places places;
  private final Catalogue catalogue;
  private final Components components;
  private final Clock clock;
  private final ServerSettings server;

  AcceptStep(Places places, Catalogue catalogue, Components components, Clock clock, ServerSettings server) {
    this.places = places;
    this.catalogue = catalogue;
    this.components = components;
    this.clock = clock;
    this.server = server;
  }

  /** @throws ProblemException naming the field, its value and the bound */
  void apply(Draft draft) {
    SignalDraft given = draft.given;
    channel(given);
    texts(draft);
    times(draft);
    draft.urgency = given.urgency() == null ? "NORMAL" : given.urgency();
    if (!URGENCIES.contains(draft.urgency)) {
      throw refuse(IntakeProblem.INVALID, "urgency", draft.urgency, "urgency must be NORMAL or URGENT, was '" + draft.urgency + "'")
          .zh("紧急程度无效：" + draft.urgency);
    }
    kind(draft);
    place(draft);
    reporter(given.reporter());
    if (given.media().size() > MAX_MEDIA) {
      throw refuse(IntakeProblem.INVALID, "media", given.media().size(), "at most " + MAX_MEDIA + " photos belong to a report, there were " + given.media().size())
          .zh("一条反映最多 " + MAX_MEDIA + " 张照片，现有 " + given.media().size() + " 张");
    }
    if (given.attributes().size() > MAX_ATTRIBUTES) {
      throw refuse(IntakeProblem.INVALID, "attributes", given.attributes().size(), "at most " + MAX_ATTRIBUTES + " attributes, there were " + given.attributes().size())
          .zh("附加属性最多 " + MAX_ATTRIBUTES + " 项，现有 " + given.attributes().size() + " 项");
    }
    given.attributes().forEach((name, value) -> {
      limit("attributes", name, MAX_TITLE, IntakeProblem.INVALID);
      limit("attributes", value, MAX_DESCRIPTION, IntakeProblem.INVALID);
    });
    history(given.history());
    draft.decide(new Decision("accept", "ACCEPTED", "accept.accepted",
        "经" + CHANNELS.getOrDefault(given.channel(), " " + given.channel() + " ") + "渠道接收" + (draft.lon != null && converted(given) ? "，坐标由 " + given.crs() + " 转换" : ""),
        converted(given) ? Map.of("channel", given.channel(), "crs", given.crs()) : Map.of("channel", given.channel()), draft.receivedAt));
  }

  private static void channel(SignalDraft given) {
    if (given.channel() == null || !CHANNEL.matcher(given.channel()).matches()) {
      throw refuse(IntakeProblem.INVALID, "channel", given.channel(), "channel must be upper case letters, digits and _, such as HOTLINE, was '" + given.channel() + "'")
          .zh("渠道代码“" + given.channel() + "”无效");
    }
    if ((given.sourceRef() == null) != (given.sourceSystem() == null)) {
      throw refuse(IntakeProblem.INVALID, given.sourceRef() == null ? "sourceRef" : "sourceSystem", null, "sourceSystem and sourceRef come together");
    }
    limit("sourceSystem", given.sourceSystem(), 60, IntakeProblem.INVALID);
    limit("sourceRef", given.sourceRef(), 200, IntakeProblem.INVALID);
    limit("idempotencyKey", given.idempotencyKey(), 200, IntakeProblem.INVALID);
  }

  private static void texts(Draft draft) {
    SignalDraft given = draft.given;
    String description = given.description() == null ? "" : given.description().strip();
    if (description.isEmpty()) {
      throw refuse(IntakeProblem.DESCRIPTION, "description", "", "say what is the matter: the description is missing")
          .zh("请填写问题描述");
    }
    limit("description", description, MAX_DESCRIPTION, IntakeProblem.DESCRIPTION);
    limit("title", given.title(), MAX_TITLE, IntakeProblem.INVALID);
    limit("address", given.address(), MAX_ADDRESS, IntakeProblem.INVALID);
    String title = given.title() == null || given.title().isBlank() ? firstWords(description) : given.title().strip();
    draft.title = title;
  }

  /** The first sentence, or the beginning of it. */
  private static String firstWords(String description) {
    String first = description.split("[\\n。！？!?]", 2)[0].strip();
    if (first.isEmpty()) {
      first = description;
    }
    int points = first.codePointCount(0, first.length());
    return points <= TITLE_FROM_DESCRIPTION ? first : first.substring(0, first.offsetByCodePoints(0, TITLE_FROM_DESCRIPTION)) + "…";
  }

  private static void times(Draft draft) {
    Instant at = draft.given.occurredAt() == null ? draft.receivedAt : draft.given.occurredAt();
    if (at.isAfter(draft.receivedAt.plus(CLOCKS_DIFFER))) {
      throw refuse(IntakeProblem.FUTURE, "occurredAt", at.toString(), "occurredAt " + at + " lies in the future; it is " + draft.receivedAt + " now")
          .zh("发生时间不能晚于现在");
    }
    draft.occurredAt = at.isAfter(draft.receivedAt) ? draft.receivedAt : at;
  }

  private void kind(Draft draft) {
    String id = draft.given.kindId();
    if (id == null || id.isBlank()) {
      return;
    }
    Kind kind = catalogue.findKind(id).orElseThrow(() -> refuse(IntakeProblem.UNKNOWN_KIND, "kindId", id, "the catalogue has no kind '" + id + "'")
        .zh("类别目录中没有“" + id + "”"));
    if (draft.given.history() == null && !kind.activeOn(clock.instant().atZone(server.zone()).toLocalDate())) {
      Optional<Kind> instead = catalogue.findSuccessor(id);
      throw refuse(IntakeProblem.UNKNOWN_KIND, "kindId", id, "the kind '" + id + "' is not in force (" + kind.validFrom() + " to " + kind.validTo() + ")" + instead.map(s -> "; use '" + s.id() + "' (" + s.nameZh() + ")").orElse(""))
          .zh("类别“" + kind.nameZh() + "”已停用" + instead.map(s -> "，请改用“" + s.nameZh() + "”").orElse(""));
    }
    draft.kind = kind;
  }

  private void place(Draft draft) {
    SignalDraft given = draft.given;
    if (given.areaCode() != null && !given.areaCode().isBlank()) {
      draft.area = places.findArea(given.areaCode()).orElseThrow(() -> refuse(IntakeProblem.UNKNOWN_AREA, "areaCode", given.areaCode(), "there is no area '" + given.areaCode() + "'")
          .zh("没有区域“" + given.areaCode() + "”"));
    }
    if (given.componentIdent() != null && !given.componentIdent().isBlank()) {
      draft.component = components.find(given.componentIdent()).orElseThrow(() ->
          refuse(IntakeProblem.UNKNOWN_COMPONENT, "componentIdent", given.componentIdent(), "there is no component '" + given.componentIdent() + "'")
              .zh("没有部件“" + given.componentIdent() + "”"));
    }
    CoordinateSystem system = system(given.crs());
    if (given.lon() == null && given.lat() == null) {
      return;
    }
    if (given.lon() == null || given.lat() == null) {
      throw refuse(IntakeProblem.COORDINATES, given.lon() == null ? "lon" : "lat", null, "lon and lat come together")
          .zh("经度和纬度须同时填写");
    }
    double lon = given.lon();
    double lat = given.lat();
    if (!Double.isFinite(lon) || !Double.isFinite(lat)) {
      throw refuse(IntakeProblem.COORDINATES, "lon", null, "lon and lat must be numbers")
          .zh("经度和纬度须为数字");
    }
    if (Math.abs(lat) >= 88 && Math.abs(lat) <= 180 && Math.abs(lon) < 88) {
      throw refuse(IntakeProblem.COORDINATES_SWAPPED, "lat", lat, "lat " + lat + " is no latitude, but (" + lat + ", " + lon + ") would be a position: longitude and latitude are swapped")
          .zh("坐标无效：经度和纬度似乎写反了");
    }
    if (Math.abs(lon) > 180 || Math.abs(lat) >= 88) {
      throw refuse(IntakeProblem.COORDINATES, Math.abs(lon) > 180 ? "lon" : "lat", Math.abs(lon) > 180 ? lon : lat,
          "lon must be -180..180 and lat between -88 and 88 degrees, was (" + lon + ", " + lat + ")")
          .zh("坐标（" + lon + "，" + lat + "）无效：经度须在 -180 至 180 之间，纬度须在 -88 至 88 之间");
    }
    var position = system.toWgs84(lon, lat);
    draft.lon = position.lon();
    draft.lat = position.lat();
    if (places.locate(position.lon(), position.lat()).isEmpty()) {
      outside(draft, system);
    }
  }

  /** A point outside every boundary is taken only where there is no boundary that could hold it. */
  private void outside(Draft draft, CoordinateSystem system) {
    if (places.bounds().isEmpty() || draft.area != null && !draft.area.boundary()) {
      return;
    }
    double lon = draft.given.lon();
    double lat = draft.given.lat();
    if (Math.abs(lon) < 88) {
      var swapped = system.toWgs84(lat, lon);
      if (places.locate(swapped.lon(), swapped.lat()).isPresent()) {
        throw refuse(IntakeProblem.COORDINATES_SWAPPED, "lon", lon,
            "(" + lon + ", " + lat + ") lies outside the city, but (" + lat + ", " + lon + ") lies in it: longitude and latitude are swapped")
            .zh("位置不在本市范围内：经度和纬度似乎写反了");
      }
    }
    var city = places.bounds().orElseThrow();
    throw refuse(IntakeProblem.OUTSIDE_CITY, "lon", lon, "(" + lon + ", " + lat + ") lies outside the city, which reaches from longitude " + degrees(city.west())
        + " to " + degrees(city.east()) + " and from latitude " + degrees(city.south()) + " to " + degrees(city.north()))
        .zh("位置（" + lon + "，" + lat + "）不在本市范围内；本市位于经度 " + degrees(city.west()) + " 至 " + degrees(city.east()) + "、纬度 "
            + degrees(city.south()) + " 至 " + degrees(city.north()) + " 之间");
  }

  /** Four decimals, about ten metres: enough to see how far off a position is. */
  private static String degrees(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static CoordinateSystem system(String crs) {
    if (crs == null || crs.isBlank()) {
      return CoordinateSystem.WGS84;
    }
    try {
      return CoordinateSystem.valueOf(crs);
    } catch (IllegalArgumentException e) {
      throw refuse(IntakeProblem.COORDINATE_SYSTEM, "crs", crs, "crs must be one of " + List.of(CoordinateSystem.values()) + ", was '" + crs + "'")
          .zh("坐标系无效：" + crs);
    }
  }

  private static boolean converted(SignalDraft given) {
    return "GCJ02".equals(given.crs()) || "BD09".equals(given.crs());
  }

  private static void reporter(Reporter reporter) {
    if (reporter == null) {
      return;
    }
    limit("reporter.name", reporter.name(), 60, IntakeProblem.REPORTER);
    if (reporter.phone() != null && !reporter.phone().isBlank() && !PHONE.matcher(reporter.phone().strip()).matches()) {
      throw refuse(IntakeProblem.REPORTER, "reporter.phone", null, "reporter.phone must be 5 to 24 digits, blanks and hyphens")
          .zh("电话须为 5 至 24 位数字，可含空格和横线");
    }
    if (reporter.email() != null && !reporter.email().isBlank() && !EMAIL.matcher(reporter.email().strip()).matches()) {
      throw refuse(IntakeProblem.REPORTER, "reporter.email", null, "reporter.email is not an address")
          .zh("电子邮箱格式有误");
    }
    if (reporter.identityNumber() != null && !reporter.identityNumber().isBlank() && !Normal.isIdentityNumber(reporter.identityNumber())) {
      throw refuse(IntakeProblem.REPORTER, "reporter.identityNumber", null, "reporter.identityNumber must be 18 characters with the right check digit (GB 11643)")
          .zh("身份证号须为 18 位，且校验位正确");
    }
  }

  private static void history(History history) {
    if (history == null) {
      return;
    }
    if (history.openedAt() == null) {
      throw refuse(IntakeProblem.INVALID, "history.openedAt", null, "a history needs openedAt");
    }
    for (Instant at : Stream.of(history.openedAt(), history.targetAt(), history.closedAt()).filter(Objects::nonNull).toList()) {
      if (at.isBefore(OLDEST_HISTORY) || at.isAfter(NEWEST_HISTORY)) {
        throw refuse(IntakeProblem.INVALID, "history", at.toString(), "a history lies between " + OLDEST_HISTORY + " and " + NEWEST_HISTORY + ", was " + at);
      }
    }
    if (history.closedAt() != null && history.closedAt().isBefore(history.openedAt())) {
      throw refuse(IntakeProblem.INVALID, "history.closedAt", history.closedAt().toString(), "closedAt " + history.closedAt() + " is before openedAt " + history.openedAt());
    }
    if (history.status() != null && !HISTORY_STATES.contains(history.status())) {
      throw refuse(IntakeProblem.INVALID, "history.status", history.status(), "status must be OPEN, CLOSED or VOID, was '" + history.status() + "'");
    }
    if ("CLOSED".equals(history.status()) && history.closedAt() == null) {
      throw refuse(IntakeProblem.INVALID, "history.closedAt", null, "a closed report needs closedAt");
    }
  }

  private static void limit(String field, String value, int most, IntakeProblem problem) {
    int length = value == null ? 0 : value.codePointCount(0, value.length());
    if (value != null && value.indexOf('\0') >= 0) {
      throw refuse(problem, field, null, field + " holds a NUL character").zh(nameZh(field) + "含有无效字符");
    }
    if (length > most) {
      throw new ProblemException(problem, field + " has " + length + " characters, at most " + most + " are taken", Map.of("field", field, "value", length, "bound", most))
          .zh(nameZh(field) + "最多 " + most + " 字，现有 " + length + " 字");
    }
  }

  /** A field that a form shows, as the form calls it. */
  private static String nameZh(String field) {
    return switch (field) {
      case "description" -> "问题描述";
      case "title" -> "标题";
      case "address" -> "地址";
      case "reporter.name" -> "姓名";
      default -> field;
    };
  }

  static ProblemException refuse(IntakeProblem problem, String field, Object value, String detail) {
    Map<String, Object> extras = new LinkedHashMap<>();
    extras.put("field", field);
    if (value != null) {
      extras.put("value", value);
    }
    return new ProblemException(problem, detail, extras);
  }
}
