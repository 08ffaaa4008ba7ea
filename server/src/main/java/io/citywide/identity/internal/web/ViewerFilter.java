package io.citywide.identity.internal.web;

import io.citywide.identity.Viewer;
import io.citywide.identity.internal.Authenticator;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;

/** Finds out who is asking, by session cookie or API key, and does the request's work as that viewer. */
final class ViewerFilter extends OncePerRequestFilter {

  static final String COOKIE = "citywide_session";
  private static final String BEARER = "Bearer ";

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
    } catch (CannotCreateTransactionException e) {
      problems.resolveException(request, response, null, e);
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
