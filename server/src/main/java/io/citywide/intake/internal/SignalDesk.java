package io.citywide.intake.internal;

import io.citywide.identity.AccessLog;
import io.citywide.identity.AreaScope;
import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Purpose;
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
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private static final int MOST_OF_REPORTER = 50;

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
      throw new ProblemException(PlatformProblem.INVALID, "limit must be 1.." + MAX_PAGE + ", was " + query.limit(), Map.of("field", "limit", "bound", MAX_PAGE));
    }
    if (query.after() != null && !query.after().matches("\\d{1,18}")) {
      throw new ProblemException(PlatformProblem.INVALID, "after must be a cursor of an earlier page, was '" + query.after() + "'", Map.of("field", "after"));
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
    var now = clock.instant();
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
          clock.instant()));
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
        Map.of("by", who, "reason", reason.strip()), clock.instant()));
    accessLog.record("signal.declined", "signal:" + id, "done", Map.of("reason", reason.strip()));
    live.publish(new Notice("signal", row.view().areaCode(), Set.of(), Map.of("signalId", id, "state", Outcome.DECLINED.name())));
    return signals.find(id).orElseThrow().view();
  }

  /**
   * Who reported, in clear.
   *
   * @param attributes what a channel knew of the person besides, such as {@code account_id}
   */
  public record Revealed(String name, String phone, String email, String identityNumber, boolean confidential, Map<String, String> attributes) {}

  /** The look is on record, or there is no look. */
  @Transactional
  public Revealed reveal(long id, Purpose purpose) {
    SignalStore.Row row = signals.find(id).orElseThrow(() -> absent(id)).opened();
    Reporter r = row.reporter() == null ? new Reporter(null, null, null, false) : row.reporter();
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("name", r.name());
    fields.put("phone", r.phone());
    fields.put("email", r.email());
    fields.put("identityNumber", r.identityNumber());
    fields.putAll(row.personalAttributes());
    accessLog.record("personal-data.revealed", "signal:" + id, "done",
        purpose.details(fields.entrySet().stream().filter(f -> f.getValue() != null).map(Map.Entry::getKey).toList()));
    return new Revealed(r.name(), r.phone(), r.email(), r.identityNumber(), r.confidential(), row.personalAttributes());
  }

  /**
   * The newest reports, masked and within sight, of one who gave exactly this telephone number, address or identity
   * number; that somebody asked is on record, not for whom.
   *
   * @throws ProblemException {@link IntakeProblem#REPORTER} unless exactly one is given
   */
  @Transactional
  public List<SignalView> listOfReporter(String phone, String email, String identityNumber) {
    Map<String, String> given = new LinkedHashMap<>();
    given.put("phone", Normal.phone(phone));
    given.put("email", Normal.email(email));
    given.put("identity", Normal.identityNumber(identityNumber));
    given.values().removeIf(Objects::isNull);
    if (given.size() != 1) {
      throw new ProblemException(IntakeProblem.REPORTER, "give one of phone, email, identityNumber; there were " + given.size(), Map.of("field", "phone"))
          .zh("请填写电话、电子邮箱、身份证号之一");
    }
    Map.Entry<String, String> wanted = given.entrySet().iterator().next();
    List<SignalView> found = signals.listOfReporter(wanted.getKey(), wanted.getValue(), MOST_OF_REPORTER);
    accessLog.record("personal-data.looked-up", null, "done", Map.of("by", wanted.getKey(), "found", found.size()));
    return found;
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
