package io.citywide.intake.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Viewer;
import io.citywide.intake.Accepted;
import io.citywide.intake.Accepted.Outcome;
import io.citywide.intake.Decision;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.Reporter;
import io.citywide.intake.SignalDraft;
import io.citywide.intake.SignalQuery;
import io.citywide.intake.SignalView;
import io.citywide.intake.Signals;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** What people do with signals: read them, give a place to those that wait, decline them, see who reported. */
@Component
public class SignalDesk implements Signals {

  private static final int MAX_PAGE = 200;
  private static final int MAX_REASON = 500;

  private final SignalStore signals;
  private final Pipeline pipeline;
  private final AccessLog accessLog;
  private final LiveFeed live;
  private final Clock clock;
  private final TransactionTemplate own;

  SignalDesk(SignalStore signals, Pipeline pipeline, AccessLog accessLog, LiveFeed live, Clock clock, PlatformTransactionManager transactions) {
    this.signals = signals;
    this.pipeline = pipeline;
    this.accessLog = accessLog;
    this.live = live;
    this.clock = clock;
    this.own = new TransactionTemplate(transactions);
    this.own.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    this.own.setReadOnly(true);
  }

  @Override
  @Transactional(readOnly = true)
  public List<SignalView> listByIds(Collection<Long> ids) {
    return ids.isEmpty() ? List.of() : signals.listByIds(ids).stream().map(SignalStore.Row::view).toList();
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<SignalView> find(long id) {
    return signals.find(id).map(SignalStore.Row::view);
  }

  @Override
  public Optional<SignalView> findByTrackingCode(String trackingCode) {
    return Viewer.callAs(Viewer.system("tracking"), () -> own.execute(status -> signals.findByTrackingCode(trackingCode).map(SignalStore.Row::view)));
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<SignalView> findBySource(String sourceSystem, String sourceRef) {
    return signals.findBySource(sourceSystem, sourceRef).map(SignalStore.Row::view);
  }

  @Override
  @Transactional(readOnly = true)
  public Slice<SignalView> list(SignalQuery query) {
    if (query.limit() < 1 || query.limit() > MAX_PAGE) {
      throw new IllegalArgumentException("limit must be 1.." + MAX_PAGE + ", was " + query.limit());
    }
    if (query.after() != null && !query.after().matches("\\d{1,18}")) {
      throw new IllegalArgumentException("after must be a cursor of an earlier page, was '" + query.after() + "'");
    }
    AreaScope scope = query.areaCode() == null || query.areaCode().isBlank() ? Viewer.current().area() : AreaScope.of(query.areaCode());
    return signals.list(query, scope.low(), scope.high());
  }

  @Override
  @Transactional(readOnly = true)
  public List<SignalView> listOfCase(long caseId) {
    return signals.listOfCase(caseId).stream().map(SignalStore.Row::view).toList();
  }

  @Override
  @Transactional
  public int rebind(Collection<Long> signalIds, long toCaseId, String toCaseNo, String why) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    String who = Viewer.current().displayName();
    return signals.rebind(signalIds, toCaseId, toCaseNo, new Decision("match", "REBOUND", "match.rebound", who + "改归 " + toCaseNo + "：" + why,
        Map.of("caseId", toCaseId, "caseNo", toCaseNo, "by", who, "reason", why), now));
  }

  @Override
  @Transactional
  public int rebindCase(long fromCaseId, long toCaseId, String toCaseNo, String why) {
    return rebind(signals.idsOfCase(fromCaseId), toCaseId, toCaseNo, why);
  }

  @Override
  @Transactional(readOnly = true)
  public Map<String, Long> countWaiting() {
    return signals.countWaiting();
  }

  /**
   * Gives a waiting signal its place, from where it goes on as any other.
   *
   * @param kindId {@code null}: as recognised
   */
  public Accepted place(long id, double lon, double lat, String crs, String kindId) {
    Viewer by = Viewer.current();
    return pipeline.asSystem(() -> {
      SignalStore.Row row = waiting(signals.findForUpdate(id).filter(r -> by.area().covers(r.view().areaCode())), id);
      SignalView v = row.view();
      SignalDraft given = SignalDraft.of(v.channel(), v.description()).title(v.title()).at(lon, lat).crs(crs)
          .kindId(kindId == null || kindId.isBlank() ? v.kindId() : kindId).address(v.address()).componentIdent(v.componentIdent())
          .occurredAt(v.occurredAt()).urgency(v.urgency()).reporter(row.reporter()).media(v.media()).attributes(v.attributes()).build();
      Draft draft = new Draft(given, new Viewer(Viewer.Kind.PERSON, row.personId(), null, row.actorName(),
          row.personRole() == null ? null : io.citywide.identity.Role.valueOf(row.personRole()), null, null, Set.of(), Set.of()), v.receivedAt());
      draft.signalId = id;
      draft.trackingCode = row.trackingCode();
      draft.decisions.addAll(v.decisions());
      draft.decide(new Decision("locate", "PLACED", "locate.placed", by.displayName() + "人工定位", Map.of("by", by.displayName(), "lon", lon, "lat", lat),
          clock.instant().truncatedTo(ChronoUnit.MICROS)));
      SignalStore.Stored stored = pipeline.settlePlaced(draft);
      return new Accepted(id, null, stored.outcome(), stored.ref().caseId(), stored.ref().caseNo(), draft.decisions, false);
    });
  }

  /** Ends a waiting signal that is no matter for the city. */
  @Transactional
  public SignalView decline(long id, String reason) {
    if (reason == null || reason.isBlank() || reason.length() > MAX_REASON) {
      throw new ProblemException(IntakeProblem.INVALID, "say in 1 to " + MAX_REASON + " characters why it is declined", Map.of("field", "reason", "bound", MAX_REASON))
          .zh("请填写不予受理的理由，1 至 " + MAX_REASON + " 字");
    }
    SignalStore.Row row = waiting(signals.findForUpdate(id), id);
    String who = Viewer.current().displayName();
    signals.updateState(id, Outcome.DECLINED, new Decision("accept", "DECLINED", "accept.declined", who + "不予受理：" + reason.strip(),
        Map.of("by", who, "reason", reason.strip()), clock.instant().truncatedTo(ChronoUnit.MICROS)));
    live.publish(new Notice("signal", row.view().areaCode(), Set.of(), Map.of("signalId", id, "state", Outcome.DECLINED.name())));
    return signals.find(id).orElseThrow().view();
  }

  /** Who reported, in clear. The look is on record, or there is no look. */
  @Transactional
  public Reporter reveal(long id, String purpose) {
    if (purpose == null || purpose.isBlank() || purpose.length() > MAX_REASON) {
      throw new ProblemException(IntakeProblem.PURPOSE, "say in 1 to " + MAX_REASON + " characters what the data are needed for", Map.of("field", "purpose", "bound", MAX_REASON))
          .zh("请填写查看用途，1 至 " + MAX_REASON + " 字");
    }
    SignalStore.Row row = signals.find(id).orElseThrow(() -> absent(id));
    accessLog.record("personal-data.revealed", "signal:" + id, "done", Map.of("purpose", purpose.strip()));
    return row.reporter() == null ? new Reporter(null, null, null, false) : row.reporter();
  }

  private static SignalStore.Row waiting(Optional<SignalStore.Row> found, long id) {
    SignalStore.Row row = found.orElseThrow(() -> absent(id));
    if (row.view().state() != Outcome.WAITING_PLACE) {
      throw new ProblemException(IntakeProblem.NOT_WAITING, "signal " + id + " does not wait for a place: it is " + row.view().state()
          + (row.view().caseNo() == null ? "" : " (case " + row.view().caseNo() + ")"), Map.of("state", row.view().state().name()))
          .zh("此反映已不在等待定位" + (row.view().caseNo() == null ? "" : "（案件 " + row.view().caseNo() + "）"));
    }
    return row;
  }

  static ProblemException absent(long id) {
    return new ProblemException(IntakeProblem.NOT_FOUND, "there is no signal " + id + " within your scope", Map.of("value", id)).zh("没有此反映，或不在您的可见范围内");
  }
}
