package io.citywide.sensing.internal.ways;

import io.citywide.platform.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of lines; grows while they are read. */
final class Outcome {

  /** @param line number of the line or of the object in a list, from 1 */
  record Fault(long line, String code, Words words) {}

  private long stored;
  private final Map<String, Long> refused = new TreeMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final int mostFaults;

  /** @param mostFaults that are told one by one; the others are counted */
  Outcome(int mostFaults) {
    this.mostFaults = mostFaults;
  }

  void stored(long values) {
    stored += values;
  }

  void refused(long line, BadLine why) {
    refused.merge(why.refusal().code(), 1L, Long::sum);
    if (faults.size() < mostFaults) {
      faults.add(new Fault(line, why.refusal().code(), why.words()));
    }
  }

  long stored() {
    return stored;
  }

  /** Lines by the code of what was wrong. */
  Map<String, Long> refused() {
    return refused;
  }

  /** In the language of who asks. */
  List<Map<String, Object>> faults() {
    return faults.stream().map(fault -> Map.<String, Object>of("line", fault.line(), "code", fault.code(), "detail", fault.words().said())).toList();
  }
}
