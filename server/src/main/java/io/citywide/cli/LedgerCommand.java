package io.citywide.cli;

import io.citywide.ledger.LedgerCheck;
import io.citywide.ledger.LedgerCheck.KeptHead;
import io.citywide.ledger.Receipt;
import io.citywide.ledger.Suite;
import io.citywide.platform.DataFolderDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Proves, or disproves, that nothing was changed. Needs no server. */
@Command(name = "ledger", description = "The ledger of what was done: verify.", mixinStandardHelpOptions = true, subcommands = LedgerCommand.Verify.class)
final class LedgerCommand implements Runnable {

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code ledger verify}. Exits with 0: nothing was changed, 1: something was, 2: could not be checked. */
  @Command(name = "verify", mixinStandardHelpOptions = true,
      description = "Checks a receipt with nothing but the public key, or a whole ledger: entries, tree, signed heads, and the rows they prove. See docs/ledger.md.")
  static final class Verify implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Parameters(arity = "0..1", paramLabel = "RECEIPT.json", description = "A receipt; without it the whole ledger is checked.")
    Path receipt;

    @Option(names = "--data", paramLabel = "DIR", defaultValue = "data", description = "Data folder, its server running or not (default: ${DEFAULT-VALUE}).")
    Path data;

    @Option(names = "--db-url", paramLabel = "URL",
        description = "External PostgreSQL: jdbc:postgresql://host/db; its owner by CITYWIDE_DATABASE_OWNER_USER and _OWNER_PASSWORD.")
    String dbUrl;

    @Option(names = "--key", paramLabel = "FILE|HEX", description = "The public key to trust (default: those of the data folder; of a receipt its own).")
    String key;

    @Option(names = "--since-head", paramLabel = "FILE",
        description = "Heads kept outside, with which the tree must agree: lines of ledger-heads.log, an answer of /api/ledger/head, or a receipt (default: DIR/ledger-heads.log).")
    Path sinceHead;

    @Override
    public Integer call() {
      try {
        return receipt != null ? one() : all();
      } catch (IOException | SQLException | IllegalStateException | IllegalArgumentException | JacksonException e) {
        System.err.println("error: " + e.getMessage());
        return 2;
      }
    }

    private int one() throws IOException {
      if (!Files.isReadable(receipt)) {
        throw new IOException("there is no file " + receipt);
      }
      Receipt r = JSON.readValue(Files.readString(receipt), Receipt.class);
      List<byte[]> keys = trusted();
      List<String> faults = r.faults(keys.isEmpty() ? null : keys.getFirst());
      if (!faults.isEmpty()) {
        System.out.println("The receipt does not hold:");
        faults.forEach(f -> System.out.println("  " + f));
        return 1;
      }
      System.out.println("The receipt holds: entry " + r.entryId() + " is leaf " + r.index() + " of the " + r.head().size() + " that were signed at " + r.head().at()
          + " with key " + r.head().keyId() + ".");
      System.out.println("  " + r.entry());
      if (r.row() != null) {
        System.out.println("  " + r.row());
      }
      if (keys.isEmpty()) {
        System.out.println("The key is the receipt's own: compare " + r.head().keyId() + " with the one the city publishes, or name it by --key.");
      }
      return 0;
    }

    private int all() throws IOException, SQLException {
      List<KeptHead> kept = keptHeads();
      List<byte[]> keys = trusted();
      if (dbUrl != null) {
        String user = environment("CITYWIDE_DATABASE_OWNER_", "USER");
        if (user == null || user.isBlank()) {
          throw new IOException("--db-url needs the owner of the tables in CITYWIDE_DATABASE_OWNER_USER and CITYWIDE_DATABASE_OWNER_PASSWORD");
        }
        try (Connection connection = DriverManager.getConnection(dbUrl, user, environment("CITYWIDE_DATABASE_OWNER_", "PASSWORD"))) {
          return check(connection, keys, kept);
        }
      }
      try (DataFolderDatabase database = DataFolderDatabase.open(data); Connection connection = database.connect()) {
        return check(connection, keys, kept);
      }
    }

    /** As the server reads it, which takes both CITYWIDE_DATABASE_OWNER_USER and CITYWIDE_DATABASE_OWNERUSER. */
    private static String environment(String start, String end) {
      String value = System.getenv(start + end);
      return value != null ? value : System.getenv(start.substring(0, start.length() - 1) + end);
    }

    private int check(Connection connection, List<byte[]> keys, List<KeptHead> kept) throws SQLException {
      long from = System.nanoTime();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      }
      LedgerCheck.Result result = new LedgerCheck(connection, keys, kept).run();
      connection.rollback();
      double seconds = (System.nanoTime() - from) / 1e9;
      System.out.printf("Ledger %s (%s): %,d leaves, %,d signed heads, %,d rows compared, %,d entries not sealed yet; %.1f s, %,.0f leaves/s.%n", result.ledger(),
          result.suite(), result.size(), result.heads(), result.rows(), result.waiting(), seconds, result.size() / seconds);
      if (result.newest() != null) {
        System.out.println("Newest head: " + result.newest().size() + " leaves, root " + result.newest().root() + ", " + result.newest().at() + ", key " + result.newest().keyId()
            + (keys.isEmpty() ? " (the database's own word: name the key you trust by --key)" : " (trusted)") + ".");
      }
      if (!kept.isEmpty()) {
        System.out.println(kept.size() + " heads kept outside the database were held against it.");
      }
      if (result.clean()) {
        System.out.println("Nothing was changed, removed, inserted or moved.");
        return 0;
      }
      System.out.println("ALTERED: " + result.first());
      System.out.println("In all " + result.findings() + ": " + String.join(", ",
          LedgerCheck.inWords(result.counts()).entrySet().stream().map(e -> e.getValue() + " × " + e.getKey()).toList()) + ".");
      return 1;
    }

    private List<byte[]> trusted() throws IOException {
      if (key != null) {
        return List.of(key.matches("([0-9a-fA-F]{2}){32,}") ? HexFormat.of().parseHex(key) : publicKey(Path.of(key)));
      }
      if (receipt != null) {
        return List.of();
      }
      List<byte[]> keys = new ArrayList<>();
      Path folder = data.resolve("keys");
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path file : files.filter(f -> f.getFileName().toString().matches("ledger-.*\\.key")).sorted().toList()) {
            keys.add(publicKey(file));
          }
        }
      }
      return keys;
    }

    /** A key file of the key folder (its second line), the answer of /api/ledger/keys (its last key), or the key in hexadecimal. */
    private static byte[] publicKey(Path file) throws IOException {
      if (!Files.isReadable(file)) {
        throw new IOException("there is no key file " + file);
      }
      String text = Files.readString(file).strip();
      try {
        if (text.startsWith("[")) {
          JsonNode keys = JSON.readTree(text);
          return HexFormat.of().parseHex(keys.path(keys.size() - 1).path("publicKey").asString());
        }
        String[] lines = text.split("\\R");
        return HexFormat.of().parseHex(lines[lines.length - 1].strip());
      } catch (IllegalArgumentException e) {
        throw new IOException(file + " holds no public key in hexadecimal");
      }
    }

    private List<KeptHead> keptHeads() throws IOException {
      Path file = sinceHead != null ? sinceHead : data.resolve("ledger-heads.log");
      if (!Files.isReadable(file)) {
        if (sinceHead != null) {
          throw new IOException("there is no file " + file);
        }
        return List.of();
      }
      String text = Files.readString(file).strip();
      List<KeptHead> heads = new ArrayList<>();
      try {
        JsonNode whole = text.lines().count() == 1 || text.startsWith("{\n") ? JSON.readTree(text) : null;
        if (whole != null && whole.has("head")) {
          return List.of(head(whole, whole.path("head")));
        }
        for (String line : text.lines().toList()) {
          JsonNode node = JSON.readTree(line);
          heads.add(head(node, node));
        }
      } catch (JacksonException e) {
        throw new IOException(file + ", line " + (heads.size() + 1) + " is no head of a ledger: " + e.getOriginalMessage());
      }
      return heads;
    }

    private static KeptHead head(JsonNode of, JsonNode head) throws IOException {
      try {
        return new KeptHead(of.path("ledger").asString(), Suite.valueOf(of.path("suite").asString()), new Receipt.Head(head.path("size").asLong(),
            head.path("root").asString(), Instant.parse(head.path("at").asString()), head.path("keyId").asString(), head.path("signature").asString()));
      } catch (RuntimeException e) {
        throw new IOException("no head of a ledger: " + of);
      }
    }
  }
}
