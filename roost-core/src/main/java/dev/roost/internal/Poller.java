package dev.roost.internal;

import dev.roost.internal.Poller.Interest.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The selector of one run, made when it is first needed, and who waits for what in it: at most one
 * fiber for each channel and direction.
 *
 * <p>A key keeps its interest after an event, because the next wait is most often for the same
 * again; only when an event finds nobody waiting is the interest taken away. That saves two system
 * calls for each message of a conversation.
 *
 * <p>The baton can be taken from a party that sits in {@link #select}. It may then not touch the
 * keys; whoever wants to use the selector next first gets it out ({@link #evict}).
 */
public final class Poller {

  private static final long EVICTION_PAUSE = 1_000;
  private static final int STEPS_PER_POLL = 61;
  private static final int READ = SelectionKey.OP_READ | SelectionKey.OP_ACCEPT;

  private volatile @Nullable Selector selector;
  private @Nullable Party occupant;
  private int waiters;
  private int stepsToPoll = STEPS_PER_POLL;
  private final Resources resources;

  /** Why the last use of the selector failed; whoever dispatches next tells those who wait. */
  private @Nullable Throwable failure;

  Poller(Resources resources) {
    this.resources = resources;
  }

  boolean hasWaiters() {
    return waiters > 0;
  }

  /** How many fibers wait for a channel. */
  public int waiters() {
    return waiters;
  }

  /** How many channels the selector knows. */
  public int registered() {
    Selector open = selector;
    return open == null ? 0 : open.keys().size();
  }

  /**
   * Waits until the channel can be read from or accepted from ({@code reading}), or can be written
   * to or has connected. A checkpoint.
   *
   * @throws ClosedChannelException if the channel is closed, also if it is while the fiber waits
   *     and the closing was announced
   */
  public void await(Fiber fiber, SelectableChannel channel, boolean reading)
      throws IOException, InterruptedException {
    fiber.checkCancelled();
    StackRoom.forAWait(fiber);
    fiber.suspend(begin(fiber, channel, reading, null));
  }

  /**
   * Has {@code onReady} called once, by whoever holds the baton then, when the channel is ready or
   * its closing was announced. Not a checkpoint. The result calls it off.
   */
  public Runnable watch(Fiber fiber, SelectableChannel channel, boolean reading, Runnable onReady)
      throws IOException {
    return begin(fiber, channel, reading, onReady)::callOff;
  }

  /** Whether the channel is ready now. Not a checkpoint. */
  public boolean isReady(Fiber fiber, SelectableChannel channel, boolean reading)
      throws IOException {
    boolean[] ready = {false};
    Interest.Wait wait = begin(fiber, channel, reading, () -> ready[0] = true);
    pollNow();
    wait.callOff();
    return ready[0];
  }

  private Interest.Wait begin(
      Fiber fiber, SelectableChannel channel, boolean reading, @Nullable Runnable onReady)
      throws IOException {
    int ops = opsFor(channel, reading);
    Interest interest = interestIn(channel);
    Interest.Wait wait = interest.waitOf(reading, fiber, onReady);
    if ((interest.key.interestOps() & ops) == 0) {
      interest.key.interestOpsOr(ops);
    }
    interest.set(reading, wait);
    waiters++;
    return wait;
  }

  /**
   * Wakes those who wait for the channel with {@link ClosedChannelException}; the channel is about
   * to be closed.
   */
  public void closing(SelectableChannel channel) {
    Selector open = selector;
    SelectionKey key = open == null ? null : channel.keyFor(open);
    if (key != null && key.attachment() instanceof Interest interest) {
      interest.fail(true, new ClosedChannelException());
      interest.fail(false, new ClosedChannelException());
      key.cancel();
    }
  }

  /**
   * Lets go of the descriptors of closed channels, which the system keeps until the next selection.
   */
  public void flush() {
    if (selector != null) {
      pollNow();
    }
  }

  /** Tells of the channels that tasks have waited for and that nobody has closed. */
  public void reportOpen(Resources.Report report) {
    Selector open = selector;
    if (open != null) {
      for (SelectionKey key : open.keys()) {
        if (key.channel().isOpen() && key.attachment() instanceof Interest interest) {
          report.leftRegistered(key.channel(), interest.firstWait);
        }
      }
    }
  }

  /** Closes the selector. */
  public void close() {
    Selector open = selector;
    if (open != null) {
      evict(null);
      selector = null;
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException("Roost: the run's selector could not be closed.", e);
      }
    }
  }

  // ---- for the scheduler

  /**
   * Whether it is time to look at the selector; asked once in each step. It is not before all who
   * became ready at the last look can have had their turn: it would report them again, and find
   * nobody waiting, which costs each of them its interest.
   */
  boolean isDue() {
    return waiters > 0 && --stepsToPoll <= 0;
  }

  /** Gets whoever sits in the selector out of it; from any thread. */
  void wakeup() {
    Selector open = selector;
    if (open != null) {
      open.wakeup();
    }
  }

  /** Prepares a {@link #select} by {@code party}; with the baton held. */
  void enter(Party party) {
    evict(party);
    occupant = party;
    party.selecting = true;
  }

  /** Waits in the selector; the baton is not held. What it finds is for {@link #dispatch}. */
  void select(long nanos) {
    Selector open = java.util.Objects.requireNonNull(selector);
    long millis =
        nanos == Timer.NEVER
            ? 0 // which means: without limit
            : Math.max(1, nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1));
    use(() -> open.select(millis));
  }

  /** Looks at the selector without waiting; how many fibers became ready. */
  int pollNow() {
    Selector open = selector;
    if (open == null) {
      return 0;
    }
    evict(null);
    use(open::selectNow);
    return dispatch();
  }

  /**
   * Readies the fibers whose channels are ready; how many. With the baton held, after a selection
   * of the caller's own.
   */
  int dispatch() {
    Selector open = selector;
    if (open == null) {
      return 0;
    }
    Throwable refusal = failure;
    if (refusal != null) {
      failure = null;
      return failAll(open, refusal);
    }
    Set<SelectionKey> selected = open.selectedKeys();
    int woken = 0;
    for (SelectionKey key : selected) {
      if (key.attachment() instanceof Interest interest) {
        woken += interest.readyNow();
      }
    }
    selected.clear();
    stepsToPoll = Math.max(STEPS_PER_POLL, woken + 1);
    return woken;
  }

  /**
   * Gets a party that lost the baton while it sat in the selector out of it, and waits until it is
   * out: it could otherwise enter only now, and take a wake-up that is meant for its successor.
   */
  private void evict(@Nullable Party newcomer) {
    Party sitting = occupant;
    occupant = null;
    if (sitting != null && sitting != newcomer) {
      while (sitting.selecting) {
        wakeup();
        LockSupport.parkNanos(this, EVICTION_PAUSE);
      }
    }
  }

  /** A selection. */
  private interface Use {
    int run() throws IOException;
  }

  /**
   * Nobody who only happens to look at the selector can do anything about its failure, be it that
   * the system refuses or that the JDK does, which needs descriptors of its own: the error is for
   * those who wait.
   */
  private void use(Use selector) {
    try {
      selector.run();
    } catch (StackOverflowError e) {
      throw e; // the caller's stack, not the selector
    } catch (IOException | Error e) {
      failure = e;
    }
  }

  private int failAll(Selector open, Throwable refusal) {
    int before = waiters;
    for (SelectionKey key : open.keys()) {
      if (key.attachment() instanceof Interest interest) {
        interest.fail(true, refused(refusal));
        interest.fail(false, refused(refusal));
      }
    }
    return before;
  }

  private static IOException refused(Throwable refusal) {
    return new IOException(
        "Roost cannot wait for channels: the run's selector failed, with "
            + refusal
            + ". If this is for want of descriptors, raise the limit (ulimit -n).",
        refusal);
  }

  private Interest interestIn(SelectableChannel channel) throws IOException {
    Selector open = selector;
    if (open == null) {
      open = Selector.open();
      selector = open;
    }
    SelectionKey key = channel.keyFor(open);
    if (key != null) {
      if (key.isValid()) {
        return (Interest) key.attachment();
      }
      flush(); // cancelled, but not gone before the next selection
    }
    if (channel.isBlocking() && channel.isOpen()) {
      throw new IllegalStateException(
          "Roost cannot wait for a channel in blocking mode: call configureBlocking(false) on "
              + channel
              + " first.");
    }
    return new Interest(channel.register(open, 0));
  }

  private static int opsFor(SelectableChannel channel, boolean reading) {
    int valid = channel.validOps();
    if (!reading && channel instanceof SocketChannel socket && socket.isConnectionPending()) {
      return SelectionKey.OP_CONNECT;
    }
    int ops = valid & (reading ? READ : SelectionKey.OP_WRITE);
    if (ops == 0) {
      throw new IllegalArgumentException(
          "Nobody can wait until "
              + channel
              + (reading
                  ? " is readable: there is nothing to read from it, it is for writing."
                  : " is writable: nothing can be written to it, it is for reading or accepting."));
    }
    return ops;
  }

  /** Who waits for one channel. */
  final class Interest {

    final SelectionKey key;
    private final @Nullable Throwable firstWait = resources.origin("first waited for here");
    private @Nullable Wait reader;
    private @Nullable Wait writer;

    Interest(SelectionKey key) {
      this.key = key;
      key.attach(this);
    }

    @Nullable Wait get(boolean reading) {
      return reading ? reader : writer;
    }

    void set(boolean reading, @Nullable Wait wait) {
      if (reading) {
        reader = wait;
      } else {
        writer = wait;
      }
    }

    Wait waitOf(boolean reading, Fiber fiber, @Nullable Runnable onReady) {
      Wait other = get(reading);
      if (other != null) {
        throw new Busy(other.fiber);
      }
      return new Wait(fiber, reading, onReady);
    }

    int readyNow() {
      int ops;
      try {
        ops = key.readyOps();
      } catch (CancelledKeyException e) {
        return 0; // its waiters were told when it was cancelled
      }
      int woken = 0;
      if ((ops & READ) != 0) {
        woken += readyNow(true, READ);
      }
      if ((ops & ~READ) != 0) {
        woken += readyNow(false, ~READ);
      }
      return woken;
    }

    private int readyNow(boolean reading, int ops) {
      Wait wait = get(reading);
      if (wait == null) {
        key.interestOpsAnd(~ops);
        return 0;
      }
      wait.end();
      if (wait.onReady == null) {
        wait.fiber.resume(null);
      } else {
        wait.onReady.run();
      }
      if (!reading) {
        key.interestOpsAnd(
            ~ops); // a socket is nearly always writable: waiting for it again is the exception
      }
      return 1;
    }

    void fail(boolean reading, IOException error) {
      Wait wait = get(reading);
      if (wait != null) {
        wait.end();
        if (wait.onReady == null) {
          wait.fiber.fail(error);
        } else {
          wait.onReady.run();
        }
      }
    }

    /** One fiber's wait for one direction. */
    final class Wait implements Abort {
      final Fiber fiber;
      final boolean reading;

      /** What to do instead of resuming the fiber, which waits for other things too. */
      final @Nullable Runnable onReady;

      Wait(Fiber fiber, boolean reading, @Nullable Runnable onReady) {
        this.fiber = fiber;
        this.reading = reading;
        this.onReady = onReady;
      }

      void callOff() {
        if (get(reading) == this) {
          end();
        }
      }

      void end() {
        set(reading, null);
        waiters--;
      }

      @Override
      public boolean abort(Fiber aborted, Throwable cancellation) {
        end();
        return true;
      }

      @Override
      public String toString() {
        return Channels.awaited(key.channel(), reading);
      }
    }
  }

  /** Two fibers wait for the same channel in the same direction. */
  public static final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Fiber holder;

    Busy(Fiber holder) {
      super(null, null, false, false);
      this.holder = holder;
    }

    /** The fiber that waits already. */
    public Fiber holder() {
      return holder;
    }
  }
}
