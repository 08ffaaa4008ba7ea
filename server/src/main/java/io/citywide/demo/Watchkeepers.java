package io.citywide.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/**
 * What people on duty make of warnings. Most are acknowledged in good time, some too late, so that the next level hears of
 * them, a few by nobody; some of those that were acknowledged are ended by hand, the others by themselves. When, is settled by
 * the number of the warning: nothing has to be kept, and whoever starts again goes on.
 */
final class Watchkeepers {

  /** Whoever looks at the list does no more than this at a time. */
  private static final int AT_ONCE = 3;

  /** How long warnings wait for an acknowledgement where no setting says otherwise ({@code citywide.warning.acknowledge-*}). */
  private static final Map<String, Duration> LIMITS =
      Map.of("RED", Duration.ofMinutes(5), "ORANGE", Duration.ofMinutes(15), "YELLOW", Duration.ofMinutes(30), "BLUE", Duration.ofHours(2));

  /** Nobody looks less often, however long the limit. */
  private static final Duration USUAL = Duration.ofMinutes(30);

  /** How it is ended by hand. */
  record Ending(Instant at, String verdict, String reason) {}

  private static final Map<String, List<String>> REASONS = Map.of(
      "REAL", List.of("现场已处置，险情排除", "已到场处理，恢复正常", "值守人员已处置完毕"),
      "FALSE", List.of("现场核实为误报", "到场未发现异常，传感器受干扰"),
      "MAINTENANCE", List.of("设备检修引起，检修已结束", "施工调试触发，已与施工方核实"));

  private Watchkeepers() {}

  /**
   * When somebody acknowledges it; empty: nobody does.
   *
   * @param since from when on it waits: a higher grade asks for a new acknowledgement
   */
  static Optional<Instant> acknowledged(long id, String grade, Instant since) {
    Random habit = habit(id, grade);
    int kind = habit.nextInt(100);
    double share = habit.nextDouble();
    Duration limit = LIMITS.getOrDefault(grade, USUAL);
    if (kind < 8) {
      return Optional.empty();
    }
    if (kind < 30) {
      return Optional.of(since.plus(part(limit, 1.3 + 0.9 * share)));
    }
    return Optional.of(since.plus(part(limit.compareTo(USUAL) < 0 ? limit : USUAL, 0.15 + 0.7 * share)));
  }

  /** When and how somebody ends it; empty: it ends by itself. @param at when it was acknowledged */
  static Optional<Ending> ended(long id, Instant at) {
    Random habit = habit(id, "end");
    if (habit.nextInt(100) >= 35) {
      return Optional.empty();
    }
    int kind = habit.nextInt(100);
    String verdict = kind < 60 ? "REAL" : kind < 85 ? "FALSE" : "MAINTENANCE";
    return Optional.of(new Ending(at.plusSeconds(8 * 60 + habit.nextInt(17 * 60)), verdict, Stories.one(REASONS.get(verdict), habit)));
  }

  private static Random habit(long id, String of) {
    return new Random(id * 0x9E3779B97F4A7C15L + of.hashCode());
  }

  private static Duration part(Duration whole, double share) {
    return Duration.ofMillis((long) (whole.toMillis() * share));
  }

  /** Somebody looks at the warnings within sight, the worst first, and does what is due. */
  static void look(ApiClient who, Instant now) {
    int done = 0;
    for (JsonNode warning : who.get("/api/warnings?live=true&limit=500").path("items")) {
      if (done < AT_ONCE && attend(who, warning, now)) {
        done++;
      }
    }
  }

  private static boolean attend(ApiClient who, JsonNode warning, Instant now) {
    long id = warning.path("id").asLong();
    String path = "/api/warnings/" + id;
    try {
      String acknowledged = warning.path("acknowledgedAt").asString("");
      if (acknowledged.isEmpty()) {
        if (due(acknowledged(id, warning.path("grade").asString(), Instant.parse(warning.path("gradeSince").asString())), now)) {
          who.post(path + "/acknowledge", Map.of("note", "已收到，正在核实"));
          return true;
        }
      } else {
        Optional<Ending> ending = ended(id, Instant.parse(acknowledged));
        if (due(ending.map(Ending::at), now)) {
          who.post(path + "/end", Map.of("verdict", ending.get().verdict(), "reason", ending.get().reason()));
          return true;
        }
      }
    } catch (Refusal e) {
      if (e.status() != 409) {
        throw e;
      }
      // Somebody was faster, or it is over by itself.
    }
    return false;
  }

  private static boolean due(Optional<Instant> at, Instant now) {
    return at.isPresent() && !at.get().isAfter(now);
  }
}
