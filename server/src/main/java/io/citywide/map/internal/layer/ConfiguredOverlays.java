package io.citywide.map.internal.layer;

import io.citywide.platform.OverlaySettings;
import java.util.List;
import org.springframework.stereotype.Component;

/** The overlays of {@code citywide.map.overlays}. */
@Component
class ConfiguredOverlays implements Overlays {

  private final List<Overlay> overlays;

  ConfiguredOverlays(OverlaySettings settings) {
    overlays = settings.list().stream().map(o -> new Overlay(o.id(), o.titleZh(), o.titleEn(), o.type(), o.url(), o.attribution())).toList();
  }

  @Override
  public List<Overlay> list() {
    return overlays;
  }
}
