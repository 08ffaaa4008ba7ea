package io.citywide.flink;

import java.nio.charset.StandardCharsets;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.kafka.common.utils.Utils;

/**
 * Where things are judged: each partition of the observations has one engine, which is one key group of Flink, so that a job that is given more or fewer
 * workers moves whole engines.
 */
public final class Shards {
  private final int[] keys;

  /** @param count partitions, 1..32768; fixed as long as the state lives */
  Shards(int count) {
    if (count < 1 || count > 32_768) throw new IllegalArgumentException("partitions must be 1..32768, was " + count);
    keys = new int[count];
    boolean[] found = new boolean[count];
    int missing = count;
    // Flink scatters keys over its groups; here each group is wanted exactly once.
    for (int key = 0; missing > 0; key++) {
      int group = KeyGroupRangeAssignment.assignToKeyGroup(key, count);
      if (found[group]) continue;
      found[group] = true;
      keys[group] = key;
      missing--;
    }
  }

  int count() {
    return keys.length;
  }

  /** The key by which Flink finds this shard. */
  int key(int shard) {
    return keys[shard];
  }

  /** The partition of a key: that which Kafka's own producers choose (murmur2). */
  public static int of(String key, int count) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % count;
  }
}
