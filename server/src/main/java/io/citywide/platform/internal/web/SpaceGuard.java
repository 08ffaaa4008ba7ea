package io.citywide.platform.internal.web;

import io.citywide.platform.ServerSettings;
import io.citywide.platform.SpaceSettings;
import io.citywide.platform.internal.NoSpaceException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Refuses what would write while the disk of the data folder is nearly full. A PostgreSQL that meets a full disk stops
 * altogether, reading included; one that is spared the last megabytes goes on answering. Signing in and out is let
 * through: it takes some bytes, and whoever may read must be able to.
 */
@Configuration(proxyBeanMethods = false)
class SpaceGuard implements WebMvcConfigurer, HandlerInterceptor {

  private static final Logger log = LoggerFactory.getLogger(SpaceGuard.class);
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final String SESSION = "/api/session";
  private static final long LOOK_AGAIN = TimeUnit.MILLISECONDS.toNanos(500);

  private final Path folder;
  private final long leastFree;
  private volatile long lookedAt = System.nanoTime() - LOOK_AGAIN;
  private volatile boolean full;

  SpaceGuard(ServerSettings server, SpaceSettings settings) {
    folder = server.data().toAbsolutePath();
    leastFree = settings.leastFree().toBytes();
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(this);
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) throws IOException {
    if (leastFree > 0 && !READING.contains(request.getMethod()) && !request.getRequestURI().equals(SESSION) && full()) {
      throw new NoSpaceException("less than " + leastFree + " bytes are free on the disk of " + folder);
    }
    return true;
  }

  /** Asked of the system at most twice a second. */
  private boolean full() throws IOException {
    if (System.nanoTime() - lookedAt >= LOOK_AGAIN) {
      boolean now = Files.getFileStore(folder).getUsableSpace() < leastFree;
      if (now != full) {
        log.warn(now ? "the disk of {} is nearly full: nothing new is taken until there are {} bytes free" : "the disk of {} has more than {} bytes free again",
            folder, leastFree);
      }
      full = now;
      lookedAt = System.nanoTime();
    }
    return full;
  }
}
