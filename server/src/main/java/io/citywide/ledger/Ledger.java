package io.citywide.ledger;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/** Where acts are written down: always in the transaction of the act itself, so that there is never one without the other. */
public interface Ledger {

  /**
   * An entry that rides on the statement which writes the row it proves, so that it costs no further trip to the database.
   *
   * @param with begins the statement: {@code with + "INSERT INTO …"}
   */
  record Leaf(String with, Act act) {
    /** Binds what {@code with} asks for. */
    public StatementSpec bind(StatementSpec statement) {
      return statement.param("leafAt", act.at().atOffset(java.time.ZoneOffset.UTC)).param("leafKind", act.kind()).param("leafSubject", act.subject())
          .param("leafId", act.id()).param("leafSeq", act.seq()).param("leafActor", act.actor()).param("leafContent", act.content())
          .param("leafState", act.state(), java.sql.Types.BINARY);
    }
  }

  /** Writes the acts down, in this order, in one statement. Needs a transaction. */
  void append(List<Act> acts);

  default void append(Act act) {
    append(List.of(act));
  }

  /** The entry as part of the caller's statement. */
  Leaf leaf(Act act);

  /** The digest of a canonical form, by the hash of this ledger. */
  byte[] digest(String canonical);

  /**
   * The proof that a row was written down. The caller has made sure that the viewer may see the row. Needs a transaction.
   *
   * @param row canonical form of the row, given to the holder along with the proof; {@code null}: it is kept back
   * @throws io.citywide.platform.ProblemException {@code ledger.unknown} where there is no entry, {@code ledger.not-sealed}
   *     where the tree does not hold it yet
   */
  Receipt receipt(String subject, long id, int seq, String row);
}
