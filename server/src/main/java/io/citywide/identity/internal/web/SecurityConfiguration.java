package io.citywide.identity.internal.web;

import io.citywide.identity.internal.Authenticator;
import io.citywide.platform.OverlaySettings;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The outer wall: security headers, CSRF for sessions, and the viewer of each request. Who may call
 * what is decided at the handler methods ({@link PermissionInterceptor}), and which rows they see by
 * PostgreSQL.
 */
@Configuration(proxyBeanMethods = false)
class SecurityConfiguration implements WebMvcConfigurer {

  /**
   * Nothing but what this server serves itself and the pictures of the overlays that were set, and no script or style sheet written into a page. Style attributes are
   * left: the charts write them into their tooltips, and an attribute can neither run nor load anything under this policy.
   */
  private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
      + "img-src 'self' data: blob:%1$s; font-src 'self' data:; connect-src 'self'%1$s; worker-src 'self' blob:; manifest-src 'self'; "
      + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

  /** The place and the camera for reports; nothing else of the device. */
  private static final String DEVICES = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), serial=(), bluetooth=(), "
      + "midi=(), accelerometer=(), gyroscope=(), magnetometer=(), display-capture=(), browsing-topics=()";

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new PermissionInterceptor());
  }

  @Bean
  SecurityFilterChain chain(HttpSecurity http, Authenticator authenticator, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems,
      OverlaySettings overlays) throws Exception {
    return http.authorizeHttpRequests(requests -> requests.anyRequest().permitAll())
        .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        .csrf(csrf -> csrf.spa().requireCsrfProtectionMatcher(SecurityConfiguration::needsCsrfToken))
        .headers(
            headers ->
                headers
                    .contentSecurityPolicy(csp -> csp.policyDirectives(policy(overlays)))
                    .permissionsPolicyHeader(permissions -> permissions.policy(DEVICES))
                    .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                    .crossOriginResourcePolicy(resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
                    .referrerPolicy(policy -> policy.policy(ReferrerPolicy.SAME_ORIGIN)))
        .formLogin(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .anonymous(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .addFilterAfter(new ViewerFilter(authenticator, problems), SecurityContextHolderFilter.class)
        .build();
  }

  private static String policy(OverlaySettings overlays) {
    return POLICY.formatted(overlays.origins().stream().map(origin -> " " + origin).collect(Collectors.joining()));
  }

  /** A browser sends its cookie by itself, so a change made with one needs the token; a bearer key is never sent by itself. */
  private static boolean needsCsrfToken(HttpServletRequest request) {
    boolean reading = READING.contains(request.getMethod());
    boolean signsIn = request.getRequestURI().equals("/api/session");
    return !reading
        && ViewerFilter.bearer(request) == null
        && (signsIn || ViewerFilter.sessionToken(request) != null);
  }

  /** There are no framework users; without this bean the framework would invent one. */
  @Bean
  UserDetailsService noFrameworkUsers() {
    return name -> {
      throw new UsernameNotFoundException(name);
    };
  }
}
