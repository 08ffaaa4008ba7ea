package io.citywide.sensing.internal.warning;

import io.citywide.identity.SignedOut;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table sensing_push_browser. Joins the caller's transaction. What a person may see of it is said in each query: it has no area. */
@Component
class PushBrowsers {

  /** A person's; the one unseen for the longest gives way to the next. */
  static final int MOST = 10;

  private final JdbcClient jdbc;

  PushBrowsers(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Of everybody, by id. */
  List<PushBrowser> listAll() {
    return jdbc.sql("SELECT * FROM sensing_push_browser ORDER BY id").query(PushBrowsers::browser).list();
  }

  /** The latest seen first. */
  List<PushBrowser> listOf(long personId) {
    return jdbc.sql("SELECT * FROM sensing_push_browser WHERE person_id = :person ORDER BY seen_at DESC, id DESC").param("person", personId).query(PushBrowsers::browser).list();
  }

  Optional<PushBrowser> find(long id) {
    return jdbc.sql("SELECT * FROM sensing_push_browser WHERE id = :id").param("id", id).query(PushBrowsers::browser).optional();
  }

  Optional<PushBrowser> findByEndpoint(String endpoint) {
    return jdbc.sql("SELECT * FROM sensing_push_browser WHERE endpoint = :endpoint").param("endpoint", endpoint).query(PushBrowsers::browser).optional();
  }

  /** One change of a person's browsers after the other. */
  void lock(long personId) {
    jdbc.sql("SELECT count(pg_advisory_xact_lock(hashtextextended(:who, 2628291)))").param("who", "push:" + personId).query(Long.class).single();
  }

  /** Added, or anew under its endpoint; then no more than {@link #MOST} are left of its person. Empty where the endpoint is of a browser with other keys. */
  Optional<PushBrowser> put(PushBrowser b) {
    // Somebody else's before: it goes, with its id, to which something may be on its way.
    jdbc.sql("DELETE FROM sensing_push_browser WHERE endpoint = :endpoint AND p256dh = :key AND auth = :auth AND person_id <> :person")
        .param("endpoint", b.endpoint()).param("key", b.p256dh()).param("auth", b.auth()).param("person", b.personId()).update();
    Optional<PushBrowser> put = jdbc.sql("""
            INSERT INTO sensing_push_browser (person_id, session, endpoint, p256dh, auth, lang, name, made_at, seen_at)
            VALUES (:person, :session, :endpoint, :key, :auth, :lang, :name, :made, :seen)
            ON CONFLICT (endpoint) DO UPDATE SET session = EXCLUDED.session, lang = EXCLUDED.lang, name = EXCLUDED.name, seen_at = EXCLUDED.seen_at
              WHERE sensing_push_browser.p256dh = EXCLUDED.p256dh AND sensing_push_browser.auth = EXCLUDED.auth AND sensing_push_browser.person_id = EXCLUDED.person_id
            RETURNING *""")
        .param("person", b.personId()).param("session", b.session()).param("endpoint", b.endpoint()).param("key", b.p256dh()).param("auth", b.auth()).param("lang", b.lang())
        .param("name", b.name()).param("made", WarningStore.utc(b.madeAt())).param("seen", WarningStore.utc(b.seenAt())).query(PushBrowsers::browser).optional();
    put.ifPresent(kept -> jdbc.sql("""
            DELETE FROM sensing_push_browser WHERE person_id = :person AND id <> :id AND id NOT IN (
              SELECT id FROM sensing_push_browser WHERE person_id = :person AND id <> :id ORDER BY seen_at DESC, id DESC LIMIT :most)""")
        .param("person", b.personId()).param("id", kept.id()).param("most", MOST - 1).update());
    return put;
  }

  /** It is there again; whether it is this person's at all. */
  boolean seen(long id, long personId, String session, String lang, Instant at) {
    return jdbc.sql("UPDATE sensing_push_browser SET session = :session, lang = :lang, seen_at = :at WHERE id = :id AND person_id = :person")
        .param("id", id).param("person", personId).param("session", session).param("lang", lang).param("at", WarningStore.utc(at)).update() == 1;
  }

  boolean delete(long id, long personId) {
    return jdbc.sql("DELETE FROM sensing_push_browser WHERE id = :id AND person_id = :person").param("id", id).param("person", personId).update() == 1;
  }

  /** Its push service knows it no more. Of the endpoint too: under the same id it may have another one by now. */
  void forget(PushBrowser b) {
    jdbc.sql("DELETE FROM sensing_push_browser WHERE id = :id AND endpoint = :endpoint").param("id", b.id()).param("endpoint", b.endpoint()).update();
  }

  /** Who signs out of a browser hears of nothing there any more; in the transaction that ends the session. */
  @EventListener
  void signedOut(SignedOut e) {
    jdbc.sql("""
            DELETE FROM sensing_push_browser WHERE person_id = :person AND (CAST(:session AS text) IS NULL OR session = :session)
              AND (CAST(:kept AS text) IS NULL OR session <> :kept)""")
        .param("person", e.personId()).param("session", e.session(), java.sql.Types.VARCHAR).param("kept", e.kept(), java.sql.Types.VARCHAR).update();
  }

  private static PushBrowser browser(ResultSet rs, int i) throws SQLException {
    return new PushBrowser(rs.getLong("id"), rs.getLong("person_id"), rs.getString("session"), rs.getString("endpoint"), rs.getBytes("p256dh"), rs.getBytes("auth"),
        rs.getString("lang"), rs.getString("name"), WarningStore.instant(rs, "made_at"), WarningStore.instant(rs, "seen_at"));
  }
}
