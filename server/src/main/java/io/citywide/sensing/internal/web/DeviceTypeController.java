package io.citywide.sensing.internal.web;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.sensing.DeviceType;
import io.citywide.sensing.Devices;
import io.citywide.sensing.internal.registry.TypeDesk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Types of devices. They are the same for the whole city. */
@RestController
@RequestMapping("/api/device-types")
class DeviceTypeController {

  /** @param low {@code null}: no bound; {@code high} likewise */
  record PropertyForm(String name, String nameZh, String nameEn, String unit, Double low, Double high, long intervalSeconds) {}

  /** @param version of the type that the caller saw; not asked for of a new one */
  record Form(String code, String nameZh, String nameEn, List<PropertyForm> properties, List<DeviceType.Command> commands, long silentAfterSeconds, int retentionDays, Integer version) {}

  private final Devices devices;
  private final TypeDesk types;

  DeviceTypeController(Devices devices, TypeDesk types) {
    this.devices = devices;
    this.types = types;
  }

  @Requires(Permission.SENSING_READ)
  @GetMapping
  List<Form> list() {
    Map<String, Integer> versions = types.versions();
    return devices.listTypes().stream().map(type -> form(type, versions.getOrDefault(type.code(), 1))).toList();
  }

  @Requires(value = Permission.DEVICE_EDIT, wholeCity = true)
  @PostMapping
  @ResponseStatus(HttpStatus.CREATED)
  Form add(@RequestBody Form form) {
    return form(types.add(type(form.code(), form)), 1);
  }

  @Requires(value = Permission.DEVICE_EDIT, wholeCity = true)
  @PutMapping("/{code}")
  Form change(@PathVariable String code, @RequestBody Form form) {
    return form(types.change(type(code, form), seen(form)), seen(form) + 1);
  }

  @Requires(value = Permission.DEVICE_EDIT, wholeCity = true)
  @DeleteMapping("/{code}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(@PathVariable String code) {
    types.delete(code);
  }

  private static DeviceType type(String code, Form form) {
    List<PropertyForm> properties = form.properties() == null ? List.of() : form.properties();
    return new DeviceType(code, form.nameZh(), form.nameEn(),
        properties.stream().map(p -> new DeviceType.Property(p.name(), p.nameZh(), p.nameEn(), p.unit(), p.low() == null ? Double.NEGATIVE_INFINITY : p.low(),
            p.high() == null ? Double.POSITIVE_INFINITY : p.high(), Duration.ofSeconds(p.intervalSeconds()))).toList(),
        form.commands() == null ? List.of() : form.commands().stream().map(c -> c.parameters() == null ? new DeviceType.Command(c.name(), c.nameZh(), c.nameEn(), List.of()) : c).toList(),
        Duration.ofSeconds(form.silentAfterSeconds()), Duration.ofDays(form.retentionDays()));
  }

  /** What was never seen has version 0, which no type has. */
  private static int seen(Form form) {
    return form.version() == null ? 0 : form.version();
  }

  private static Form form(DeviceType type, int version) {
    return new Form(type.code(), type.nameZh(), type.nameEn(),
        type.properties().stream().map(p -> new PropertyForm(p.name(), p.nameZh(), p.nameEn(), p.unit(), Double.isInfinite(p.low()) ? null : p.low(),
            Double.isInfinite(p.high()) ? null : p.high(), p.interval().toSeconds())).toList(),
        type.commands(), type.silentAfter().toSeconds(), (int) type.retention().toDays(), version);
  }
}
