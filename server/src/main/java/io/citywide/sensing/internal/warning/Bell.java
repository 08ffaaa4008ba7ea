package io.citywide.sensing.internal.warning;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Wakes those who work off what was just committed, so that nobody waits for the clock. What a ring is missed by, the clock finds. */
@Component
class Bell {

  private final List<Runnable> sleepers = new CopyOnWriteArrayList<>();

  void wakes(Runnable sleeper) {
    sleepers.add(sleeper);
  }

  void ringAfterCommit() {
    TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
      @Override
      public void afterCommit() {
        sleepers.forEach(Runnable::run);
      }
    });
  }
}
