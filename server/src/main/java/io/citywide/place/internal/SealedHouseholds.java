package io.citywide.place.internal;

import io.citywide.platform.PersonalSeal;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Who the households are. */
@Component
class SealedHouseholds extends SealedPeople {

  SealedHouseholds(JdbcClient jdbc, TransactionTemplate transaction, PersonalSeal seal, JsonMapper json) {
    super("place_household", jdbc, transaction, seal, json);
  }
}
