package io.citywide.intake.internal.evidence;

import io.citywide.identity.Viewer;
import io.citywide.intake.Evidence;
import io.citywide.intake.IntakeProblem;
import io.citywide.intake.Media;
import io.citywide.platform.ProblemException;
import io.citywide.platform.TransactionSettings;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Photos: their bytes in the blob store, what is known about them in intake_media, what holds them in
 * intake_media_hold: a signal, a case, or for a while who uploaded them. Row-level security shows a photo to those who
 * see one of its holders.
 *
 * <p>Storing, holding and cleaning lock the row of the photo, and the bytes are written and deleted under that lock.
 * So a photo that is stored again or held while the cleaner looks at it is either kept or refused by name, never lost.
 */
@Component
public class MediaStore implements Evidence {

  private static final String THUMBNAIL = ".thumb";
  private static final int CLEAN_AT_ONCE = 500;

  private static final String KEEP =
      """
      SELECT sha256 FROM intake_media m WHERE sha256 = ANY (:all) AND EXISTS (SELECT 1 FROM intake_media_hold h WHERE h.sha256 = m.sha256 AND %s)
      ORDER BY sha256 FOR KEY SHARE OF m
      """;

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final BlobStore blobs;
  private final Photos photos;
  private final EvidenceSettings settings;
  private final TransactionSettings settingsOfViewer;
  private final Clock clock;
  private final Counter stored;

  MediaStore(JdbcClient jdbc, TransactionTemplate transaction, BlobStore blobs, Photos photos, EvidenceSettings settings,
      TransactionSettings settingsOfViewer, Clock clock, MeterRegistry meters) {
    this.settingsOfViewer = settingsOfViewer;
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.blobs = blobs;
    this.photos = photos;
    this.settings = settings;
    this.clock = clock;
    this.stored = Counter.builder("citywide.evidence.stored").baseUnit("bytes").description("Bytes of photos taken in").register(meters);
  }

