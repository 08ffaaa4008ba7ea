package io.citywide.intake.internal;

import io.citywide.identity.Viewer;
import io.citywide.intake.Accepted;
import io.citywide.intake.Intake;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.SignalDraft;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.CaseWanted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import org.springframework.transaction.event.TransactionalEventListener;

/**
 * Makes signals of the warnings and camera alarms that want a case. The event comes from the outbox, at least once; its source and ref
 * are the natural key by which the pipeline takes it once.
 */
@Component
class CaseWishes {

  private static final Logger log = LoggerFactory.getLogger(CaseWishes.class);

  /** A wish may lose its photos, its kind, its component, its area and its point. */
  private static final int ATTEMPTS = 6;

  private final Intake intake;

  CaseWishes(Intake intake) {
    this.intake = intake;
  }

  // Not @ApplicationModuleListener: the pipeline begins its own transaction.
  @Async
  @TransactionalEventListener
  void on(CaseWanted wanted) {
    Viewer.runAs(Viewer.system(wanted.channel().equals("CAMERA") ? "视频识别" : "物联感知"), () -> {
      Accepted accepted = accept(wanted);
      log.info("{} {} became signal {}, case {} ({})", wanted.source(), wanted.ref(), accepted.signalId(), accepted.caseNo(), accepted.outcome());
    });
  }

  /**
   * What the city does not know any more, such as a component that was removed or a picture that was deleted meanwhile, is left out and
   * said in the attributes: a warning must not wait for it.
   */
  private Accepted accept(CaseWanted wanted) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put(wanted.source() + "Id", wanted.ref());
    SignalDraft draft = SignalDraft.of(wanted.channel(), wanted.description()).source(wanted.source(), wanted.ref()).kindId(wanted.kindId()).title(wanted.title())
        .at(wanted.lon(), wanted.lat()).areaCode(wanted.areaCode()).componentIdent(wanted.componentIdent()).occurredAt(wanted.at())
        .urgency(wanted.urgent() ? "URGENT" : "NORMAL").media(wanted.pictures()).attributes(attributes).build();
    for (int attempt = 1; ; attempt++) {
      try {
        return intake.accept(draft);
      } catch (ProblemException e) {
        SignalDraft less = e.problem() instanceof IntakeProblem problem ? without(problem, draft, attributes) : null;
        if (less == null || attempt == ATTEMPTS) {
          throw e;
        }
        log.warn("{} {} is taken without what was refused: {}", wanted.source(), wanted.ref(), e.getMessage());
        draft = less.toBuilder().attributes(attributes).build();
      }
    }
  }

  private static SignalDraft without(IntakeProblem problem, SignalDraft draft, Map<String, String> attributes) {
    return switch (problem) {
      case UNKNOWN_MEDIA -> {
        attributes.put("picturesGone", String.join(" ", draft.media()));
        yield draft.toBuilder().media(List.of()).build();
      }
      case UNKNOWN_KIND -> {
        attributes.put("kindWanted", String.valueOf(draft.kindId()));
        yield draft.toBuilder().kindId(null).build();
      }
      case UNKNOWN_COMPONENT -> {
        attributes.put("componentWanted", String.valueOf(draft.componentIdent()));
        yield draft.toBuilder().componentIdent(null).build();
      }
      case UNKNOWN_AREA -> {
        attributes.put("areaWanted", String.valueOf(draft.areaCode()));
        yield draft.toBuilder().areaCode(null).build();
      }
      case OUTSIDE_CITY, COORDINATES, COORDINATES_SWAPPED -> {
        attributes.put("positionWanted", draft.lon() + "," + draft.lat());
        yield draft.toBuilder().at(null, null).build();
      }
      case FUTURE -> draft.toBuilder().occurredAt(null).build();
      case INVALID, DESCRIPTION, COORDINATE_SYSTEM, REPORTER, KEY_REQUIRED, KEY_REUSED, FOREIGN_ORIGIN, NOT_FOUND, NOT_WAITING, NO_PLACE, TOO_MANY_ROWS,
          TOO_MANY_REPORTS, NOT_RATEABLE, MEDIA_TYPE, MEDIA_TOO_LARGE, MEDIA_UNREADABLE, MEDIA_NOT_FOUND -> null;
    };
  }
}
