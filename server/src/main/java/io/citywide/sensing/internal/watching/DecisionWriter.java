package io.citywide.sensing.internal.watching;

import io.citywide.sensing.internal.observations.LogPosition;
import io.citywide.sensing.internal.watching.Judge.Told;
import io.citywide.sensing.internal.watching.Operation.Done;
import io.citywide.watch.Decision;
import io.citywide.watch.Rule;
import io.citywide.watch.RuleReader;
import io.citywide.watch.RuleReading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes down what a term decided, in one transaction with how far the watch has come. For one thread. */
final class DecisionWriter {

  private static final Logger log = LoggerFactory.getLogger(DecisionWriter.class);

  /**
   * What is written down together.
   *
   * @param ends of warnings that people ended
   * @param position of the log, up to which it was judged
   * @param upTo number of the last operation that was done
   * @param state {@code null}: it is not saved this time
   */
  record Work(List<Decision> decisions, List<Done> operations, List<Long> ends, long position, long upTo, byte[] state) {}

  private final Term.Means means;
  private final TransactionTemplate transaction;
  private final long term;
  /** By rule, and by {@code rule@version}. */
  private final Map<String, Told> told = new HashMap<>();
  private volatile boolean over;
  private volatile String trouble;

  DecisionWriter(Term.Means means, TransactionTemplate transaction, long term) {
    this.means = means;
    this.transaction = transaction;
    this.term = term;
  }

  /** Whether another server leads by now. For any thread. */
  boolean over() {
    return over;
  }

  /** What keeps it from writing; {@code null}: nothing. For any thread. */
  String trouble() {
    return trouble;
  }

  /**
   * Tries until it is written down; {@code false} where it cannot be any more.
   *
   * @param closed whether the term ends: then it is not tried for long
   */
  boolean write(Work work, BooleanSupplier closed) {
    List<byte[]> parts = work.state() == null ? List.of() : WatchStore.pack(work.state());
    for (int failures = 0; ; failures++) {
      try {
        transaction.executeWithoutResult(status -> put(work, parts));
        trouble = null;
        return true;
      } catch (WatchStore.Deposed e) {
        log.warn("another server leads the watch by now; what this one decided since is left to it");
        over = true;
        return false;
      } catch (RuntimeException e) {
        // Nothing is lost: it is tried again, and after a restart decided again.
        if (failures == 0) {
          log.error("what the watch decided could not be written down; it is tried again", e);
        }
        trouble = e.getMessage();
        if (closed.getAsBoolean() && failures > 2) {
          return false;
        }
        try {
          Thread.sleep(Math.min(5_000, 100L << Math.min(failures, 6)));
        } catch (InterruptedException stop) {
          return false;
        }
      }
    }
  }

  private void put(Work work, List<byte[]> parts) {
    means.store().advance(term, work.position(), work.upTo());
    if (!work.decisions().isEmpty()) {
      learn(work.decisions());
      means.book().ifAvailable(book -> book.apply(means.judge().judge(work.decisions(), told)));
    }
    means.store().journal(work.operations());
    means.store().forgetEnded(work.ends());
    if (work.state() != null) {
      means.store().save(new WatchStore.State(work.position(), work.upTo(), null), parts);
      means.log().keep(Term.NAME, new LogPosition(work.position()));
    }
  }

  /** Reads what is to become of the warnings of rules that decide for the first time. */
  private void learn(List<Decision> decisions) {
    Map<String, Integer> versions = new HashMap<>();
    decisions.stream().filter(d -> d.version() > 0).forEach(d -> versions.put(d.rule(), d.version()));
    versions.forEach((rule, version) -> {
      if (told.containsKey(rule + "@" + version)) {
        return;
      }
      means.rules().listVersions(rule).stream().filter(v -> v.version() == version).findFirst().ifPresent(v -> {
        boolean perGroup = new RuleReader(means.model().now().model()).read(v.document()) instanceof RuleReading.Read(Rule read) && read.per() == Rule.Per.GROUP;
        Told is = new Told(v.name(), perGroup, v.manner());
        told.put(rule + "@" + version, is);
        told.put(rule, is);
      });
    });
  }
}
