package io.citywide.intake.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Purpose;
import io.citywide.identity.Requires;
import io.citywide.identity.Viewer;
import io.citywide.intake.Accepted;
import io.citywide.intake.BatchResult;
import io.citywide.intake.Intake;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.SignalDraft;
import io.citywide.intake.SignalQuery;
import io.citywide.intake.SignalView;
import io.citywide.intake.Signals;
import io.citywide.intake.internal.SignalDesk;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Reports from the console, from hotlines and partner systems; and what people do with those that wait. */
@RestController
class SignalController {

  private static final int MAX_BATCH_BYTES = 32 << 20;

  private final Intake intake;
  private final SignalDesk signals;
  private final Signals all;
  private final SignalRows rows;

  SignalController(Intake intake, SignalDesk signals, Signals all, SignalRows rows) {
    this.intake = intake;
    this.signals = signals;
    this.all = all;
    this.rows = rows;
  }

  /** Where a person puts a signal. */
  record Placing(Double lon, Double lat, String crs, String kindId) {}

  record Reason(String reason) {}

  /** One of the three: whom to look for. */
  record Wanted(String phone, String email, String identityNumber) {}

  @Requires(Permission.SIGNAL_REPORT)
  @PostMapping("/api/signals")
  @ResponseStatus(HttpStatus.CREATED)
  Accepted report(@RequestBody SignalDraft body, @RequestHeader(name = "Idempotency-Key", required = false) String key) {
    Viewer viewer = Viewer.current();
    boolean machine = viewer.kind() == Viewer.Kind.MACHINE;
    if (machine && (key == null || key.isBlank())) {
      throw new ProblemException(IntakeProblem.KEY_REQUIRED, "a machine sends each report with a header Idempotency-Key of its own, so that sending it again changes nothing",
          Map.of("field", "Idempotency-Key"));
    }
    if (body.history() != null) {
      viewer.require(Permission.SIGNAL_IMPORT);
    }
    SignalDraft.Builder draft = body.toBuilder().idempotencyKey(key == null || key.isBlank() ? null : key.strip());
    return intake.accept(Origin.bind(draft.build(), viewer, machine ? "PARTNER" : "CONSOLE"));
  }

  @Requires(Permission.SIGNAL_IMPORT)
  @PostMapping("/api/signals:batch")
  BatchResult batch(InputStream body, @RequestHeader(name = "Idempotency-Key", required = false) String key) throws IOException {
    byte[] bytes = body.readNBytes(MAX_BATCH_BYTES + 1);
    if (bytes.length > MAX_BATCH_BYTES) {
      throw new ProblemException(IntakeProblem.TOO_MANY_ROWS, "a batch has at most " + MAX_BATCH_BYTES + " bytes", Map.of("bound", MAX_BATCH_BYTES));
    }
    return rows.accept(bytes, key, Viewer.current(), intake);
  }

  @Requires(Permission.SIGNAL_READ)
  @GetMapping("/api/signals")
  Slice<SignalView> list(@RequestParam(required = false) Accepted.Outcome state, @RequestParam(required = false) String channel,
      @RequestParam(required = false) String kindId, @RequestParam(required = false) String areaCode, @RequestParam(required = false) String q,
      @RequestParam(required = false) Instant from, @RequestParam(required = false) Instant to,
      @RequestParam(defaultValue = "50") int limit, @RequestParam(required = false) String after) {
    return signals.list(new SignalQuery(state, channel == null ? Set.of() : Set.of(channel), kindId == null ? Set.of() : Set.of(kindId), areaCode, q, from, to, limit, after));
  }

  @Requires(Permission.SIGNAL_READ)
  @GetMapping("/api/signals/{id}")
  SignalView find(@PathVariable long id) {
    return signals.find(id).orElseThrow(() -> absent(id));
  }

  /** By the number that the system it came from gave it. */
  @Requires(Permission.SIGNAL_READ)
  @GetMapping("/api/signals/of-source")
  SignalView ofSource(@RequestParam String system, @RequestParam String ref) {
    return all.findBySource(system, ref).orElseThrow(() -> new ProblemException(IntakeProblem.NOT_FOUND, "there is no signal '" + ref + "' of " + system + " within your scope",
        Map.of("value", ref)).zh("没有此反映，或不在您的可见范围内"));
  }

  @Requires(Permission.SIGNAL_TRIAGE)
  @PostMapping("/api/signals/{id}/place")
  Accepted place(@PathVariable long id, @RequestBody Placing body) {
    if (body.lon() == null || body.lat() == null) {
      throw new ProblemException(IntakeProblem.NO_PLACE, "lon and lat say where it is", Map.of("field", body.lon() == null ? "lon" : "lat")).zh("请选择位置");
    }
    return signals.place(id, body.lon(), body.lat(), body.crs(), body.kindId());
  }

  @Requires(Permission.SIGNAL_TRIAGE)
  @PostMapping("/api/signals/{id}/decline")
  SignalView decline(@PathVariable long id, @RequestBody Reason body) {
    return signals.decline(id, body.reason());
  }

  @Requires(Permission.PERSONAL_DATA_REVEAL)
  @PostMapping("/api/signals/{id}/reveal")
  SignalDesk.Revealed reveal(@PathVariable long id, @RequestBody Purpose purpose) {
    return signals.reveal(id, purpose);
  }

  /** Has this caller reported before? In a body, as addresses of requests end in logs. */
  @Requires(Permission.PERSONAL_DATA_REVEAL)
  @PostMapping("/api/signals/of-reporter")
  List<SignalView> ofReporter(@RequestBody Wanted wanted) {
    return signals.listOfReporter(wanted.phone(), wanted.email(), wanted.identityNumber());
  }

  private static ProblemException absent(long id) {
    return new ProblemException(IntakeProblem.NOT_FOUND, "there is no signal " + id + " within your scope", Map.of("value", id)).zh("没有此反映，或不在您的可见范围内");
  }
}
