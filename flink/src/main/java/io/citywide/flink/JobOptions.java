package io.citywide.flink;

import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import java.time.DateTimeException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the job runs. Given as {@code --name value}; each has a default.
 *
 * @param bootstrap brokers of Kafka, default 127.0.0.1:9092
 * @param observations topic of observations, default citywide.observations
 * @param control topic of control documents, of one partition, default citywide.watch
 * @param decisions topic that the job writes decisions to, default citywide.decisions
 * @param refused topic of what could not be taken, with the reason, default citywide.refused
 * @param group consumer group under which progress is shown, default citywide-watch
 * @param partitions of the topic of observations, 1..32768, default 16; each has one engine, so they are the most workers; fixed as long as the state lives
 * @param lateness a value may be older than the newest by so much, default 60 s
 * @param ahead a value may be so far ahead of the time at which it came into Kafka, default 300 s
 * @param checkpoint milliseconds between checkpoints, 100..3600000, default 1000: an exactly-once decision is seen after the next one
 * @param exactlyOnce whether decisions are written in transactions; otherwise at once, some of them again after a fault, with the same id
 * @param bounded whether the job ends at the records that are there when it starts
 */
public record JobOptions(String bootstrap, String observations, String control, String decisions, String refused, String group, int partitions, Duration lateness,
    Duration ahead, long checkpoint, boolean exactlyOnce, boolean bounded, ZoneId zone) implements Serializable {

  public JobOptions {
    if (partitions < 1 || partitions > 32_768) throw new IllegalArgumentException("--partitions must be 1..32768, was " + partitions);
    if (checkpoint < 100 || checkpoint > 3_600_000) throw new IllegalArgumentException("--checkpoint-ms must be 100..3600000, was " + checkpoint);
    if (lateness.isNegative() || lateness.toDays() > 1) throw new IllegalArgumentException("--lateness-seconds must be 0..86400, was " + lateness.toSeconds());
    if (ahead.isNegative() || ahead.toDays() > 1) throw new IllegalArgumentException("--ahead-seconds must be 0..86400, was " + ahead.toSeconds());
  }

  /** @throws IllegalArgumentException that names what is wrong, and what there is */
  public static JobOptions of(String... args) {
    Map<String, String> given = new LinkedHashMap<>(Map.of("bootstrap", "127.0.0.1:9092", "observations", "citywide.observations", "control", "citywide.watch",
        "decisions", "citywide.decisions", "refused", "citywide.refused", "group", "citywide-watch", "partitions", "16", "lateness-seconds", "60", "ahead-seconds", "300",
        "checkpoint-ms", "1000"));
    given.putAll(Map.of("guarantee", "exactly-once", "bounded", "false", "zone", "Asia/Shanghai"));
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : args[i];
      if (!given.containsKey(name)) throw new IllegalArgumentException("there is no option " + args[i] + "; there are " + String.join(", ", given.keySet().stream().map(n -> "--" + n).sorted().toList()));
      if (i + 1 == args.length) throw new IllegalArgumentException(args[i] + " needs a value");
      given.put(name, args[i + 1]);
    }
    boolean exactlyOnce = switch (given.get("guarantee")) {
      case "exactly-once" -> true;
      case "at-least-once" -> false;
      default -> throw new IllegalArgumentException("--guarantee must be exactly-once or at-least-once, was " + given.get("guarantee"));
    };
    return new JobOptions(given.get("bootstrap"), given.get("observations"), given.get("control"), given.get("decisions"), given.get("refused"), given.get("group"),
        (int) number(given, "partitions"), Duration.ofSeconds(number(given, "lateness-seconds")), Duration.ofSeconds(number(given, "ahead-seconds")), number(given, "checkpoint-ms"),
        exactlyOnce, Boolean.parseBoolean(given.get("bounded")), zone(given.get("zone")));
  }

  private static long number(Map<String, String> given, String name) {
    String text = given.get(name);
    if (!text.matches("\\d{1,9}")) throw new IllegalArgumentException("--" + name + " must be a whole number, was " + text);
    return Long.parseLong(text);
  }

  private static ZoneId zone(String id) {
    try {
      return ZoneId.of(id);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("--zone must be a time zone such as Asia/Shanghai, was " + id, e);
    }
  }
}
