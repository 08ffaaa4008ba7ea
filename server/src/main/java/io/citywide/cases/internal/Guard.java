package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.internal.CaseRequest.Kind;
import io.citywide.identity.Role;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.platform.Words;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What must be true before a step, beside stage and role. The fault says what to do about it. */
enum Guard {
  HAS_KIND("kindId", s -> s.file().kindId() != null || (s.command() != null && s.command().kindId() != null) ? null
      : new Words("the case has no class yet; classify it", "案件还没有分类，请先选择类别")),
  HAS_AREA(null, s -> AreaCode.fault(s.file().areaCode()).isEmpty() && AreaCode.levelOf(s.file().areaCode()) != AreaLevel.CITY ? null
      : new Words("the case lies in no known district or below (area " + s.file().areaCode() + "); relocate it", "案件未落在已知的区（县）范围内，请先改址")),
  HAS_POSITION(null, s -> s.file().gridKey() != null && s.file().lon() != null ? null : new Words("the case has no position; relocate it", "案件没有坐标，请先改址")),
  HAS_PHOTO("media", s -> s.file().thumbnail() != null || (s.command() != null && !s.command().media().isEmpty())
      || !s.settings().photoRequiredChannels().contains(s.file().sourceChannel()) ? null
      : new Words("a case from the channel " + s.file().sourceChannel() + " needs a photo", "此渠道上报的案件须有照片")),
  NOT_FOUND_ABSENT(null, s -> !"NOT_EXISTS".equals(s.file().verificationResult()) ? null
      : new Words("the verification found nothing on site; decline the case or ask for another verification", "核实结果为现场不存在问题；请不予受理，或要求再次核实")),
  /** An assisting unit sees the case; the leading one acts. */
  LEADS(null, s -> s.viewer().role() != Role.HANDLER || s.viewer().units().isEmpty() || s.viewer().units().contains(s.file().leadUnitId()) ? null
      : new Words("your unit assists in this case; its leading unit takes this step", "您的单位为协办单位，此操作由主办单位执行")),
  SUSPENDED(null, s -> s.file().suspendedAt() != null ? null : new Words("the case is not suspended", "案件没有挂账")),
  NOT_SUSPENDED(null, s -> s.file().suspendedAt() == null ? null : new Words("the case is suspended since " + s.file().suspendedAt() + "; resume it first", "案件正在挂账，请先恢复计时")),
  HAS_LIMIT(null, s -> s.file().disposalDueAt() != null ? null : new Words("the case has no limit to extend", "案件没有可延长的时限")),
  EXTENSIONS_LEFT(null, s -> s.file().extensionCount() < s.settings().maxExtensions() ? null
      : new Words("the case was extended " + s.file().extensionCount() + " times, which is the most allowed", "案件已延期 " + s.file().extensionCount() + " 次，达到上限")),
  NO_EXTENSION_PENDING(null, s -> none(s, Kind.EXTENSION)),
  EXTENSION_PENDING(null, s -> some(s, Kind.EXTENSION)),
  NOT_WHO_ASKED_EXTENSION(null, s -> another(s, Kind.EXTENSION)),
  NO_SUSPENSION_PENDING(null, s -> none(s, Kind.SUSPENSION)),
  SUSPENSION_PENDING(null, s -> some(s, Kind.SUSPENSION)),
  NOT_WHO_ASKED_SUSPENSION(null, s -> another(s, Kind.SUSPENSION)),
  NO_FORCED_CLOSURE_PENDING(null, s -> none(s, Kind.FORCED_CLOSURE)),
  FORCED_CLOSURE_PENDING(null, s -> some(s, Kind.FORCED_CLOSURE)),
  NOT_WHO_ASKED_FORCED_CLOSURE(null, s -> another(s, Kind.FORCED_CLOSURE)),
  /** Verifier ≠ handler, as persons. */
  NOT_THE_HANDLER(null, s -> s.last(CaseAction.DISPOSE).filter(d -> s.isViewer(d.personId(), d.personName())).isEmpty() ? null
      : new Words("who disposed of a case does not check it", "处置人不能核查自己处置的案件")),
  PASSED_CHECK(null, s -> "PASS".equals(s.file().checkResult()) ? null : new Words("the case has not passed a check", "案件还没有通过核查")),
  /** The two axes: who dispatches must not close. */
  NOT_THE_DISPATCHER(null, s -> !s.took(CaseAction.DISPATCH) ? null : new Words("who dispatched a case does not close it", "派遣人不能为自己派遣的案件结案")),
  SEVERAL_SIGNALS(null, s -> s.file().signalCount() > 1 ? null : new Words("the case has only one signal", "案件只有一条反映")),
  /** What a person checked, a person has answered for. */
  PASSED_BY_PICTURE(null, s -> s.file().stage() != CaseStage.CHECKED || s.last(CaseAction.CHECK).filter(c -> Boolean.TRUE.equals(c.details().get("automatic"))).isPresent() ? null
      : new Words("a person passed the check of this case; close it, and reopen it then", "本案由人工核查通过，请先结案，再重新立案")),
  WITHIN_REOPEN_TIME(null, s -> !s.now().isAfter(s.file().stageSince().plus(Duration.ofDays(s.settings().reopenDays()))) ? null
      : new Words("a case may be reopened within " + s.settings().reopenDays() + " days; this one ended at " + s.file().stageSince(), "案件办结后 " + s.settings().reopenDays() + " 天内可以重新立案，此案已超过期限"));

  private final String mendedBy;
  private final Function<Situation, Words> test;

  Guard(String mendedBy, Function<Situation, Words> test) {
    this.mendedBy = mendedBy;
    this.test = test;
  }

  /** What is missing, in words; empty where the guard lets pass. */
  Optional<Words> fault(Situation situation) {
    return Optional.ofNullable(test.apply(situation));
  }

  /** Whether a step that fails here is not even shown: there is nothing to decide, resume or split. */
  boolean hides() {
    return switch (this) {
      case SUSPENDED, EXTENSION_PENDING, SUSPENSION_PENDING, FORCED_CLOSURE_PENDING, SEVERAL_SIGNALS, PASSED_BY_PICTURE -> true;
      case HAS_KIND, HAS_AREA, HAS_POSITION, HAS_PHOTO, NOT_FOUND_ABSENT, LEADS, NOT_SUSPENDED, HAS_LIMIT, EXTENSIONS_LEFT, NO_EXTENSION_PENDING,
          NOT_WHO_ASKED_EXTENSION, NO_SUSPENSION_PENDING, NOT_WHO_ASKED_SUSPENSION, NO_FORCED_CLOSURE_PENDING, NOT_WHO_ASKED_FORCED_CLOSURE,
          NOT_THE_HANDLER, PASSED_CHECK, NOT_THE_DISPATCHER, WITHIN_REOPEN_TIME -> false;
    };
  }

  /** Field of the form that can supply what is missing. */
  Optional<String> mendedBy() {
    return Optional.ofNullable(mendedBy);
  }

  private static Words none(Situation s, Kind kind) {
    return s.request(kind).map(r -> new Words("a request of this kind, by " + r.requestedByName() + ", waits for a decision", r.requestedByName() + " 的同类申请正在等待审批")).orElse(null);
  }

  private static Words some(Situation s, Kind kind) {
    return s.request(kind).isPresent() ? null : new Words("no request of this kind waits for a decision", "没有等待审批的此类申请");
  }

  private static Words another(Situation s, Kind kind) {
    return s.request(kind).filter(r -> s.isViewer(r.requestedBy(), r.requestedByName())).map(r -> new Words("who asked does not decide", "申请人不能审批自己的申请")).orElse(null);
  }
}
