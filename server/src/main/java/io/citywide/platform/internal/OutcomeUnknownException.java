package io.citywide.platform.internal;

import org.springframework.transaction.TransactionSystemException;

/** The connection broke while the commit was under way: whether the database has done it, only looking tells. */
public final class OutcomeUnknownException extends TransactionSystemException {
  OutcomeUnknownException(Throwable cause) {
    super("the connection to the database broke during a commit", cause);
  }
}
