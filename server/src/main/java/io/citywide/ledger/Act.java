package io.citywide.ledger;

import io.citywide.identity.Viewer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What was done. Holds ids and digests only, no name, no text and nothing personal.
 *
 * @param kind such as {@code case.dispatch}, {@code session.opened}
 * @param subject whose row {@code content} is the digest of, such as {@code case}
 * @param id of the subject
 * @param seq of the row within it; 0: no row, or there is one only
 * @param at in UTC, truncated to microseconds
 * @param actor ids such as {@code person:12/position:7}, {@code machine:3} or {@code system}
 * @param content digest of the row's canonical form, 32 bytes
 * @param state digest of the subject's canonical form after the act, 32 bytes; {@code null}: none is kept
 */
public record Act(String kind, String subject, long id, int seq, Instant at, String actor, byte[] content, byte[] state) {

  private static final Pattern KIND = Pattern.compile("[a-z0-9.-]{1,60}");
  private static final Pattern SUBJECT = Pattern.compile("[a-z0-9-]{1,30}");
  private static final Pattern ACTOR = Pattern.compile("[a-z0-9:/-]{1,100}");

  public Act {
    if (!KIND.matcher(kind).matches() || !SUBJECT.matcher(subject).matches() || !ACTOR.matcher(actor).matches()) {
      throw new IllegalArgumentException("kind, subject and actor of an act are short names of a-z, 0-9 and '.-:/', were '" + kind + "', '"
          + subject + "', '" + actor + "'");
    }
    if (content.length != 32 || state != null && state.length != 32) {
      throw new IllegalArgumentException("a digest has 32 bytes, was " + content.length + (state == null ? "" : " and " + state.length));
    }
    at = at.truncatedTo(ChronoUnit.MICROS);
  }

  /** The text whose hash is the leaf: docs/ledger.md. */
  public String canonical() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("actor", actor);
    members.put("at", at);
    members.put("content", content);
    members.put("id", id);
    members.put("kind", kind);
    members.put("seq", seq);
    members.put("state", state);
    members.put("subject", subject);
    return Canonical.of(members);
  }

  /** {@code person:12/position:7}; without a person what acts now: {@code machine:3} (its API key), {@code system} or {@code public}. */
  public static String actor(Long personId, Long positionId) {
    if (personId != null) {
      return "person:" + personId + (positionId == null ? "" : "/position:" + positionId);
    }
    Viewer viewer = Viewer.current();
    return switch (viewer.kind()) {
      case MACHINE -> viewer.machine() == null ? "machine" : "machine:" + viewer.machine().keyId();
      case PERSON -> actor(viewer.personId(), viewer.positionId());
      case SYSTEM -> "system";
      case PUBLIC -> "public";
    };
  }
}
