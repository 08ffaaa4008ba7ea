package io.citywide.platform;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Pictures of other hosts under the map. None is needed, and without one no other host is asked for anything. Here and not
 * in the module map, because the content security policy must name the same hosts.
 *
 * @param overlays each as {@code id|title in Chinese|title in English|xyz or wmts|https address with {z} {x} {y}|attribution}, several apart by {@code ;;}
 */
@Validated
@ConfigurationProperties("citywide.map")
public record OverlaySettings(@DefaultValue("") String overlays) {

  /** One of them; {@code url} goes to every browser as it is, a key in it too. */
  public record Overlay(String id, String titleZh, String titleEn, String type, String url, String attribution) {

    /** Scheme, host and port, as a content security policy names them. */
    public String origin() {
      URI address = URI.create(url.replaceAll("[{}]", ""));
      return "https://" + address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }
  }

  public OverlaySettings {
    read(overlays);
  }

  /** In the order of the setting. */
  public List<Overlay> list() {
    return read(overlays);
  }

  /** Each host once, by name. */
  public List<String> origins() {
    return list().stream().map(Overlay::origin).distinct().sorted().toList();
  }

  private static List<Overlay> read(String overlays) {
    List<Overlay> read = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String one : overlays.split(";;")) {
      if (one.isBlank()) {
        continue;
      }
      String[] fields = one.strip().split("\\|", -1);
      if (fields.length != 6) {
        throw invalid("has six fields apart by |, not " + fields.length, one);
      }
      if (!fields[0].matches("[a-z][a-z0-9-]{1,29}") || !ids.add(fields[0])) {
        throw invalid("begins with an id of its own of 2 to 30 of a-z 0-9 -", one);
      }
      if (!fields[3].equals("xyz") && !fields[3].equals("wmts")) {
        throw invalid("is xyz or wmts, not '" + fields[3] + "'", one);
      }
      // A host that could end the policy's directive or widen it is none.
      if (!fields[4].matches("https://[a-zA-Z0-9.-]{1,253}(:[0-9]{1,5})?/[!-~]*") || !fields[4].contains("{z}") || !fields[4].contains("{x}") || !fields[4].contains("{y}")) {
        throw invalid("has an https address of one host with {z}, {x} and {y}, not '" + fields[4] + "'", one);
      }
      read.add(new Overlay(fields[0], fields[1].strip(), fields[2].strip(), fields[3], fields[4], fields[5].strip()));
    }
    return read;
  }

  private static IllegalArgumentException invalid(String rule, String one) {
    return new IllegalArgumentException("citywide.map.overlays: each overlay " + rule + " (in '" + one.strip() + "')");
  }
}
