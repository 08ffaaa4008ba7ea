package io.citywide.sensing.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.identity.Units;
import io.citywide.place.Places;
import io.citywide.platform.PlatformProblem;
import io.citywide.platform.ProblemException;
import io.citywide.platform.Slice;
import io.citywide.sensing.Device;
import io.citywide.sensing.Devices;
import io.citywide.sensing.Observations;
import io.citywide.sensing.internal.registry.CommandDesk;
import io.citywide.sensing.internal.registry.DeviceDraft;
import io.citywide.sensing.internal.registry.DeviceImport;
import io.citywide.sensing.internal.registry.DeviceStore;
import io.citywide.sensing.internal.registry.Registrar;
import jakarta.servlet.http.HttpServletRequest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The register of devices. */
@RestController
class DeviceController {

  /**
   * A device of a list.
   *
   * @param area where it stands, in words
   * @param measured what it measured of the property and in the time asked for; {@code null} where nothing was asked for or measured
   */
  record Row(long id, String code, String type, String name, double lon, double lat, String areaCode, String area, String group, String unit, String source, boolean enabled,
      Device.State state, Instant seenAt, Observations.Sum measured) {}

  /**
   * A device as its page shows it; its type is among {@code /api/device-types}.
   *
   * @param unitCode code of the unit that answers for it
   * @param secret whether it has one, by which it can speak for itself
   */
  record Detail(Row device, String component, String building, String unitCode, boolean secret, int version, Instant changedAt) {}

  /** @param version that the caller saw */
  record Change(String type, String name, Double lon, Double lat, String crs, String group, String component, String building, String unit, String source, Boolean enabled,
      int version) {}

  /** @param secret told this once */
  record Secret(String secret) {}

  /** @param expiresAfterSeconds default 600 */
  record Order(String name, Map<String, Double> parameters, String reason, Integer expiresAfterSeconds) {}

  private static final int DEFAULT_EXPIRY_SECONDS = 600;

  /** A year of what was measured, and somewhat more. */
  private static final Duration LONGEST = Duration.ofDays(400);

  private final DeviceStore devices;
  private final Registrar registrar;
  private final DeviceImport imports;
  private final CommandDesk commands;
  private final Places places;
  private final Units units;
  private final Observations observations;

  DeviceController(DeviceStore devices, Registrar registrar, DeviceImport imports, CommandDesk commands, Places places, Units units,
      Observations observations) {
    this.devices = devices;
    this.registrar = registrar;
    this.imports = imports;
    this.commands = commands;
    this.places = places;
    this.units = units;
    this.observations = observations;
  }

  /**
   * Devices in the order of their codes.
   *
   * @param area this one and all below it
   * @param unit id of the unit that answers for them
   * @param q part of name or code
   * @param property only those whose type has a property of this name
   * @param from with {@code to} and {@code property}: what each measured of it from this moment, taken down to the hour as {@code to} is; at most 400 days
   * @param limit 1..500
   */
  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/devices")
  Slice<Row> list(@RequestParam(required = false) String type, @RequestParam(required = false) Device.State state, @RequestParam(required = false) String area,
      @RequestParam(required = false) String group, @RequestParam(required = false) String source, @RequestParam(required = false) Long unit,
      @RequestParam(required = false) String q, @RequestParam(required = false) String property, @RequestParam(required = false) Instant from,
      @RequestParam(required = false) Instant to, @RequestParam(required = false) String after, @RequestParam(defaultValue = "50") int limit) {
    if (limit < 1 || limit > 500) {
      throw new ProblemException(PlatformProblem.INVALID, "limit must be 1..500, was " + limit, Map.of("field", "limit")).zh("limit 应为 1 至 500");
    }
    if (from == null != (to == null) || from != null && (property == null || !from.isBefore(to) || Duration.between(from, to).compareTo(LONGEST) > 0)) {
      throw new ProblemException(PlatformProblem.INVALID, "what was measured is told of a property, from a moment to a later one, at most " + LONGEST.toDays() + " days: property, from and to go together",
          Map.of("field", "from")).zh("查询观测值须同时给出 property、from、to，from 早于 to，最长 " + LONGEST.toDays() + " 天");
    }
    Slice<Device> page = devices.list(new Devices.Query(type, state, area, group, source, unit, q, property), after, limit);
    return new Slice<>(rows(page.items(), from == null ? Map.of() : measured(page.items(), property, from, to)), page.next());
  }

  /** How many there are in each state; filters as in the list. */
  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/devices:counts")
  Map<Device.State, Long> counts(@RequestParam(required = false) String type, @RequestParam(required = false) String area, @RequestParam(required = false) String group,
      @RequestParam(required = false) String source, @RequestParam(required = false) Long unit, @RequestParam(required = false) String q,
      @RequestParam(required = false) String property) {
    return devices.count(new Devices.Query(type, null, area, group, source, unit, q, property));
  }

