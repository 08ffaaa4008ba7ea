package io.citywide.platform.internal.backup;

import io.citywide.platform.BackupRefused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The last member of a backup: facts about it, then a line for every other member, then the SHA-256 of all lines above.
 *
 * <pre>
 * citywide-backup 1
 * made 2026-11-22T19:30:00Z
 * # members: sha256, bytes, name
 * 9f86… 8192 postgres/pgdata/PG_VERSION
 * end 2c26…
 * </pre>
 */
final class Manifest {

  /** Name of the member. */
  static final String NAME = "MANIFEST";

  private static final String FIRST = "citywide-backup 1";
  private static final String MEMBERS = "# members: sha256, bytes, name";

  /** A member as the manifest has it. */
  record Member(String sha256, long bytes) {}

  private final Map<String, String> facts = new LinkedHashMap<>();
  private final Map<String, Member> members = new LinkedHashMap<>();

  Manifest fact(String name, String value) {
    facts.put(name, value);
    return this;
  }

  void add(String name, Member member) {
    members.put(name, member);
  }

  Map<String, String> facts() {
    return facts;
  }

  Map<String, Member> members() {
    return members;
  }

  byte[] toBytes() {
    StringBuilder text = new StringBuilder(FIRST + "\n");
    facts.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
    text.append(MEMBERS + "\n");
    members.forEach((name, member) -> text.append(member.sha256()).append(' ').append(member.bytes()).append(' ').append(name).append('\n'));
    return (text + "end " + hex(sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8))) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** @throws BackupRefused where it is not what was written */
  static Manifest read(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.lastIndexOf("end ");
    if (!text.startsWith(FIRST + "\n") || end < 0
        || !text.substring(end + 4).strip().equals(hex(sha256().digest(text.substring(0, end).getBytes(StandardCharsets.UTF_8))))) {
      throw new BackupRefused("the member " + NAME + " of the backup was altered");
    }
    Manifest manifest = new Manifest();
    boolean members = false;
    for (String line : text.substring(FIRST.length() + 1, end).lines().toList()) {
      if (line.equals(MEMBERS)) {
        members = true;
      } else if (members) {
        String[] parts = line.split(" ", 3);
        manifest.add(parts[2], new Member(parts[0], Long.parseLong(parts[1])));
      } else {
        String[] parts = line.split(" ", 2);
        manifest.fact(parts[0], parts[1]);
      }
    }
    return manifest;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
