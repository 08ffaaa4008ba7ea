package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.identity.UnitRef;
import io.citywide.identity.Units;
import io.citywide.identity.Viewer;
import io.citywide.intake.Evidence;
import io.citywide.intake.SignalView;
import io.citywide.intake.Signals;
import io.citywide.platform.ServerSettings;
import io.citywide.sensing.SceneClear;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A later picture proves that a case is done: where its leading unit allows it, the check is passed with the pair of pictures as evidence.
 * The event comes from the outbox, at least once; a case that is not disposed of, or no longer, is left as it is. What cameras alone
 * reported a picture may prove; where people reported too, people check. Where one of the two pictures is missing, nothing is proved. A check
 * that a person has undone is not passed again.
 */
@Component
class SceneProof {

  private static final Logger log = LoggerFactory.getLogger(SceneProof.class);

  private final Cases cases;
  private final Signals signals;
  private final Evidence evidence;
  private final Units units;
  private final TransactionTemplate transaction;
  private final DateTimeFormatter minutes;

  SceneProof(Cases cases, Signals signals, Evidence evidence, Units units, PlatformTransactionManager transactions, ServerSettings server) {
    this.cases = cases;
    this.signals = signals;
    this.evidence = evidence;
    this.units = units;
    this.transaction = new TransactionTemplate(transactions);
    this.minutes = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(server.zone());
  }

  // Not @ApplicationModuleListener: its transaction would begin before the system is the viewer, and see nothing.
  @Async
  @TransactionalEventListener
  void on(SceneClear clear) {
    Viewer.runAs(Viewer.system("cameras"), () -> transaction.executeWithoutResult(status -> answer(clear)));
  }

  private void answer(SceneClear clear) {
    Optional<Long> caseId = signals.findBySource(clear.source(), clear.ref()).map(SignalView::caseId);
    Optional<CaseView> found = caseId.flatMap(cases::findCase);
    if (found.isEmpty()) {
      return; // not a case yet, so nothing that was done could be proved
    }
    CaseView file = found.get();
    Optional<String> against = against(file, clear);
    if (against.isPresent()) {
      log.debug("the picture {} does not pass the check of case {}: {}", clear.after(), file.caseNo(), against.get());
      return;
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("automatic", true);
    details.put("camera", clear.camera());
    details.put("class", clear.classNameZh());
    details.put("pictureBefore", clear.before());
    details.put("pictureAfter", clear.after());
    details.put("pictureAt", clear.at().toString());
    details.put("whyEn", "camera " + clear.camera() + " shows nothing of '" + clear.classNameEn() + "' at " + clear.at() + ", after the disposal; the unit allows such a picture to pass the check");
    StepCommand command = new StepCommand(CaseAction.CHECK, file.version(), "摄像机 " + clear.camera() + " 在处置后（" + minutes.format(clear.at()) + "）的画面中已无" + clear.classNameZh()
        + "，按主办单位授权自动通过核查；如有异议，值班长可撤销", List.of(clear.before(), clear.after()), null, null, null, null, null, null, null, null, "PASS", null, null, null, null, details);
    switch (cases.take(file.id(), command)) {
      case Step.Taken taken -> log.info("case {} passed its check by the picture {}", file.caseNo(), clear.after());
      case Step.Refused refused -> log.info("case {} did not pass its check by a picture: {}", file.caseNo(), refused.detail().en());
    }
  }

  /** What stands against it; empty where nothing does. */
  private Optional<String> against(CaseView file, SceneClear clear) {
    if (file.stage() != CaseStage.DISPOSED) {
      return Optional.of("it is " + file.stage());
    }
    if (file.disposedAt() == null || !clear.at().isAfter(file.disposedAt())) {
      return Optional.of("it was taken before the disposal");
    }
    if (!allowed(file.leadUnitId(), clear)) {
      return Optional.of("the leading unit does not allow it");
    }
    if (!signals.listOfCase(file.id()).stream().map(SignalView::channel).allMatch("CAMERA"::equals)) {
      return Optional.of("not only cameras reported it");
    }
    if (cases.listSteps(file.id()).stream().anyMatch(s -> s.action() == CaseAction.REOPEN && s.fromStage() == CaseStage.CHECKED)) {
      return Optional.of("a person has undone such a check");
    }
    if (clear.before() == null) {
      return Optional.of("no picture came with the alarm, so there is no pair");
    }
    return Stream.of(clear.before(), clear.after()).filter(picture -> evidence.find(picture).isEmpty()).findFirst()
        .map(gone -> "the picture " + gone + (gone.equals(clear.before()) ? " of the alarm" : " that shows nothing") + " is deleted, so there is no pair");
  }

  /** A unit, or one above it. */
  private boolean allowed(Long unitId, SceneClear clear) {
    for (Long id = unitId; id != null; id = units.findUnit(id).map(UnitRef::parentId).orElse(null)) {
      if (clear.units().contains(id)) {
        return true;
      }
    }
    return false;
  }
}
