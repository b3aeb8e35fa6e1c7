package dev.roost.sync;

import dev.roost.CheckReturnValue;
import dev.roost.Held;
import dev.roost.Limiter;
import dev.roost.Task;
import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.RunBinding;
import dev.roost.lowlevel.Suspension;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many do something at once: each borrows a token, of which there are so many. It knows
 * who has borrowed, and the number of tokens can be changed at any time. First come, first served.
 *
 * {@snippet file="dev/roost/sync/SyncSamplesTest.java" region="limiter"}
 *
 * <p>A borrower is a task, or any other object that a token is borrowed for; each can have one
 * token. Made anywhere, bound to the first run that uses it.
 *
 * <p>Invariant: nobody waits while {@code borrowers.size() < total}.
 */
public final class CapacityLimiter implements Limiter, Held {

  private final RunBinding binding = new RunBinding();
  private final Set<Object> borrowers = new LinkedHashSet<>();
  private final Line<Waiter> waiting = new Line<>();
  private int total;

  /**
   * A limiter whose tokens are all free.
   *
   * @param tokens how many may be borrowed at once; {@link Integer#MAX_VALUE} for no limit
   * @throws IllegalArgumentException if it is negative
   */
  public CapacityLimiter(int tokens) {
    this.total = ensureNotNegative("CapacityLimiter", tokens);
  }

  private static int ensureNotNegative(String operation, int tokens) {
    if (tokens < 0) {
      throw new IllegalArgumentException(
          operation + ": the number of tokens is negative (" + tokens + "). Zero lets nobody in.");
    }
    return tokens;
  }

  /**
   * Borrows a token for the current task, and waits until there is one. A checkpoint.
   *
   * @return the permit; closing it gives the token back, never waits, and does nothing the second
   *     time
   * @throws InterruptedException if cancelled; no token was borrowed then
   * @throws IllegalStateException if the task has a token already, or outside a run
   */
  @Override
  @CheckReturnValue
  public Limiter.Permit acquire() throws InterruptedException {
    return acquireFor(Task.current());
  }

  /**
   * Borrows a token for something other than the current task, and waits until there is one. A
   * checkpoint.
   *
   * @param borrower what the token is for; told from others by {@code equals}
   * @return the permit; closing it gives the token back, never waits, and does nothing the second
   *     time
   * @throws InterruptedException if cancelled; no token was borrowed then
   * @throws IllegalStateException if the borrower has a token already, or outside a run
   */
  @Override
  @CheckReturnValue
  public Limiter.Permit acquireFor(Object borrower) throws InterruptedException {
    Objects.requireNonNull(borrower, "CapacityLimiter.acquireFor: the borrower is null");
    binding.startCheckpoint("CapacityLimiter.acquire");
    ensureNoBorrower("CapacityLimiter.acquire", borrower);
    if (borrowers.size() < total) {
      borrowers.add(borrower);
      binding.endCheckpoint();
    } else {
      Waiter waiter = new Waiter(this, borrower);
      waiting.add(waiter);
      waiter.suspension.await(waiter);
    }
    return new Borrowed(this, borrower);
  }

  /**
   * Borrows a token for the current task if one is free. Not a checkpoint.
   *
   * @return the permit, empty if no token is free
   * @throws IllegalStateException if the task has a token already, or outside a run
   */
  @CheckReturnValue
  public Optional<Limiter.Permit> tryAcquire() {
    return tryAcquireFor(Task.current());
  }

  /**
   * Borrows a token for something other than the current task if one is free. Not a checkpoint.
   *
   * @param borrower what the token is for; told from others by {@code equals}
   * @return the permit, empty if no token is free
   * @throws IllegalStateException if the borrower has a token already, or outside a run
   */
  @CheckReturnValue
  public Optional<Limiter.Permit> tryAcquireFor(Object borrower) {
    Objects.requireNonNull(borrower, "CapacityLimiter.tryAcquireFor: the borrower is null");
    binding.check("CapacityLimiter.tryAcquire");
    ensureNoBorrower("CapacityLimiter.tryAcquire", borrower);
    if (borrowers.size() >= total) {
      return Optional.empty();
    }
    borrowers.add(borrower);
    return Optional.of(new Borrowed(this, borrower));
  }

  private void ensureNoBorrower(String operation, Object borrower) {
    if (borrowers.contains(borrower)) {
      throw alreadyBorrowed(operation, borrower);
    }
  }

  private static IllegalStateException alreadyBorrowed(String operation, Object borrower) {
    return new IllegalStateException(
        operation
            + ": "
            + borrower
            + " has a token of this limiter already, and waiting for a second one could wait for ever. Give the first"
            + " one back, or use acquireFor with a borrower of its own for each.");
  }

