package dev.roost;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * How a run is set up. Immutable: each method returns a changed copy.
 *
 * {@snippet file="dev/roost/CoreSamplesTest.java" region="options"}
 */
public final class RunOptions {

  private static final int DEFAULT_BUDGET = 64;
  private static final Duration DEFAULT_THRESHOLD = Duration.ofSeconds(2);

  static final RunOptions DEFAULT =
      new RunOptions(
          "run",
          RunClock.system(),
          null,
          List.of(),
          DEFAULT_BUDGET,
          null,
          DEFAULT_THRESHOLD,
          Carrier.AUTO,
          provided(),
          null);

  private final String name;
  private final RunClock clock;
  private final @Nullable Long seed;
  private final List<Instrument> instruments;
  private final int checkpointBudget;
  private final @Nullable Duration shutdownGrace;
  private final Duration stallThreshold;
  private final Carrier carrier;
  private final List<ContextCarrier> carriers;
  private final @Nullable TurnOrder turnOrder;

  private RunOptions(
      String name,
      RunClock clock,
      @Nullable Long seed,
      List<Instrument> instruments,
      int checkpointBudget,
      @Nullable Duration shutdownGrace,
      Duration stallThreshold,
      Carrier carrier,
      List<ContextCarrier> carriers,
      @Nullable TurnOrder turnOrder) {
    this.name = name;
    this.clock = clock;
    this.seed = seed;
    this.instruments = instruments;
    this.checkpointBudget = checkpointBudget;
    this.shutdownGrace = shutdownGrace;
    this.stallThreshold = stallThreshold;
    this.carrier = carrier;
    this.carriers = carriers;
    this.turnOrder = turnOrder;
  }

