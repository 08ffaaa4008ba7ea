package io.citywide.sensing.internal.sta;

import java.util.List;
import java.util.Map;

/** Another way than HTTP that meets requirements of 18-088; the root of the service names it. */
public interface Extension {

  /**
   * Where each requirements class is met, by its URI; empty: not offered now.
   *
   * @param host by which the caller reached the server
   */
  Map<String, List<String>> endpoints(String host);
}
