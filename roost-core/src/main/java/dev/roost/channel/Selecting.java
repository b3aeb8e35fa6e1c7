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
 * already; and so does a cancellation. Other threads serve it at channels between runs: they cannot
 * touch the other lines, so a {@link Choice} decides, and the lines are left when the task hears of
 * it. Who comes to serve it in between is refused.
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

  /** Only if other threads may serve it: in a run of its own the baton decides. */
  private @Nullable Choice choice;

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
      if (selecting.calledOff()) {
        throw refused;
      }
      // Another thread has served it meanwhile. What it got would be lost if this were thrown; what
      // refused does so again when it is asked again.
    }
    return selecting.suspension.await(selecting);
  }

  private <V> void enlist(int index, Selectable<V> source) {
    withdrawals.add(source.enlist(new Place<V>(this, index)));
  }

  /**
   * One of the things that it waits for. Sources that other threads serve have them make the {@link
   * #choice}, and then say in the run that it was made.
   */
  static final class Place<V> implements Selectable.Slot<V> {

    private final Selecting selecting;
    private final int index;

    private Place(Selecting selecting, int index) {
      this.selecting = selecting;
      this.index = index;
    }

    /** To be made by whoever serves this place on another thread, or by its source. */
    Choice choice() {
      Choice known = selecting.choice;
      if (known == null) {
        known = new Choice();
        selecting.choice = known;
      }
      return known;
    }

    @Override
    public boolean complete(V value) {
      boolean first = selecting.makeChoice();
      if (first) {
        chosen(value);
      }
      return first;
    }

    @Override
    public void fail(RuntimeException error) {
      if (selecting.makeChoice()) {
        failed(error);
      }
    }

    /** The choice was made, for this place. */
    void chosen(V value) {
      selecting.withdrawAll();
      selecting.suspension.resume(new Chosen(index, value));
    }

    /** The choice was made, for this place, which cannot be had. */
    void failed(RuntimeException error) {
      selecting.withdrawAll();
      selecting.suspension.fail(error);
    }
  }

  private boolean makeChoice() {
    return choice == null || choice.make();
  }

  private void withdrawAll() {
    withdrawals.forEach(Runnable::run);
  }

  /** Leaves all lines; false if it was served already, and is about to hear of it. */
  private boolean calledOff() {
    boolean inTime = makeChoice();
    if (inTime) {
      withdrawAll();
    }
    return inTime;
  }

  @Override
  public boolean abort(Throwable cancellation) {
    return calledOff();
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
