package io.citywide.ledger.spi;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Rows that entries of the ledger prove. Found by {@link java.util.ServiceLoader}, because verification runs without a
 * server; needs a constructor without parameters.
 */
public interface LedgerSubject {

  /**
   * A row as the ledger digests it.
   *
   * @param seq within {@code id}, from 1; 0 where there is one row only
   * @param canonical as {@link io.citywide.ledger.Canonical} writes it
   */
  record Row(long id, int seq, String canonical) {}

  /** The name in the entries, such as {@code case}. */
  String subject();

  /** What a row is called in a message, such as {@code step 3 of case 17}. */
  String words(long id, int seq);

  /** A query for all rows, ordered by id and seq, ascending. */
  String rows();

  Row row(ResultSet rs) throws SQLException;

  /** A query for all subjects as they are, ordered by id; {@code null}: entries hold no state. */
  default String states() {
    return null;
  }

  /** A subject as it is; its seq is that of its last row. */
  default Row state(ResultSet rs) throws SQLException {
    throw new UnsupportedOperationException(subject() + " has no states");
  }
}
