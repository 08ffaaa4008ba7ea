package io.citywide.open311.internal;

import io.citywide.identity.Viewer;
import io.citywide.intake.Accepted;
import io.citywide.intake.Evidence;
import io.citywide.intake.Intake;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.Reporter;
import io.citywide.intake.SignalDraft;
import io.citywide.open311.Open311Settings;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import org.springframework.web.multipart.MultipartFile;

/** GeoReport v2 between its wire form and the pipeline of intake. */
@Component
public class Open311Desk {

  private static final Duration WINDOW = Duration.ofDays(90);
  private static final Pattern ANSWER = Pattern.compile("attribute\\[([A-Za-z0-9_]{1,40})](?:\\[])?");
  private static final Set<String> FILTERS =
      Set.of("jurisdiction_id", "service_request_id", "service_code", "start_date", "end_date", "status", "api_key");

  private final Services services;
  private final ServiceRequests requests;
  private final Catalogue catalogue;
  private final Intake intake;
  private final Evidence evidence;
  private final Open311Settings settings;
  private final Clock clock;
  private final ZoneId zone;

  Open311Desk(Services services, ServiceRequests requests, Catalogue catalogue, Intake intake, Evidence evidence,
      Open311Settings settings, ServerSettings server, Clock clock) {
    this.services = services;
    this.requests = requests;
    this.catalogue = catalogue;
    this.intake = intake;
    this.evidence = evidence;
    this.settings = settings;
    this.clock = clock;
    this.zone = server.zone();
  }

  /** What this endpoint is; {@code url} is its public address. */
  public Wire.Document discovery(String url) {
    Map<String, Object> endpoint = new LinkedHashMap<>();
    endpoint.put("specification", "http://wiki.open311.org/GeoReport_v2");
    endpoint.put("url", url);
    endpoint.put("changeset", "2026-11-22T00:00:00+08:00");
    endpoint.put("type", "production");
    endpoint.put("formats", new Wire.Rows("formats", "format", List.of("text/xml", "application/json")));
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("changeset", "2026-11-22T00:00:00+08:00");
    content.put("contact", settings.contact());
    content.put("key_service", settings.contact());
    content.put("endpoints", new Wire.Rows("endpoints", "endpoint", List.of(endpoint)));
    return new Wire.Document("discovery", content);
  }

  public Wire.Rows services(String jurisdiction) {
    checkJurisdiction(jurisdiction);
    List<Services.Attribute> attributes = services.attributes();
    return new Wire.Rows("services", "service", services.list().stream().map(kind -> {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("service_code", kind.id());
      row.put("service_name", kind.nameZh());
      row.put("description", kind.nameEn() == null ? kind.nameZh() : kind.nameEn());
      row.put("metadata", attributes.stream().anyMatch(a -> a.asksFor(kind.id())));
      row.put("type", "realtime");
      row.put("keywords", String.join(",", kind.keywords()));
      row.put("group", kind.majorZh());
      return row;
    }).toList());
  }

  public Wire.Document definition(String code, String jurisdiction) {
    checkJurisdiction(jurisdiction);
    Kind kind = services.get(code);
    List<Map<String, Object>> attributes = services.attributesOf(kind.id()).stream().map(a -> {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("variable", true);
      row.put("code", a.code());
      row.put("datatype", a.datatype());
      row.put("required", a.required());
      row.put("datatype_description", a.datatypeDescription());
      row.put("order", a.order());
      row.put("description", a.description());
      row.put("values", new Wire.Rows("values", "value", a.choices().stream().map(c -> {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("key", c.key());
        choice.put("name", c.name());
        return choice;
      }).toList()));
      return row;
    }).toList();
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("service_code", kind.id());
    content.put("attributes", new Wire.Rows("attributes", "attribute", attributes));
    return new Wire.Document("service_definition", content);
  }

