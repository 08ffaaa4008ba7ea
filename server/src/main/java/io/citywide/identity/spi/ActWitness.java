package io.citywide.identity.spi;

/** Sees every act that is put into the access log. */
public interface ActWitness {

  /** Called in the transaction that wrote the row; an exception undoes the act. */
  void witnessed(RecordedAct act);
}
