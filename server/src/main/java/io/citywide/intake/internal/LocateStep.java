package io.citywide.intake.internal;

import io.citywide.grid.GridCell;
import io.citywide.identity.Viewer;
import io.citywide.intake.Decision;
import io.citywide.place.Area;
import io.citywide.place.AreaLevel;
import io.citywide.place.PlaceReading;
import io.citywide.place.Places;
import io.citywide.place.Spot;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Second step: where is it? By coordinates, else by the component, else by the area the channel named, else by the
 * areas the text names. Only the first two give a point; without one the report waits for a person, in the queue of
 * the area as far as it is known.
 */
@Component
class LocateStep {

  private static final int FINEST_LEVEL = 9;

  private final Places places;

  LocateStep(Places places) {
    this.places = places;
  }

  void apply(Draft draft) {
    if (draft.hasPoint()) {
      byPoint(draft);
    } else if (draft.component != null) {
      draft.lon = draft.component.lon();
      draft.lat = draft.component.lat();
      draft.gridKey = draft.component.gridKey();
      draft.areaCode = draft.component.areaCode() != null ? draft.component.areaCode()
          : places.locate(draft.lon, draft.lat).map(Spot::areaCode).orElseGet(() -> anyArea(draft));
      decide(draft, "POINT", "locate.component", "按部件 " + draft.component.ident() + " 定位：" + places.describe(draft.areaCode),
          Map.of("componentIdent", draft.component.ident(), "areaCode", draft.areaCode));
    } else if (draft.area != null) {
      draft.areaCode = draft.area.code();
      decide(draft, "AREA", "locate.area", "只知道区域：" + places.describe(draft.areaCode) + "，没有坐标，待人工定位", Map.of("areaCode", draft.areaCode));
    } else {
      byText(draft);
    }
  }

  private void byPoint(Draft draft) {
    draft.gridKey = GridCell.of(draft.lon, draft.lat, FINEST_LEVEL).key();
    Optional<Spot> spot = places.locate(draft.lon, draft.lat);
    if (spot.isPresent()) {
      draft.areaCode = spot.get().areaCode();
      String other = draft.area != null && !draft.areaCode.startsWith(draft.area.code()) && places.chain(draft.areaCode).stream().noneMatch(draft.area::equals)
          ? "；与所报区域 " + places.describe(draft.area.code()) + " 不符，以坐标为准" : "";
      decide(draft, "POINT", "locate.point", "按坐标定位：" + places.describe(draft.areaCode) + other,
          Map.of("areaCode", draft.areaCode, "givenAreaCode", draft.area == null ? "" : draft.area.code()));
    } else {
      draft.areaCode = draft.area != null ? draft.area.code() : anyArea(draft);
      decide(draft, "POINT", "locate.no-boundary", "坐标处没有区域边界数据，按所报区域：" + places.describe(draft.areaCode), Map.of("areaCode", draft.areaCode));
    }
  }

  private void byText(Draft draft) {
    String text = String.join("\n", draft.given.address() == null ? "" : draft.given.address(),
        draft.given.title() == null ? "" : draft.given.title(), draft.given.description());
    PlaceReading reading = places.read(text);
    if (reading.area().isPresent()) {
      draft.area = reading.area().get();
      draft.areaCode = draft.area.code();
      Map<String, Object> facts = new LinkedHashMap<>();
      facts.put("areaCode", draft.areaCode);
      facts.put("mentions", reading.mentions().stream().map(m -> m.area().name()).distinct().toList());
      decide(draft, "AREA", "locate.text", "文字提到" + places.describe(draft.areaCode) + "（" + reading.why() + "），没有坐标，待人工定位", facts);
    } else {
      draft.areaCode = anyArea(draft);
      decide(draft, "NONE", "locate.none", "没有坐标、部件或可识别的地名，待人工定位", Map.of("areaCode", draft.areaCode));
    }
  }

  /** The city, to be seen by those who look after all of it; the caller's own area where there is no single city. */
  private String anyArea(Draft draft) {
    Viewer by = draft.by;
    if (by.areaCode() != null && !by.areaCode().isBlank()) {
      var chain = places.chain(by.areaCode());
      return chain.isEmpty() ? by.areaCode() : chain.getFirst().code();
    }
    return places.listAreas().stream().filter(a -> a.level() == AreaLevel.CITY).map(Area::code).findFirst().orElse("");
  }

  private static void decide(Draft draft, String outcome, String code, String why, Map<String, Object> facts) {
    draft.decide(new Decision("locate", outcome, code, why, facts, draft.receivedAt));
  }
}
