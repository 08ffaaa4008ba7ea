package io.citywide.identity.internal;

import io.citywide.identity.Viewer;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.SealedTable;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Telephone numbers of the staff, sealed and bound to the row's id. */
@Component
class SealedPhones implements SealedTable {

  private static final String COLUMN = "identity_person.phone_sealed";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final PersonalSeal seal;

  SealedPhones(JdbcClient jdbc, TransactionTemplate transaction, PersonalSeal seal) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.seal = seal;
  }

  byte[] seal(long personId, String phone) {
    return seal.seal(COLUMN, Long.toString(personId), phone);
  }

  String open(long personId, byte[] sealed) {
    return seal.open(COLUMN, Long.toString(personId), sealed);
  }

  @Override
  public String name() {
    return "identity_person";
  }

  private record Phone(long id, String phone) {}

  @Override
  public int sealClear(int most) {
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status -> {
      List<Phone> rows = jdbc.sql("SELECT id, phone FROM identity_person WHERE phone IS NOT NULL ORDER BY id LIMIT :most FOR UPDATE")
          .param("most", most).query((row, n) -> new Phone(row.getLong("id"), row.getString("phone"))).list();
      rows.forEach(this::write);
      return rows.size();
    }));
  }

  @Override
  public OptionalLong resealAfter(long id, int most) {
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status -> {
      record Looked(long id, Optional<Phone> phone) {}
      List<Looked> rows = jdbc.sql(
              """
              SELECT id, phone_sealed FROM identity_person WHERE id > :after AND phone_sealed IS NOT NULL AND substring(phone_sealed FOR 5) <> :header
              ORDER BY id LIMIT :most FOR UPDATE
              """)
          .param("after", id).param("header", seal.header()).param("most", most)
          .query((row, n) -> {
            long person = row.getLong("id");
            byte[] sealed = row.getBytes("phone_sealed");
            return new Looked(person, PersonalSeal.openOrLog(() -> new Phone(person, open(person, sealed))));
          }).list();
      rows.forEach(row -> row.phone().ifPresent(this::write));
      return rows.isEmpty() ? OptionalLong.empty() : OptionalLong.of(rows.getLast().id());
    }));
  }

  private void write(Phone row) {
    jdbc.sql("UPDATE identity_person SET phone_sealed = :sealed, phone = NULL WHERE id = :id")
        .param("sealed", seal(row.id(), row.phone())).param("id", row.id()).update();
  }

  @Override
  public boolean uses(int version) {
    return transaction.execute(status -> jdbc.sql("SELECT EXISTS (SELECT 1 FROM identity_person WHERE substring(phone_sealed FROM 2 FOR 4) = :version)")
        .param("version", ByteBuffer.allocate(4).putInt(version).array()).query(Boolean.class).single());
  }
}