  /**
   * Takes a report.
   *
   * @throws ProblemException saying which argument cannot be taken; nothing was changed
   */
  public Wire.Rows post(MultiValueMap<String, String> form, List<MultipartFile> photos) {
    checkJurisdiction(form.getFirst("jurisdiction_id"));
    String code = text(form, "service_code");
    if (code == null) {
      throw Services.argument("service_code is missing");
    }
    Kind kind = services.get(code);
    Map<String, String> answers = services.check(kind.id(), answers(form));
    Double lat = number(form, "lat");
    Double lon = number(form, "long");
    String address = text(form, "address_string");
    String addressId = text(form, "address_id");
    if ((lat == null) != (lon == null)) {
      throw Services.argument("lat and long go together; " + (lat == null ? "lat" : "long") + " is missing");
    }
    if (lat == null && address == null && addressId == null) {
      throw Services.argument("a place is missing: give lat and long, or address_string, or address_id");
    }
    Map<String, String> attributes = new LinkedHashMap<>(answers);
    for (String kept : List.of("address_id", "device_id", "account_id", "media_url")) {
      String value = text(form, kept);
      if (value != null) {
        attributes.put(kept, value);
      }
    }
    String name = join(text(form, "last_name"), text(form, "first_name"));
    Reporter reporter = new Reporter(name, text(form, "phone"), text(form, "email"), false);
    String description = text(form, "description");
    SignalDraft draft =
        SignalDraft.of("OPEN311", description == null ? kind.nameZh() : description)
            .kindId(kind.id())
            .at(lon, lat)
            .address(address)
            .componentIdent(answers.get("COMPONENT"))
            .reporter(reporter.anonymous() ? null : reporter)
            .media(photos.stream().filter(photo -> !photo.isEmpty()).map(this::store).toList())
            .attributes(attributes)
            .build();
    Accepted accepted = intake.accept(draft);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("service_request_id", String.valueOf(accepted.signalId()));
    row.put("service_notice", notice(accepted));
    row.put("account_id", text(form, "account_id"));
    return new Wire.Rows("service_requests", "request", List.of(row));
  }

  private String store(MultipartFile photo) {
    try (var content = photo.getInputStream()) {
      return evidence.store(content, photo.getOriginalFilename()).sha256();
    } catch (IOException e) {
      throw new ProblemException(IntakeProblem.MEDIA_UNREADABLE, "the photo '" + photo.getOriginalFilename() + "' did not arrive whole");
    }
  }

  private static String notice(Accepted accepted) {
    return switch (accepted.outcome()) {
      case WAITING_PLACE -> "已收到；位置待工作人员确认";
      case OPENED -> "已立为案件 " + accepted.caseNo();
      case JOINED -> "同一问题已有人反映，已并入案件 " + accepted.caseNo();
      case DECLINED -> "不予受理";
    };
  }

  public Wire.Rows requests(Map<String, String> filters) {
    checkJurisdiction(filters.get("jurisdiction_id"));
    checkReading();
    for (String name : filters.keySet()) {
      if (!FILTERS.contains(name)) {
        throw Services.argument("'" + name + "' is no filter of requests; filters are service_request_id, service_code, start_date, end_date, status");
      }
    }
    String ids = filters.get("service_request_id");
    if (ids != null && !ids.isBlank()) {
      List<Long> wanted = List.of(ids.split(",")).stream().map(Open311Desk::id).toList();
      if (wanted.size() > ServiceRequests.LIMIT) {
        throw Services.argument("service_request_id names " + wanted.size() + " requests; at most " + ServiceRequests.LIMIT + " are answered");
      }
      return rows(requests.find(wanted));
    }
    Set<String> kinds = new LinkedHashSet<>();
    for (String code : split(filters.get("service_code"))) {
      kinds.add(catalogue.findKind(code).map(Kind::id)
          .orElseThrow(() -> new ProblemException(Open311Problem.UNKNOWN_SERVICE, "service_code '" + code + "' is unknown")));
    }
    Instant to = time(filters, "end_date");
    Instant from = time(filters, "start_date");
    if (from != null && to != null && from.isAfter(to)) {
      throw Services.argument("start_date " + filters.get("start_date") + " is after end_date " + filters.get("end_date"));
    }
    // The specification's default and widest span is 90 days.
    if (to == null) {
      to = from == null || from.plus(WINDOW).isAfter(clock.instant()) ? clock.instant().plusSeconds(1) : from.plus(WINDOW);
    }
    if (from == null || from.isBefore(to.minus(WINDOW))) {
      from = to.minus(WINDOW);
    }
    return rows(requests.list(kinds, open(filters.get("status")), from, to));
  }

  private static Boolean open(String status) {
    Set<String> wanted = new LinkedHashSet<>(split(status));
    for (String one : wanted) {
      if (!one.equals("open") && !one.equals("closed")) {
        throw Services.argument("status must be open, closed or both, was '" + one + "'");
      }
    }
    return wanted.size() == 1 ? Boolean.valueOf(wanted.contains("open")) : null;
  }

  public Wire.Rows request(String id, String jurisdiction) {
    checkJurisdiction(jurisdiction);
    checkReading();
    List<ServiceRequests.Entry> found = requests.find(List.of(id(id)));
    if (found.isEmpty()) {
      throw new ProblemException(Open311Problem.UNKNOWN_REQUEST, "there is no request " + id);
    }
    return rows(found);
  }

