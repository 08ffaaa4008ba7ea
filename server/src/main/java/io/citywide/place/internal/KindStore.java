package io.citywide.place.internal;

import io.citywide.identity.AccessLog;
import io.citywide.place.Catalogue;
import io.citywide.place.Kind;
import io.citywide.place.Kind.Family;
import io.citywide.place.Kind.Provenance;
import io.citywide.place.PlaceProblem;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.platform.ServerSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The catalogues, in {@code place_kind} and in memory. Those that come with the program are loaded at the first start. */
@Component
public class KindStore implements Catalogue, SmartInitializingSingleton {

  private static final String CHANGED = "kinds";
  private static final long LOOK_AGAIN_NANOS = 5_000_000_000L;
  private static final int FIRST_EXTENSION = 80;
  private static final int LAST_EXTENSION = 999;

  private record Edition(long revision, Map<String, Kind> byId, Map<String, String> successors) {}

  private final JdbcClient jdbc;
  private final JdbcTemplate batches;
  private final TransactionTemplate transaction;
  private final Clock clock;
  private final ServerSettings server;
  private final Neighbours neighbours;
  private final AccessLog access;
  private volatile Edition edition;
  private volatile long lookedAt;

  KindStore(JdbcClient jdbc, JdbcTemplate batches, TransactionTemplate transaction, Clock clock, ServerSettings server,
      Neighbours neighbours, AccessLog access) {
    this.jdbc = jdbc;
    this.batches = batches;
    this.transaction = transaction;
    this.clock = clock;
    this.server = server;
    this.neighbours = neighbours;
    this.access = access;
    neighbours.hear(CHANGED, facts -> lookAgain());
    neighbours.hearGap(this::lookAgain);
  }

  @Override
  public void afterSingletonsInstantiated() {
    transaction.executeWithoutResult(status -> load());
  }

  /** Loads each catalogue file whose content is new; running it again changes nothing. */
  int load() {
    jdbc.sql("SELECT revision FROM place_revision WHERE subject = 'kinds' FOR UPDATE").query(Long.class).single();
    int loaded = 0;
    for (CatalogueFiles.Loaded<Kind> file : CatalogueFiles.kinds()) {
      if (isNew(file)) {
        file.rows().forEach(this::save);
        loaded++;
      }
    }
    CatalogueFiles.Loaded<CatalogueFiles.Successor> successors = CatalogueFiles.successors();
    if (isNew(successors)) {
      batches.batchUpdate("INSERT INTO place_kind_successor (old_id, new_id) VALUES (?, ?) ON CONFLICT (old_id) DO UPDATE SET new_id = excluded.new_id",
          successors.rows(), 500, (row, s) -> {
            row.setString(1, s.oldId());
            row.setString(2, s.newId());
          });
      loaded++;
    }
    if (loaded > 0) {
      changed();
    }
    return loaded;
  }

  private boolean isNew(CatalogueFiles.Loaded<?> file) {
    return jdbc.sql(
            """
            INSERT INTO place_catalogue_load (file, sha256) VALUES (:file, :hash)
            ON CONFLICT (file) DO UPDATE SET sha256 = excluded.sha256, loaded_at = now()
            WHERE place_catalogue_load.sha256 <> excluded.sha256
            """)
        .param("file", file.file())
        .param("hash", file.sha256())
        .update() > 0;
  }

  private void save(Kind kind) {
    jdbc.sql(
            """
            INSERT INTO place_kind (id, standard_ref, family, code, name_zh, name_en, major_code, major_zh, major_en, keywords,
                                    provenance, valid_from, valid_to, extension)
            VALUES (:id, :standard, :family, :code, :zh, :en, :major, :majorZh, :majorEn, :keywords, :provenance, :from, :to, :extension)
            ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, major_zh = excluded.major_zh,
                   major_en = excluded.major_en, keywords = excluded.keywords, provenance = excluded.provenance,
                   valid_from = excluded.valid_from, valid_to = excluded.valid_to
            """)
        .param("id", kind.id())
        .param("standard", kind.standardRef())
        .param("family", kind.family().name())
        .param("code", kind.code())
        .param("zh", kind.nameZh())
        .param("en", kind.nameEn())
        .param("major", kind.majorCode())
        .param("majorZh", kind.majorZh())
        .param("majorEn", kind.majorEn())
        .param("keywords", kind.keywords().toArray(String[]::new))
        .param("provenance", kind.provenance().name())
        .param("from", kind.validFrom())
        .param("to", kind.validTo())
        .param("extension", kind.extension())
        .update();
  }

  @Override
  public Optional<Kind> findKind(String id) {
    return id == null ? Optional.empty() : Optional.ofNullable(edition().byId.get(id));
  }

  /** Every kind, as they are at this moment. */
  Map<String, Kind> byId() {
    return edition().byId;
  }

  @Override
  public List<Kind> listKinds() {
    return List.copyOf(edition().byId.values());
  }

  @Override
  public List<Kind> listKinds(Family family, String standardRef) {
    LocalDate today = today();
    return edition().byId.values().stream()
        .filter(k -> k.activeOn(today))
        .filter(k -> family == null || k.family() == family)
        .filter(k -> standardRef == null || k.standardRef().equals(standardRef) || k.id().startsWith(standardRef + "-"))
        .toList();
  }

