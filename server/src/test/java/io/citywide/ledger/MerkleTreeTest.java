package io.citywide.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class MerkleTreeTest {

  private static final HexFormat HEX = HexFormat.of();
  private static final int LARGEST = 70;

  private final MerkleTree tree = new MerkleTree(Suite.ED25519_SHA256);

  /** The eight entries with which Certificate Transparency (RFC 6962) tests its trees. */
  private static final List<String> CT = List.of("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");

  private MerkleTree.Subtrees subtrees(MerkleTree t, List<byte[]> leaves) {
    return (level, index) -> {
      List<byte[]> row = leaves.subList((int) (index << level), (int) (index + 1 << level));
      while (row.size() > 1) {
        List<byte[]> up = new ArrayList<>();
        for (int i = 0; i < row.size(); i += 2) {
          up.add(t.node(row.get(i), row.get(i + 1)));
        }
        row = up;
      }
      return row.getFirst();
    };
  }

  private List<byte[]> leaves(MerkleTree t, int n) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      leaves.add(t.leaf(("leaf " + i).getBytes(StandardCharsets.UTF_8)));
    }
    return leaves;
  }

  @Test
  void hashesTheTreesOfCertificateTransparency() {
    List<byte[]> leaves = CT.stream().map(HEX::parseHex).map(tree::leaf).toList();
    List<String> roots = List.of(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
    for (int n = 0; n <= 8; n++) {
      assertThat(HEX.formatHex(tree.root(n, subtrees(tree, leaves)))).as("root of %d leaves", n).isEqualTo(roots.get(n));
    }
    assertThat(tree.inclusion(0, 8, subtrees(tree, leaves)).stream().map(HEX::formatHex)).containsExactly(
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4");
    assertThat(tree.consistency(6, 8, subtrees(tree, leaves)).stream().map(HEX::formatHex)).containsExactly(
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7");
  }

  @Test
  void hashesWithSm3WhenTheSuiteSaysSo() {
    assertThat(HEX.formatHex(Suite.SM2_SM3.hash().of("a".getBytes(), "bc".getBytes())))
        .as("GB/T 32905, example 1").isEqualTo("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    MerkleTree sm3 = new MerkleTree(Suite.SM2_SM3);
    assertThat(sm3.leaf("x".getBytes())).isNotEqualTo(tree.leaf("x".getBytes()));
  }

  @Test
  void everyInclusionProofHoldsAndNoneWithAFlippedBit() {
    for (Suite suite : Suite.values()) {
      MerkleTree t = new MerkleTree(suite);
      List<byte[]> leaves = leaves(t, LARGEST);
      MerkleTree.Subtrees subtrees = subtrees(t, leaves);
      for (int n = 1; n <= LARGEST; n++) {
        byte[] root = t.root(n, subtrees);
        for (int i = 0; i < n; i++) {
          List<byte[]> path = t.inclusion(i, n, subtrees);
          assertThat(t.includes(leaves.get(i), i, n, path, root)).as("%s leaf %d of %d", suite, i, n).isTrue();
          assertThat(t.includes(flipped(leaves.get(i), i + n), i, n, path, root)).isFalse();
          assertThat(t.includes(leaves.get(i), i, n, path, flipped(root, i))).isFalse();
          assertThat(t.includes(leaves.get(i), n, n, path, root)).isFalse();
          for (int p = 0; p < path.size(); p++) {
            assertThat(t.includes(leaves.get(i), i, n, with(path, p, flipped(path.get(p), 7 * p + n)), root)).isFalse();
          }
          if (!path.isEmpty()) {
            assertThat(t.includes(leaves.get(i), i, n, path.subList(1, path.size()), root)).isFalse();
            assertThat(t.includes(leaves.get(i), (i + 1) % n, n, path, root)).isFalse();
          }
        }
      }
    }
  }

  @Test
  void everyConsistencyProofHoldsAndNoneWithAFlippedBit() {
    List<byte[]> leaves = leaves(tree, LARGEST);
    MerkleTree.Subtrees subtrees = subtrees(tree, leaves);
    for (int n = 1; n <= LARGEST; n++) {
      byte[] second = tree.root(n, subtrees);
      for (int m = 1; m <= n; m++) {
        byte[] first = tree.root(m, subtrees);
        List<byte[]> proof = tree.consistency(m, n, subtrees);
        assertThat(tree.consistent(m, n, first, second, proof)).as("%d to %d", m, n).isTrue();
        assertThat(tree.consistent(m, n, flipped(first, m), second, proof)).isFalse();
        assertThat(tree.consistent(m, n, first, flipped(second, n), proof)).isFalse();
        for (int p = 0; p < proof.size(); p++) {
          assertThat(tree.consistent(m, n, first, second, with(proof, p, flipped(proof.get(p), p + m)))).isFalse();
        }
      }
    }
  }

  @Test
  void theEdgeOfAGrowingTreeHasItsRoot() {
    List<byte[]> leaves = leaves(tree, LARGEST);
    MerkleTree.Edge edge = tree.new Edge();
    for (int n = 0; n < LARGEST; n++) {
      assertThat(edge.root()).isEqualTo(tree.root(n, subtrees(tree, leaves)));
      edge.add(leaves.get(n));
    }
  }

  @Test
  void signsAndRefusesWhatWasSignedOtherwise() {
    byte[] message = "a head".getBytes(StandardCharsets.UTF_8);
    for (Suite suite : Suite.values()) {
      Suite.KeyPair key = suite.newKey();
      byte[] signature = suite.sign(key, message);
      assertThat(suite.verify(key.open(), message, signature)).as(suite.name()).isTrue();
      assertThat(suite.verify(key.open(), "another".getBytes(StandardCharsets.UTF_8), signature)).isFalse();
      assertThat(suite.verify(suite.newKey().open(), message, signature)).isFalse();
      assertThat(suite.verify(key.open(), message, new byte[3])).isFalse();
      assertThat(suite.verify(new byte[] {1, 2}, message, signature)).isFalse();
    }
  }

  private static byte[] flipped(byte[] hash, int bit) {
    byte[] copy = hash.clone();
    copy[bit / 8 % 32] ^= (byte) (1 << bit % 8);
    return copy;
  }

  private static List<byte[]> with(List<byte[]> path, int at, byte[] other) {
    List<byte[]> copy = new ArrayList<>(path);
    copy.set(at, other);
    return copy;
  }
}
