package io.citywide.intake.internal.web;

import io.citywide.identity.EventStream;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Open;
import io.citywide.intake.Accepted;
import io.citywide.intake.Intake;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.Reporter;
import io.citywide.intake.SignalDraft;
import io.citywide.intake.internal.Tracking;
import io.citywide.intake.spi.CaseProgress;
import io.citywide.place.Catalogue;
import io.citywide.place.Component;
import io.citywide.place.Components;
import io.citywide.place.Kind;
import io.citywide.place.PlaceProblem;
import io.citywide.place.Places;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What citizens do without an account: report, follow their report by its secret code, judge the result. */
@RestController
@RequestMapping("/api/public")
class PublicController {

  private static final Set<String> JUDGEMENTS = Set.of("YES", "PARTLY", "NO");
  private static final int MAX_TEXT = 500;
  private static final Duration FOLLOWED = Duration.ofMinutes(30);

  private final Intake intake;
  private final Tracking tracking;
  private final AnonymousLimits limit;
  private final LiveFeed live;
  private final Catalogue catalogue;
  private final Components components;
  private final Places places;
  private final ServerSettings server;
  private final Clock clock;

  PublicController(Intake intake, Tracking tracking, AnonymousLimits limit, LiveFeed live, Catalogue catalogue, Components components,
      Places places, ServerSettings server, Clock clock) {
    this.intake = intake;
    this.tracking = tracking;
    this.limit = limit;
    this.live = live;
    this.catalogue = catalogue;
    this.components = components;
    this.places = places;
    this.server = server;
    this.clock = clock;
  }

  /**
   * A citizen's report.
   *
   * @param componentIdent code on the label of the thing it is about; may be {@code null}
   */
  record Report(String kindId, String description, Double lon, Double lat, String crs, String address, List<String> media, String name, String phone,
      String componentIdent) {}

  /** What its label already tells everybody: the thing and where it stands. */
  record LabelledThing(String ident, String kindId, String kindZh, String kindEn, String name, double lon, double lat, String areaName) {}

  record Taken(String trackingCode, Accepted.Outcome outcome, String caseNo) {}

  record Judgement(String satisfied, String text) {}

  /** @param key stable key of the text: {@code RECEIVED}, {@code DECLINED} or a stage or action of the case */
  record Moment(Instant at, String key, String text) {}

  /**
   * What the reporter may know.
   *
   * @param stage of the case, {@code null} without one
   * @param rating {@code YES}, {@code PARTLY} or {@code NO}, {@code null}: not judged yet
   */
  record Progress(String trackingCode, String state, String stage, String stageZh, String caseNo, String kindName, String description,
      String address, String areaName, Instant reportedAt, List<String> media, boolean rateable, String rating, List<Moment> timeline) {}

  record PublicKind(String id, String family, String nameZh, String nameEn, String majorZh, String majorEn) {}

  @Open("a citizen reports without an account")
  @PostMapping("/reports")
  @ResponseStatus(HttpStatus.CREATED)
  Taken report(@RequestBody Report body, @RequestHeader(name = "Idempotency-Key", required = false) String key, HttpServletRequest request) {
    limit.take(request.getRemoteAddr());
    SignalDraft draft = SignalDraft.of("PUBLIC", body.description()).kindId(body.kindId()).at(body.lon(), body.lat()).crs(body.crs())
        .address(body.address()).componentIdent(body.componentIdent()).media(body.media()).idempotencyKey(key)
        .reporter(body.name() == null && body.phone() == null ? null : new Reporter(body.name(), body.phone(), null, false)).build();
    Accepted accepted = intake.accept(draft);
    return new Taken(accepted.trackingCode(), accepted.outcome(), accepted.caseNo());
  }

  @Open("whoever stands before it reads the same on its label")
  @GetMapping("/components/{ident}")
  LabelledThing component(@PathVariable String ident, HttpServletRequest request) {
    limit.look(request.getRemoteAddr());
    Component c = components.find(ident).orElseThrow(() -> new ProblemException(PlaceProblem.UNKNOWN_COMPONENT, "there is no component '" + ident + "'").zh("没有部件“" + ident + "”"));
    Kind kind = catalogue.findKind(c.kindId()).orElse(null);
    return new LabelledThing(c.ident(), c.kindId(), kind == null ? c.name() : kind.nameZh(), kind == null ? c.name() : kind.nameEn(), c.name(), c.lon(), c.lat(),
        c.areaCode() == null ? null : places.describe(c.areaCode()));
  }

