package io.citywide.intake.internal;

import io.citywide.identity.Viewer;
import io.citywide.intake.Reporter;
import io.citywide.platform.PersonalSeal;
import io.citywide.platform.SealedTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Seals reporters that an earlier version kept in clear, and seals anew under another key or suite. */
@Component
class SealedSignals implements SealedTable {

  private static final TypeReference<Map<String, String>> ATTRIBUTES = new TypeReference<>() {};

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;
  private final TransactionTemplate transaction;
  private final ReporterSeal reporters;
  private final PersonalSeal seal;
  private final JsonMapper json;

  SealedSignals(JdbcClient jdbc, JdbcTemplate batches, TransactionTemplate transaction, ReporterSeal reporters, PersonalSeal seal, JsonMapper json) {
    this.jdbc = jdbc;
    this.batches = batches;
    this.transaction = transaction;
    this.reporters = reporters;
    this.seal = seal;
    this.json = json;
  }

  private record Row(long id, byte[] personal, byte[] phone, byte[] email, byte[] identity) {}

  @Override
  public String name() {
    return "intake_signal";
  }

  @Override
  public int sealClear(int most) {
    record Clear(long id, Reporter reporter, Map<String, String> attributes) {}
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status -> {
      List<Clear> rows = jdbc.sql(
              """
              SELECT id, reporter_name, reporter_phone, reporter_email, confidential, attributes FROM intake_signal
              WHERE num_nonnulls(reporter_name, reporter_phone, reporter_email) > 0 ORDER BY id LIMIT :most FOR UPDATE
              """)
          .param("most", most)
          .query((row, n) -> new Clear(row.getLong("id"),
              new Reporter(row.getString("reporter_name"), row.getString("reporter_phone"), row.getString("reporter_email"), row.getBoolean("confidential")),
              json.readValue(row.getString("attributes"), ATTRIBUTES)))
          .list();
      // The hash of what was sent would let who has the database try telephone numbers: an empty one says that it is gone.
      batches.batchUpdate(
          """
          UPDATE intake_signal SET personal = ?, phone_index = ?, email_index = ?, identity_index = ?, attributes = ?::jsonb, fingerprint = ''::bytea,
            reporter_name = NULL, reporter_phone = NULL, reporter_email = NULL WHERE id = ?
          """,
          rows, Math.max(1, rows.size()), (statement, row) -> {
            statement.setBytes(1, reporters.seal(row.id(), row.reporter(), row.attributes()));
            statement.setBytes(2, reporters.phoneIndex(row.reporter().phone()));
            statement.setBytes(3, reporters.emailIndex(row.reporter().email()));
            statement.setBytes(4, reporters.identityIndex(row.reporter().identityNumber()));
            statement.setString(5, json.writeValueAsString(ReporterSeal.open(row.attributes())));
            statement.setLong(6, row.id());
          });
      return rows.size();
    }));
  }

  @Override
  public OptionalLong resealAfter(long id, int most) {
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status -> {
      record Looked(long id, Optional<Row> row) {}
      List<Looked> looked = jdbc.sql(
              """
              SELECT id, personal FROM intake_signal WHERE id > :after AND personal IS NOT NULL AND substring(personal FOR 5) <> :header
              ORDER BY id LIMIT :most FOR UPDATE
              """)
          .param("after", id).param("header", seal.header()).param("most", most)
          .query((row, n) -> {
            long signal = row.getLong("id");
            byte[] sealed = row.getBytes("personal");
            return new Looked(signal, PersonalSeal.openOrLog(() -> anew(signal, sealed)));
          }).list();
      List<Row> rows = looked.stream().flatMap(each -> each.row().stream()).toList();
      batches.batchUpdate("UPDATE intake_signal SET personal = ?, phone_index = ?, email_index = ?, identity_index = ? WHERE id = ?",
          rows, Math.max(1, rows.size()), (statement, row) -> {
            statement.setBytes(1, row.personal());
            statement.setBytes(2, row.phone());
            statement.setBytes(3, row.email());
            statement.setBytes(4, row.identity());
            statement.setLong(5, row.id());
          });
      return looked.isEmpty() ? OptionalLong.empty() : OptionalLong.of(looked.getLast().id());
    }));
  }

  private Row anew(long id, byte[] sealed) {
    ReporterSeal.Content content = reporters.open(id, sealed);
    return new Row(id, reporters.seal(id, content), reporters.phoneIndex(content.phone()), reporters.emailIndex(content.email()),
        reporters.identityIndex(content.identityNumber()));
  }

  @Override
  public boolean uses(int version) {
    return Viewer.callAs(Viewer.system("sealing"), () -> transaction.execute(status ->
        jdbc.sql("SELECT EXISTS (SELECT 1 FROM intake_signal WHERE substring(personal FROM 2 FOR 4) = :version)")
            .param("version", java.nio.ByteBuffer.allocate(4).putInt(version).array()).query(Boolean.class).single()));
  }
}
