package io.citywide.intake.internal;

import io.citywide.identity.LiveFeed;
import io.citywide.identity.Notice;
import io.citywide.identity.Viewer;
import io.citywide.intake.Accepted;
import io.citywide.intake.Accepted.Outcome;
import io.citywide.intake.BatchResult;
import io.citywide.intake.BatchResult.Rejected;
import io.citywide.intake.Decision;
import io.citywide.intake.History;
import io.citywide.intake.Intake;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.SignalDraft;
import io.citywide.intake.internal.evidence.MediaStore;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.CaseRef;
import io.citywide.intake.spi.HistoricCase;
import io.citywide.platform.DatabaseSettings;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.context.annotation.Lazy;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The one way from a draft to a case, whatever the channel: accept → locate → recognise → match, in one transaction. */
@Component
class Pipeline implements Intake {

  static final int MAX_BATCH = 1_000;
  private static final int ATTEMPTS = 3;

  /** Reports that wait for a connection: at a few milliseconds each the last of them waits about a second. */
  private static final int WAITING_AT_MOST = 250;

  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final TransactionTemplate transaction;
  private final Clock clock;
  private final AcceptStep accept;
  private final LocateStep locate;
  private final RecogniseStep recognise;
  private final MatchStep match;
  private final SignalStore signals;
  private final MediaStore media;
  private final CaseDesk desk;
  private final LiveFeed live;
  private final IntakeMeters meters;

  /**
   * Reports of one place wait for each other while each holds a connection. Half of the pool is the most they may hold,
   * so that a storm of reports never keeps people from reading.
   */
  private final Semaphore connections;

  Pipeline(TransactionTemplate transaction, Clock clock, AcceptStep accept, LocateStep locate, RecogniseStep recognise, MatchStep match,
      SignalStore signals, MediaStore media, @Lazy CaseDesk desk, LiveFeed live, IntakeMeters meters, DatabaseSettings database) {
    this.transaction = transaction;
    this.clock = clock;
    this.accept = accept;
    this.locate = locate;
    this.recognise = recognise;
    this.match = match;
    this.signals = signals;
    this.media = media;
    this.desk = desk;
    this.live = live;
    this.meters = meters;
    this.connections = new Semaphore(Math.max(1, database.poolSize() / 2), true);
  }

  @Override
  public Accepted accept(SignalDraft given) {
    Viewer by = Viewer.current();
    return again(() -> {
      Draft draft = new Draft(given, by, now());
      Accepted before = findRepeated(draft);
      if (before != null) {
        return before;
      }
      accept.apply(draft);
      media.check(given.media(), by);
      locate.apply(draft);
      recognise.apply(draft);
      name(List.of(draft));
      match.lock(List.of(draft));
      SignalStore.Stored stored = given.history() == null ? settle(draft) : settleHistoric(List.of(draft)).getFirst();
      signals.insert(List.of(stored));
      media.holdForSignal(given.media(), draft.signalId);
      tell(stored);
      return answer(stored);
    });
  }

  @Override
  public BatchResult acceptAll(List<SignalDraft> given) {
    if (given.size() > MAX_BATCH) {
      throw new ProblemException(IntakeProblem.TOO_MANY_ROWS, "a batch has at most " + MAX_BATCH + " rows, this one " + given.size(),
          Map.of("value", given.size(), "bound", MAX_BATCH));
    }
    Viewer by = Viewer.current();
    return again(() -> {
      Instant now = now();
      List<Read> rows = new ArrayList<>(given.size());
      for (int i = 0; i < given.size(); i++) {
        rows.add(read(i, given.get(i), by, now));
      }
      Set<String> taken = knownSources(given);
      List<Draft> drafts = new ArrayList<>();
      List<Rejected> rejected = new ArrayList<>();
      int duplicates = 0;
      for (int i = 0; i < given.size(); i++) {
        SignalDraft one = given.get(i);
        String source = one == null || one.sourceRef() == null ? null : one.sourceSystem() + "\u001f" + one.sourceRef();
        if (source != null && taken.contains(source)) {
          duplicates++;
          continue;
        }
        switch (rows.get(i)) {
          case Read.Bad(Rejected why) -> rejected.add(why);
          case Read.Good(Draft draft) -> {
            drafts.add(draft);
            if (source != null) {
              taken.add(source);
            }
          }
        }
      }
      return settleAll(drafts, duplicates, rejected);
    });
  }

  /** A row of a batch, judged by itself. */
  private sealed interface Read {
    record Good(Draft draft) implements Read {}

    record Bad(Rejected why) implements Read {}
  }

