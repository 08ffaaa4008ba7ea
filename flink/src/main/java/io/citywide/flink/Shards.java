package io.citywide.flink;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * What is shared among the workers. The key of a record (an area, a group or a device: all that must be judged together) falls
 * into one of a fixed number of shards; each shard is one key group of Flink and has one engine, so that a job that is given
 * more or fewer workers moves whole engines.
 */
public final class Shards {
  private final int[] keys;

  /** @param count 1..32768; fixed as long as the state lives */
  Shards(int count) {
    if (count < 1 || count > 32_768) throw new IllegalArgumentException("shards must be 1..32768, was " + count);
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

  /** The shard of a record's key; of records without one the first. */
  public static int of(byte[] key, int count) {
    if (key == null) return 0;
    CRC32C sum = new CRC32C();
    sum.update(ByteBuffer.wrap(key));
    return (int) (sum.getValue() % count);
  }
}
