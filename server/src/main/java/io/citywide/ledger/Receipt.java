package io.citywide.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A proof that can be checked with nothing but the public key: docs/ledger.md. Bytes are in hexadecimal.
 *
 * @param format {@value #FORMAT}
 * @param ledger which ledger
 * @param entry canonical form of the act
 * @param index of the leaf, from 0
 * @param path the audit path of RFC 9162 from the leaf to the root of {@code head}
 * @param row canonical form of the row whose digest is the entry's content; {@code null}: kept back
 */
public record Receipt(String format, String ledger, Suite suite, String entry, long entryId, long index, List<String> path, Head head, String publicKey,
    String row) {

  public static final String FORMAT = "citywide-receipt-1";

  /**
   * A signed root.
   *
   * @param size leaves under it
   * @param keyId of the key it is signed with
   */
  public record Head(long size, String root, Instant at, String keyId, String signature) {

    /** What is signed: six lines. */
    public byte[] message(String ledger, Suite suite) {
      return ("citywide ledger head 1\n" + ledger + "\n" + suite + "\n" + size + "\n" + root + "\n" + at + "\n").getBytes(StandardCharsets.UTF_8);
    }

    public boolean signed(String ledger, Suite suite, byte[] publicKey) {
      return keyId.equals(suite.keyId(publicKey)) && suite.verify(publicKey, message(ledger, suite), HexFormat.of().parseHex(signature));
    }
  }

  /**
   * What is wrong with it; empty: nothing.
   *
   * @param trusted the public key the holder trusts; {@code null}: the one in the receipt, which then proves only that the
   *     receipt agrees with itself
   */
  public List<String> faults(byte[] trusted) {
    HexFormat hex = HexFormat.of();
    List<String> faults = new ArrayList<>();
    if (!FORMAT.equals(format)) {
      return List.of("the format is " + format + ", this program knows " + FORMAT);
    }
    try {
      MerkleTree tree = new MerkleTree(suite);
      byte[] open = hex.parseHex(publicKey);
      if (trusted != null && !java.util.Arrays.equals(trusted, open)) {
        faults.add("it is signed with the key " + suite.keyId(open) + ", not with the trusted key " + suite.keyId(trusted));
      }
      if (!head.signed(ledger, suite, open)) {
        faults.add("the signature of the head is not of the key " + suite.keyId(open));
      }
      List<byte[]> hashes = path.stream().map(hex::parseHex).toList();
      byte[] leaf = tree.leaf(entry.getBytes(StandardCharsets.UTF_8));
      if (!tree.includes(leaf, index, head.size(), hashes, hex.parseHex(head.root()))) {
        faults.add("the path does not lead from the entry, as leaf " + index + ", to the root of the head");
      }
      if (row != null && !entry.contains("\"content\":\"" + hex.formatHex(suite.hash().of(row.getBytes(StandardCharsets.UTF_8))) + "\"")) {
        faults.add("the row is not the one the entry was made from");
      }
    } catch (IllegalArgumentException | NullPointerException e) {
      faults.add("it is not whole: " + e.getMessage());
    }
    return faults;
  }
}
