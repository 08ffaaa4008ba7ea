package io.citywide.place.internal;

import io.citywide.grid.GridBox;
import io.citywide.identity.AccessLog;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Viewer;
import io.citywide.place.Area;
import io.citywide.place.AreaCode;
import io.citywide.place.AreaLevel;
import io.citywide.place.AreaMention;
import io.citywide.place.CoordinateSystem;
import io.citywide.place.PlaceProblem;
import io.citywide.place.PlaceReading;
import io.citywide.place.PlaceSettings;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKBReader;
import org.locationtech.jts.io.WKBWriter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** The area tree: in the table {@code place_area}, and as an {@link AreaBook} in memory. */
@Component
public class AreaStore implements Places {

  /** An import on another server is told; this bounds what a lost message could do. */
  private static final long LOOK_AGAIN_NANOS = 5_000_000_000L;

  private static final String CHANGED = "areas";
  private static final int MOST_FAULTS = 500;

  private record Read(long revision, LocalDate day, AreaBook book) {}

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;
  private final TransactionTemplate transaction;
  private final PlaceSettings settings;
  private final Clock clock;
  private final ServerSettings server;
  private final Neighbours neighbours;
  private final AccessLog access;
  private final ReentrantLock renewal = new ReentrantLock();
  private volatile Read edition;
  private volatile long lookedAt;
  /** How often somebody said that the areas changed, and how much of it the edition in memory has seen. */
  private final AtomicLong changes = new AtomicLong();
  private volatile long seen = -1;

  AreaStore(JdbcClient jdbc, JdbcTemplate batches, TransactionTemplate transaction, PlaceSettings settings, Clock clock,
      ServerSettings server, Neighbours neighbours, AccessLog access) {
    this.jdbc = jdbc;
    this.batches = batches;
    this.transaction = transaction;
    this.settings = settings;
    this.clock = clock;
    this.server = server;
    this.neighbours = neighbours;
    this.access = access;
    neighbours.hear(CHANGED, facts -> lookAgain());
    neighbours.hearGap(this::lookAgain);
  }

  @Override
  public Optional<Spot> locate(double lon, double lat) {
    return book().locate(lon, lat);
  }

  @Override
  public Optional<Area> findArea(String code) {
    return book().find(code);
  }

  @Override
  public List<Area> chain(String code) {
    return book().chain(code);
  }

  @Override
  public List<Area> listAreas() {
    return book().all();
  }

  @Override
  public List<Area> listChildren(String code) {
    return book().children(code);
  }

  @Override
  public String describe(String code) {
    return book().describe(code);
  }

  @Override
  public List<AreaMention> mentions(String text) {
    return book().mentions(text);
  }

  @Override
  public PlaceReading read(String text) {
    return book().read(text);
  }

  @Override
  public Optional<GridBox> bounds() {
    return book().bounds();
  }

  @Override
  public String edition() {
    book();
    Read known = edition;
    return known.revision + "-" + known.day;
  }

  @Override
  public Edition hold() {
    long revision = jdbc.sql("SELECT revision FROM place_revision WHERE subject = 'areas' FOR SHARE").query(Long.class).single();
    book();
    if (edition.revision != revision) {
      lookNow();
    }
    Read known = edition;
    return new Edition(known.revision, known.day);
  }

  @Override
  public Optional<Geometry> boundary(String code) {
    return book().boundary(code);
  }

  /** Areas whose name, alias or code holds the words. */
  public List<Area> search(String words, int limit) {
    return book().search(words, limit);
  }

  /** How an import went. */
  public record Imported(int read, int added, int changed, int unchanged) {}