  @Override
  public Media store(InputStream content, String name) {
    byte[] bytes;
    try {
      bytes = content.readNBytes((int) maxBytes() + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (bytes.length > maxBytes()) {
      throw tooLarge(name, null);
    }
    Photos.Clean clean = photos.clean(bytes, name);
    String sha256 = sha256(clean.content());
    String uploader = Viewer.current().caller();
    // As the system: the same photo may be there already, uploaded by somebody whom this viewer does not see.
    Viewer.runAs(Viewer.system("media"), () -> transaction.executeWithoutResult(status -> {
      jdbc.sql(
              """
              INSERT INTO intake_media (sha256, content_type, bytes, width, height, taken_at, lon, lat, stored_at)
              VALUES (:sha, :type, :bytes, :width, :height, :taken, :lon, :lat, :now)
              ON CONFLICT (sha256) DO UPDATE SET stored_at = excluded.stored_at
              """)
          .param("sha", sha256).param("type", clean.contentType()).param("bytes", clean.content().length).param("width", clean.width())
          .param("height", clean.height()).param("taken", clean.takenAt() == null ? null : clean.takenAt().atOffset(ZoneOffset.UTC))
          .param("lon", clean.lon()).param("lat", clean.lat()).param("now", now()).update();
      jdbc.sql(
              """
              INSERT INTO intake_media_hold (sha256, uploader, until) VALUES (:sha, :uploader, :until)
              ON CONFLICT (sha256, signal_id, case_id, uploader) DO UPDATE SET until = excluded.until
              """)
          .param("sha", sha256).param("uploader", uploader).param("until", now().plus(settings.keepUnused())).update();
      try {
        blobs.put(sha256, clean.content());
        blobs.put(sha256 + THUMBNAIL, clean.thumbnail());
      } catch (IOException e) {
        throw new UncheckedIOException("the photo could not be stored", e);
      }
    }));
    stored.increment(clean.content().length);
    return new Media(sha256, clean.contentType(), clean.content().length, clean.width(), clean.height(), clean.takenAt(), clean.lon(), clean.lat());
  }

  /** As {@link #store}, held for at least so long whoever else holds it. */
  Media storeFor(byte[] content, String name, Duration atLeast) {
    Media photo = store(new ByteArrayInputStream(content), name);
    Viewer.runAs(Viewer.system("media"), () -> transaction.executeWithoutResult(status -> jdbc.sql(
            """
            INSERT INTO intake_media_hold (sha256, uploader, until) VALUES (:sha, 'alarms', :until)
            ON CONFLICT (sha256, signal_id, case_id, uploader) DO UPDATE SET until = greatest(intake_media_hold.until, excluded.until)
            """)
        .param("sha", photo.sha256()).param("until", now().plus(atLeast)).update()));
    return photo;
  }

  /** A photo, whoever asks. */
  Optional<Media> findForAnybody(String sha256) {
    return Viewer.callAs(Viewer.system("media"), () -> transaction.execute(status -> find(sha256)));
  }

  /** @param bytes its length, {@code null}: not counted to the end */
  public ProblemException tooLarge(String name, Long bytes) {
    Map<String, Object> extras = new LinkedHashMap<>(Map.of("field", "file", "bound", maxBytes()));
    if (bytes != null) {
      extras.put("value", bytes);
    }
    return new ProblemException(IntakeProblem.MEDIA_TOO_LARGE, "'" + name + "' has " + (bytes == null ? "more than " + maxBytes() : bytes)
        + " bytes; at most " + maxBytes() + " (" + settings.maxSize().toMegabytes() + " MB) are taken", extras)
        .zh("“" + name + "”过大，照片最大 " + settings.maxSize().toMegabytes() + " MB");
  }

  /** Length of the largest file that is taken. */
  public long maxBytes() {
    return settings.maxSize().toBytes();
  }

  @Override
  @Transactional(readOnly = true)
  public Optional<Media> find(String sha256) {
    return jdbc.sql("SELECT * FROM intake_media WHERE sha256 = :sha").param("sha", sha256).query(MediaStore::media).optional();
  }

  /**
   * A photo that a signal holds, whoever asks: the caller has proved to know the signal's secret.
   *
   * @return empty where the signal does not hold it
   */
  public Optional<Media> findHeldBy(long signalId, String sha256) {
    return Viewer.callAs(Viewer.system("media"), () -> transaction.execute(status ->
        jdbc.sql("SELECT m.* FROM intake_media m JOIN intake_media_hold h USING (sha256) WHERE h.signal_id = :signal AND m.sha256 = :sha")
            .param("signal", signalId).param("sha", sha256).query(MediaStore::media).optional()));
  }

  /**
   * The bytes, without asking who looks: ask {@link #find} first.
   *
   * @param thumbnail a JPEG of at most {@value Photos#THUMBNAIL_PIXELS} pixels a side instead
   */
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
    new HashSet<>(sha256).forEach(sha -> jdbc.sql("INSERT INTO intake_media_hold (sha256, case_id) VALUES (:sha, :case) ON CONFLICT DO NOTHING")
        .param("sha", sha).param("case", caseId).update());
  }

  /** Notes that a signal holds these photos. Joins the caller's transaction; {@link #check(Collection, Viewer)} them before. */
  public void holdForSignal(Collection<String> sha256, long signalId) {
    new HashSet<>(sha256).forEach(sha -> jdbc.sql("INSERT INTO intake_media_hold (sha256, signal_id) VALUES (:sha, :signal) ON CONFLICT DO NOTHING")
        .param("sha", sha).param("signal", signalId).update());
  }

  /** As {@link #check(Collection, Viewer)} for the viewer under whom the transaction began. */
  private void check(Collection<String> sha256) {
    refuseUnknown(sha256, keep(sha256, null));
  }

  /**
   * Keeps the cleaner away from the photos until the end of the caller's transaction, which may see more than {@code by}
   * does: a photo counts where {@code by} uploaded it or sees what holds it. Whoever merely knows its hash is refused.
   *
   * @throws ProblemException {@link IntakeProblem#UNKNOWN_MEDIA} naming the first that is not there, not in sight or
   *     about to be deleted
   */
  public void check(Collection<String> sha256, Viewer by) {
    if (sha256.isEmpty()) {
      return;
    }
    Set<String> own = keep(sha256, by.caller());
    if (!own.containsAll(sha256)) {
      // Only for this question the transaction looks with the caller's eyes.
      scope(Viewer.callAs(by, settingsOfViewer::current));
      Set<String> seen = keep(sha256, null);
      scope(settingsOfViewer.current());
      own.addAll(seen);
    }
    refuseUnknown(sha256, own);
  }

  private void scope(Map<String, String> values) {
    values.forEach((name, value) -> jdbc.sql("SELECT set_config(:name, :value, true)").param("name", name).param("value", value).query(String.class).single());
  }

  /** @param uploader only what this one uploaded, {@code null}: whatever is in sight */
  private Set<String> keep(Collection<String> sha256, String uploader) {
    if (sha256.isEmpty()) {
      return Set.of();
    }
    // Two statements, for a plan of each: a photo that thousands hold is looked up by its uploader.
    var statement = uploader == null ? jdbc.sql(KEEP.formatted("(h.until IS NULL OR h.until > :now)"))
        : jdbc.sql(KEEP.formatted("h.uploader = :uploader AND h.until > :now")).param("uploader", uploader);
    return new HashSet<>(statement.param("all", sha256.toArray(String[]::new)).param("now", now()).query(String.class).list());
  }

  private void refuseUnknown(Collection<String> sha256, Set<String> known) {
    for (String sha : sha256) {
      if (!known.contains(sha)) {
        throw new ProblemException(IntakeProblem.UNKNOWN_MEDIA, "there is no photo '" + sha + "' in your sight; upload it first, and use it within "
            + settings.keepUnused().toMinutes() + " minutes", Map.of("field", "media", "value", sha))
            .zh("没有此照片，请重新上传");
      }
    }
  }

  /** Deletes what nothing holds any longer; returns how many. */
  public int clean() {
    return Viewer.callAs(Viewer.system("media"), () -> transaction.execute(status -> {
      OffsetDateTime now = now();
      List<String> locked = jdbc.sql(
              """
              SELECT sha256 FROM intake_media m
              WHERE NOT EXISTS (SELECT 1 FROM intake_media_hold h WHERE h.sha256 = m.sha256 AND (h.until IS NULL OR h.until > :now))
              ORDER BY stored_at LIMIT :most FOR UPDATE SKIP LOCKED
              """)
          .param("now", now).param("most", CLEAN_AT_ONCE).query(String.class).list();
      // Whoever held one before the lock has committed by now: this statement sees it. Afterwards nobody can.
      List<String> unused = jdbc.sql(
              """
              SELECT sha256 FROM intake_media m WHERE sha256 = ANY (:locked)
                AND NOT EXISTS (SELECT 1 FROM intake_media_hold h WHERE h.sha256 = m.sha256 AND (h.until IS NULL OR h.until > :now))
              """)
          .param("locked", locked.toArray(String[]::new)).param("now", now).query(String.class).list();
      String[] all = unused.toArray(String[]::new);
      jdbc.sql("DELETE FROM intake_media_hold WHERE sha256 = ANY (:all)").param("all", all).update();
      jdbc.sql("DELETE FROM intake_media WHERE sha256 = ANY (:all)").param("all", all).update();
      // Before the commit: who stores the same photo now waits for the lock, and then writes the bytes again.
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

  /**
   * Deletes files that no row knows: a server was killed between writing them and its commit. Safe beside uploads.
   *
   * @return how many photos
   */
  int sweep() throws IOException {
    blobs.removeUnfinished();
    int swept = 0;
    try (Stream<String> names = blobs.names()) {
      Set<String> some = new HashSet<>();
      for (Iterator<String> all = names.iterator(); all.hasNext(); ) {
        some.add(all.next().replace(THUMBNAIL, ""));
        if (some.size() == CLEAN_AT_ONCE || !all.hasNext()) {
          swept += (int) unknown(some).stream().filter(this::sweep).count();
          some.clear();
        }
      }
    }
    return swept;
  }

  private Set<String> unknown(Set<String> names) {
    Set<String> unknown = new HashSet<>(names);
    Viewer.runAs(Viewer.system("media"), () -> transaction.executeWithoutResult(status ->
        jdbc.sql("SELECT sha256 FROM intake_media WHERE sha256 = ANY (:all)").param("all", names.toArray(String[]::new)).query(String.class).list()
            .forEach(unknown::remove)));
    return unknown;
  }

  /**
   * A row of the same name, never committed, keeps everybody else from storing this photo meanwhile; and where another
   * is storing it, waits for the outcome.
   */
  private boolean sweep(String sha256) {
    if (!sha256.matches("[0-9a-f]{64}")) {
      return false; // not ours
    }
    return Boolean.TRUE.equals(Viewer.callAs(Viewer.system("media"), () -> transaction.execute(status -> {
      int mine = jdbc.sql("INSERT INTO intake_media (sha256, content_type, bytes, width, height, stored_at) VALUES (:sha, '', 0, 0, 0, :now) ON CONFLICT DO NOTHING")
          .param("sha", sha256).param("now", now()).update();
      if (mine == 0) {
        return false;
      }
      status.setRollbackOnly();
      try {
        blobs.delete(sha256);
        blobs.delete(sha256 + THUMBNAIL);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return true;
    })));
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static Media media(ResultSet row, int i) throws SQLException {
    OffsetDateTime taken = row.getObject("taken_at", OffsetDateTime.class);
    return new Media(row.getString("sha256"), row.getString("content_type"), row.getLong("bytes"), row.getInt("width"), row.getInt("height"),
        taken == null ? null : taken.toInstant(), row.getObject("lon", Double.class), row.getObject("lat", Double.class));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