  public Wire.Rows token(String token, String jurisdiction) {
    checkJurisdiction(jurisdiction);
    var found = requests.findByToken(token)
        .orElseThrow(() -> new ProblemException(Open311Problem.UNKNOWN_REQUEST, "there is no request for this token"));
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("service_request_id", String.valueOf(found.signal().id()));
    row.put("token", token);
    return new Wire.Rows("service_requests", "request", List.of(row));
  }

  private Wire.Rows rows(List<ServiceRequests.Entry> entries) {
    return new Wire.Rows("service_requests", "request", entries.stream().map(this::row).toList());
  }

  private Map<String, Object> row(ServiceRequests.Entry entry) {
    var signal = entry.signal();
    var file = entry.file();
    String kindId = file != null && file.kindId() != null ? file.kindId() : signal.kindId();
    Kind kind = kindId == null ? null : catalogue.findKind(kindId).orElse(null);
    boolean confidential = signal.reporter() != null && signal.reporter().confidential();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("service_request_id", String.valueOf(signal.id()));
    row.put("status", entry.open() ? "open" : "closed");
    row.put("status_notes", file == null ? "位置待确认" : entry.stage().nameZh() + "，案件 " + file.caseNo());
    row.put("service_name", kind == null ? null : kind.nameZh());
    row.put("service_code", kindId);
    row.put("description", confidential ? null : signal.description());
    row.put("agency_responsible", entry.agency());
    row.put("service_notice", file == null ? null : "案件 " + file.caseNo());
    row.put("requested_datetime", w3c(signal.receivedAt()));
    row.put("updated_datetime", w3c(entry.updatedAt()));
    row.put("expected_datetime", file == null ? null : w3c(file.disposalDueAt()));
    row.put("address", confidential ? null : signal.address());
    row.put("address_id", signal.attributes().get("address_id"));
    row.put("zipcode", null);
    row.put("lat", confidential ? null : signal.lat());
    row.put("long", confidential ? null : signal.lon());
    row.put("media_url", signal.attributes().get("media_url"));
    return row;
  }

  private String w3c(Instant time) {
    return time == null ? null : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time.truncatedTo(ChronoUnit.SECONDS).atZone(zone));
  }

  private void checkJurisdiction(String jurisdiction) {
    if (jurisdiction != null && !jurisdiction.isBlank() && !jurisdiction.equals(settings.jurisdiction())) {
      throw new ProblemException(Open311Problem.JURISDICTION,
          "jurisdiction_id '" + jurisdiction + "' was not found; this server answers for '" + settings.jurisdiction() + "'");
    }
  }

  private void checkReading() {
    if (!settings.publicReading()) {
      Viewer.current().require(io.citywide.identity.Permission.SIGNAL_READ);
    }
  }

  static Map<String, List<String>> answers(MultiValueMap<String, String> form) {
    Map<String, List<String>> answers = new LinkedHashMap<>();
    form.forEach((name, values) -> {
      Matcher matcher = ANSWER.matcher(name);
      if (matcher.matches()) {
        answers.computeIfAbsent(matcher.group(1), key -> new ArrayList<>()).addAll(values);
      }
    });
    return answers;
  }

  static Instant time(Map<String, String> filters, String name) {
    String value = filters.get(name);
    if (value == null || value.isBlank()) {
      return null;
    }
    try {
      // A '+' in a query that was not escaped arrives as a space.
      OffsetDateTime time = OffsetDateTime.parse(value.strip().replace(' ', '+'));
      if (time.getYear() < 1900 || time.getYear() > 9999) {
        throw Services.argument(name + " must lie in the years 1900 to 9999, was '" + value + "'");
      }
      return time.toInstant();
    } catch (DateTimeParseException e) {
      throw Services.argument(name + " must be a W3C date and time with offset such as 2026-11-22T08:00:00+08:00, was '" + value + "'");
    }
  }

  static long id(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new ProblemException(Open311Problem.UNKNOWN_REQUEST, "service_request_id '" + text + "' is no id of this server");
    }
  }

  static List<String> split(String list) {
    return list == null ? List.of() : List.of(list.split(",")).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  static Double number(MultiValueMap<String, String> form, String name) {
    String value = text(form, name);
    try {
      return value == null ? null : Double.valueOf(value);
    } catch (NumberFormatException e) {
      throw Services.argument(name + " must be a number of degrees, was '" + value + "'");
    }
  }

  private static String text(MultiValueMap<String, String> form, String name) {
    String value = form.getFirst(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static String join(String last, String first) {
    return last == null ? first : first == null ? last : last + first;
  }
}
