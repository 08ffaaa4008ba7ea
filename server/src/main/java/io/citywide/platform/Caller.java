package io.citywide.platform;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Who waits for the answer to a request, and whether anybody still does. Work that only reads is done
 * {@linkplain #whileThere for somebody}; when they have gone it is given up: loops that look ({@link #checkThere}) end, and
 * so does the statement that the database is at.
 *
 * <pre>{@code
 * return Caller.whileThere(() -> layers.count(region)); // throws Gone soon after the browser has hung up
 * }</pre>
 *
 * <p>Nobody's work, such as that of a task, is never given up.
 */
public final class Caller {

  /** Nobody is left to hear the answer. */
  public static final class Gone extends RuntimeException {
    private Gone() {
      super("the caller went away", null, false, false);
    }
  }

  /** The connection by which somebody asked. */
  @FunctionalInterface
  public interface Line {

    /** Whether the other end hung up. Costs a look at the connection; asked by one thread at a time, only during the work. */
    boolean broken();
  }

  /** Asks for each of these once in a while; see {@link #look}. */
  public interface Watch {

    void begin(Caller caller);

    void end(Caller caller);
  }

  private static final ScopedValue<Caller> ASKING = ScopedValue.newInstance();
  private static final ScopedValue<Caller> WAITED_FOR = ScopedValue.newInstance();
  private static final Caller NOBODY = new Caller(() -> false, null);

  private final Line line;
  private final Watch watch;
  /** Guards the line, which is asked for only while the work goes on, and what is to be stopped. */
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Object, Runnable> stops = new HashMap<>();
  private long since;
  private boolean waiting;
  private volatile boolean gone;

  private Caller(Line line, Watch watch) {
    this.line = line;
    this.watch = watch;
  }

  /** Answers a request that came by a line. */
  public static <T, X extends Throwable> T answering(Line line, Watch watch, ScopedValue.CallableOp<T, X> answer) throws X {
    return ScopedValue.where(ASKING, new Caller(line, watch)).call(answer);
  }

  /**
   * Does something that is of no use to anybody but the caller, and changes nothing.
   *
   * @throws Gone when the caller went away meanwhile, whatever became of the work
   */
  public static <T> T whileThere(Supplier<T> work) {
    if (!ASKING.isBound() || WAITED_FOR.isBound()) {
      return work.get();
    }
    Caller caller = ASKING.get();
    caller.begin();
    try {
      return ScopedValue.where(WAITED_FOR, caller).call(work::get);
    } catch (RuntimeException e) {
      caller.checkThere();
      throw e;
    } finally {
      caller.end();
    }
  }

  /** Whom the work of this thread is done for; somebody who never goes where it is done for its own sake. */
  public static Caller waitedFor() {
    return WAITED_FOR.orElse(NOBODY);
  }

  /** Does a part of the work in another thread. */
  public <T, X extends Throwable> T call(ScopedValue.CallableOp<T, X> part) throws X {
    return this == NOBODY ? part.call() : ScopedValue.where(WAITED_FOR, this).call(part);
  }

  /** Costs nothing. */
  public boolean gone() {
    return gone;
  }

  /** @throws Gone when nobody waits any more */
  public void checkThere() {
    if (gone) {
      throw new Gone();
    }
  }

  /**
   * Says how to end what cannot look for itself.
   *
   * @param what known again by {@link #done}, which waits for the ending where that is under way
   */
  public void stopBy(Object what, Runnable stop) {
    if (this == NOBODY) {
      return;
    }
    lock.lock();
    try {
      stops.put(what, stop);
    } finally {
      lock.unlock();
    }
  }

  public void done(Object what) {
    if (this == NOBODY) {
      return;
    }
    lock.lock();
    try {
      stops.remove(what);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looks whether the caller is there still, and ends what is done for them where not.
   *
   * @param now of {@link System#nanoTime()}
   * @param least how long the work has gone on for at least, in nanoseconds; what is done sooner is not worth a look
   * @return whether they were found to have gone
   */
  public boolean look(long now, long least) {
    lock.lock();
    try {
      if (!waiting || gone || now - since < least || !line.broken()) {
        return false;
      }
      gone = true;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("caller-gone").start(this::stop);
    return true;
  }

  private void stop() {
    lock.lock();
    try {
      List.copyOf(stops.values()).forEach(Runnable::run);
    } finally {
      lock.unlock();
    }
  }

  private void begin() {
    lock.lock();
    since = System.nanoTime();
    waiting = true;
    lock.unlock();
    watch.begin(this);
  }

  private void end() {
    watch.end(this);
    lock.lock();
    waiting = false;
    lock.unlock();
  }
}
