package io.citywide.intake.internal;

import io.citywide.identity.Viewer;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.SignalView;
import io.citywide.intake.spi.CaseDesk;
import io.citywide.intake.spi.CaseProgress;
import io.citywide.platform.ProblemException;
import java.util.Optional;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** What the holder of a tracking code may see and do: this one report and what became of it. */
@Component
public class Tracking {

  private final SignalStore signals;
  private final CaseDesk desk;
  private final TransactionTemplate transaction;

  Tracking(SignalStore signals, @Lazy CaseDesk desk, TransactionTemplate transaction) {
    this.signals = signals;
    this.desk = desk;
    this.transaction = transaction;
  }

  /** A report and the case it belongs to. */
  public record Followed(SignalView signal, Optional<CaseProgress> progress) {}

  /** @throws ProblemException {@code signal.not-found} for an unknown code */
  public Followed find(String trackingCode) {
    return Viewer.callAs(Viewer.system("tracking"), () -> transaction.execute(status -> followed(trackingCode)));
  }

  /** @param satisfied {@code YES}, {@code PARTLY} or {@code NO} */
  public Followed rate(String trackingCode, String satisfied, String text) {
    return Viewer.callAs(Viewer.system("citizen"), () -> transaction.execute(status -> {
      Followed followed = followed(trackingCode);
      if (followed.progress().isEmpty() || !followed.progress().get().rateable()) {
        throw new ProblemException(IntakeProblem.NOT_RATEABLE, "the result can be judged once the case is closed").zh("案件结案后才能评价");
      }
      desk.rate(followed.signal().caseId(), satisfied, text);
      return followed(trackingCode);
    }));
  }

  private Followed followed(String trackingCode) {
    SignalView signal = signals.findByTrackingCode(trackingCode).map(SignalStore.Row::view)
        .orElseThrow(() -> new ProblemException(IntakeProblem.NOT_FOUND, "no report has this tracking code").zh("没有此查询码对应的反映"));
    return new Followed(signal, signal.caseId() == null ? Optional.empty() : desk.progress(signal.caseId()));
  }
}
