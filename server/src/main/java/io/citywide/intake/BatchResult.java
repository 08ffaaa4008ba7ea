package io.citywide.intake;

import java.util.List;

/**
 * What became of a batch; every row is in exactly one count: {@code accepted + duplicates + rejected.size()} = rows.
 *
 * @param accepted rows taken now: {@code opened + joined + waiting}
 * @param duplicates rows whose natural key had been taken before, in this batch or earlier; nothing was changed
 */
public record BatchResult(int accepted, int opened, int joined, int waiting, int duplicates, List<Rejected> rejected) {

  /**
   * A row that could not be taken.
   *
   * @param index of the row in the batch, from 0
   * @param field what was wrong, {@code null}: the row as a whole
   * @param code stable code of the problem
   * @param reason in words
   */
  public record Rejected(int index, String field, String code, String reason) {}

  public BatchResult {
    rejected = List.copyOf(rejected);
  }
}