  private Read read(int index, SignalDraft one, Viewer by, Instant now) {
    try {
      if (one == null) {
        throw new ProblemException(IntakeProblem.INVALID, "the row is empty");
      }
      Draft draft = new Draft(one.toBuilder().idempotencyKey(null).build(), by, now);
      accept.apply(draft);
      media.check(one.media(), by);
      locate.apply(draft);
      recognise.apply(draft);
      return new Read.Good(draft);
    } catch (ProblemException e) {
      return new Read.Bad(new Rejected(index, (String) e.extras().get("field"), e.problem().code(), e.getMessage()));
    }
  }

  private BatchResult settleAll(List<Draft> drafts, int duplicates, List<Rejected> rejected) {
    name(drafts);
    List<Draft> historic = drafts.stream().filter(d -> d.given.history() != null).toList();
    List<Draft> fresh = drafts.stream().filter(d -> d.given.history() == null).toList();
    match.lock(fresh);
    List<SignalStore.Stored> stored = new ArrayList<>(settleHistoric(historic));
    fresh.forEach(draft -> stored.add(settle(draft)));
    if (!stored.isEmpty()) {
      signals.insert(stored);
    }
    drafts.stream().filter(d -> !d.given.media().isEmpty()).forEach(d -> media.holdForSignal(d.given.media(), d.signalId));
    Map<Outcome, Integer> counts = new TreeMap<>();
    stored.forEach(s -> counts.merge(s.outcome(), 1, Integer::sum));
    if (counts.containsKey(Outcome.WAITING_PLACE)) {
      stored.stream().filter(s -> s.outcome() == Outcome.WAITING_PLACE).map(s -> s.draft().areaCode).distinct().forEach(area ->
          live.publish(new Notice("signal", area, Set.of(), Map.of("state", Outcome.WAITING_PLACE.name()))));
    }
    BatchResult result = new BatchResult(stored.size(), counts.getOrDefault(Outcome.OPENED, 0), counts.getOrDefault(Outcome.JOINED, 0),
        counts.getOrDefault(Outcome.WAITING_PLACE, 0), duplicates, rejected);
    afterCommit(() -> {
      stored.forEach(meters::accepted);
      meters.imported(result);
    });
    return result;
  }

