package io.citywide.cases.internal.web;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseProblem;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.StepCommand;
import io.citywide.cases.Urgency;
import io.citywide.cases.internal.CaseDetails;
import io.citywide.cases.internal.CaseDetails.CaseDetail;
import io.citywide.cases.internal.CaseLists;
import io.citywide.cases.internal.CaseLists.Filter;
import io.citywide.cases.internal.CaseLists.QueueCount;
import io.citywide.cases.internal.CaseRow;
import io.citywide.cases.internal.StepDesk;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.intake.Accepted;
import io.citywide.intake.Intake;
import io.citywide.intake.SignalDraft;
import io.citywide.ledger.Receipt;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Cases: queues, lists, one case, its steps. */
@RestController
@RequestMapping("/api/cases")
class CaseController {

  /** The body of a step; which fields an action takes, the case's {@code actions} say. */
  record StepBody(CaseAction action, Long version, String opinion, List<String> media, String kindId, Double lon, Double lat, String address,
      Urgency urgency, Long leadUnitId, List<Long> assistUnitIds, Long assigneeId, String result, Integer minutes, String reason, Long requestId,
      Boolean approve, List<Long> signalIds, Long otherId) {

    StepCommand command() {
      if (action == null) {
        throw new ProblemException(CaseProblem.FIELD, "the field action is required", Map.of("field", "action")).zh("缺少操作");
      }
      if (version == null) {
        throw new ProblemException(CaseProblem.FIELD, "the field version is required: the version of the case you looked at", Map.of("field", "version")).zh("缺少案件版本，请刷新后重试");
      }
      return new StepCommand(action, version, opinion, media, kindId, lon, lat, address, urgency, leadUnitId, assistUnitIds, assigneeId, result, minutes,
          reason, requestId, approve, null);
    }
  }

  record MergeBody(Long otherId, Long version, String opinion) {}

  record SplitBody(List<Long> signalIds, Long version, String opinion) {}

  /** The console's form. */
  record CaseBody(String kindId, String title, String description, Double lon, Double lat, String crs, String address, String areaCode,
      String componentIdent, Instant occurredAt, String urgency, List<String> media) {}

  private final CaseLists lists;
  private final CaseDetails details;
  private final StepDesk desk;
  private final Intake intake;

  CaseController(CaseLists lists, CaseDetails details, StepDesk desk, Intake intake) {
    this.lists = lists;
    this.details = details;
    this.desk = desk;
    this.intake = intake;
  }

  @Requires(Permission.CASE_READ)
  @GetMapping
  Slice<CaseRow> list(@RequestParam(required = false) String queue, @RequestParam(required = false) Set<CaseStage> stage,
      @RequestParam(required = false) String kindId, @RequestParam(required = false) String areaCode, @RequestParam(required = false) Long unitId,
      @RequestParam(required = false) Boolean overdue, @RequestParam(required = false) String q, @RequestParam(required = false) Instant from,
      @RequestParam(required = false) Instant to, @RequestParam(required = false) Instant closedFrom, @RequestParam(required = false) String sort,
      @RequestParam(required = false) String componentIdent, @RequestParam(defaultValue = "50") int limit,
      @RequestParam(required = false) String after) {
    return lists.list(new Filter(queue, whole("stage", stage), kindId, areaCode, unitId, overdue, q, from, to, closedFrom, sort, componentIdent), limit, after);
  }

  @Requires(Permission.CASE_READ)
  @GetMapping("/queues")
  List<QueueCount> queues() {
    return lists.queueCounts();
  }

  /** {@code bbox} is west,south,east,north. */
  @Requires(Permission.CASE_READ)
  @GetMapping("/points")
  Map<String, Object> points(@RequestParam(required = false) double[] bbox, @RequestParam(required = false) Set<CaseStage> stages) {
    return lists.points(bbox, whole("stages", stages));
  }

  /** A blank among the stages arrives as none of them. */
  private static Set<CaseStage> whole(String field, Set<CaseStage> stages) {
    if (stages != null && stages.stream().anyMatch(Objects::isNull)) {
      throw new ProblemException(PlatformProblem.INVALID, field + " is one or more of " + List.of(CaseStage.values()) + ", one was blank", Map.of("field", field));
    }
    return stages;
  }

  @Requires(Permission.CASE_READ)
  @GetMapping("/{id}")
  CaseDetail detail(@PathVariable long id) {
    return details.find(id).orElseThrow(() -> new ProblemException(CaseProblem.UNKNOWN, "there is no case " + id + " in your sight").zh("没有此案件，或不在您的可见范围内"));
  }

  @Requires(Permission.SIGNAL_REPORT)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Accepted report(@RequestBody CaseBody body) {
    return intake.accept(SignalDraft.of("CONSOLE", body.description()).kindId(body.kindId()).title(body.title()).at(body.lon(), body.lat())
        .crs(body.crs()).address(body.address()).areaCode(body.areaCode()).componentIdent(body.componentIdent()).occurredAt(body.occurredAt())
        .urgency(body.urgency()).media(body.media()).build());
  }

  /** What a machine needs to go on; whoever shows the case asks for the whole. */
  record StepTaken(long id, String caseNo, CaseStage stage, long version) {}

  /** Answers the whole case, or with {@code Prefer: return=minimal} (RFC 7240) what it takes to go on. */
  @Requires(Permission.CASE_WORK)
  @PostMapping("/{id}/steps")
  ResponseEntity<?> step(@PathVariable long id, @RequestBody StepBody body, @RequestHeader(name = "Prefer", required = false) String prefer) {
    if (prefer != null && prefer.replace(" ", "").contains("return=minimal")) {
      CaseView file = desk.take(id, body.command(), body.signalIds(), body.otherId());
      return ResponseEntity.ok().header("Preference-Applied", "return=minimal")
          .body(new StepTaken(file.id(), file.caseNo(), file.stage(), file.version()));
    }
    return ResponseEntity.ok(desk.takeAndShow(id, body.command(), body.signalIds(), body.otherId()));
  }

  /** The proof that a step was taken as the case says; checked with {@code ./citywide ledger verify}. */
  @Requires(Permission.CASE_READ)
  @GetMapping("/{id}/steps/{seq}/receipt")
  Receipt receipt(@PathVariable long id, @PathVariable int seq) {
    return details.receipt(id, seq);
  }

  /** The other case goes into this one. */
  @Requires(Permission.CASE_MERGE)
  @PostMapping("/{id}/merge")
  CaseDetail merge(@PathVariable long id, @RequestBody MergeBody body) {
    if (body.otherId() == null) {
      throw new ProblemException(CaseProblem.FIELD, "the field otherId is required", Map.of("field", "otherId")).zh("请选择要合并的案件");
    }
    return desk.merge(id, body.version(), body.otherId(), body.opinion());
  }

  /** Answers the new case. */
  @Requires(Permission.CASE_MERGE)
  @PostMapping("/{id}/split")
  CaseDetail split(@PathVariable long id, @RequestBody SplitBody body) {
    return desk.split(id, body.version(), body.signalIds() == null ? List.of() : body.signalIds(), body.opinion());
  }
}
