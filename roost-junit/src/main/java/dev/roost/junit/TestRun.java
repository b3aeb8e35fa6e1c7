package dev.roost.junit;

import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.Nursery;
import dev.roost.Portal;
import dev.roost.RunOptions;
import dev.roost.Task;
import dev.roost.testing.MockClock;
import dev.roost.testing.Schedule;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * The run of one test. JUnit calls the methods of a test one by one; their run is one call. So the
 * run has a thread of its own, and its main task does what JUnit's thread hands over, one job after
 * another, while that waits:
 *
 * <pre>
 *   JUnit's thread   call(job) ........ result    call(job) ........ result    close() ....
 *                        |                 ^          |                 ^          |      ^
 *   main task            +--- runs it -----+ (waits)  +--- runs it -----+          + ends |
 *   host thread      ------- Roost.run ---------------------------------------------------+
 * </pre>
 *
 * <p>The main task keeps the baton while it waits for the next job. So between two jobs nothing of
 * the run happens, no matter how long JUnit takes: no other task runs, and no clock jumps.
 *
 * <p>A nursery for a test is a block, opened by a job and ended by a later one. In between the main
 * task serves jobs inside that block: {@link #serve} calls itself. The end of a test, and any
 * error, returns through all these levels, so that the nurseries add and take out of it what is
 * theirs, before the job gets what is left.
 */
final class TestRun {

  private static final Duration SHORTEST_GRACE = Duration.ofMillis(250);
  private static final Duration LONGEST_GRACE = Duration.ofSeconds(5);

  private final TestSettings settings;
  private final Trials.Trial trial;
  private final @Nullable MockClock clock;
  private final BlockingQueue<Job> jobs = new LinkedBlockingQueue<>();
  private final Guard guard = new Guard();
  private final Fixtures fixtures = new Fixtures(this, guard);
  private final Leaks leaks = new Leaks();
  private final Witness witness = new Witness(guard, leaks);
  private final ThreadWatch threads = new ThreadWatch();
  private final Thread host;

  /** The last job handed over. Written under the monitor, with {@link #hasEnded}. */
  private @Nullable Job pending;

  private boolean hasEnded;

  /** How the run ended. */
  private @Nullable Throwable endError;

  /**
   * Whether the run did not react to its cancellation, and was given up. Volatile because JUnit may
   * use several threads, and goes on while one that it interrupted comes to its end.
   */
  private volatile boolean stuck;

  /** Touched by JUnit's side. */
  private volatile boolean hung;

  private volatile @Nullable Task mainTask;
  private volatile @Nullable Thread mainThread;

  /** Touched by the main task alone: what the levels on their way out do it for. */
  private @Nullable Job ending;

  TestRun(TestSettings settings, Trials.Trial trial) {
    this.settings = settings;
    this.trial = trial;
    this.clock = settings.newClock();
    this.host =
        Thread.ofPlatform().daemon().name("roost-test " + settings.name()).start(this::host);
  }

  @Nullable Long seed() {
    return trial.seed();
  }

  Trials.Trial trial() {
    return trial;
  }

  @Nullable MockClock clock() {
    return clock;
  }

  /** Whether jobs can be handed over: false once it has hung and could not be ended. */
  boolean usable() {
    return !stuck;
  }

  // ---- JUnit's side

  /** Whether a method did not end in time, or was interrupted. */
  boolean hung() {
    return hung;
  }

  /** A nursery that stays open until the test ends. */
  Nursery openNursery() throws Throwable {
    return (Nursery) Objects.requireNonNull(call(new Job(Job.Kind.NURSERY, () -> null)));
  }

  /** The door into the run. */
  Portal portal() throws Throwable {
    return (Portal) Objects.requireNonNull(call(Job.Kind.SETUP, Portal::current));
  }

  /** Sets fixtures up, which stay until the run ends. To be called before anything else. */
  void setUp(FixturePlan plan, LiveFixture.Invoker invoker) throws Throwable {
    if (!plan.needed().isEmpty()) {
      fixtures.plan(plan, invoker);
      call(Job.Kind.FIXTURES, () -> null);
    }
  }

  /** The value of a fixture. */
  Object value(FixtureMethod fixture) {
    return fixtures.value(fixture);
  }

  /** Has the main task run {@code action}; gives or throws what comes of it. */
  @Nullable Object call(Job.Kind kind, Job.Action<? extends @Nullable Object> action)
      throws Throwable {
    return call(new Job(kind, action));
  }

  /** Ends the run and waits until nothing is left of it. */
  void close() throws Throwable {
    if (usable()) {
      call(new Job(Job.Kind.END, () -> null));
      host.join();
    }
  }

  /** Fails if something is left of a run that was closed. */
  void ensureNothingLeft() throws InterruptedException {
    if (!usable() || !settings.leakChecks()) {
      return;
    }
    for (ThreadWatch.Leak leak : threads.leaks(settings.patience().threadGrace())) {
      leaks.add("the thread " + leak.thread().getName() + " is alive", leak.startedAt());
    }
    if (!leaks.isEmpty()) {
      throw leaks.failure();
    }
  }

  private @Nullable Object call(Job job) throws Throwable {
    synchronized (this) {
      if (hasEnded) {
        throw new IllegalStateException("The run of this test has ended already.", endError);
      }
      pending = job;
    }
    jobs.add(job);
    boolean inTime;
    try {
      inTime = settings.patience().await(job, settings.timeout());
    } catch (InterruptedException interrupted) {
      throw interrupted(job);
    }
    if (!inTime) {
      throw timedOut(job);
    }
    Throwable error = job.error();
    if (error != null) {
      Throwable alone = Failures.alone(error);
      witness.testify(alone);
      throw alone;
    }
    return job.result();
  }

  private Throwable timedOut(Job job) {
    String picture = picture();
    cancel(job);
    AssertionError failure =
        new AssertionFailedError(
            "@RoostTest: not finished after "
                + settings.timeout()
                + " of real time"
                + fate()
                + standing()
                + ". What its tasks were at:\n"
                + picture);
    addError(failure, job);
    return failure;
  }

  /** A likely reason: nobody else can tell whether somebody was going to move the clock. */
  private String standing() {
    MockClock own = clock;
    boolean stands =
        own != null
            && own.quietNanos() == Long.MAX_VALUE
            && own.realNanosUntil(Long.MAX_VALUE - 1) == Long.MAX_VALUE;
    return stands
        ? ". Its "
            + own
            + " stands still: who waits for a moment waits until somebody calls jump, or until it"
            + " jumps by itself (autojump)"
        : "";
  }

  private Throwable interrupted(Job job) {
    String picture = picture();
    cancel(job);
    InterruptedException failure =
        new InterruptedException(
            "JUnit interrupted the test" + fate() + ". What its tasks were at:\n" + picture);
    addError(failure, job);
    return failure;
  }

  private String fate() {
    return stuck
        ? ", and it does not react to its cancellation: its threads are left behind, and what comes"
            + " after the test is not run"
        : "";
  }

  private static void addError(Throwable failure, Job job) {
    Throwable error = job.isOver() ? job.error() : null;
    if (error != null && !(error instanceof Cancelled)) {
      failure.addSuppressed(Failures.alone(error));
    }
  }

  private String picture() {
    Task root = mainTask;
    return root == null ? "(the main task has not begun)" : TaskPicture.of(root);
  }

  /** Cancels the run and waits until the job has unwound; gives up if that does not help. */
  private void cancel(Job job) {
    hung = true;
    try {
      host.interrupt();
      if (settings.patience().awaitUnwound(job, grace())) {
        return;
      }
      Thread main = mainThread;
      if (main != null) {
        main.interrupt(); // it may sit in a call of the JDK, which keeps the run from cancelling it
      }
      stuck = !settings.patience().awaitUnwound(job, grace());
    } catch (InterruptedException again) { // who interrupts twice does not want to wait
      stuck = !job.isOver();
      Thread.currentThread().interrupt();
    } finally {
      if (stuck) {
        jobs.add(new Job(Job.Kind.END, () -> null)); // should it come round, it ends
      }
    }
  }

  /** How long a cancelled test may take to unwind before it is taken for stuck. */
  private Duration grace() {
    Duration timeout = settings.timeout();
    if (timeout.isZero() || timeout.compareTo(LONGEST_GRACE) > 0) {
      return LONGEST_GRACE;
    }
    return timeout.compareTo(SHORTEST_GRACE) < 0 ? SHORTEST_GRACE : timeout;
  }

  // ---- the run's side

  private void host() {
    Throwable error = null;
    try {
      Schedule schedule = trial.schedule();
      RunOptions options = options();
      (schedule == null ? options : schedule.in(options)).run(this::main);
    } catch (Throwable t) {
      error = t;
    }
    Job last;
    synchronized (this) {
      hasEnded = true;
      endError = error;
      last = pending;
    }
    if (last != null) {
      last.end(error);
    }
  }

  private RunOptions options() {
    RunOptions options = settings.options(clock, trial.seed()).instrument(witness);
    return settings.leakChecks() ? options.contextCarrier(threads) : options;
  }

  private void main() throws InterruptedException {
    mainTask = Task.current();
    mainThread = Thread.currentThread();
    serve(0);
  }

  /** Does jobs until the level is to end; what it throws then is for the nursery around it. */
  private void serve(int level) throws InterruptedException {
    for (; ; ) {
      Job job = nextJob();
      Throwable error =
          switch (job.kind) {
            case NURSERY -> serveInNursery(job, level + 1);
            case FIXTURES -> serveWithFixtures(job);
            case SETUP -> guard.run(true, () -> perform(job));
            case TEST -> guard.run(true, () -> performTest(job));
            case CLEANUP -> guard.run(false, () -> performCleanup(job));
            case END -> guard.run(false, () -> perform(job));
          };
      Job over = ending == null ? job : ending;
      boolean leave = over.kind == Job.Kind.END;
      if (level > 0 && (error != null || job.kind != Job.Kind.SETUP)) {
        leave = true;
      }
      if (leave) {
        ending = over;
        if (error != null) {
          throw Failures.<RuntimeException>sneaky(error);
        }
        return;
      }
      ending = null;
      over.end(error);
    }
  }

  /** The schedule ends a test that stands still, or cancels it if that is what it is for. */
  private void performTest(Job job) throws Throwable {
    Schedule schedule = trial.schedule();
    if (schedule == null) {
      perform(job);
    } else {
      witness.duringSchedule(() -> schedule.run(() -> performSneaky(job)));
    }
  }

  /** What cleans up after a test has time of its own, also if the whole run was cancelled. */
  private static void performCleanup(Job job) throws Throwable {
    if (CancelScope.timeLeft().filter(Duration::isZero).isPresent()) {
      CancelScope.create().shielded().run(() -> performSneaky(job));
    } else {
      perform(job);
    }
  }

  private static void performSneaky(Job job) {
    Throwable error = job.run();
    if (error != null) {
      throw Failures.<RuntimeException>sneaky(error);
    }
  }

  private static void perform(Job job) throws Throwable {
    Throwable error = job.run();
    if (error != null) {
      throw error;
    }
  }

  /** A nursery and all the jobs inside it; gives what comes out of it. */
  private @Nullable Throwable serveInNursery(Job opening, int level) {
    try {
      Nursery.run(nursery -> {
        opening.result(nursery);
        opening.end(null);
        serve(level);
        nursery.cancel();
      });
      return null;
    } catch (Throwable error) {
      return error;
    }
  }

  /** A nursery with fixtures and all other jobs inside it; gives what comes out of it. */
  private @Nullable Throwable serveWithFixtures(Job setUp) {
    Throwable error = null;
    try {
      Nursery.run(nursery -> {
        setUp.end(guard.run(true, () -> fixtures.setUp(nursery)));
        serve(0);
        Throwable stuck = guard.run(false, fixtures::tearDown);
        nursery.cancel();
        if (stuck != null) {
          throw Failures.<RuntimeException>sneaky(stuck);
        }
      });
    } catch (Throwable t) {
      error = t;
    }
    return fixtures.leftover(error);
  }

  /** Holds the baton while it waits: see above. */
  private Job nextJob() {
    for (; ; ) {
      try {
        return jobs.take();
      } catch (InterruptedException meantForTheJob) {
        // It came too late, or the job left it behind. The status is clear now: wait on.
      }
    }
  }
}
