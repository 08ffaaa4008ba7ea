package io.citywide.map.internal.search;

import io.citywide.map.MapProblem;
import io.citywide.map.spi.SearchSource;
import io.citywide.map.spi.SearchSource.Hit;
import io.citywide.platform.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Asks every source what the search box means. */
@Component
public class SearchDesk {

  private final List<SearchSource> sources;

  SearchDesk(List<SearchSource> sources) {
    this.sources = sources;
  }

  /**
   * The best answers of all sources, the likeliest first.
   *
   * @param text 1 to 100 characters after trimming
   * @param limit 1..20
   */
  public List<Hit> search(String text, int limit) {
    String typed = text.strip();
    if (typed.isEmpty() || typed.length() > 100) {
      throw new ProblemException(MapProblem.INVALID_QUERY, "q has 1 to 100 characters, had " + typed.length(), Map.of("field", "q")).zh("搜索词须为 1 至 100 字");
    }
    if (limit < 1 || limit > 20) {
      throw new ProblemException(MapProblem.INVALID_QUERY, "limit must be 1..20, was " + limit, Map.of("field", "limit", "value", limit)).zh("limit 须为 1 至 20");
    }
    List<Hit> hits = new ArrayList<>();
    for (SearchSource source : sources) {
      hits.addAll(source.search(typed, limit));
    }
    hits.sort(Comparator.comparingDouble(Hit::score).reversed());
    return hits.subList(0, Math.min(limit, hits.size()));
  }
}