  private static List<ContextCarrier> provided() {
    return ServiceLoader.load(ContextCarrier.class, ContextCarrier.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * Names the run, for error messages and tools.
   *
   * @param n the name
   * @return a changed copy
   */
  public RunOptions name(String n) {
    Objects.requireNonNull(n, "RunOptions.name: the name is null");
    return new RunOptions(
        n,
        clock,
        seed,
        instruments,
        checkpointBudget,
        shutdownGrace,
        stallThreshold,
        carrier,
        carriers,
        turnOrder);
  }

  /**
   * Gives the run another clock; every sleep and deadline inside follows it.
   *
   * @param c the clock
   * @return a changed copy
   */
  public RunOptions clock(RunClock c) {
    Objects.requireNonNull(c, "RunOptions.clock: the clock is null");
    return new RunOptions(
        name,
        c,
        seed,
        instruments,
        checkpointBudget,
        shutdownGrace,
        stallThreshold,
        carrier,
        carriers,
        turnOrder);
  }

  /**
   * Has the order of tasks within each round drawn from a seed, instead of first in, first out.
   * With a virtual clock and no outside I/O, the same seed gives the same steps in the same order
   * every time.
   *
   * @param s the seed
   * @return a changed copy
   */
  public RunOptions seed(long s) {
    return new RunOptions(
        name,
        clock,
        s,
        instruments,
        checkpointBudget,
        shutdownGrace,
        stallThreshold,
        carrier,
        carriers,
        turnOrder);
  }

  /**
   * Has somebody else decide who of the tasks that are ready is next; a seed does not count then.
   * For tools that look for bad orders.
   *
   * @param o decides
   * @return a changed copy
   */
  public RunOptions turnOrder(TurnOrder o) {
    Objects.requireNonNull(o, "RunOptions.turnOrder: the order is null");
    return new RunOptions(
        name,
        clock,
        seed,
        instruments,
        checkpointBudget,
        shutdownGrace,
        stallThreshold,
        carrier,
        carriers,
        o);
  }

  /**
   * Adds an instrument.
   *
   * @param i hears what happens in the run
   * @return a changed copy
   */
  public RunOptions instrument(Instrument i) {
    Objects.requireNonNull(i, "RunOptions.instrument: the instrument is null");
    return new RunOptions(
        name,
        clock,
        seed,
        plus(instruments, i),
        checkpointBudget,
        shutdownGrace,
        stallThreshold,
        carrier,
        carriers,
        turnOrder);
  }

  /**
   * How many checkpoints that need not wait a task may pass in a row before every other ready task
   * gets its turn; 64 if not set. With 1 it gives way at every single one, which brings out races
   * in tests.
   *
   * @param n the number, at least 1
   * @return a changed copy
   * @throws IllegalArgumentException if it is less
   */
  public RunOptions checkpointBudget(int n) {
    if (n < 1) {
      throw new IllegalArgumentException(
          "RunOptions.checkpointBudget: it must be at least 1 (give way at every checkpoint), it is "
              + n
              + ".");
    }
    return new RunOptions(
        name,
        clock,
        seed,
        instruments,
        n,
        shutdownGrace,
        stallThreshold,
        carrier,
        carriers,
        turnOrder);
  }

  /**
   * Has the run end in order when the JVM is asked to end (SIGINT, SIGTERM, {@code System.exit}):
   * at once a {@linkplain CancelScope#softCancel soft cancel} of everything, after the grace a
   * cancel. The JVM waits until the run has ended, for twice the grace at most, and then until the
   * thread that called {@code run} has ended too, or waits for something, for three seconds at
   * most: what follows the call is still executed, if it is short. If nothing but cancellations is
   * left, {@code run} returns quietly and {@code call} throws {@code InterruptedException}. A
   * second signal ends the JVM at once.
   *
   * @param grace how long the work under way may go on
   * @return a changed copy
   * @throws IllegalArgumentException if the grace is negative
   */
  public RunOptions cancelOnShutdown(Duration grace) {
    Times.timeout(grace, "RunOptions.cancelOnShutdown");
    return new RunOptions(
        name,
        clock,
        seed,
        instruments,
        checkpointBudget,
        grace,
        stallThreshold,
        carrier,
        carriers,
        turnOrder);
  }

  /**
   * For how long a task may hold the baton before it is reported, to {@link Instrument#stalled} and
   * {@code System.Logger}; two seconds if not set. If it sits in a call that can be interrupted
   * then, and one of its scopes is cancelled or overdue, it is interrupted, and the interruption
   * becomes that scope's {@link Cancelled}: even a forgotten {@code Thread.sleep} ends.
   *
   * @param d the time, in real time
   * @return a changed copy
   * @throws IllegalArgumentException if it is zero or negative
   */
  public RunOptions stallThreshold(Duration d) {
    if (Times.timeout(d, "RunOptions.stallThreshold") == 0) {
      throw new IllegalArgumentException(
          "RunOptions.stallThreshold: the time is zero, and every turn would be a stall. Give a long one to hear of none.");
    }
    return new RunOptions(
        name,
        clock,
        seed,
        instruments,
        checkpointBudget,
        shutdownGrace,
        d,
        carrier,
        carriers,
        turnOrder);
  }

  /**
   * Chooses where the tasks' threads are mounted.
   *
   * @param c the carrier; with {@link Carrier#OWN} the run fails with {@code IllegalStateException}
   *     if the JVM does not allow it
   * @return a changed copy
   */
  public RunOptions carrier(Carrier c) {
    Objects.requireNonNull(c, "RunOptions.carrier: the carrier is null");
    return new RunOptions(
        name,
        clock,
        seed,
        instruments,
        checkpointBudget,
        shutdownGrace,
        stallThreshold,
        c,
        carriers,
        turnOrder);
  }

  /**
   * Takes scoped values along to children: what is bound where a child is started is bound inside
   * it.
   *
   * @param keys the scoped values
   * @return a changed copy
   */
  public RunOptions inherit(ScopedValue<?>... keys) {
    return contextCarrier(new ScopedValueCarrier(List.of(keys)));
  }

  /**
   * Takes other context along to children.
   *
   * @param c captures it where a child is started and puts it back around the child
   * @return a changed copy
   */
  public RunOptions contextCarrier(ContextCarrier c) {
    Objects.requireNonNull(c, "RunOptions.contextCarrier: the carrier is null");
    return new RunOptions(
        name,
        clock,
        seed,
        instruments,
        checkpointBudget,
        shutdownGrace,
        stallThreshold,
        carrier,
        plus(carriers, c),
        turnOrder);
  }

  private static <T> List<T> plus(List<T> list, T one) {
    List<T> longer = new ArrayList<>(list);
    longer.add(one);
    return List.copyOf(longer);
  }

  /**
   * Like {@link Roost#run}, set up like this.
   *
   * @param main the main task
   * @param <X> what it may throw
   * @throws X what main throws
   * @throws InterruptedException if the calling thread was interrupted, and main did not succeed
   *     all the same
   * @throws IllegalStateException if called inside a task
   */
  public <X extends Exception> void run(AsyncRunnable<X> main) throws X, InterruptedException {
    Objects.requireNonNull(main, "Roost.run: the main body is null");
    Run.execute(
        this,
        () -> {
          main.run();
          return true;
        });
  }

  /**
   * Like {@link Roost#call}, set up like this.
   *
   * @param main the main task
   * @param <T> its result
   * @param <X> what it may throw
   * @return what main returns
   * @throws X what main throws
   * @throws InterruptedException if the calling thread was interrupted, and main did not succeed
   *     all the same; or if the run was shut down
   * @throws IllegalStateException if called inside a task
   */
  @SuppressWarnings("NullAway") // T itself says whether the value may be null
  public <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> main)
      throws X, InterruptedException {
    Objects.requireNonNull(main, "Roost.call: the main body is null");
    Run.Ending<T> ending = Run.execute(this, main);
    if (ending.shutDown()) {
      throw new InterruptedException(
          "Roost.call: the run " + name + " was shut down before it had a result");
    }
    return ending.value();
  }

  /**
   * Like {@link Roost#open}, set up like this.
   *
   * @return the run, which has begun; to be closed
   * @throws IllegalStateException if called inside a task, except in a blocking section
   */
  public BackgroundRun open() {
    return BackgroundRun.open(this);
  }

  String name() {
    return name;
  }

  RunClock clock() {
    return clock;
  }

  @Nullable Long seed() {
    return seed;
  }

  @Nullable TurnOrder turnOrder() {
    return turnOrder;
  }

  List<Instrument> instruments() {
    return instruments;
  }

  int checkpointBudget() {
    return checkpointBudget;
  }

  Duration stallThreshold() {
    return stallThreshold;
  }

  Carrier carrier() {
    return carrier;
  }

  @Nullable Duration shutdownGrace() {
    return shutdownGrace;
  }

  List<ContextCarrier> carriers() {
    return carriers;
  }
}
