package io.citywide.map.internal.layer;

import io.citywide.identity.Viewer;
import io.citywide.map.MapProblem;
import io.citywide.map.spi.Layer;
import io.citywide.map.spi.LayerSource;
import io.citywide.platform.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Every layer of the map, of whichever module. */
@Component
public class LayerBook {

  private final Map<String, LayerSource> sources;

  /** @throws IllegalStateException when two sources draw a layer of the same id */
  LayerBook(List<LayerSource> sources) {
    this.sources = sources.stream().collect(Collectors.toMap(s -> s.layer().id(), Function.identity()));
  }

  /** Those that the current viewer may see and that can answer, by id. */
  public List<LayerSource> visible() {
    return sources.values().stream().filter(LayerBook::visible).filter(LayerSource::ready).sorted(Comparator.comparing(s -> s.layer().id())).toList();
  }

  /**
   * @throws ProblemException {@code map.unknown-layer}, also for a layer that the viewer may not see: whether there is one
   *     is not told
   */
  public LayerSource get(String id) {
    LayerSource source = sources.get(id);
    if (source == null || !visible(source)) {
      throw unknown(id);
    }
    return source;
  }

  /** The layer of this id, whoever looks: for what is published. */
  public Optional<LayerSource> find(String id) {
    return Optional.ofNullable(sources.get(id));
  }

  public static ProblemException unknown(String id) {
    return new ProblemException(MapProblem.UNKNOWN_LAYER, "there is no layer '" + id + "' for you", Map.of("layer", id)).zh("没有图层“" + id + "”");
  }

  private static boolean visible(LayerSource source) {
    Layer layer = source.layer();
    return layer.permission() == null || Viewer.current().may(layer.permission());
  }
}