  private static void afterCommit(Runnable counting) {
    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
      @Override
      public void afterCommit() {
        counting.run();
      }
    });
  }

  private List<SignalStore.Stored> settleHistoric(List<Draft> historic) {
    if (historic.isEmpty()) {
      return List.of();
    }
    historic.forEach(d -> d.decide(new Decision("match", "OPENED", "match.history", "历史案件，原样转入，不参与并案", Map.of(), d.receivedAt)));
    List<CaseRef> refs = desk.importCases(historic.stream().map(Pipeline::historicCase).toList());
    List<SignalStore.Stored> stored = new ArrayList<>(historic.size());
    for (int i = 0; i < historic.size(); i++) {
      stored.add(new SignalStore.Stored(historic.get(i), Outcome.OPENED, refs.get(i)));
    }
    return stored;
  }

  private static HistoricCase historicCase(Draft d) {
    SignalDraft g = d.given;
    History h = g.history();
    String status = h.status() != null ? h.status() : h.closedAt() == null ? "OPEN" : "CLOSED";
    return new HistoricCase(d.signalId, g.sourceSystem(), g.sourceRef(), d.kindId(), d.title, g.description(), d.lon, d.lat, d.gridKey,
        d.areaCode, g.address(), g.componentIdent(), d.urgency, g.channel(), h.openedAt(), h.targetAt(), h.closedAt(), status, h.unitName(), h.closure());
  }

  /** Goes on with a signal that a person gave a place; the caller holds the row and has checked the viewer. */
  SignalStore.Stored settlePlaced(Draft draft) {
    accept.apply(draft);
    locate.apply(draft);
    recognise.apply(draft);
    match.lock(List.of(draft));
    SignalStore.Stored stored = settle(draft);
    signals.updatePlaced(stored);
    tell(stored);
    return stored;
  }

  private SignalStore.Stored settle(Draft draft) {
    if (!draft.hasPoint()) {
      return new SignalStore.Stored(draft, Outcome.WAITING_PLACE, null);
    }
    MatchStep.Placed placed = match.apply(draft);
    return new SignalStore.Stored(draft, placed.outcome(), placed.ref());
  }

  private void tell(SignalStore.Stored stored) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("signalId", stored.draft().signalId);
    data.put("state", stored.outcome().name());
    data.put("areaCode", stored.draft().areaCode);
    if (stored.ref() != null) {
      data.put("caseId", stored.ref().caseId());
    }
    live.publish(new Notice("signal", stored.draft().areaCode, Set.of(), data));
    afterCommit(() -> meters.accepted(stored));
  }

  private static Accepted answer(SignalStore.Stored stored) {
    CaseRef ref = stored.ref();
    return new Accepted(stored.draft().signalId, stored.draft().trackingCode, stored.outcome(), ref == null ? null : ref.caseId(),
        ref == null ? null : ref.caseNo(), stored.draft().decisions, false);
  }

  /** The answer given before to the same key or natural key; reports that bring the same one wait for each other here. */
  private Accepted findRepeated(Draft draft) {
    SignalDraft g = draft.given;
    SignalStore.Known known = null;
    if (g.idempotencyKey() != null) {
      signals.lockKey("key", draft.caller(), g.idempotencyKey());
      known = signals.byKey(draft.caller(), g.idempotencyKey()).orElse(null);
      if (known != null && !signals.same(known, g)) {
        throw new ProblemException(IntakeProblem.KEY_REUSED, "the Idempotency-Key '" + g.idempotencyKey() + "' was used before for another report; send a new key for a new report",
            Map.of("field", "Idempotency-Key")).zh("此反映已经提交过，但内容有所不同；请作为新的反映重新提交");
      }
    }
    if (known == null && g.sourceSystem() != null && g.sourceRef() != null) {
      signals.lockKey("source", g.sourceSystem(), g.sourceRef());
      known = signals.bySource(g.sourceSystem(), g.sourceRef()).orElse(null);
    }
    return known == null ? null : repeated(draft, known);
  }

  /** The reporter's secret goes to who brought the report alone; where it is and became to those who would see it. */
  private static Accepted repeated(Draft draft, SignalStore.Known known) {
    boolean own = known.caller().equals(draft.caller());
    if (!own && !draft.by.sees(known.areaCode(), Set.of())) {
      throw new ProblemException(IntakeProblem.KEY_REUSED, "'" + draft.given.sourceRef() + "' of " + draft.given.sourceSystem()
          + " was brought before by somebody else, outside your area", Map.of("field", "sourceRef")).zh("此来源编号的反映已由他人在您的区域之外提交");
    }
    return new Accepted(known.id(), own ? known.trackingCode() : null, known.state(), known.caseId(), known.caseNo(), known.decisions(), true);
  }

  private Set<String> knownSources(List<SignalDraft> given) {
    Map<String, Set<String>> refs = new TreeMap<>();
    given.stream().filter(Objects::nonNull).filter(d -> d.sourceSystem() != null && d.sourceRef() != null)
        .forEach(d -> refs.computeIfAbsent(d.sourceSystem(), k -> new TreeSet<>()).add(d.sourceRef()));
    Set<String> known = new HashSet<>();
    refs.forEach((system, of) -> {
      signals.knownRefs(system, of).forEach(ref -> known.add(system + "\u001f" + ref));
    });
    return known;
  }

  private void name(List<Draft> drafts) {
    if (drafts.isEmpty()) {
      return;
    }
    List<Long> ids = signals.nextIds(drafts.size());
    for (int i = 0; i < drafts.size(); i++) {
      drafts.get(i).signalId = ids.get(i);
      drafts.get(i).trackingCode = trackingCode();
    }
  }

  /** 130 random bits in 26 characters that can be read out on the telephone. */
  static String trackingCode() {
    StringBuilder code = new StringBuilder(26);
    for (int i = 0; i < 26; i++) {
      code.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return code.toString();
  }

  private Instant now() {
    return clock.instant();
  }

  /**
   * As {@link #asSystem}. Two batches, or a batch and a report, may bring the same row at the same moment: the unique index
   * lets one of them through, and the other begins anew and finds it taken.
   */
  private <T> T again(Supplier<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return asSystem(work);
      } catch (DuplicateKeyException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** In a transaction that sees every open case around, also outside the caller's scope. */
  <T> T asSystem(Supplier<T> work) {
    if (TransactionSynchronizationManager.isActualTransactionActive()) {
      throw new IllegalStateException("intake begins its own transaction and must not be called within another");
    }
    if (connections.getQueueLength() >= WAITING_AT_MOST) {
      throw new ProblemException(PlatformProblem.BUSY, "more reports wait than can be taken soon; nothing was changed. Send the same again in a second",
          Map.of("retryAfterSeconds", 1)).zh("当前上报过多，未作任何更改，请稍后原样重新提交");
    }
    connections.acquireUninterruptibly();
    try {
      return Viewer.callAs(Viewer.system("intake"), () -> transaction.execute(status -> work.get()));
    } finally {
      connections.release();
    }
  }
}
