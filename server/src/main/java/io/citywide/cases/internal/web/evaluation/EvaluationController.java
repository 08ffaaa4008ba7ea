package io.citywide.cases.internal.web.evaluation;

import io.citywide.cases.CaseCounts;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseView;
import io.citywide.cases.Evaluation;
import io.citywide.cases.Evaluation.Query;
import io.citywide.cases.Evaluation.Report;
import io.citywide.cases.Evaluation.Subject;
import io.citywide.cases.internal.CaseRow;
import io.citywide.cases.internal.CaseRowWriter;
import io.citywide.cases.internal.evaluation.Definitions;
import io.citywide.cases.internal.evaluation.Definitions.CounterDefinition;
import io.citywide.cases.internal.evaluation.Definitions.RatioOf;
import io.citywide.cases.internal.evaluation.Period;
import io.citywide.cases.internal.evaluation.ReportSheet;
import io.citywide.identity.AccessLog;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.place.AreaCode;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import io.citywide.platform.Slice;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The evaluation. A period is {@code period} with a day {@code at} in it (today where absent), or {@code from} and {@code to}: days
 * of the city (their beginning) or instants; {@code to} itself is no longer part of it.
 */
@RestController
class EvaluationController {

  record DefinitionsView(List<CounterDefinition> counters, List<RatioOf> ratios) {}

  private final Evaluation evaluation;
  private final CaseCounts counts;
  private final CaseRowWriter rows;
  private final ServerSettings server;
  private final Clock clock;
  private final AccessLog access;

  EvaluationController(Evaluation evaluation, CaseCounts counts, CaseRowWriter rows, ServerSettings server, Clock clock, AccessLog access) {
    this.evaluation = evaluation;
    this.counts = counts;
    this.rows = rows;
    this.server = server;
    this.clock = clock;
    this.access = access;
  }

  @Requires(Permission.EVALUATION_READ)
  @GetMapping("/api/evaluation")
  Report evaluate(@RequestParam String object, @RequestParam(required = false) String period, @RequestParam(required = false) String at,
      @RequestParam(required = false) String areaCode, @RequestParam(required = false) String from, @RequestParam(required = false) String to) {
    return evaluation.evaluate(query(object, period, at, areaCode, from, to));
  }

  @Requires(Permission.EVALUATION_READ)
  @GetMapping("/api/evaluation/definitions")
  DefinitionsView definitions() {
    return new DefinitionsView(Definitions.counters(), Definitions.ratios());
  }

  @Requires(Permission.EVALUATION_READ)
  @GetMapping("/api/evaluation/cases")
  @Transactional(readOnly = true)
  public Slice<CaseRow> cases(@RequestParam String object, @RequestParam(required = false) String key, @RequestParam String counter,
      @RequestParam(required = false) String period, @RequestParam(required = false) String at,
      @RequestParam(required = false) String areaCode, @RequestParam(required = false) String from, @RequestParam(required = false) String to,
      @RequestParam(defaultValue = "0") long after, @RequestParam(defaultValue = "50") int limit) {
    Slice<CaseView> page = evaluation.listCases(query(object, period, at, areaCode, from, to), key, counter, after, limit);
    return new Slice<>(rows.rows(page.items(), clock.instant()), page.next());
  }

  /**
   * The cases behind a count of {@link CaseCounts}: what vital signs are made of.
   *
   * @param kinds beginning of the codes of GB/T 47678.5, such as {@code M06}; absent: of any kind
   */
  @Requires(Permission.CASE_READ)
  @GetMapping("/api/cases/counted")
  @Transactional(readOnly = true)
  public Slice<CaseRow> counted(@RequestParam String counted, @RequestParam(defaultValue = "") String kinds, @RequestParam String areaCode,
      @RequestParam String from, @RequestParam String to, @RequestParam(defaultValue = "0") long after, @RequestParam(defaultValue = "50") int limit) {
    Instant first = moment("from", from, server.zone());
    Instant end = moment("to", to, server.zone());
    if (!first.isBefore(end)) {
      throw invalid("to", "a period ends after it begins; from " + from + " to " + to + " (not included) is none");
    }
    AreaCode.fault(areaCode).ifPresent(fault -> {
      throw invalid("areaCode", fault);
    });
    Slice<CaseView> page = counts.listCases(new CaseCounts.Wanted(counted, kinds), areaCode, first, end, after, limit);
    return new Slice<>(rows.rows(page.items(), clock.instant()), page.next());
  }

  @Requires(Permission.EVALUATION_EXPORT)
  @GetMapping("/api/evaluation.xlsx")
  ResponseEntity<byte[]> export(@RequestParam String object, @RequestParam(required = false) String period, @RequestParam(required = false) String at,
      @RequestParam(required = false) String areaCode, @RequestParam(required = false) String from, @RequestParam(required = false) String to) {
    Report report = evaluation.evaluate(query(object, period, at, areaCode, from, to));
    access.record("evaluation.exported", "evaluation:" + object, "done",
        Map.of("areaCode", areaCode == null ? "" : areaCode, "from", report.from().toString(), "to", report.to().toString(), "rows", report.rows().size()));
    String name = "evaluation-" + object + "-" + LocalDate.ofInstant(report.from(), server.zone()) + ".xlsx";
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))
        .header(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment().filename(name).build().toString())
        .body(ReportSheet.write(report, server.zone()));
  }

  private Query query(String object, String period, String at, String areaCode, String from, String to) {
    ZoneId zone = server.zone();
    Subject subject = oneOf(Subject.class, "object", object);
    if (from != null || to != null) {
      if (from == null || to == null || period != null) {
        throw invalid(from == null ? "from" : "to", "give from and to, or period and at");
      }
      Instant first = moment("from", from, zone);
      Instant end = moment("to", to, zone);
      if (!first.isBefore(end)) {
        throw invalid("to", "a period ends after it begins; from " + from + " to " + to + " (not included) is none");
      }
      return new Query(subject, areaCode, first, end);
    }
    if (period == null) {
      throw invalid("period", "give period (day, week, month, quarter, year) with at, or from and to");
    }
    var span = oneOf(Period.class, "period", period).around(at == null ? LocalDate.now(clock.withZone(zone)) : day("at", at), zone);
    return new Query(subject, areaCode, span.from(), span.to());
  }

  private static <E extends Enum<E>> E oneOf(Class<E> type, String field, String text) {
    return Arrays.stream(type.getEnumConstants()).filter(e -> e.name().equalsIgnoreCase(text)).findFirst()
        .orElseThrow(() -> invalid(field, field + " is one of "
            + Arrays.stream(type.getEnumConstants()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList() + ", was '" + text + "'"));
  }

  private static Instant moment(String field, String text, ZoneId zone) {
    try {
      return text.length() > 10 ? Instant.parse(text) : LocalDate.parse(text).atStartOfDay(zone).toInstant();
    } catch (DateTimeException e) {
      throw invalid(field, field + " is a day such as 2026-11-22 or an instant such as 2026-11-21T16:00:00Z, was '" + text + "'");
    }
  }

  private static LocalDate day(String field, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw invalid(field, field + " is a day such as 2026-11-22, was '" + text + "'");
    }
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(CaseProblem.INVALID_FILTER, detail, Map.of("field", field)).zh("统计条件有误，请重新选择时间和范围");
  }
}