  /** What stands together, such as the devices of a shed, in the order of the codes. */
  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/devices:groups")
  Slice<DeviceStore.Group> groups(@RequestParam(required = false) String area, @RequestParam(required = false) String after, @RequestParam(defaultValue = "100") int limit) {
    if (limit < 1 || limit > 1_000) {
      throw new ProblemException(PlatformProblem.INVALID, "limit must be 1..1000, was " + limit, Map.of("field", "limit")).zh("limit 应为 1 至 1000");
    }
    return devices.groups(area, after, limit);
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/devices/{code}")
  Detail one(@PathVariable String code) {
    return detail(devices.find(code).orElseThrow(() -> Registrar.unknown(code)));
  }

  @Requires(Permission.DEVICE_EDIT)
  @PostMapping("/api/devices")
  @ResponseStatus(HttpStatus.CREATED)
  Detail register(@RequestBody DeviceDraft draft) {
    return detail(registrar.register(draft));
  }

  @Requires(Permission.DEVICE_EDIT)
  @PutMapping("/api/devices/{code}")
  Detail change(@PathVariable String code, @RequestBody Change c) {
    return detail(registrar.change(code, new DeviceDraft(code, c.type(), c.name(), c.lon(), c.lat(), c.crs(), c.group(), c.component(), c.building(), c.unit(), c.source(), c.enabled()),
        c.version()));
  }

  /** Only a device that never observed anything. */
  @Requires(Permission.DEVICE_EDIT)
  @DeleteMapping("/api/devices/{code}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String code) {
    registrar.delete(code);
  }

  /** A new secret takes the place of the one before. */
  @Requires(Permission.DEVICE_EDIT)
  @PostMapping("/api/devices/{code}/secret")
  Secret issueSecret(@PathVariable String code) {
    return new Secret(registrar.issueSecret(code));
  }

  @Requires(Permission.DEVICE_EDIT)
  @DeleteMapping("/api/devices/{code}/secret")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void revokeSecret(@PathVariable String code) {
    registrar.revokeSecret(code);
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping("/api/devices/{code}/commands")
  List<CommandDesk.Issued> commands(@PathVariable String code) {
    return commands.list(code);
  }

  @Requires(Permission.DEVICE_COMMAND)
  @PostMapping("/api/devices/{code}/commands")
  @ResponseStatus(HttpStatus.CREATED)
  CommandDesk.Issued command(@PathVariable String code, @RequestBody Order order) {
    return commands.issue(code, order.name(), order.parameters(), order.reason(),
        Duration.ofSeconds(order.expiresAfterSeconds() == null ? DEFAULT_EXPIRY_SECONDS : order.expiresAfterSeconds()));
  }

  /** Takes over a register as a stream of CSV (UTF-8, with a header) or NDJSON; docs/import.md names the fields. */
  @Requires(Permission.DEVICE_EDIT)
  @PostMapping("/api/devices:import")
  DeviceImport.Outcome run(HttpServletRequest request) throws IOException {
    MediaType type = request.getContentType() == null ? MediaType.TEXT_PLAIN : MediaType.parseMediaType(request.getContentType());
    try {
      InputStream body = open(request);
      if (type.getSubtype().equals("csv")) {
        return imports.csv(body);
      }
      if (type.getSubtype().contains("ndjson") || type.getSubtype().equals("jsonl")) {
        return imports.lines(body);
      }
      throw new ProblemException(PlatformProblem.MEDIA_TYPE, "devices come as text/csv or application/x-ndjson, not as '" + request.getContentType() + "'")
          .zh("设备清单须为 text/csv 或 application/x-ndjson");
    } catch (ProblemException refused) {
      // Whoever is still sending hears the answer only after the last of it.
      request.getInputStream().transferTo(OutputStream.nullOutputStream());
      throw refused;
    }
  }

  /** The body, which stays open when its reader is done with it. */
  private static InputStream open(HttpServletRequest request) throws IOException {
    return new FilterInputStream(request.getInputStream()) {
      @Override
      public void close() {
        // what is left is still to be read
      }
    };
  }

  /** By id, of those that measured anything. */
  private Map<Long, Observations.Sum> measured(List<Device> page, String property, Instant from, Instant to) {
    Map<Integer, Long> series = new HashMap<>();
    page.forEach(d -> observations.findSeries(d.id(), property).ifPresent(number -> series.put(number, d.id())));
    Map<Long, Observations.Sum> measured = new HashMap<>();
    observations.totals(series.keySet(), Observations.Step.HOUR, from, to).forEach((number, sum) -> measured.put(series.get(number), sum));
    return measured;
  }

  private List<Row> rows(List<Device> page, Map<Long, Observations.Sum> measured) {
    Map<Long, String> names = units.names(page.stream().map(Device::ownerUnitId).filter(Objects::nonNull).distinct().toList());
    return page.stream().map(d -> new Row(d.id(), d.code(), d.typeCode(), d.name(), d.lon(), d.lat(), d.areaCode(), d.areaCode() == null ? null : places.describe(d.areaCode()),
        d.groupCode(), d.ownerUnitId() == null ? null : names.get(d.ownerUnitId()), d.source(), d.enabled(), d.state(), d.seenAt(),
        measured.get(d.id()))).toList();
  }

  private Detail detail(Device device) {
    DeviceStore.Particulars more = devices.particulars(device.code()).orElseThrow(() -> Registrar.unknown(device.code()));
    String unitCode = device.ownerUnitId() == null ? null : units.findUnit(device.ownerUnitId()).map(u -> u.code()).orElse(null);
    return new Detail(rows(List.of(device), Map.of()).getFirst(), device.componentIdent(), device.buildingIdent(), unitCode, more.secret(),
        more.version(), more.changedAt());
  }
}
