package io.citywide.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Pictures of other hosts: none by itself, and the policy of the browser names exactly those that were set. */
class OverlaySettingsTest {

  private static final String TIANDITU = "tianditu|天地图|Tianditu|wmts|https://t0.tianditu.gov.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=KEY|© 天地图";

  @Test
  void withoutTheSettingNoHostIsAsked() {
    assertThat(new OverlaySettings("").list()).isEmpty();
    assertThat(new OverlaySettings("").origins()).isEmpty();
  }

  @Test
  void eachOverlayHasItsFieldsAndEachHostIsNamedOnce() {
    OverlaySettings settings = new OverlaySettings(TIANDITU + ";; photo|影像|Imagery|xyz|https://tiles.example:8443/{z}/{x}/{y}.png|city ;; p2|影|I|xyz|https://tiles.example:8443/b/{z}/{x}/{y}.png|");
    assertThat(settings.list()).extracting(OverlaySettings.Overlay::id).containsExactly("tianditu", "photo", "p2");
    assertThat(settings.list().getFirst().url()).contains("tk=KEY");
    assertThat(settings.origins()).containsExactly("https://t0.tianditu.gov.cn", "https://tiles.example:8443");
  }

  @Test
  void whatWouldWidenThePolicyIsRefusedByName() {
    for (String url : List.of("http://a.example/{z}/{x}/{y}", "https://*/{z}/{x}/{y}", "https://a.example;script-src/{z}/{x}/{y}", "https://a.example /{z}/{x}/{y}", "https://a.example/{z}/{x}",
        "https://u:p@a.example/{z}/{x}/{y}", "https:///{z}/{x}/{y}")) {
      assertThatIllegalArgumentException().as(url).isThrownBy(() -> new OverlaySettings("a1|a|a|xyz|" + url + "|c")).withMessageContaining("citywide.map.overlays");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new OverlaySettings(TIANDITU + ";;" + TIANDITU)).withMessageContaining("id of its own");
    assertThatIllegalArgumentException().isThrownBy(() -> new OverlaySettings("a|b")).withMessageContaining("six fields");
    assertThatIllegalArgumentException().isThrownBy(() -> new OverlaySettings(TIANDITU.replace("wmts|", "wms|"))).withMessageContaining("'wms'");
  }
}
