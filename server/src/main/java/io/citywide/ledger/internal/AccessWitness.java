package io.citywide.ledger.internal;

import io.citywide.identity.spi.ActWitness;
import io.citywide.identity.spi.RecordedAct;
import io.citywide.ledger.Act;
import io.citywide.ledger.Ledger;
import org.springframework.stereotype.Component;

/** Makes every row of the access log an entry: log-ins and refused ones, grants, accounts, looks at personal data, exports, changed rules. */
@Component
class AccessWitness implements ActWitness {

  private final Ledger ledger;

  AccessWitness(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public void witnessed(RecordedAct act) {
    ledger.append(new Act(act.act(), AccessLogSubject.SUBJECT, act.id(), 0, act.at(), Act.actor(act.personId(), null),
        ledger.digest(AccessLogSubject.canonical(act)), null));
  }
}
