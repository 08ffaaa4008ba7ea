package io.citywide.place.internal;

import io.citywide.identity.Viewer;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.SealedTable;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** People of a table, sealed and bound to the row's id. Nothing was ever kept in clear. */
abstract class SealedPeople implements SealedTable {

  /** Personal data: shown masked, in clear only for a stated purpose. Each may be {@code null}. */
  record Person(String name, String phone) {}

  private static final Person NOBODY = new Person(null, null);

  private final String table;
  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final PersonalSeal seal;
  private final JsonMapper json;

  /** @param table with the columns {@code id} and {@code personal} */
  SealedPeople(String table, JdbcClient jdbc, TransactionTemplate transaction, PersonalSeal seal, JsonMapper json) {
    this.table = table;
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.seal = seal;
    this.json = json;
  }

  byte[] seal(long id, Person person) {
    if (person.equals(NOBODY)) {
      return null;
    }
    Map<String, String> members = new HashMap<>();
    members.put("head", person.name());
    members.put("phone", person.phone());
    return seal.seal(table + ".personal", Long.toString(id), json.writeValueAsString(members));
  }

  Person open(long id, byte[] sealed) {
    if (sealed == null) {
      return NOBODY;
    }
    JsonNode members = json.readTree(seal.open(table + ".personal", Long.toString(id), sealed));
    return new Person(members.path("head").asString(null), members.path("phone").asString(null));
  }

  /** {@code broken}: something was kept, but cannot be opened; the fault is logged. */
  record Opened(Person person, boolean broken) {}

  Opened openOrTell(long id, byte[] sealed) {
    try {
      return new Opened(open(id, sealed), false);
    } catch (PersonalSeal.BrokenSeal e) {
      e.log();
      return new Opened(NOBODY, true);
    }
  }

  @Override
  public String name() {
    return table;
  }

  @Override
  public int sealClear(int most) {
    return 0;
  }

  private record Row(long id, Optional<Person> person) {}

  @Override
  public OptionalLong resealAfter(long id, int most) {
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status -> {
      List<Row> rows = jdbc.sql(
              "SELECT id, personal FROM " + table + " WHERE id > :after AND personal IS NOT NULL AND substring(personal FOR 5) <> :header ORDER BY id LIMIT :most FOR UPDATE")
          .param("after", id).param("header", seal.header()).param("most", most)
          .query((row, n) -> {
            long of = row.getLong("id");
            byte[] sealed = row.getBytes("personal");
            return new Row(of, PersonalSeal.openOrLog(() -> open(of, sealed)));
          }).list();
      rows.forEach(row -> row.person().ifPresent(person ->
          jdbc.sql("UPDATE " + table + " SET personal = :sealed WHERE id = :id").param("sealed", seal(row.id(), person)).param("id", row.id()).update()));
      return rows.isEmpty() ? OptionalLong.empty() : OptionalLong.of(rows.getLast().id());
    }));
  }

  @Override
  public boolean uses(int version) {
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status ->
        jdbc.sql("SELECT EXISTS (SELECT 1 FROM " + table + " WHERE substring(personal FROM 2 FOR 4) = :version)")
            .param("version", ByteBuffer.allocate(4).putInt(version).array()).query(Boolean.class).single()));
  }
}