  /**
   * Takes over all areas of a FeatureCollection, or none of them.
   *
   * @throws ProblemException {@code place.unreadable-geojson}, {@code place.invalid-areas} with all faults, or {@code identity.forbidden} for an
   *     area that the viewer does not administer
   */
  public Imported importAreas(JsonNode body, CoordinateSystem system) {
    LocalDate today = LocalDate.now(clock.withZone(server.zone()));
    AreaFile file = AreaFile.read(body, system, today);
    refuse(file.faults(), file.drafts().size() + file.faults().size());
    file.drafts().stream().map(AreaDraft::code).filter(code -> !Viewer.current().area().covers(code)).findFirst().ifPresent(code -> {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "area " + code + " lies outside the area that you administer", Map.of("value", code))
          .zh("区域 " + code + " 不在您的管理范围内");
    });
    Imported imported = transaction.execute(status -> {
      // One import at a time: each is checked against what the one before it left.
      jdbc.sql("SELECT revision FROM place_revision WHERE subject = 'areas' FOR UPDATE").query(Long.class).single();
      Map<String, AreaDraft> before = drafts();
      refuse(new AreaCheck(before, settings.toleranceSquareMeters(), today).check(file.drafts()), file.drafts().size());
      List<AreaDraft> different = file.drafts().stream().filter(d -> !same(d, before.get(d.code()))).toList();
      write(different);
      if (!different.isEmpty()) {
        jdbc.sql("UPDATE place_revision SET revision = revision + 1 WHERE subject = 'areas'").update();
      }
      int added = (int) different.stream().filter(d -> !before.containsKey(d.code())).count();
      Imported taken = new Imported(file.drafts().size(), added, different.size() - added, file.drafts().size() - different.size());
      access.record("areas.imported", "areas", "done", Map.of("imported", taken, "codes", different.stream().map(AreaDraft::code).limit(MOST_FAULTS).toList(),
          "sha256", Sha256.of(body.toString())));
      return taken;
    });
    neighbours.everywhere(CHANGED, Map.of());
    lookNow();
    return imported;
  }

  private void lookAgain() {
    changes.incrementAndGet();
  }

  private static void refuse(List<AreaFault> faults, int read) {
    if (!faults.isEmpty()) {
      AreaFault first = faults.getFirst();
      throw new ProblemException(PlaceProblem.INVALID_AREAS,
          faults.size() + " fault(s) in " + read + " areas, the first in feature " + first.feature() + " (" + first.code() + "): "
              + first.fault(),
          Map.of("faults", faults.subList(0, Math.min(faults.size(), MOST_FAULTS)), "faultCount", faults.size()))
          .zh(read + " 个区域中有 " + faults.size() + " 处错误，没有导入；第一处在第 " + (first.feature() + 1) + " 个要素（" + first.code() + "）");
    }
  }

  private static boolean same(AreaDraft draft, AreaDraft known) {
    return known != null
        && draft.name().equals(known.name())
        && Objects.equals(draft.nameEn(), known.nameEn())
        && draft.aliases().equals(known.aliases())
        && Objects.equals(draft.tier(), known.tier())
        && Objects.equals(draft.validTo(), known.validTo())
        && Arrays.equals(draft.center(), known.center())
        && (draft.boundary() == null ? known.boundary() == null
            : known.boundary() != null && draft.boundary().equalsExact(known.boundary()));
  }

  private void write(List<AreaDraft> drafts) {
    WKBWriter wkb = new WKBWriter();
    batches.batchUpdate(
        """
        INSERT INTO place_area (code, parent_code, level, name, name_en, aliases, center_lon, center_lat, tier, boundary,
                                valid_from, valid_to)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, aliases = excluded.aliases,
               center_lon = excluded.center_lon, center_lat = excluded.center_lat, tier = excluded.tier,
               boundary = excluded.boundary, valid_to = excluded.valid_to, changed_at = now()
        """,
        drafts, 500,
        (row, draft) -> {
          row.setString(1, draft.code());
          row.setString(2, AreaCode.parentOf(draft.code()).orElse(null));
          row.setString(3, AreaCode.levelOf(draft.code()).name());
          row.setString(4, draft.name());
          row.setString(5, draft.nameEn());
          row.setArray(6, row.getConnection().createArrayOf("text", draft.aliases().toArray()));
          row.setObject(7, draft.center() == null ? null : draft.center()[0], java.sql.Types.DOUBLE);
          row.setObject(8, draft.center() == null ? null : draft.center()[1], java.sql.Types.DOUBLE);
          row.setString(9, draft.tier());
          row.setBytes(10, draft.boundary() == null ? null : wkb.write(draft.boundary()));
          row.setObject(11, draft.validFrom());
          row.setObject(12, draft.validTo());
        });
  }

  private Map<String, AreaDraft> drafts() {
    Map<String, AreaDraft> drafts = new LinkedHashMap<>();
    jdbc.sql(
            """
            SELECT code, name, name_en, aliases, center_lon, center_lat, tier, boundary, valid_from, valid_to
            FROM place_area ORDER BY code
            """)
        .query((row, n) -> draft(row))
        .list()
        .forEach(draft -> drafts.put(draft.code(), draft));
    return drafts;
  }

  private static AreaDraft draft(ResultSet row) throws SQLException {
    Double lon = row.getObject("center_lon", Double.class);
    Double lat = row.getObject("center_lat", Double.class);
    Array aliases = row.getArray("aliases");
    return new AreaDraft(-1, row.getString("code"), row.getString("name"), row.getString("name_en"),
        List.of((String[]) aliases.getArray()), lon == null || lat == null ? null : new double[] {lon, lat},
        row.getString("tier"), geometry(row.getBytes("boundary")), row.getObject("valid_from", LocalDate.class),
        row.getObject("valid_to", LocalDate.class));
  }

  static Geometry geometry(byte[] wkb) {
    try {
      return wkb == null ? null : new WKBReader(GeoJson.FACTORY).read(wkb);
    } catch (ParseException e) {
      throw new IllegalStateException("a stored geometry cannot be read", e);
    }
  }

  /** The areas as they are at this moment. */
  AreaBook now() {
    return book();
  }

  private AreaBook book() {
    Read known = edition;
    if (known != null && seen == changes.get() && System.nanoTime() - lookedAt < LOOK_AGAIN_NANOS) {
      return known.book;
    }
    if (known != null && !renewal.tryLock()) {
      return known.book; // somebody else is looking
    }
    if (known == null) {
      renewal.lock();
    }
    try {
      return look();
    } finally {
      renewal.unlock();
    }
  }

  /** Whoever changed the areas sees them changed, however many are looking just now. */
  private void lookNow() {
    renewal.lock();
    try {
      look();
    } finally {
      renewal.unlock();
    }
  }

  /** Under the lock. What is said to have changed while it reads is read the next time. */
  private AreaBook look() {
    long said = changes.get();
    LocalDate today = LocalDate.now(clock.withZone(server.zone()));
    long revision = jdbc.sql("SELECT revision FROM place_revision WHERE subject = 'areas'").query(Long.class).single();
    Read known = edition;
    if (known == null || known.revision != revision || !known.day.equals(today)) {
      edition = known = new Read(revision, today, read(today));
    }
    lookedAt = System.nanoTime();
    seen = said;
    return known.book;
  }

  private AreaBook read(LocalDate today) {
    Map<String, Area> areas = new LinkedHashMap<>();
    Map<String, Geometry> boundaries = new LinkedHashMap<>();
    for (AreaDraft draft : drafts().values()) {
      if (draft.validFrom().isAfter(today) || draft.validTo() != null && draft.validTo().isBefore(today)) {
        continue;
      }
      String code = draft.code();
      AreaLevel level = AreaCode.levelOf(code);
      areas.put(code, new Area(code, AreaCode.parentOf(code).orElse(null), level, draft.name(), draft.nameEn(), draft.aliases(),
          draft.center(), draft.tier(), draft.boundary() != null, draft.validFrom(), draft.validTo()));
      if (draft.boundary() != null) {
        boundaries.put(code, draft.boundary());
      }
    }
    return new AreaBook(areas, boundaries);
  }
}
