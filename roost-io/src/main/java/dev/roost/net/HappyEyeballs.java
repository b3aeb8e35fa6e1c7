package dev.roost.net;

import dev.roost.CancelScope;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.sync.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A race between ways to the same goal, after RFC 8305: the next attempt starts as soon as the
 * newest one has failed, or after a delay if it has not; the earlier ones go on; the first success
 * wins, and the others are cancelled.
 *
 * <pre>
 *   with a delay of 0.25:  time   0    0.1        0.3        0.55       0.8
 *   attempt 1                     |--- fails
 *   attempt 2                          |--------- fails
 *   attempt 3                                     |---------------------| cancelled
 *   attempt 4                                                |--------- wins
 * </pre>
 *
 * <p>It knows nothing of sockets, so that its timing can be tested on a virtual clock.
 *
 * @param <A> what an attempt is made with
 * @param <C> what comes of a success
 */
final class HappyEyeballs<A, C> {

  /** One way to the goal. */
  @FunctionalInterface
  interface Attempt<A, C> {
    /**
     * Tries; leaves nothing behind if it throws. An {@link IOException} is a failure, everything
     * else ends the race.
     */
    C make(A with) throws IOException, InterruptedException;
  }

  /** What is tried, as it becomes known. */
  interface Ways<A> {
    /** The race begins: what is to be found out is found out by tasks of it. */
    void start(Nursery race);

    /** The next one; waits until it is known. Nothing if there are no more. */
    Optional<A> next() throws InterruptedException;
  }

  /** Ways that are known from the beginning. */
  private record Known<A>(Iterator<A> rest) implements Ways<A> {
    @Override
    public void start(Nursery race) {} // there is nothing to be found out

    @Override
    public Optional<A> next() {
      return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
    }
  }

  private final Ways<A> ways;
  private final Duration delay;
  private final Attempt<? super A, ? extends C> attempt;
  private final Consumer<? super C> discard;

  private final List<IOException> failures = new ArrayList<>();
  private @Nullable C winner;

  /**
   * A race that has not begun; {@code discard} gets every success but the first, and that too if
   * nobody gets it.
   */
  HappyEyeballs(
      List<A> ways,
      Duration delay,
      Attempt<? super A, ? extends C> attempt,
      Consumer<? super C> discard) {
    this(new Known<>(ways.iterator()), delay, attempt, discard);
  }

  /** The same, with ways that become known in time. */
  HappyEyeballs(
      Ways<A> ways,
      Duration delay,
      Attempt<? super A, ? extends C> attempt,
      Consumer<? super C> discard) {
    this.ways = ways;
    this.delay = delay;
    this.attempt = attempt;
    this.discard = discard;
  }

  /** Runs the race; what won, or null if all have failed. */
  @Nullable C run() throws InterruptedException {
    boolean over = false;
    try {
      Nursery.run(this::startAll);
      over = true;
      return winner;
    } catch (ExceptionGroup group) {
      Throwable first = group.errors().getFirst();
      if (group.errors().size() == 1 && first instanceof RuntimeException alone) {
        throw alone;
      }
      if (group.errors().size() == 1 && first instanceof Error alone) {
        throw alone;
      }
      throw group;
    } finally {
      if (!over && winner != null) {
        discard.accept(winner);
      }
    }
  }

  /** What went wrong with the attempts that failed, in that order. */
  List<IOException> failures() {
    return failures;
  }

  private void startAll(Nursery nursery) throws InterruptedException {
    ways.start(nursery);
    for (Optional<A> next = ways.next(); next.isPresent(); next = ways.next()) {
      A way = next.get();
      Event failed = new Event();
      nursery.start("attempt to reach " + way, () -> makeAttempt(way, nursery, failed));
      CancelScope.moveOnAfter(delay).run(failed::await);
    }
  }

  private void makeAttempt(A way, Nursery nursery, Event failed) throws InterruptedException {
    C success;
    try {
      success = attempt.make(way);
    } catch (IOException e) {
      failures.add(e);
      failed.set();
      return;
    }
    if (winner == null) {
      winner = success;
      nursery.cancel();
    } else {
      discard.accept(success);
    }
  }

  /**
   * The order of RFC 8305 as far as it matters: the first address of another family comes second,
   * and all else stays.
   */
  static List<InetAddress> inOrder(List<InetAddress> resolved) {
    List<InetAddress> ordered = new ArrayList<>(resolved);
    for (int i = 2; i < ordered.size(); i++) {
      if (sameFamily(ordered.get(0), ordered.get(1))
          && !sameFamily(ordered.get(0), ordered.get(i))) {
        ordered.add(1, ordered.remove(i));
      }
    }
    return ordered;
  }

  private static boolean sameFamily(InetAddress one, InetAddress other) {
    return Binding.familyOf(one).equals(Binding.familyOf(other));
  }
}
