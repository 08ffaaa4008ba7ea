package io.citywide.bench.load;

import io.citywide.ledger.Act;
import io.citywide.ledger.Ledger;
import io.citywide.ledger.Receipt;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/**
 * Makes a server that writes nothing into its ledger, to compare with; named to Spring by {@code spring.main.sources}, no
 * setting of a server does this. It makes no digests and no entries, so nothing is sealed either. The canonical texts of
 * which the digests would be made are still put together: some microseconds a step.
 */
public class WithoutLedger { // not annotated: a server that looks through the path for its own parts must not find this

  @Bean
  @Primary
  Ledger noLedger() {
    return new Ledger() {
      private final byte[] nothing = new byte[32];

      @Override
      public void append(List<Act> acts) {
        // That is the point.
      }

      @Override
      public Leaf leaf(Act act) {
        return new Leaf("", act);
      }

      @Override
      public byte[] digest(String canonical) {
        return nothing;
      }

      @Override
      public Receipt receipt(String subject, long id, int seq, String row) {
        throw new UnsupportedOperationException("without a ledger there are no receipts");
      }
    };
  }
}
