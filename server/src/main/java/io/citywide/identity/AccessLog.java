package io.citywide.identity;

import java.util.Map;

/** The record of log-ins, grants and looks at personal data. Written in the transaction of the act itself. */
public interface AccessLog {

  /**
   * @param act what was done, such as {@code personal-data.revealed}
   * @param object on what, such as {@code signal:17}
   * @param outcome {@code done} or {@code refused}
   */
  void record(String act, String object, String outcome, Map<String, Object> details);
}
