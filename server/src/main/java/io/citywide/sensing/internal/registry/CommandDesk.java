package io.citywide.sensing.internal.registry;

import io.citywide.identity.AccessLog;
import io.citywide.identity.Viewer;
import io.citywide.platform.Neighbours;
import io.citywide.platform.ProblemException;
import io.citywide.sensing.Device;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.Devices;
import io.citywide.sensing.SensingProblem;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What devices are told to do. A command is on disk before anything is sent; the server to which the device is connected sends
 * it, and again while no answer comes, until it expires. A device may thus receive one twice and knows it by its id.
 */
@Component
public class CommandDesk implements SmartLifecycle {

  /** @param state {@code PENDING}, {@code SENT}, {@code DONE}, {@code FAILED} (the device says so) or {@code EXPIRED} */
  public record Issued(long id, String name, Map<String, Double> parameters, String state, String reason, String askedBy, Instant askedAt, Instant expiresAt, Instant sentAt,
      Instant answeredAt, String answer) {}

  private record Open(long id, long deviceId, String name, String parameters, Instant expiresAt) {}

  private static final Logger log = LoggerFactory.getLogger(CommandDesk.class);
  private static final String ASKED = "device-commands";
  private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
  private static final int MOST_OPEN = 1_000;
  private static final int LONGEST_ANSWER = 500;
  private static final String COLUMNS = "id, name, parameters::text, state, reason, asked_by, asked_at, expires_at, sent_at, answered_at, answer";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JdbcClient jdbc;
  private final TransactionTemplate transaction;
  private final Devices devices;
  private final DeviceDirectory directory;
  private final ObjectProvider<CommandWay> ways;
  private final Neighbours neighbours;
  private final AccessLog access;
  private final Semaphore wanted = new Semaphore(0);
  private volatile boolean running;
  private Thread thread;

