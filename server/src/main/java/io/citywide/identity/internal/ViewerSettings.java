package io.citywide.identity.internal;

import io.citywide.identity.AreaScope;
import io.citywide.identity.Viewer;
import io.citywide.platform.TransactionSettings;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Tells PostgreSQL the scope of the viewer under whom a transaction begins. */
@Component
class ViewerSettings implements TransactionSettings {

  @Override
  public Map<String, String> current() {
    Viewer viewer = Viewer.current();
    AreaScope area = viewer.area();
    String units = viewer.units().stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
    return Map.of(
        "citywide.area_lo", area.low(),
        "citywide.area_hi", area.high(),
        "citywide.units", units,
        "citywide.caller", viewer.kind() == Viewer.Kind.PUBLIC ? "" : viewer.caller(),
        "citywide.person", viewer.personId() == null ? "" : viewer.personId().toString());
  }
}
