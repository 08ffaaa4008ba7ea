package io.citywide.map.internal.search;

import io.citywide.identity.Permission;
import io.citywide.identity.Requires;
import io.citywide.map.spi.SearchSource.Hit;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** One box for everything that can be found. */
@RestController
class SearchController {

  /** @param elapsedMillis on the server, thousandths kept */
  record Answer(List<Hit> hits, double elapsedMillis) {}

  private final SearchDesk desk;

  SearchController(SearchDesk desk) {
    this.desk = desk;
  }

  /**
   * What the text may mean, as it is typed: an area, road, building or address by name, pinyin or its initials, a BeiDou
   * code or position, the number of a component or case, a person on duty. Within the scope of who asks.
   *
   * @param limit 1..20
   */
  @Requires(Permission.PLACE_READ)
  @GetMapping("/api/map/search")
  Answer search(@RequestParam String q, @RequestParam(defaultValue = "10") int limit) {
    long begun = System.nanoTime();
    List<Hit> hits = desk.search(q, limit);
    return new Answer(hits, Math.round((System.nanoTime() - begun) / 1e3) / 1e3);
  }
}