  @Override
  public Optional<Kind> findSuccessor(String id) {
    Edition known = edition();
    return Optional.ofNullable(known.successors.get(id)).map(known.byId::get);
  }

  @Override
  @Transactional
  public Kind addExtension(NewKind draft) {
    // One at a time, so that two do not take the same number.
    jdbc.sql("SELECT revision FROM place_revision WHERE subject = 'kinds' FOR UPDATE").query(Long.class).single();
    Map<String, Kind> known = read();
    Kind kind = kind(draft, known);
    Kind there = known.get(kind.id());
    if (there != null) {
      if (there.nameZh().equals(kind.nameZh()) && there.nameEn().equals(kind.nameEn()) && there.extension()) {
        return there;
      }
      throw new ProblemException(PlaceProblem.KIND_TAKEN, "the code " + kind.code() + " is " + there.nameZh() + " (" + there.id() + ")",
          Map.of("field", "code", "id", there.id()))
          .zh("代码 " + kind.code() + " 已用于“" + there.nameZh() + "”");
    }
    save(kind);
    access.record("catalogue.added", "kind:" + kind.id(), "done", Map.of("kind", kind));
    changed();
    return kind;
  }

  private Kind kind(NewKind draft, Map<String, Kind> known) {
    if (draft.family() == null) {
      throw invalid("family", "family must be COMPONENT or MATTER").zh("请选择部件或事件");
    }
    words("nameZh", draft.nameZh());
    words("nameEn", draft.nameEn());
    List<String> keywords = keywords(draft.keywords());
    String standard = CatalogueFiles.SLUGS.entrySet().stream()
        .filter(e -> e.getValue().equals(draft.standardRef())).map(Map.Entry::getKey).findFirst().orElse(draft.standardRef());
    if (!CatalogueFiles.SLUGS.containsKey(standard)) {
      if (standard == null || !standard.matches("[a-z][a-z0-9.]{1,39}")) {
        throw invalid("standardRef", "standardRef must be " + CatalogueFiles.CURRENT_STANDARD
            + " or a local catalogue's name of 2 to 40 of a-z 0-9 . that begins with a letter, was '" + standard + "'")
            .zh("所属目录无效：" + standard);
      }
      if (draft.code() == null || !draft.code().matches("[a-z0-9][a-z0-9-]{0,59}")) {
        throw invalid("code", "the code of a local kind must be 1 to 60 of a-z 0-9 -, was '" + draft.code() + "'")
            .zh("本地类别代码须为 1 至 60 位小写字母、数字或横线");
      }
      String majorZh = draft.majorZh() == null ? standard : draft.majorZh();
      return new Kind(CatalogueFiles.id(standard, draft.family(), draft.code()), standard, draft.family(), draft.code(),
          draft.nameZh().strip(), draft.nameEn().strip(), "local", majorZh, draft.majorEn() == null ? majorZh : draft.majorEn(),
          keywords, Provenance.LOCAL, LocalDate.EPOCH, null, true);
    }
    if (!standard.equals(CatalogueFiles.CURRENT_STANDARD)) {
      throw invalid("standardRef", standard + " is no longer extended; extend " + CatalogueFiles.CURRENT_STANDARD)
          .zh("此目录已不再扩展，请扩展现行标准的目录");
    }
    String code = draft.code();
    if (code == null || !code.matches("\\d{2}(\\d{3})?")) {
      throw invalid("code", "the code must be five digits, or the two of the large class to be given the next number, was '" + code + "'")
          .zh("代码须为五位数字，或两位大类代码（自动取下一个编号）");
    }
    String major = code.substring(0, 2);
    Kind sister = known.values().stream()
        .filter(k -> k.standardRef().equals(standard) && k.family() == draft.family() && k.majorCode().equals(major)).findFirst()
        .orElseThrow(() -> invalid("code", standard + " has no large class " + major + " of this family").zh("标准中没有此大类：" + major));
    if (code.length() == 2) {
      code = nextCode(known, standard, draft.family(), major);
    }
    int number = Integer.parseInt(code.substring(2));
    if (number < FIRST_EXTENSION) {
      throw invalid("code", "numbers below 080 belong to the standard; an extension takes 080 to 999, was " + code.substring(2))
          .zh("编号 080 以下属于标准，扩展类别须用 080 至 999，现为 " + code.substring(2));
    }
    return new Kind(CatalogueFiles.id(standard, draft.family(), code), standard, draft.family(), code, draft.nameZh().strip(),
        draft.nameEn().strip(), major, sister.majorZh(), sister.majorEn(), keywords, Provenance.LOCAL, today(), null, true);
  }

  /** Extensions are numbered downward from 999. */
  private static String nextCode(Map<String, Kind> known, String standard, Family family, String major) {
    Set<String> taken = known.values().stream().filter(k -> k.standardRef().equals(standard) && k.family() == family).map(Kind::code).collect(Collectors.toSet());
    for (int number = LAST_EXTENSION; number >= FIRST_EXTENSION; number--) {
      String code = "%s%03d".formatted(major, number);
      if (!taken.contains(code)) {
        return code;
      }
    }
    throw invalid("code", "all extension numbers of class " + major + " are taken").zh("大类 " + major + " 的扩展编号已用完");
  }

