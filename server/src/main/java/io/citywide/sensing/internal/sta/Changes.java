package io.citywide.sensing.internal.sta;

import io.citywide.platform.Neighbours;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What was made and changed over SensorThings, told after the commit, on this server and on the others. Nothing is noted where nobody listens. */
@Component
public class Changes {

  private static final String TOPIC = "sta";
  /** Of 42 characters at most, so that a note stays below the 7 KB of {@link Neighbours}. */
  private static final int TOLD_AT_ONCE = 150;

  private final Neighbours neighbours;
  private volatile Consumer<List<Change>> listener;

  Changes(Neighbours neighbours) {
    this.neighbours = neighbours;
    neighbours.hear(TOPIC, facts -> tell(Arrays.stream(facts.get("changes").toString().split(",")).map(Changes::read).toList()));
  }

  /** One who must not block; {@code null}: nobody any more. */
  public void listen(Consumer<List<Change>> listener) {
    this.listener = listener;
  }

  void note(EntitySet set, long id) {
    note(new Change(set.plural(), id, 0));
  }

  void noteObservation(long id, long stream) {
    note(new Change(EntitySet.OBSERVATIONS.plural(), id, stream));
  }

  private void note(Change change) {
    if (listener == null && neighbours.alone()) {
      return;
    }
    Noted noted = (Noted) TransactionSynchronizationManager.getResource(this);
    if (noted == null) {
      noted = new Noted();
      TransactionSynchronizationManager.bindResource(this, noted);
      TransactionSynchronizationManager.registerSynchronization(noted);
    }
    noted.changes.add(change);
  }

  /** Of the transaction under way. */
  private final class Noted implements TransactionSynchronization {

    private final Set<Change> changes = new LinkedHashSet<>();

    @Override
    public void afterCommit() {
      List<Change> all = List.copyOf(changes);
      tell(all);
      for (int from = 0; from < all.size() && !neighbours.alone(); from += TOLD_AT_ONCE) {
        neighbours.tell(TOPIC, Map.of("changes", all.subList(from, Math.min(all.size(), from + TOLD_AT_ONCE)).stream().map(Changes::written).collect(Collectors.joining(","))));
      }
    }

    @Override
    public void afterCompletion(int status) {
      TransactionSynchronizationManager.unbindResourceIfPossible(Changes.this);
    }
  }

  private void tell(List<Change> changes) {
    Consumer<List<Change>> one = listener;
    if (one != null) {
      one.accept(changes);
    }
  }

  private static String written(Change change) {
    return change.set() + ":" + change.id() + (change.stream() == 0 ? "" : ":" + change.stream());
  }

  private static Change read(String text) {
    String[] parts = text.split(":");
    return new Change(parts[0], Long.parseLong(parts[1]), parts.length < 3 ? 0 : Long.parseLong(parts[2]));
  }
}
