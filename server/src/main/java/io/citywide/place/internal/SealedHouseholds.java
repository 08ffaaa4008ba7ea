package io.citywide.place.internal;

import io.citywide.identity.Viewer;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.SealedTable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who the households are, sealed and bound to the row's id. Nothing was ever kept in clear. */
@Component
class SealedHouseholds implements SealedTable {

  /** Personal data: shown masked, in clear only for a stated purpose. Each may be {@code null}. */
  record Person(String head, String phone) {}

  private static final String COLUMN = "place_household.personal";
  static final Person NOBODY = new Person(null, null);

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final PersonalSeal seal;
  private final JsonMapper json;

  SealedHouseholds(JdbcClient jdbc, TransactionTemplate transaction, PersonalSeal seal, JsonMapper json) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.seal = seal;
    this.json = json;
  }

  byte[] seal(long household, Person person) {
    if (person.equals(NOBODY)) {
      return null;
    }
    Map<String, String> members = new HashMap<>();
    members.put("head", person.head());
    members.put("phone", person.phone());
    return seal.seal(COLUMN, Long.toString(household), json.writeValueAsString(members));
  }

  Person open(long household, byte[] sealed) {
    if (sealed == null) {
      return NOBODY;
    }
    JsonNode members = json.readTree(seal.open(COLUMN, Long.toString(household), sealed));
    return new Person(members.path("head").asString(null), members.path("phone").asString(null));
  }

  @Override
  public String name() {
    return "place_household";
  }

  @Override
  public int sealClear(int most) {
    return 0;
  }

  private record Row(long id, Person person) {}

  @Override
  public OptionalLong resealAfter(long id, int most) {
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status -> {
      List<Row> rows = jdbc.sql(
              """
              SELECT id, personal FROM place_household WHERE id > :after AND personal IS NOT NULL AND substring(personal FOR 5) <> :header
              ORDER BY id LIMIT :most FOR UPDATE
              """)
          .param("after", id).param("header", seal.header()).param("most", most)
          .query((row, n) -> new Row(row.getLong("id"), open(row.getLong("id"), row.getBytes("personal")))).list();
      rows.forEach(row -> jdbc.sql("UPDATE place_household SET personal = :sealed WHERE id = :id").param("sealed", seal(row.id(), row.person())).param("id", row.id()).update());
      return rows.isEmpty() ? OptionalLong.empty() : OptionalLong.of(rows.getLast().id());
    }));
  }

  @Override
  public boolean uses(int version) {
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status ->
        jdbc.sql("SELECT EXISTS (SELECT 1 FROM place_household WHERE substring(personal FROM 2 FOR 4) = :version)")
            .param("version", ByteBuffer.allocate(4).putInt(version).array()).query(Boolean.class).single()));
  }
}
