package dev.roost.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.AsyncCallable;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.World;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Lets several tasks use a primitive at random, and compares it with a plain sequential model at
 * every step.
 *
 * <p>A primitive changes only in the step in which it is called. So the model is told of each call
 * in the order in which they come, says at once who is served by it, and whatever a task gets in
 * the end must be what the model said. A gremlin cancels calls that wait, and does whatever else a
 * test wants done from outside, at random checkpoints. All is drawn from the seed.
 */
public abstract class Chaos {

  protected static final String CANCELLED = "cancelled";

  protected final SplittableRandom random;
  private final int tasks;
  private final int steps;
  private final @Nullable CancelScope[] scopes;
  private final @Nullable String[] decided;
  private final List<String> history = new ArrayList<>();
  private int finished;

  protected Chaos(long seed, int tasks, int steps) {
    this.random = new SplittableRandom(seed);
    this.tasks = tasks;
    this.steps = steps;
    this.scopes = new CancelScope[tasks];
    this.decided = new String[tasks];
  }

  /** One random thing that a task does, mostly by {@link #perform}. */
  protected abstract void step(int task) throws InterruptedException;

  /** What a task does at last: it gives back what it has. */
  protected void end(int task) throws InterruptedException {}

  /**
   * A call that may be waiting is cancelled: true if the model takes it out; what it still has to
   * wait for comes later.
   */
  protected abstract boolean cancelInModel(int task);

  /** Something that happens from outside now and then. */
  protected void disturb() {}

  /** Compares how the primitive stands with how the model stands. */
  protected abstract void compare();

  /** Frees those who wait when everybody else has ended. */
  protected abstract void release();

  protected final void decide(int task, String outcome) {
    assertThat(decided[task]).as("task %s is served twice", task).isNull();
    decided[task] = outcome;
  }

  protected final String note(String what) {
    history.add(what);
    return what;
  }

  /**
   * Calls the primitive, once the model knows, or in a cancelled scope; gives what the call came
   * to.
   */
  protected final String perform(
      int task, String name, Runnable inModel, AsyncCallable<String, RuntimeException> call)
      throws InterruptedException {
    if (random.nextInt(16) != 0) {
      return performLive(task, name, inModel, call);
    }
    CancelScope scope = CancelScope.create();
    scope.cancel();
    note(task + " " + name + ", cancelled on arrival");
    assertThat(scope.run(() -> call.call())).as("task %s: %s", task, name).isFalse();
    compare();
    return CANCELLED;
  }

  /** Calls the primitive, once the model knows; gives what the call came to. */
  protected final String performLive(
      int task, String name, Runnable inModel, AsyncCallable<String, RuntimeException> call)
      throws InterruptedException {
    CancelScope scope = CancelScope.create();
    scopes[task] = scope;
    note(task + " " + name);
    inModel.run();
    String[] actual = {CANCELLED};
    try {
      boolean unused = scope.run(() -> actual[0] = call.call());
    } catch (IllegalStateException
        | dev.roost.channel.BrokenChannelException
        | dev.roost.channel.EndOfChannelException e) {
      actual[0] = e.getClass().getSimpleName();
    }
    scopes[task] = null;
    note(task + " " + name + " -> " + actual[0]);
    assertThat(actual[0]).as("task %s: %s", task, name).isEqualTo(decided[task]);
    decided[task] = null;
    compare();
    return actual[0];
  }

  /** Cancels the call that a task is at, in the model and in fact. */
  protected final void cancel(int task) {
    if (decided[task] == null && cancelInModel(task)) {
      decide(task, CANCELLED);
    }
    note("cancel " + task);
    java.util.Objects.requireNonNull(scopes[task]).cancel();
  }

  private void gremlin() throws InterruptedException {
    while (finished < tasks) {
      int task = random.nextInt(tasks);
      if (scopes[task] != null && random.nextInt(3) == 0) {
        cancel(task);
        compare();
      }
      if (random.nextInt(4) == 0) {
        disturb();
        compare();
      }
      Roost.checkpoint();
    }
  }

  private void live(int task) throws InterruptedException {
    try {
      for (int i = 0; i < steps; i++) {
        step(task);
        if (random.nextInt(3) == 0) {
          Roost.checkpoint();
        }
      }
      end(task);
    } finally {
      finished++;
    }
  }

  private void play() throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start("gremlin", this::gremlin);
      for (int i = 0; i < tasks; i++) {
        int task = i;
        nursery.start("task " + task, () -> live(task));
      }
      for (int idle = 0; finished < tasks; idle++) {
        Roost.checkpoint();
        if (idle > 8 * steps) {
          release();
          compare();
          idle = 0;
        }
      }
    });
    compare();
  }

  /** How to make a test from a seed. */
  @FunctionalInterface
  public interface Factory {
    Chaos make(long seed);
  }

  /**
   * The first of the seeds to play with. The suite is run several times, each time with other
   * seeds: a thousand for each seed of the suite. To replay one: {@code -Droost.chaos.seed=…}.
   */
  public static long firstSeed() {
    long ofSuite = 1_000 * World.seed().orElse(0);
    return Long.getLong(
        "roost.chaos.seed",
        ofSuite + ("OWN".equals(System.getProperty("roost.carrier")) ? 500 : 0));
  }

  /**
   * Plays with so many seeds, or more if {@link World#rounds} says so, and says which one failed
   * and what had happened.
   */
  public static void play(int seeds, Factory factory) throws InterruptedException {
    long first = firstSeed();
    for (long seed = first; seed < first + World.rounds(seeds); seed++) {
      Chaos chaos = factory.make(seed);
      try {
        Roost.with().seed(seed).checkpointBudget(seed % 4 == 0 ? 64 : 1).run(chaos::play);
      } catch (RuntimeException | Error e) {
        int from = Math.max(0, chaos.history.size() - 30);
        throw new AssertionError(
            "seed "
                + seed
                + ": "
                + e
                + "\n"
                + String.join("\n", chaos.history.subList(from, chaos.history.size())),
            e);
      }
    }
  }
}
