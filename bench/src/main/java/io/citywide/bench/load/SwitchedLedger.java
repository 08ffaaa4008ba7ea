package io.citywide.bench.load;

import io.citywide.ledger.Act;
import io.citywide.ledger.Ledger;
import io.citywide.ledger.Receipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * Makes a server that writes nothing into its ledger as long as a file is there, to compare with; named to Spring by
 * {@code spring.main.sources}, no setting of a server does this. It then makes no digests and no entries, so nothing is
 * sealed either. The canonical texts of which the digests would be made are still put together: some microseconds a step.
 */
public class SwitchedLedger { // not annotated: a server that looks through the path for its own parts must not find this

  /** Variable that names the file. */
  static final String OFF = "BENCH_LEDGER_OFF";

  @Bean
  @Primary
  Ledger switched(@Qualifier("ledgerStore") Ledger ledger) {
    Path off = Path.of(System.getenv(OFF));
    return new Ledger() {
      private final byte[] nothing = new byte[32];

      @Override
      public void append(List<Act> acts) {
        if (!Files.exists(off)) {
          ledger.append(acts);
        }
      }

      @Override
      public Leaf leaf(Act act) {
        return Files.exists(off) ? new Leaf("", act) : ledger.leaf(act);
      }

      @Override
      public byte[] digest(String canonical) {
        return Files.exists(off) ? nothing : ledger.digest(canonical);
      }

      @Override
      public Receipt receipt(String subject, long id, int seq, String row) {
        return ledger.receipt(subject, id, seq, row);
      }
    };
  }
}