  CommandDesk(JdbcClient jdbc, TransactionTemplate transaction, Devices devices, DeviceDirectory directory, ObjectProvider<CommandWay> ways, Neighbours neighbours,
      AccessLog access) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.devices = devices;
    this.directory = directory;
    this.ways = ways;
    this.neighbours = neighbours;
    this.access = access;
    neighbours.hear(ASKED, facts -> wanted.release());
  }

  /**
   * @param parameters exactly those that the command of the type takes
   * @param reason why, for the record; 2 to 200 characters
   * @param expiresAfter 10 s to 24 h
   */
  @Transactional
  public Issued issue(String code, String name, Map<String, Double> parameters, String reason, Duration expiresAfter) {
    Device device = devices.find(code).orElseThrow(() -> Registrar.unknown(code));
    DeviceType type = devices.findType(device.typeCode()).orElseThrow();
    DeviceType.Command command = type.commands().stream().filter(c -> c.name().equals(name)).findFirst()
        .orElseThrow(() -> new ProblemException(SensingProblem.UNKNOWN_COMMAND, "type " + type.code() + " has no command '" + name + "'; it has "
            + type.commands().stream().map(DeviceType.Command::name).toList(), Map.of("field", "name")).zh("“" + type.nameZh() + "”没有指令“" + name + "”"));
    Map<String, Double> given = parameters == null ? Map.of() : parameters;
    if (!given.keySet().equals(Set.copyOf(command.parameters())) || given.values().stream().anyMatch(v -> v == null || !Double.isFinite(v))) {
      throw new ProblemException(SensingProblem.INVALID_COMMAND, "the command " + name + " takes the numbers " + command.parameters() + ", was given " + given,
          Map.of("field", "parameters")).zh("指令“" + command.nameZh() + "”需要参数 " + command.parameters());
    }
    if (reason == null || reason.strip().length() < 2 || reason.strip().length() > 200) {
      throw new ProblemException(SensingProblem.INVALID_COMMAND, "reason must have 2 to 200 characters", Map.of("field", "reason")).zh("请填写 2 至 200 字的理由");
    }
    if (expiresAfter.compareTo(Duration.ofSeconds(10)) < 0 || expiresAfter.compareTo(Duration.ofHours(24)) > 0) {
      throw new ProblemException(SensingProblem.INVALID_COMMAND, "a command must expire after 10 s to 24 h, was " + expiresAfter.toSeconds() + " s", Map.of("field", "expiresAfterSeconds"))
          .zh("有效期应为 10 秒至 24 小时");
    }
    if (!device.enabled()) {
      throw new ProblemException(SensingProblem.INVALID_COMMAND, "device " + code + " is disabled; enable it first").zh("设备已停用，请先启用");
    }
    Issued issued = jdbc.sql("INSERT INTO sensing_command (device_id, name, parameters, reason, asked_by, expires_at) VALUES (:device, :name, :parameters::jsonb, :reason, :by, "
            + "now() + :seconds * interval '1 second') RETURNING " + COLUMNS)
        .param("device", device.id()).param("name", name).param("parameters", JSON.writeValueAsString(given)).param("reason", reason.strip())
        .param("by", Viewer.current().displayName()).param("seconds", expiresAfter.toSeconds()).query(CommandDesk::issued).single();
    access.record("device.command", "device:" + code, "done", Map.of("command", issued.id(), "name", name, "parameters", given));
    neighbours.everywhere(ASKED, Map.of());
    return issued;
  }

  /** The newest first, at most 50. */
  @Transactional(readOnly = true)
  public List<Issued> list(String code) {
    Device device = devices.find(code).orElseThrow(() -> Registrar.unknown(code));
    return jdbc.sql("SELECT " + COLUMNS + " FROM sensing_command WHERE device_id = :device ORDER BY id DESC LIMIT 50").param("device", device.id())
        .query(CommandDesk::issued).list();
  }

  /**
   * A device answers: {@code {"id": 17, "done": true, "answer": "…"}}. Saying it twice changes nothing; an answer after the
   * command expired still counts, as the device did it.
   *
   * @return what is wrong with it, in words; empty: it is written down
   */
  public Optional<String> answered(Known device, byte[] payload) {
    long id;
    boolean done;
    String answer;
    try {
      JsonNode said = JSON.readTree(payload);
      if (!said.path("id").isIntegralNumber() || !said.path("done").isBoolean()) {
        return Optional.of("an answer is {\"id\": number of the command, \"done\": true or false, \"answer\": words}");
      }
      id = said.path("id").asLong();
      done = said.path("done").asBoolean();
      answer = said.path("answer").asString("");
    } catch (JacksonException e) {
      return Optional.of("an answer is JSON: " + e.getOriginalMessage());
    }
    String words = answer.substring(0, Math.min(LONGEST_ANSWER, answer.length())).replace("\0", "");
    int updated = Viewer.callAs(Viewer.system("answer of a device"), () -> transaction.execute(status -> {
      int rows = jdbc.sql("UPDATE sensing_command SET state = :state, answered_at = now(), answer = :answer WHERE id = :id AND device_id = :device AND answered_at IS NULL")
          .param("state", done ? "DONE" : "FAILED").param("answer", words).param("id", id).param("device", device.deviceId()).update();
      if (rows > 0) {
        access.record("device.answered", "device:" + device.code(), "done", Map.of("command", id, "done", done));
        return rows;
      }
      return jdbc.sql("SELECT count(*) FROM sensing_command WHERE id = :id AND device_id = :device").param("id", id).param("device", device.deviceId()).query(Integer.class).single();
    }));
    return updated > 0 ? Optional.empty() : Optional.of("device " + device.code() + " was given no command " + id);
  }

  // ---- its life ----------------------------------------------------------------------------------

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name("device-commands").start(() -> Viewer.runAs(Viewer.system("commands to devices"), this::keepSending));
  }

  @Override
  public void stop() {
    running = false;
    wanted.release();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return DeviceDirectory.PHASE + 2;
  }

  private void keepSending() {
    boolean told = false;
    while (running) {
      try {
        wanted.tryAcquire(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        wanted.drainPermits();
        if (running) {
          sendOpen();
        }
        told = false;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        if (!told) {
          told = true;
          log.warn("commands to devices wait: {}", e.getMessage());
        }
      }
    }
  }

  private void sendOpen() {
    List<Open> open = transaction.execute(status -> {
      jdbc.sql("UPDATE sensing_command SET state = 'EXPIRED' WHERE state IN ('PENDING', 'SENT') AND expires_at < now()").update();
      return jdbc.sql("SELECT id, device_id, name, parameters::text, expires_at FROM sensing_command WHERE state = 'PENDING' OR state = 'SENT' AND sent_at < now() - interval '30 seconds' "
              + "ORDER BY id LIMIT :most").param("most", MOST_OPEN)
          .query((row, n) -> new Open(row.getLong(1), row.getLong(2), row.getString(3), row.getString(4), row.getObject(5, OffsetDateTime.class).toInstant())).list();
    });
    CommandWay way = open.isEmpty() ? null : ways.getIfAvailable();
    if (way == null) {
      return;
    }
    for (Open command : open) {
      directory.find(command.deviceId()).map(Known::code).filter(way::listens).ifPresent(code -> {
        transaction.executeWithoutResult(status -> jdbc.sql("UPDATE sensing_command SET state = 'SENT', sent_at = now() WHERE id = :id AND state IN ('PENDING', 'SENT')")
            .param("id", command.id()).update());
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("id", command.id());
        payload.put("name", command.name());
        payload.put("parameters", JSON.readTree(command.parameters()));
        payload.put("expiresAt", command.expiresAt().toString());
        way.send(code, JSON.writeValueAsString(payload).getBytes(StandardCharsets.UTF_8));
      });
    }
  }

  private static Issued issued(ResultSet row, int n) throws SQLException {
    return new Issued(row.getLong(1), row.getString(2), JSON.readValue(row.getString(3), new TypeReference<Map<String, Double>>() {}), row.getString(4), row.getString(5),
        row.getString(6), instant(row, 7), instant(row, 8), instant(row, 9), instant(row, 10), row.getString(11));
  }

  private static Instant instant(ResultSet row, int column) throws SQLException {
    OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
    return at == null ? null : at.toInstant();
  }
}
