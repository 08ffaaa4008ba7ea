package io.citywide.identity.internal.web;

import io.citywide.identity.Viewer;
import io.citywide.identity.internal.Authenticator;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Finds out who is asking, by session cookie or API key, and does the request's work as that viewer. */
final class ViewerFilter extends OncePerRequestFilter {

  static final String COOKIE = "citywide_session";
  private static final String BEARER = "Bearer ";

  /** Bytes of a body that anybody may send without signing in; a report has at most 20,000 characters. Photos have bounds of their own. */
  private static final long ANYBODYS_BODY = 256 << 10;

  private final Authenticator authenticator;
  private final HandlerExceptionResolver problems;

  /** @param problems renders what goes wrong before a handler is reached as it does within one */
  ViewerFilter(Authenticator authenticator, HandlerExceptionResolver problems) {
    this.authenticator = authenticator;
    this.problems = problems;
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Viewer viewer;
    try {
      viewer = viewer(request);
    } catch (DataAccessException | TransactionException | ProblemException e) {
      problems.resolveException(request, response, null, e);
      return;
    }
    if (viewer.kind() == Viewer.Kind.PUBLIC && tooLarge(request)) {
      problems.resolveException(request, response, null, new ProblemException(PlatformProblem.TOO_LARGE,
          "without signing in a body has at most " + ANYBODYS_BODY + " bytes, and says its length before it comes", Map.of("bound", ANYBODYS_BODY)));
      return;
    }
    // A scoped value carries one checked exception type; the chain throws two.
    try {
      Viewer.callAs(
          viewer,
          () -> {
            try {
              chain.doFilter(request, response);
            } catch (IOException e) {
              throw new ServletException(e);
            }
            return null;
          });
    } catch (ServletException e) {
      if (e.getCause() instanceof IOException io && e.getMessage() != null && e.getMessage().equals(io.toString())) {
        throw io;
      }
      throw e;
    }
  }

  private static boolean tooLarge(HttpServletRequest request) {
    String type = request.getContentType();
    if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      return false;
    }
    return request.getContentLengthLong() > ANYBODYS_BODY || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  private Viewer viewer(HttpServletRequest request) {
    String bearer = bearer(request);
    if (bearer != null) {
      return authenticator.byKey(bearer).orElse(Viewer.PUBLIC);
    }
    String token = sessionToken(request);
    return token == null ? Viewer.PUBLIC : authenticator.bySession(token).orElse(Viewer.PUBLIC);
  }

  static String bearer(HttpServletRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null && header.startsWith(BEARER)) {
      return header.substring(BEARER.length()).strip();
    }
    // GeoReport v2 carries the key as a parameter.
    return request.getRequestURI().startsWith("/open311/") ? request.getParameter("api_key") : null;
  }

  static String sessionToken(HttpServletRequest request) {
    if (request.getCookies() != null) {
      for (Cookie cookie : request.getCookies()) {
        if (cookie.getName().equals(COOKIE)) {
          return cookie.getValue();
        }
      }
    }
    return null;
  }
}
