package io.citywide.intake.internal;

import io.citywide.identity.Viewer;
import io.citywide.intake.Evidence;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.Media;
import io.citywide.platform.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Photos: their bytes in the blob store, what is known about them in intake_media, what holds them in
 * intake_media_use. The row is written first and the bytes before its commit, so that the cleaner, which locks the row,
 * never deletes the bytes of a photo that is stored again at the same moment.
 */
@Component
public class MediaStore implements Evidence {

  private static final String THUMBNAIL = ".thumb";
  private static final int CLEAN_AT_ONCE = 500;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final BlobStore blobs;
  private final Photos photos;
  private final EvidenceSettings settings;
  private final Clock clock;

  MediaStore(JdbcClient jdbc, TransactionTemplate transaction, BlobStore blobs, Photos photos, EvidenceSettings settings, Clock clock) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.blobs = blobs;
    this.photos = photos;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Media store(InputStream content, String name) {
    long bound = settings.maxSize().toBytes();
    byte[] bytes;
    try {
      bytes = content.readNBytes((int) bound + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.length > bound) {
      throw tooLarge(name, null);
    }
    Photos.Clean clean = photos.clean(bytes, name);
    String sha256 = sha256(clean.content());
    transaction.executeWithoutResult(status -> {
      jdbc.sql(
              """
              INSERT INTO intake_media (sha256, content_type, bytes, width, height, taken_at, lon, lat, stored_at, stored_by)
              VALUES (:sha, :type, :bytes, :width, :height, :taken, :lon, :lat, :now, :by)
              ON CONFLICT (sha256) DO UPDATE SET stored_at = excluded.stored_at, stored_by = excluded.stored_by
              """)
          .param("sha", sha256).param("type", clean.contentType()).param("bytes", clean.content().length).param("width", clean.width())
          .param("height", clean.height()).param("taken", clean.takenAt() == null ? null : clean.takenAt().atOffset(ZoneOffset.UTC))
          .param("lon", clean.lon()).param("lat", clean.lat()).param("now", now()).param("by", storedBy()).update();
      try {
        blobs.put(sha256, clean.content());
        blobs.put(sha256 + THUMBNAIL, clean.thumbnail());
      } catch (IOException e) {
        throw new UncheckedIOException("the photo could not be stored", e);
      }
    });
    return new Media(sha256, clean.contentType(), clean.content().length, clean.width(), clean.height(), clean.takenAt(), clean.lon(), clean.lat());
  }

  /** @param bytes its length, {@code null}: not counted to the end */
  public ProblemException tooLarge(String name, Long bytes) {
    long bound = settings.maxSize().toBytes();
    return new ProblemException(IntakeProblem.MEDIA_TOO_LARGE, "'" + name + "' has " + (bytes == null ? "more than " + bound : bytes) + " bytes, at most "
        + settings.maxSize().toMegabytes() + " MB are taken", Map.of("field", "file", "bound", bound));
  }

  public long maxBytes() {
    return settings.maxSize().toBytes();
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Media> find(String sha256) {
    return jdbc.sql("SELECT * FROM intake_media WHERE sha256 = :sha").param("sha", sha256).query(MediaStore::media).optional();
  }

  /** What the viewer may look at: held by a signal or case in scope, or stored by the viewer a short while ago. */
  @Transactional(readOnly = true)
  public Optional<Media> findVisible(String sha256) {
    return jdbc.sql(
            """
            SELECT * FROM intake_media m WHERE sha256 = :sha
              AND (EXISTS (SELECT 1 FROM intake_media_use u WHERE u.sha256 = m.sha256)
                OR stored_by = :by AND stored_by <> 'public' AND stored_at > :since)
            """)
        .param("sha", sha256).param("by", storedBy()).param("since", now().minus(settings.keepUnused())).query(MediaStore::media).optional();
  }

  /** The bytes, without asking who looks. */
  public byte[] read(String sha256, boolean thumbnail) {
    try {
      return blobs.get(thumbnail ? sha256 + THUMBNAIL : sha256)
          .orElseThrow(() -> new IllegalStateException("the photo " + sha256 + " is in the table but not in the store"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  @Transactional
  public void hold(Collection<String> sha256, long caseId) {
    check(sha256);
    sha256.forEach(sha -> jdbc.sql("INSERT INTO intake_media_use (sha256, case_id) VALUES (:sha, :case) ON CONFLICT DO NOTHING")
        .param("sha", sha).param("case", caseId).update());
  }

  void hold(List<String> sha256, long signalId) {
    sha256.forEach(sha -> jdbc.sql("INSERT INTO intake_media_use (sha256, signal_id) VALUES (:sha, :signal) ON CONFLICT DO NOTHING")
        .param("sha", sha).param("signal", signalId).update());
  }

  /** Keeps the cleaner away from the photos until the end of the transaction. */
  void check(Collection<String> sha256) {
    if (sha256.isEmpty()) {
      return;
    }
    Set<String> known = new HashSet<>(jdbc.sql("SELECT sha256 FROM intake_media WHERE sha256 = ANY (:all) FOR KEY SHARE")
        .param("all", sha256.toArray(String[]::new)).query(String.class).list());
    for (String sha : sha256) {
      if (!known.contains(sha)) {
        throw new ProblemException(IntakeProblem.UNKNOWN_MEDIA, "no photo '" + sha + "' was stored; upload it first, and use it within "
            + settings.keepUnused().toHours() + " hours", Map.of("field", "media", "value", sha));
      }
    }
  }

  /** Deletes what nothing holds for too long; returns how many. */
  public int clean() {
    return Viewer.callAs(Viewer.system("media"), () -> transaction.execute(status -> {
      List<String> unused = jdbc.sql(
              """
              DELETE FROM intake_media WHERE sha256 IN (
                SELECT sha256 FROM intake_media m WHERE stored_at < :before
                  AND NOT EXISTS (SELECT 1 FROM intake_media_use u WHERE u.sha256 = m.sha256)
                ORDER BY sha256 LIMIT :most FOR UPDATE SKIP LOCKED)
              RETURNING sha256
              """)
          .param("before", now().minus(settings.keepUnused())).param("most", CLEAN_AT_ONCE).query(String.class).list();
      for (String sha : unused) {
        try {
          blobs.delete(sha);
          blobs.delete(sha + THUMBNAIL);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return unused.size();
    }));
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static String storedBy() {
    Viewer viewer = Viewer.current();
    return switch (viewer.kind()) {
      case PERSON -> "person:" + viewer.personId();
      case MACHINE -> "machine:" + viewer.displayName();
      case SYSTEM -> "system";
      case PUBLIC -> "public";
    };
  }

  private static Media media(ResultSet row, int i) throws SQLException {
    OffsetDateTime taken = row.getObject("taken_at", OffsetDateTime.class);
    return new Media(row.getString("sha256"), row.getString("content_type"), row.getLong("bytes"), row.getInt("width"), row.getInt("height"),
        taken == null ? null : taken.toInstant(), row.getObject("lon", Double.class), row.getObject("lat", Double.class));
  }

  static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
