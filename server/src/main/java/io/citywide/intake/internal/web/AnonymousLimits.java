package io.citywide.intake.internal.web;

import io.citywide.intake.IntakeProblem;
import io.citywide.intake.internal.IntakeSettings;
import io.citywide.platform.AddressLimit;
import io.citywide.platform.ProblemException;
import java.time.Clock;
import java.util.Map;
import org.springframework.stereotype.Component;

/** How much one address may send and read without signing in. */
@Component
class AnonymousLimits {

  private final IntakeSettings settings;
  private final AddressLimit reports;
  private final AddressLimit looks;

  AnonymousLimits(IntakeSettings settings, Clock clock) {
    this.settings = settings;
    this.reports = new AddressLimit(settings.anonymousReports(), settings.anonymousWindow(), clock);
    this.looks = new AddressLimit(settings.anonymousLooks(), settings.anonymousWindow(), clock);
  }

  /** @throws ProblemException {@code signal.too-many-reports} with the seconds to wait */
  void take(String address) {
    long seconds = reports.take(address);
    if (seconds > 0) {
      throw new ProblemException(IntakeProblem.TOO_MANY_REPORTS, "at most " + settings.anonymousReports() + " reports and photos within "
          + settings.anonymousWindow().toMinutes() + " minutes are taken from one address; try again in " + seconds + " s",
          Map.of("bound", settings.anonymousReports(), "retryAfterSeconds", seconds))
          .zh("同一网络地址在 " + settings.anonymousWindow().toMinutes() + " 分钟内最多提交 " + settings.anonymousReports() + " 次，请在 " + seconds + " 秒后重试");
    }
  }

  /**
   * A look at a report by its tracking code: also a wrong code counts, so that nobody tries many.
   *
   * @throws ProblemException {@code request.too-many} with the seconds to wait
   */
  void look(String address) {
    looks.require(address);
  }
}
