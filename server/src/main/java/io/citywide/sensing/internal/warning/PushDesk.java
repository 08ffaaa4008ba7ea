package io.citywide.sensing.internal.warning;

import io.citywide.identity.AccessLog;
import io.citywide.identity.IdentityProblem;
import io.citywide.identity.Viewer;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.internal.push.PushCipher;
import io.citywide.sensing.internal.push.Vapid;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** People turn pushes to their own browsers on and off, each for itself. */
@Service
public class PushDesk {

  private static final int LONGEST_NAME = 60;

  /**
   * A browser as its script hands it over ({@code PushSubscription.toJSON()}), with how it is to be spoken to.
   *
   * @param lang {@code zh} or {@code en}
   * @param name by which its owner knows it, 1 to 60 characters
   */
  public record Draft(String endpoint, Keys keys, String lang, String name) {

    /** Base64url: the browser's key, 65 bytes, and its secret, 16 bytes. */
    public record Keys(String p256dh, String auth) {}
  }

  /** @param key of this server, for the browser's {@code applicationServerKey} */
  public record Own(String key, List<PushBrowser> browsers) {}

  private final PushBrowsers browsers;
  private final Vapid vapid;
  private final AccessLog access;
  private final WarningSettings settings;
  private final TransactionTemplate transaction;
  private final Clock clock;

  PushDesk(PushBrowsers browsers, Vapid vapid, AccessLog access, WarningSettings settings, TransactionTemplate transaction, Clock clock) {
    this.browsers = browsers;
    this.vapid = vapid;
    this.access = access;
    this.settings = settings;
    this.transaction = transaction;
    this.clock = clock;
  }

  /** Those of the caller, the latest seen first. */
  @Transactional(readOnly = true)
  public Own own() {
    return new Own(vapid.publicKey(), browsers.listOf(person().personId()));
  }

  /**
   * Turns it on for a browser. Of more than ten the one unseen for the longest is let go.
   *
   * @throws ProblemException {@link WarningProblem#INVALID}, also for an address within our own network
   */
  public PushBrowser turnOn(Draft draft) {
    // Names are looked up before the transaction begins.
    PushBrowser wanted = read(person(), draft);
    return transaction.execute(status -> {
      browsers.lock(wanted.personId());
      Optional<PushBrowser> before = browsers.findByEndpoint(wanted.endpoint());
      PushBrowser put = browsers.put(wanted).orElseThrow(() -> invalid("endpoint", "this endpoint belongs to a browser with other keys", "此推送地址已属于另一个浏览器"));
      if (before.isEmpty() || before.get().personId() != wanted.personId()) {
        access.record("warning.push-on", "browser:" + put.id(), "done", Map.of("name", put.name()));
      }
      return put;
    });
  }

  /**
   * The browser is there again, in the session of the caller.
   *
   * @throws ProblemException {@link WarningProblem#UNKNOWN_BROWSER} where it was turned off from elsewhere, or has signed out
   */
  @Transactional
  public void seen(long id, String lang) {
    Viewer viewer = person();
    if (!browsers.seen(id, viewer.personId(), viewer.session(), lang(lang), now())) {
      throw unknown(id);
    }
  }

  /** @throws ProblemException {@link WarningProblem#UNKNOWN_BROWSER} */
  @Transactional
  public void turnOff(long id) {
    if (!browsers.delete(id, person().personId())) {
      throw unknown(id);
    }
    access.record("warning.push-off", "browser:" + id, "done", Map.of());
  }

  private PushBrowser read(Viewer viewer, Draft d) {
    if (d.endpoint() == null || d.keys() == null || d.keys().p256dh() == null || d.keys().auth() == null) {
      throw invalid("endpoint", "a subscription has endpoint, keys.p256dh and keys.auth", "浏览器的推送订阅不完整");
    }
    CallAddress address = CallAddress.read(CallAddress.Use.PUSH, d.endpoint(), settings.pushHosts());
    try {
      address.resolve();
    } catch (CallAddress.Inner e) {
      throw CallAddress.invalid(CallAddress.Use.PUSH, d.endpoint(), e.getMessage(), "推送服务地址指向内网；须由管理员列入 citywide.warning.push-hosts");
    } catch (IOException e) {
      // Not known just now: it is looked at again each time before it is called.
    }
    byte[] key;
    byte[] auth;
    try {
      key = PushCipher.checked(Base64.getUrlDecoder().decode(d.keys().p256dh()));
      auth = Base64.getUrlDecoder().decode(d.keys().auth());
    } catch (IllegalArgumentException e) {
      throw invalid("keys", "keys.p256dh is a point of P-256 and keys.auth a secret, in base64url: " + e.getMessage(), "浏览器的推送密钥无效");
    }
    if (auth.length != PushCipher.AUTH) {
      throw invalid("keys", "keys.auth has " + PushCipher.AUTH + " bytes, was " + auth.length, "浏览器的推送密钥无效");
    }
    String name = d.name() == null ? "" : d.name().strip();
    if (name.isEmpty() || name.codePointCount(0, name.length()) > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw invalid("name", "name has 1 to " + LONGEST_NAME + " characters on one line", "浏览器名称须为 1 至 " + LONGEST_NAME + " 字");
    }
    return new PushBrowser(0, viewer.personId(), viewer.session(), address.toString(), key, auth, lang(d.lang()), name, now(), now());
  }

  private static String lang(String lang) {
    if (lang == null || !lang.equals("zh") && !lang.equals("en")) {
      throw invalid("lang", "lang is zh or en, was '" + lang + "'", "语言须为 zh 或 en");
    }
    return lang;
  }

  /** A browser is of a person who is signed in with it. */
  private static Viewer person() {
    Viewer viewer = Viewer.current();
    if (viewer.kind() != Viewer.Kind.PERSON || viewer.session() == null) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "only a person's session can do this, not an API key").zh("此操作只能由人员登录后进行");
    }
    return viewer;
  }

  private static ProblemException invalid(String field, String en, String zh) {
    return new ProblemException(WarningProblem.INVALID, en, Map.of("field", field)).zh(zh);
  }

  private static ProblemException unknown(long id) {
    return new ProblemException(WarningProblem.UNKNOWN_BROWSER, "there is no browser " + id + " of yours that gets warnings", Map.of("value", id)).zh("没有此浏览器，或已关闭推送");
  }

  private Instant now() {
    return clock.instant();
  }
}
