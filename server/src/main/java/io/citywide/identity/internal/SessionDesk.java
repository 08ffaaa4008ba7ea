package io.citywide.identity.internal;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.IdentitySettings;
import io.citywide.identity.Permission;
import io.citywide.identity.Role;
import io.citywide.identity.Viewer;
import io.citywide.platform.AddressLimit;
import io.citywide.platform.ProblemException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** Sessions in the words of the API. */
@Component
public class SessionDesk {

  /** Oneself: the person, the position taken, the positions held and what the one taken permits. */
  public record Me(Long personId, String login, String name, boolean mustChangePassword, MyPosition position,
      List<MyPosition> positions, Set<Permission> permissions) {}

  /** A position as its holder sees it. */
  public record MyPosition(long id, Role role, String roleZh, String roleEn, Long unitId, String unitName, String areaCode) {}

  /** A new session: the cookie's value and whose it is. */
  public record Entry(String token, Me me) {}

  /** A password hash takes a processor and 19 MB for some tens of milliseconds, and a connection meanwhile. */
  private static final int HASHING_AT_ONCE = 2;

  private final Sessions sessions;
  private final AddressLimit failures;
  private final Semaphore hashing = new Semaphore(HASHING_AT_ONCE, true);
  private final MeterRegistry meters;
  private final Map<String, Counter> logIns = new ConcurrentHashMap<>();

  SessionDesk(Sessions sessions, IdentitySettings settings, Clock clock, MeterRegistry meters) {
    this.sessions = sessions;
    this.failures = new AddressLimit(settings.addressFailures(), settings.failureWindow(), clock);
    this.meters = meters;
    count("done", 0);
    count(IdentityProblem.BAD_CREDENTIALS.code(), 0);
    count(IdentityProblem.LOCKED.code(), 0);
  }

  /**
   * @param address from where; one that failed too often waits, whatever the names it tried
   * @throws ProblemException {@code identity.bad-credentials}, {@code identity.locked} or {@code request.too-many}
   */
  public Entry logIn(String login, String password, String address) {
    AddressLimit.refuse(failures.secondsToWait(address));
    Sessions.LogIn ended;
    hashing.acquireUninterruptibly();
    try {
      // Nobody is signed in yet: the look-up itself acts as the server.
      ended = Viewer.callAs(Viewer.system("log-in"), () -> sessions.logIn(login.strip().toLowerCase(Locale.ROOT), password));
    } finally {
      hashing.release();
    }
    return switch (ended) {
      case Sessions.LogIn.In in -> {
        count("done", 1);
        yield new Entry(in.token(), me(in.session()));
      }
      case Sessions.LogIn.Refused refused -> {
        failures.take(address);
        count(refused.problem().problem().code(), 1);
        throw refused.problem();
      }
    };
  }

  /** @param outcome {@code done}, or the code of the refusal */
  private void count(String outcome, int times) {
    logIns.computeIfAbsent(outcome, o -> Counter.builder("citywide.logins").description("Log-ins by outcome").tag("outcome", o).register(meters)).increment(times);
  }

  public Optional<Me> find(String token) {
    // The filter has looked the token up already: a stranger's is not looked up again.
    return token == null || Viewer.current().kind() != Viewer.Kind.PERSON ? Optional.empty() : sessions.find(token).map(SessionDesk::me);
  }

  public void logOut(String token) {
    sessions.end(token);
  }

  /** Ends every session of the person to whom {@code token} belongs. */
  public void logOutEverywhere(String token) {
    sessions.find(token).ifPresent(session -> sessions.endAll(session.person().id()));
  }

  /** Whether the session still lives; asking does not keep it alive. */
  public boolean lives(String token) {
    return sessions.lives(token);
  }

  public Me takePosition(String token, long positionId) {
    return me(sessions.takePosition(needed(token), positionId));
  }

  public Me changePassword(String token, String current, String next) {
    String own = needed(token);
    sessions.changePassword(Viewer.current().personId(), own, current, next).ifPresent(refusal -> {
      throw refusal;
    });
    return find(own).orElseThrow();
  }

  private static String needed(String token) {
    if (token == null) {
      throw new ProblemException(IdentityProblem.FORBIDDEN, "only a person's session can do this, not an API key").zh("此操作只能由人员登录后进行");
    }
    return token;
  }

  private static Me me(Sessions.Session session) {
    var person = session.person();
    return new Me(
        person.id(),
        person.login(),
        person.name(),
        person.mustChange(),
        session.position() == null ? null : mine(session.position()),
        session.positions().stream().map(SessionDesk::mine).toList(),
        session.viewer().permissions());
  }

  private static MyPosition mine(Sessions.Position p) {
    return new MyPosition(p.id(), p.role(), p.role().nameZh(), p.role().nameEn(), p.unitId(), p.unitName(), p.areaCode());
  }
}
