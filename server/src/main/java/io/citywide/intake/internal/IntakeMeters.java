package io.citywide.intake.internal;

import io.citywide.intake.BatchResult;
import io.citywide.platform.TableCare;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/** Counts what came in. Channels and outcomes are few and fixed; nothing of a report's content is a label. */
@Component
class IntakeMeters {

  private record Way(String channel, String outcome) {}

  private final MeterRegistry meters;
  private final TableCare tables;
  private final Map<Way, Counter> signals = new ConcurrentHashMap<>();
  private final Map<String, Counter> rows = new ConcurrentHashMap<>();

  IntakeMeters(MeterRegistry meters, TableCare tables) {
    this.meters = meters;
    this.tables = tables;
    row("accepted");
    row("duplicate");
    row("rejected");
  }

  /** A report that was kept, after its transaction. */
  void accepted(SignalStore.Stored stored) {
    // Integrators name their own channels: as a label they could be many, or somebody's name.
    String channel = AcceptStep.CHANNELS.containsKey(stored.draft().given.channel()) ? stored.draft().given.channel() : "OTHER";
    signals.computeIfAbsent(new Way(channel, stored.outcome().name()),
        way -> Counter.builder("citywide.signals").description("Signals accepted by channel and outcome")
            .tag("channel", way.channel()).tag("outcome", way.outcome()).register(meters)).increment();
  }

  /** A batch, after its transaction. */
  void imported(BatchResult result) {
    row("accepted").increment(result.accepted());
    row("duplicate").increment(result.duplicates());
    row("rejected").increment(result.rejected().size());
    tables.grown(result.accepted());
  }

  private Counter row(String outcome) {
    return rows.computeIfAbsent(outcome,
        o -> Counter.builder("citywide.import.rows").description("Rows of bulk imports by outcome").tag("outcome", o).register(meters));
  }
}
