package io.citywide.cases.internal;

import io.citywide.cases.CaseAction;
import io.citywide.cases.CaseSettings;
import io.citywide.cases.CaseView;
import io.citywide.cases.StepCommand;
import io.citywide.cases.StepRecord;
import io.citywide.identity.Viewer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.util.function.SingletonSupplier;

/**
 * All that a guard may look at. Most guards need only the case itself, so its history and requests are read when first
 * asked for, and once.
 *
 * @param command {@code null} while a form is only offered
 * @param history steps in their order
 * @param requests requests nobody has decided yet
 */
record Situation(CaseView file, StepCommand command, Viewer viewer, Supplier<List<StepRecord>> history, Supplier<List<CaseRequest>> requests,
    CaseSettings settings, Instant now) {

  Situation {
    history = SingletonSupplier.of(history);
    requests = SingletonSupplier.of(requests);
  }

  List<StepRecord> steps() {
    return history.get();
  }

  List<CaseRequest> pending() {
    return requests.get();
  }

  Optional<CaseRequest> request(CaseRequest.Kind kind) {
    return pending().stream().filter(r -> r.kind() == kind).findFirst();
  }

  /** Whether the viewer took a step of that action in this case. */
  boolean took(CaseAction action) {
    return steps().stream().anyMatch(s -> s.action() == action && isViewer(s.personId(), s.personName()));
  }

  /** The last step of that action. */
  Optional<StepRecord> last(CaseAction action) {
    return steps().reversed().stream().filter(s -> s.action() == action).findFirst();
  }

  /** Persons are known by id; a machine by its name. */
  boolean isViewer(Long personId, String name) {
    return personId != null || viewer.personId() != null ? personId != null && personId.equals(viewer.personId()) : viewer.displayName().equals(name);
  }
}
