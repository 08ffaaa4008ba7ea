package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.internal.CaseRequest.Kind;
import io.citywide.identity.Role;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** What must be true before a step, beside stage and role. The fault says what to do about it. */
enum Guard {
  HAS_KIND("kindId", s -> s.file().kindId() != null || (s.command() != null && s.command().kindId() != null) ? null
      : "the case has no class yet; classify it"),
  HAS_AREA(null, s -> AreaCode.fault(s.file().areaCode()).isEmpty() && AreaCode.levelOf(s.file().areaCode()) != AreaLevel.CITY ? null
      : "the case lies in no known district or below (area " + s.file().areaCode() + "); relocate it"),
  HAS_POSITION(null, s -> s.file().gridKey() != null && s.file().lon() != null ? null : "the case has no position; relocate it"),
  HAS_PHOTO("media", s -> s.file().thumbnail() != null || (s.command() != null && !s.command().media().isEmpty())
      || !s.settings().photoRequiredChannels().contains(s.file().sourceChannel()) ? null
      : "a case from the channel " + s.file().sourceChannel() + " needs a photo"),
  NOT_FOUND_ABSENT(null, s -> !"NOT_EXISTS".equals(s.file().verificationResult()) ? null
      : "the verification found nothing on site; decline the case or ask for another verification"),
  /** An assisting unit sees the case; the leading one acts. */
  LEADS(null, s -> s.viewer().role() != Role.HANDLER || s.viewer().units().isEmpty() || s.viewer().units().contains(s.file().leadUnitId()) ? null
      : "your unit assists in this case; its leading unit takes this step"),
  SUSPENDED(null, s -> s.file().suspendedAt() != null ? null : "the case is not suspended"),
  NOT_SUSPENDED(null, s -> s.file().suspendedAt() == null ? null : "the case is suspended since " + s.file().suspendedAt() + "; resume it first"),
  HAS_LIMIT(null, s -> s.file().disposalDueAt() != null ? null : "the case has no limit to extend"),
  EXTENSIONS_LEFT(null, s -> s.file().extensionCount() < s.settings().maxExtensions() ? null
      : "the case was extended " + s.file().extensionCount() + " times, which is the most allowed"),
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
      : "who disposed of a case does not check it"),
  PASSED_CHECK(null, s -> "PASS".equals(s.file().checkResult()) ? null : "the case has not passed a check"),
  /** The two axes: who dispatches must not close. */
  NOT_THE_DISPATCHER(null, s -> !s.took(CaseAction.DISPATCH) ? null : "who dispatched a case does not close it"),
  SEVERAL_SIGNALS(null, s -> s.file().signalCount() > 1 ? null : "the case has only one signal"),
  WITHIN_REOPEN_TIME(null, s -> !s.now().isAfter(s.file().stageSince().plus(Duration.ofDays(s.settings().reopenDays()))) ? null
      : "a case may be reopened within " + s.settings().reopenDays() + " days; this one ended at " + s.file().stageSince());

  private final String mendedBy;
  private final Function<Situation, String> test;

  Guard(String mendedBy, Function<Situation, String> test) {
    this.mendedBy = mendedBy;
    this.test = test;
  }

  /** What is missing, in words; empty where the guard lets pass. */
  Optional<String> fault(Situation situation) {
    return Optional.ofNullable(test.apply(situation));
  }

  /** Whether a step that fails here is not even shown: there is nothing to decide, resume or split. */
  boolean hides() {
    return switch (this) {
      case SUSPENDED, EXTENSION_PENDING, SUSPENSION_PENDING, FORCED_CLOSURE_PENDING, SEVERAL_SIGNALS -> true;
      case HAS_KIND, HAS_AREA, HAS_POSITION, HAS_PHOTO, NOT_FOUND_ABSENT, LEADS, NOT_SUSPENDED, HAS_LIMIT, EXTENSIONS_LEFT, NO_EXTENSION_PENDING,
          NOT_WHO_ASKED_EXTENSION, NO_SUSPENSION_PENDING, NOT_WHO_ASKED_SUSPENSION, NO_FORCED_CLOSURE_PENDING, NOT_WHO_ASKED_FORCED_CLOSURE,
          NOT_THE_HANDLER, PASSED_CHECK, NOT_THE_DISPATCHER, WITHIN_REOPEN_TIME -> false;
    };
  }

  /** Field of the form that can supply what is missing. */
  Optional<String> mendedBy() {
    return Optional.ofNullable(mendedBy);
  }

  private static String none(Situation s, Kind kind) {
    return s.request(kind).map(r -> "a request of this kind, by " + r.requestedByName() + ", waits for a decision").orElse(null);
  }

  private static String some(Situation s, Kind kind) {
    return s.request(kind).isPresent() ? null : "no request of this kind waits for a decision";
  }

  private static String another(Situation s, Kind kind) {
    return s.request(kind).filter(r -> s.isViewer(r.requestedBy(), r.requestedByName())).map(r -> "who asked does not decide").orElse(null);
  }
}
