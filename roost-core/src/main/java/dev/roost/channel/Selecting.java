package dev.roost.channel;

import dev.roost.CancelScope;
import dev.roost.Roost;
import dev.roost.RunLocal;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.Selectable;
import dev.roost.lowlevel.Suspension;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One task that waits for several things and takes one.
 *
 * <p>It has a slot with each of them. Whoever serves one of the slots takes all the others out of
 * their lines in the same step, so that nothing can be given to a task that has got something
 * already; and so does a cancellation.
 */
final class Selecting implements Suspension.AbortHandler {

  /**
   * Draws where to begin to look, so that none of several things that are always there is
   * preferred.
   */
  private static final RunLocal<SplittableRandom> DICE =
      RunLocal.withInitial(() -> new SplittableRandom(0x5e1ec7));

  /** What was taken. */
  record Chosen(int index, Object value) {}

  private final Suspension<Chosen> suspension;
  private final List<Runnable> withdrawals;

  /** What the task tree says, as things stand when it is asked for. */
  private record Names(List<Selectable<?>> sources) {
    @Override
    public String toString() {
      String names = sources.stream().map(Object::toString).collect(Collectors.joining(", "));
      return sources.size() == 1 ? names : "one of " + names;
    }
  }

  private Selecting(List<Selectable<?>> sources) {
    this.suspension = Suspension.create(new Names(sources));
    this.withdrawals = new ArrayList<>(sources.size());
  }

  /** A whole checkpoint that takes one of the sources, or says -1 if the deadline passed before. */
  static Chosen choose(List<Selectable<?>> sources, @Nullable Instant deadline)
      throws InterruptedException {
    Checkpoints.throwIfCancelled();
    int size = sources.size();
    int start = size < 2 ? 0 : DICE.get().nextInt(size);
    for (int i = 0; i < size; i++) {
      int index = (start + i) % size;
      Object value = sources.get(index).poll();
      if (value != null) {
        Checkpoints.letOthersRun();
        return new Chosen(index, value);
      }
    }
    if (deadline == null) {
      return await(sources);
    }
    if (!Roost.now().isBefore(deadline)) {
      Checkpoints.letOthersRun();
      return new Chosen(-1, deadline);
    }
    return CancelScope.moveOnAt(deadline)
        .call(() -> await(sources))
        .orElseGet(() -> new Chosen(-1, deadline));
  }

  private static Chosen await(List<Selectable<?>> sources) throws InterruptedException {
    Selecting selecting = new Selecting(sources);
    try {
      for (int i = 0; i < sources.size(); i++) {
        selecting.enlist(i, sources.get(i));
      }
    } catch (Throwable refused) { // by one of them: the others must not serve a task that is gone
      selecting.withdrawAll();
      throw refused;
    }
    return selecting.suspension.await(selecting);
  }

  private <V> void enlist(int index, Selectable<V> source) {
    withdrawals.add(
        source.enlist(
            new Selectable.Slot<V>() {
              @Override
              public void complete(V value) {
                withdrawAll();
                suspension.resume(new Chosen(index, value));
              }

              @Override
              public void fail(RuntimeException error) {
                withdrawAll();
                suspension.fail(error);
              }
            }));
  }

  private void withdrawAll() {
    withdrawals.forEach(Runnable::run);
  }

  @Override
  public boolean abort(Throwable cancellation) {
    withdrawAll();
    return true;
  }

  /** The moment so long from now, the latest there is if that is too late. */
  static Instant fromNow(Duration span) {
    try {
      return Roost.now().plus(span);
    } catch (java.time.DateTimeException | ArithmeticException tooLate) {
      return Instant.MAX;
    }
  }
}
