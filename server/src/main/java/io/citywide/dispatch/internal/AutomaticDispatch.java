package io.citywide.dispatch.internal;

import io.citywide.cases.CaseFiled;
import io.citywide.cases.CaseStage;
import io.citywide.cases.CaseView;
import io.citywide.cases.Cases;
import io.citywide.cases.Step;
import io.citywide.cases.StepCommand;
import io.citywide.dispatch.Suggestion;
import io.citywide.identity.Viewer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Dispatches filed cases by the matrix where the switch is on. The event comes from the outbox, at least once; each
 * filing of a case is answered once: the case must still stand where the event left it, its row is taken with its
 * version, and what was done is kept in {@code dispatch_automatic}.
 */
@Component
class AutomaticDispatch {

  private enum Outcome {
    DISPATCHED,
    NO_RULE,
    MOVED_ON,
    REFUSED
  }

  private static final Logger log = LoggerFactory.getLogger(AutomaticDispatch.class);

  private final Cases cases;
  private final Advice advice;
  private final JdbcClient jdbc;
  private final Clock clock;
  private final ApplicationEventPublisher events;
  private final TransactionTemplate transaction;
  private final Map<Outcome, Counter> decisions = new EnumMap<>(Outcome.class);

  AutomaticDispatch(Cases cases, Advice advice, JdbcClient jdbc, Clock clock, ApplicationEventPublisher events, PlatformTransactionManager transactions,
      MeterRegistry meters) {
    this.cases = cases;
    this.advice = advice;
    this.jdbc = jdbc;
    this.clock = clock;
    this.events = events;
    this.transaction = new TransactionTemplate(transactions);
    for (Outcome outcome : Outcome.values()) {
      decisions.put(outcome, Counter.builder("citywide.dispatch.decisions").description("Automatic dispatch by outcome").tag("outcome", outcome.name()).register(meters));
    }
  }

  /**
   * A case of a kind that no switch is on for need not go through the outbox. What is not known for sure here does: the
   * switch is asked again when it is answered.
   */
  @EventListener
  void filter(CaseFiled filed) {
    if (advice.mayBeAutomatic(filed.kindId(), filed.areaCode())) {
      events.publishEvent(new Due(filed.caseId(), filed.caseNo(), filed.areaCode(), filed.at()));
    }
  }

  /** A case was filed that a rule may dispatch. */
  record Due(long caseId, String caseNo, String areaCode, Instant at) {}

  // Not @ApplicationModuleListener: its transaction would begin before the system is the viewer, and see nothing.
  @Async
  @TransactionalEventListener
  void on(Due filed) {
    Viewer.runAs(Viewer.system("dispatch"), () -> transaction.executeWithoutResult(status -> answer(filed)));
  }

  private void answer(Due filed) {
    if (answered(filed)) {
      return;
    }
    Optional<CaseView> found = cases.findCase(filed.caseId());
    if (found.isEmpty()) {
      log.warn("case {} was filed but is not there", filed.caseNo());
      return;
    }
    CaseView file = found.get();
    Suggestion suggestion = advice.suggest(file);
    if (!suggestion.automatic()) {
      return;
    }
    if (file.stage() != CaseStage.FILED || !same(file.stageSince(), filed.at())) {
      keep(filed, Outcome.MOVED_ON, null, "the case moved on and stands at " + file.stage() + " since " + file.stageSince());
    } else if (suggestion.leadUnit() == null) {
      keep(filed, Outcome.NO_RULE, null, suggestion.words());
    } else {
      dispatch(filed, file, suggestion);
    }
  }

  private void dispatch(Due filed, CaseView file, Suggestion suggestion) {
    StepCommand command = StepCommand.dispatch(
            suggestion.leadUnit().id(),
            suggestion.assistUnits().stream().map(Suggestion.Unit::id).toList(),
            suggestion.words(),
            suggestion.ruleId() == null ? Map.of("automatic", true, "reasons", suggestion.why())
                : Map.of("automatic", true, "ruleId", suggestion.ruleId(), "reasons", suggestion.why()))
        .at(file.version());
    switch (cases.take(file.id(), command)) {
      case Step.Taken taken -> keep(filed, Outcome.DISPATCHED, suggestion.ruleId(), suggestion.words());
      case Step.Refused refused -> {
        log.info("case {} was not dispatched automatically: {}", filed.caseNo(), refused.detail().en());
        keep(filed, Outcome.REFUSED, suggestion.ruleId(), refused.detail().in(Locale.CHINESE));
      }
    }
  }

  private boolean answered(Due filed) {
    return jdbc.sql("SELECT EXISTS (SELECT 1 FROM dispatch_automatic WHERE case_id = :case AND filed_at = :filed)")
        .param("case", filed.caseId())
        .param("filed", filed.at().atOffset(ZoneOffset.UTC))
        .query(Boolean.class)
        .single();
  }

  private void keep(Due filed, Outcome outcome, Long ruleId, String why) {
    decisions.get(outcome).increment();
    jdbc.sql(
            """
            INSERT INTO dispatch_automatic (case_id, filed_at, area_code, outcome, rule_id, why, at)
            VALUES (:case, :filed, :area, :outcome, :rule, :why, :at) ON CONFLICT DO NOTHING
            """)
        .param("case", filed.caseId())
        .param("filed", filed.at().atOffset(ZoneOffset.UTC))
        .param("area", filed.areaCode())
        .param("outcome", outcome.name())
        .param("rule", ruleId)
        .param("why", why)
        .param("at", clock.instant().atOffset(ZoneOffset.UTC))
        .update();
  }

  /** The database keeps microseconds. */
  private static boolean same(Instant stored, Instant told) {
    return stored != null && Duration.between(stored, told).abs().compareTo(Duration.ofMillis(1)) < 0;
  }
}
