package io.citywide.place.internal;

import io.citywide.platform.PersonalSeal;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Whom to call in the enterprises. */
@Component
class SealedContacts extends SealedPeople {

  SealedContacts(JdbcClient jdbc, TransactionTemplate transaction, PersonalSeal seal, JsonMapper json) {
    super("place_enterprise", jdbc, transaction, seal, json);
  }
}
