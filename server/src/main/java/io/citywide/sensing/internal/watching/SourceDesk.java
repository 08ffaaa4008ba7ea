package io.citywide.sensing.internal.watching;

import io.citywide.identity.AccessLog;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** How long each source of values may say nothing. */
@Service
public class SourceDesk {

  private static final long LONGEST_SECONDS = Duration.ofDays(31).toSeconds();
  private static final int LONGEST_NAME = 100;

  /**
   * A source.
   *
   * @param usual whether it has no time of its own
   */
  public record SourceTime(String source, long silentAfterSeconds, boolean usual) {}

  private final JdbcClient jdbc;
  private final WatchStore store;
  private final WatchSettings settings;
  private final AccessLog access;
  private final Neighbours neighbours;

  SourceDesk(JdbcClient jdbc, WatchStore store, WatchSettings settings, AccessLog access, Neighbours neighbours) {
    this.jdbc = jdbc;
    this.store = store;
    this.settings = settings;
    this.access = access;
    this.neighbours = neighbours;
  }

  /** Those of the devices of the scope, and those that have a time of their own. */
  @Transactional(readOnly = true)
  public List<SourceTime> list() {
    Map<String, SourceTime> all = new TreeMap<>();
    jdbc.sql("SELECT DISTINCT source FROM sensing_device WHERE source <> ''").query(String.class).list()
        .forEach(s -> all.put(s, new SourceTime(s, settings.sourceSilentAfter().toSeconds(), true)));
    store.sources().forEach((source, time) -> all.put(source, new SourceTime(source, time.toSeconds(), false)));
    return List.copyOf(all.values());
  }

  /**
   * @param seconds {@code null}: the usual time
   * @throws ProblemException {@link WatchProblem#INVALID}
   */
  @Transactional
  public void set(String source, Long seconds) {
    if (source.isBlank() || source.length() > LONGEST_NAME) {
      throw new ProblemException(WatchProblem.INVALID, "a source has 1 to " + LONGEST_NAME + " characters, had " + source.length(), Map.of("field", "source", "value", source))
          .zh("数据源名称应为1至" + LONGEST_NAME + "个字符");
    }
    if (seconds != null && (seconds < 1 || seconds > LONGEST_SECONDS)) {
      throw new ProblemException(WatchProblem.INVALID, "silentAfterSeconds is 1 to " + LONGEST_SECONDS + ", was " + seconds,
          Map.of("field", "silentAfterSeconds", "value", seconds, "bound", LONGEST_SECONDS)).zh("断供时限应为1至" + LONGEST_SECONDS + "秒，填写的是" + seconds);
    }
    store.setSource(source, seconds == null ? null : Duration.ofSeconds(seconds));
    access.record("source.changed", "source:" + source, "done", seconds == null ? Map.of() : Map.of("silentAfterSeconds", seconds));
    neighbours.everywhere(RuleDesk.CHANGED, Map.of("source", source));
  }
}
