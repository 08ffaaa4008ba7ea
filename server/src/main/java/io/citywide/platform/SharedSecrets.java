package io.citywide.platform;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Secrets that all servers of a database must have alike, such as what signs for all of them. They lie in the database, sealed
 * ({@link PersonalSeal}): of servers that begin at once all take the one that was written first, and the database alone tells nobody.
 */
@Component
public class SharedSecrets implements SealedTable {

  private static final Logger log = LoggerFactory.getLogger(SharedSecrets.class);
  private static final String COLUMN = "platform_secret.sealed";

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final PersonalSeal seal;
  private final KeyFolder folder;

  SharedSecrets(JdbcClient jdbc, TransactionTemplate transaction, PersonalSeal seal, KeyFolder folder) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.seal = seal;
    this.folder = folder;
  }

  /**
   * The secret of this name. Where there is none it becomes that of a file of this name in the key folder, where servers kept theirs before
   * they shared them, or else what {@code maker} makes. To be called at the start: what is made within a transaction that fails is gone with it.
   *
   * @throws PersonalSeal.BrokenSeal where it does not open
   */
  public byte[] get(String name, Supplier<byte[]> maker) {
    Optional<byte[]> own = folder.find(name);
    byte[] secret = transaction.execute(status -> {
      Optional<byte[]> known = find(name);
      if (known.isPresent()) {
        return known.get();
      }
      // Who comes second waits here for the first, writes nothing, and reads what that one wrote.
      jdbc.sql("INSERT INTO platform_secret (name, sealed) VALUES (:name, :sealed) ON CONFLICT (name) DO NOTHING")
          .param("name", name).param("sealed", seal(name, own.orElseGet(maker))).update();
      return find(name).orElseThrow();
    });
    own.filter(file -> !MessageDigest.isEqual(file, secret)).ifPresent(file -> log.warn(
        "{} is not the secret that the servers of this database share, and counts no longer; what was signed with it must be told the shared one", folder.folder().resolve(name)));
    return secret;
  }

  private Optional<byte[]> find(String name) {
    return jdbc.sql("SELECT sealed FROM platform_secret WHERE name = :name").param("name", name).query((row, n) -> row.getBytes(1)).optional()
        .map(sealed -> HexFormat.of().parseHex(seal.open(COLUMN, name, sealed)));
  }

  private byte[] seal(String name, byte[] secret) {
    return seal.seal(COLUMN, name, HexFormat.of().formatHex(secret));
  }

  @Override
  public String name() {
    return "platform_secret";
  }

  @Override
  public int sealClear(int most) {
    return 0;
  }

  @Override
  public OptionalLong resealAfter(long id, int most) {
    return transaction.execute(status -> {
      record Looked(long id, String name, Optional<byte[]> secret) {}
      List<Looked> rows = jdbc.sql("SELECT id, name, sealed FROM platform_secret WHERE id > :after AND substring(sealed FOR 5) <> :header ORDER BY id LIMIT :most FOR UPDATE")
          .param("after", id).param("header", seal.header()).param("most", most).query((row, n) -> {
            String name = row.getString("name");
            byte[] sealed = row.getBytes("sealed");
            return new Looked(row.getLong("id"), name, PersonalSeal.openOrLog(() -> HexFormat.of().parseHex(seal.open(COLUMN, name, sealed))));
          }).list();
      rows.forEach(row -> row.secret().ifPresent(secret ->
          jdbc.sql("UPDATE platform_secret SET sealed = :sealed WHERE id = :id").param("sealed", seal(row.name(), secret)).param("id", row.id()).update()));
      return rows.isEmpty() ? OptionalLong.empty() : OptionalLong.of(rows.getLast().id());
    });
  }

  @Override
  public boolean uses(int version) {
    return transaction.execute(status -> jdbc.sql("SELECT EXISTS (SELECT 1 FROM platform_secret WHERE substring(sealed FROM 2 FOR 4) = :version)")
        .param("version", ByteBuffer.allocate(4).putInt(version).array()).query(Boolean.class).single());
  }
}