  @Open("the tracking code is the secret")
  @GetMapping("/reports/{trackingCode}")
  Progress follow(@PathVariable String trackingCode, HttpServletRequest request) {
    limit.look(request.getRemoteAddr());
    return progress(trackingCode, tracking.find(trackingCode));
  }

  @Open("the tracking code is the secret")
  @GetMapping(path = "/reports/{trackingCode}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  SseEmitter events(@PathVariable String trackingCode, HttpServletRequest request) {
    limit.look(request.getRemoteAddr());
    var signal = tracking.find(trackingCode).signal();
    var caseId = new AtomicReference<>(signal.caseId());
    // The browser connects again by itself; nobody's forgotten page listens for ever.
    long end = System.nanoTime() + FOLLOWED.toNanos();
    return EventStream.open(live, notice -> concerns(notice, signal.id(), caseId), PublicController::facts, () -> System.nanoTime() < end);
  }

  /** A report that waited may get its case while somebody follows it. */
  private static boolean concerns(Notice notice, long signalId, AtomicReference<Long> caseId) {
    if (notice.type().equals("signal") && notice.data().get("signalId") instanceof Number id && id.longValue() == signalId) {
      if (notice.data().get("caseId") instanceof Number found) {
        caseId.set(found.longValue());
      }
      return true;
    }
    return notice.type().equals("case") && caseId.get() != null && notice.data().get("caseId") instanceof Number id && id.longValue() == caseId.get();
  }

  /** That something changed, and to which stage; the page then reads what a citizen may know. */
  private static Object facts(Notice notice) {
    return Map.of("changed", true, "stage", String.valueOf(notice.data().getOrDefault("stage", "")));
  }

  @Open("the tracking code is the secret")
  @PostMapping("/reports/{trackingCode}/rating")
  Progress rate(@PathVariable String trackingCode, @RequestBody Judgement body, HttpServletRequest request) {
    limit.look(request.getRemoteAddr());
    if (body.satisfied() == null || !JUDGEMENTS.contains(body.satisfied())) {
      throw new ProblemException(IntakeProblem.INVALID, "satisfied must be YES, PARTLY or NO, was '" + body.satisfied() + "'", Map.of("field", "satisfied"))
          .zh("请选择是否满意");
    }
    if (body.text() != null && body.text().length() > MAX_TEXT) {
      throw new ProblemException(IntakeProblem.INVALID, "text has at most " + MAX_TEXT + " characters", Map.of("field", "text", "bound", MAX_TEXT))
          .zh("评价最多 " + MAX_TEXT + " 字");
    }
    return progress(trackingCode, tracking.rate(trackingCode, body.satisfied(), body.text()));
  }

  private Progress progress(String trackingCode, Tracking.Followed followed) {
    var s = followed.signal();
    boolean declined = s.state() == Accepted.Outcome.DECLINED;
    List<Moment> timeline = new ArrayList<>();
    timeline.add(new Moment(s.receivedAt(), "RECEIVED", "已收到"));
    if (declined) {
      timeline.add(new Moment(s.decisions().getLast().at(), "DECLINED", "不予受理"));
    }
    CaseProgress p = followed.progress().orElse(null);
    if (p != null) {
      p.timeline().forEach(m -> timeline.add(new Moment(m.at(), m.key(), m.textZh())));
    }
    String kind = s.kindId() == null ? null : catalogue.findKind(s.kindId()).map(Kind::nameZh).orElse(null);
    String area = s.areaCode().isEmpty() ? null : places.describe(s.areaCode());
    return new Progress(trackingCode, s.state().name(), p == null ? null : p.stage(), p != null ? p.stageZh() : declined ? "不予受理" : "待定位",
        p == null ? null : p.caseNo(), kind, s.description(), s.address(), area, s.receivedAt(), s.media(), p != null && p.rateable(),
        p == null ? null : p.satisfied(), timeline);
  }

  @Open("what may be reported is public")
  @GetMapping("/kinds")
  List<PublicKind> kinds() {
    LocalDate today = LocalDate.now(clock.withZone(server.zone()));
    return catalogue.listKinds(null, null).stream().filter(k -> k.activeOn(today)).map(PublicController::kind).toList();
  }

  private static PublicKind kind(Kind k) {
    return new PublicKind(k.id(), k.family().name(), k.nameZh(), k.nameEn(), k.majorZh(), k.majorEn());
  }
}
