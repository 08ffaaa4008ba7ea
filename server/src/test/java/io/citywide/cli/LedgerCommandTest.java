package io.citywide.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.citywide.ledger.Act;
import io.citywide.ledger.MerkleTree;
import io.citywide.ledger.Receipt;
import io.citywide.ledger.Suite;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A receipt is checked with nothing but the public key: no database, no server, no network. */
class LedgerCommandTest {

  private static final HexFormat HEX = HexFormat.of();

  @TempDir Path folder;

  /** A tree of two leaves, and the receipt of the first. */
  private static Receipt receipt(Suite suite, Suite.KeyPair key) {
    MerkleTree tree = new MerkleTree(suite);
    String row = "{\"seq\":4}";
    Act act = new Act("case.dispatch", "case", 17, 4, Instant.parse("2026-11-22T08:15:30.123456Z"), "person:12/position:7",
        suite.hash().of(row.getBytes(StandardCharsets.UTF_8)), null);
    byte[] sibling = tree.leaf(new byte[] {1});
    String root = HEX.formatHex(tree.node(tree.leaf(act.canonical().getBytes(StandardCharsets.UTF_8)), sibling));
    Receipt.Head open = new Receipt.Head(2, root, Instant.parse("2026-11-22T08:15:31Z"), suite.keyId(key.open()), "");
    Receipt.Head head = new Receipt.Head(2, root, open.at(), open.keyId(), HEX.formatHex(suite.sign(key, open.message("ledger", suite))));
    return new Receipt(Receipt.FORMAT, "ledger", suite, act.canonical(), 99, 0, List.of(HEX.formatHex(sibling)), head, HEX.formatHex(key.open()), row);
  }

  private int verify(String json, String... more) throws Exception {
    Path file = Files.writeString(folder.resolve("receipt.json"), json);
    String[] arguments = new String[3 + more.length];
    System.arraycopy(new String[] {"ledger", "verify", file.toString()}, 0, arguments, 0, 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Citywide.commandLine().execute(arguments);
  }

  @Test
  void aReceiptHoldsOnlyAsItWasGiven() throws Exception {
    for (Suite suite : Suite.values()) {
      Suite.KeyPair key = suite.newKey();
      String json = JsonMapper.builder().build().writeValueAsString(receipt(suite, key));
      assertThat(verify(json)).isZero();
      assertThat(verify(json, "--key", HEX.formatHex(key.open()))).isZero();
      assertThat(verify(json, "--key", HEX.formatHex(suite.newKey().open()))).as("signed by somebody else").isEqualTo(1);
      assertThat(verify(json.replace("person:12", "person:13"))).as("another actor").isEqualTo(1);
      assertThat(verify(json.replace("\"index\":0", "\"index\":1"))).as("another place").isEqualTo(1);
      assertThat(verify(json.replace("\\\"seq\\\":4}\"", "\\\"seq\\\":5}\""))).as("another row").isEqualTo(1);
      assertThat(verify(json.replace("\"size\":2", "\"size\":3"))).as("another head").isEqualTo(1);
    }
  }

  @Test
  void whatCannotBeCheckedIsSaidByExitCode2() throws Exception {
    assertThat(verify("no receipt")).isEqualTo(2);
    assertThat(Citywide.commandLine().execute("ledger", "verify", folder.resolve("absent.json").toString())).isEqualTo(2);
    assertThat(Citywide.commandLine().execute("ledger", "verify", "--data", folder.toString())).isEqualTo(2);
  }

  @Test
  void theCanonicalFormOfAnActIsAsDocumented() {
    Receipt receipt = receipt(Suite.ED25519_SHA256, Suite.ED25519_SHA256.newKey());
    assertThat(receipt.entry()).isEqualTo("{\"actor\":\"person:12/position:7\",\"at\":\"2026-11-22T08:15:30.123456Z\",\"content\":\""
        + HEX.formatHex(Suite.ED25519_SHA256.hash().of("{\"seq\":4}".getBytes(StandardCharsets.UTF_8))) + "\",\"id\":17,\"kind\":\"case.dispatch\",\"seq\":4,\"subject\":\"case\"}");
  }
}
