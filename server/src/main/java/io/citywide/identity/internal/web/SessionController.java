package io.citywide.identity.internal.web;

import io.citywide.identity.IdentityProblem;
import io.citywide.identity.IdentitySettings;
import io.citywide.identity.Open;
import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.internal.SessionDesk;
import io.citywide.identity.internal.SessionDesk.Me;
import io.citywide.platform.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Log-in, the current session, the choice of position, log-out. */
@RestController
@RequestMapping("/api/session")
class SessionController {

  record Credentials(@NotBlank @Size(max = 64) String login, @NotBlank @Size(max = 128) String password) {}

  record PositionChoice(long positionId) {}

  record PasswordChange(@NotBlank @Size(max = 128) String current, @NotBlank @Size(max = 128) String next) {}

  private final SessionDesk desk;
  private final IdentitySettings settings;

  SessionController(SessionDesk desk, IdentitySettings settings) {
    this.desk = desk;
    this.settings = settings;
  }

  @Open("Anybody may try to sign in")
  @PostMapping
  Me logIn(@Valid @RequestBody Credentials credentials, HttpServletRequest request, HttpServletResponse response) {
    SessionDesk.Entry entry = desk.logIn(credentials.login(), credentials.password(), request.getRemoteAddr());
    response.addHeader(HttpHeaders.SET_COOKIE, cookie(entry.token()).build().toString());
    return entry.me();
  }

  @Open("Tells whether one is signed in, and carries the CSRF token")
  @GetMapping
  Me me(HttpServletRequest request, CsrfToken csrf) {
    csrf.getToken(); // reading it writes the cookie
    return desk.find(ViewerFilter.sessionToken(request))
        .orElseThrow(() -> new ProblemException(IdentityProblem.SIGN_IN, "no session, or it has ended; sign in").zh("尚未登录或登录已过期，请重新登录"));
  }

  @Open("Ends one's own session, or all of them")
  @DeleteMapping
  ResponseEntity<Void> logOut(@RequestParam(defaultValue = "false") boolean everywhere, HttpServletRequest request) {
    String token = ViewerFilter.sessionToken(request);
    if (token != null && everywhere) {
      desk.logOutEverywhere(token);
    } else if (token != null) {
      desk.logOut(token);
    }
    return ResponseEntity.noContent().header(HttpHeaders.SET_COOKIE, cookie("").maxAge(0).build().toString()).build();
  }

  @Requires(Permission.SELF)
  @PutMapping("/position")
  Me takePosition(@RequestBody PositionChoice choice, HttpServletRequest request) {
    return desk.takePosition(ViewerFilter.sessionToken(request), choice.positionId());
  }

  @Requires(Permission.SELF)
  @PutMapping("/password")
  Me changePassword(@Valid @RequestBody PasswordChange change, HttpServletRequest request) {
    return desk.changePassword(ViewerFilter.sessionToken(request), change.current(), change.next());
  }

  private ResponseCookie.ResponseCookieBuilder cookie(String token) {
    return ResponseCookie.from(ViewerFilter.COOKIE, token).httpOnly(true).sameSite("Strict").secure(settings.secureCookie()).path("/");
  }
}