  /**
   * Gives the token of the current task back. Closing the permit does the same, once. Not a
   * checkpoint.
   *
   * @throws IllegalStateException if the task has no token, or outside a run
   */
  public void release() {
    releaseFor(Task.current());
  }

  /**
   * Gives back the token of something other than the current task. Not a checkpoint.
   *
   * @param borrower what the token was borrowed for
   * @throws IllegalStateException if it has no token, or outside a run
   */
  public void releaseFor(Object borrower) {
    Objects.requireNonNull(borrower, "CapacityLimiter.releaseFor: the borrower is null");
    binding.check("CapacityLimiter.release");
    if (!borrowers.remove(borrower)) {
      throw new IllegalStateException(
          "CapacityLimiter.release: "
              + borrower
              + " has no token of this limiter. It must be given back once, by or for the one that borrowed it.");
    }
    admit();
  }

  /** Lets in as many of those who wait as there are tokens. */
  private void admit() {
    while (borrowers.size() < total) {
      Waiter next = waiting.poll();
      if (next == null) {
        return;
      }
      if (borrowers.add(next.borrower)) {
        next.suspension.resume(null);
      } else { // it came twice, and both waited
        next.suspension.fail(alreadyBorrowed("CapacityLimiter.acquire", next.borrower));
      }
    }
  }

  /**
   * Changes the number of tokens. If there are more now, those who wait are let in at once; if
   * there are fewer than were borrowed, nobody is let in until enough were given back. Not a
   * checkpoint.
   *
   * @param tokens how many may be borrowed at once; {@link Integer#MAX_VALUE} for no limit
   * @throws IllegalArgumentException if it is negative
   * @throws IllegalStateException outside a run
   */
  public void setTotalTokens(int tokens) {
    ensureNotNegative("CapacityLimiter.setTotalTokens", tokens);
    binding.check("CapacityLimiter.setTotalTokens");
    total = tokens;
    admit();
  }

  /**
   * How many tokens there are. Not a checkpoint.
   *
   * @return how many may be borrowed at once
   */
  public int totalTokens() {
    return total;
  }

  /**
   * How many tokens are borrowed. Not a checkpoint.
   *
   * @return the number of borrowers
   */
  public int borrowedTokens() {
    return borrowers.size();
  }

  /**
   * How many tokens are free. Not a checkpoint.
   *
   * @return the number; negative if there are fewer tokens now than were borrowed
   */
  public int availableTokens() {
    return total - borrowers.size();
  }

  /** Those of the borrowers that are tasks. Not a checkpoint. */
  @Override
  public List<Task> holders() {
    return borrowers.stream().filter(Task.class::isInstance).map(Task.class::cast).toList();
  }

  /**
   * How it stands. Not a checkpoint.
   *
   * @return a snapshot
   */
  public Statistics statistics() {
    return new Statistics(total, borrowers.size(), List.copyOf(borrowers), waiting.size());
  }

  /**
   * How a limiter stands.
   *
   * @param totalTokens how many may be borrowed at once
   * @param borrowedTokens how many are borrowed
   * @param borrowers who has one, in the order in which they got it
   * @param tasksWaiting how many tasks wait for one
   */
  public record Statistics(
      int totalTokens, int borrowedTokens, List<Object> borrowers, int tasksWaiting) {}

  /** How many tokens are borrowed, and how many tasks wait. */
  @Override
  public String toString() {
    return "CapacityLimiter["
        + borrowers.size()
        + (total == Integer.MAX_VALUE ? "" : " of " + total)
        + " borrowed"
        + (waiting.isEmpty() ? "" : ", " + waiting.size() + " waiting")
        + "]";
  }

  private static final class Waiter extends Line.Place implements Suspension.AbortHandler {
    final CapacityLimiter limiter;
    final Object borrower;
    final Suspension<@Nullable Void> suspension;

    Waiter(CapacityLimiter limiter, Object borrower) {
      this.limiter = limiter;
      this.borrower = borrower;
      this.suspension = Suspension.create(limiter);
    }

    @Override
    public boolean abort(Throwable cancellation) {
      limiter.waiting.remove(this);
      return true;
    }
  }

  private static final class Borrowed implements Limiter.Permit {
    private final CapacityLimiter limiter;
    private final Object borrower;
    private boolean closed;

    Borrowed(CapacityLimiter limiter, Object borrower) {
      this.limiter = limiter;
      this.borrower = borrower;
    }

    @Override
    public void close() {
      if (!closed) {
        limiter.releaseFor(borrower);
        closed = true;
      }
    }

    @Override
    public String toString() {
      return closed ? "Permit[closed]" : "Permit[" + limiter + " for " + borrower + "]";
    }
  }
}