  /**
   * Changes what a city's own kind says; its code stays.
   *
   * @param validTo last day, {@code null}: in force
   */
  @Transactional
  public Kind reviseExtension(String id, String nameZh, String nameEn, List<String> keywords, LocalDate validTo) {
    Kind known = Optional.ofNullable(read().get(id)).orElseThrow(() -> unknown(id));
    if (!known.extension()) {
      throw invalid("id", id + " belongs to " + known.standardRef() + "; only a city's own kinds can be changed").zh("“" + known.nameZh() + "”属于标准目录，只能修改本市扩展的类别");
    }
    words("nameZh", nameZh);
    words("nameEn", nameEn);
    if (validTo != null && validTo.isBefore(known.validFrom())) {
      throw invalid("validTo", "validTo " + validTo + " is before validFrom " + known.validFrom()).zh("停用日不能早于启用日 " + known.validFrom());
    }
    Kind kind = new Kind(id, known.standardRef(), known.family(), known.code(), nameZh.strip(), nameEn.strip(), known.majorCode(),
        known.majorZh(), known.majorEn(), keywords(keywords), known.provenance(), known.validFrom(), validTo, true);
    save(kind);
    access.record("catalogue.changed", "kind:" + kind.id(), "done", Map.of("kind", kind));
    changed();
    return kind;
  }

  public static ProblemException unknown(String id) {
    return new ProblemException(PlaceProblem.UNKNOWN_KIND, "there is no kind '" + id + "'", Map.of("id", id)).zh("没有类别“" + id + "”");
  }

  private static void words(String field, String words) {
    if (words == null || words.isBlank() || words.length() > 200) {
      throw invalid(field, field + " must have 1 to 200 characters")
          .zh((field.equals("nameZh") ? "中文名称" : "英文名称") + "须为 1 至 200 字");
    }
  }

  private static List<String> keywords(List<String> keywords) {
    List<String> clean = keywords == null ? List.of() : keywords.stream().map(String::strip).filter(k -> !k.isEmpty()).distinct().toList();
    if (clean.size() > 100 || clean.stream().anyMatch(k -> k.length() > 50)) {
      throw invalid("keywords", "keywords must be at most 100 words of at most 50 characters").zh("关键词最多 100 个，每个最多 50 字");
    }
    return clean;
  }

  private static ProblemException invalid(String field, String detail) {
    return new ProblemException(PlaceProblem.INVALID_KIND, detail, Map.of("field", field));
  }

  private LocalDate today() {
    return LocalDate.now(clock.withZone(server.zone()));
  }

  private void changed() {
    jdbc.sql("UPDATE place_revision SET revision = revision + 1 WHERE subject = 'kinds'").update();
    lookAgain();
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            edition = null; // whatever this transaction read in between may be gone
          }
        });
    neighbours.everywhere(CHANGED, Map.of());
  }

  private void lookAgain() {
    lookedAt = System.nanoTime() - LOOK_AGAIN_NANOS;
  }

  private Edition edition() {
    Edition known = edition;
    if (known != null && System.nanoTime() - lookedAt < LOOK_AGAIN_NANOS) {
      return known;
    }
    long revision = jdbc.sql("SELECT revision FROM place_revision WHERE subject = 'kinds'").query(Long.class).single();
    if (known == null || known.revision != revision) {
      Map<String, String> successors = jdbc.sql("SELECT old_id, new_id FROM place_kind_successor")
          .query((row, n) -> new CatalogueFiles.Successor(row.getString(1), row.getString(2))).list().stream()
          .collect(Collectors.toMap(CatalogueFiles.Successor::oldId, CatalogueFiles.Successor::newId));
      known = new Edition(revision, read(), successors);
      edition = known;
    }
    lookedAt = System.nanoTime();
    return known;
  }

  private Map<String, Kind> read() {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    jdbc.sql(
            """
            SELECT id, standard_ref, family, code, name_zh, name_en, major_code, major_zh, major_en, keywords, provenance,
                   valid_from, valid_to, extension
            FROM place_kind ORDER BY standard_ref DESC, family, code
            """)
        .query((row, n) -> kind(row))
        .list()
        .forEach(kind -> kinds.put(kind.id(), kind));
    return kinds;
  }

  private static Kind kind(ResultSet row) throws SQLException {
    return new Kind(row.getString("id"), row.getString("standard_ref"), Family.valueOf(row.getString("family")),
        row.getString("code"), row.getString("name_zh"), row.getString("name_en"), row.getString("major_code"),
        row.getString("major_zh"), row.getString("major_en"), List.of((String[]) row.getArray("keywords").getArray()),
        Provenance.valueOf(row.getString("provenance")), row.getObject("valid_from", LocalDate.class),
        row.getObject("valid_to", LocalDate.class), row.getBoolean("extension"));
  }
}
