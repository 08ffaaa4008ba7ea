package io.citywide.place;

import java.util.List;
import org.locationtech.jts.geom.Geometry;

/** What lies in and at a building, as far as the current viewer may see it: implemented by the module that knows every layer of the map. */
public interface Surroundings {

  /** How many of one kind; {@code worst}: the highest grade among them, 0..4. */
  record Kind(String kind, String titleZh, String titleEn, long count, int worst) {}

  /** One of them; {@code lon}, {@code lat}: WGS-84 degrees. */
  record Thing(String id, String kind, String titleZh, String titleEn, double lon, double lat, int grade) {}

  /**
   * One layer.
   *
   * @param id of the layer, such as {@code cases}
   * @param kinds the commonest first
   * @param first at most 20 of them
   */
  record Things(String id, String titleZh, String titleEn, long count, int worst, List<Kind> kinds, List<Thing> first) {}

  /**
   * Components and open cases within 15 m of the outline; without one, within 30 m of the point. Opens transactions of its own:
   * not to be called within one.
   *
   * @param outline WGS-84, may be {@code null}
   */
  List<Things> around(Geometry outline, double lon, double lat);
}
