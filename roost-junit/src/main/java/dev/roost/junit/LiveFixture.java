package dev.roost.junit;

import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.SwallowedCancellationError;
import dev.roost.TaskLocal;
import dev.roost.TaskStatus;
import dev.roost.sync.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One fixture in one run, a task of its own.
 *
 * <pre>
 *            what it asks for      the value is              the test is over, and all
 *            is there              given                     that came later is down
 *   WAITING ----------------> SETTING UP ----------> STANDING ------------------------> UNWINDING ---> OVER
 *      |                          |  an error, or           |  an error, or an end           |           ^
 *      |  another one failed      |  another one failed     |  that nobody asked for         |           |
 *      +--------------------------+-------------------------+--------------------------------+-----------+
 * </pre>
 *
 * Touched by tasks of the run alone, but for the value, which JUnit's thread reads while it holds
 * the run up.
 */
final class LiveFixture {

  /** The fixture whose method a task is in: what its parameters are resolved for. */
  private static final TaskLocal<LiveFixture> CURRENT = TaskLocal.create();

  private static final Object NOTHING = "nothing";

  /** Calls the method of a fixture, with its parameters resolved. */
  @FunctionalInterface
  interface Invoker {
    @Nullable Object invoke(FixtureMethod fixture) throws Exception;
  }

  final FixtureMethod method;
  private final Fixtures all;
  private final Invoker invoker;
  private final List<LiveFixture> needs = new ArrayList<>();

  /** Around the method; cancelled if others fail during the setup, and to end a service. */
  private final CancelScope scope = CancelScope.create();

  /** Whether the value is there, or will never be. */
  private final Event settled = new Event();

  private final Event release = new Event();
  private final Event over = new Event();

  private boolean standing;
  private boolean skipped;
  private @Nullable Object value;
  private @Nullable Nursery nursery;

  LiveFixture(FixtureMethod method, Fixtures all, Invoker invoker) {
    this.method = method;
    this.all = all;
    this.invoker = invoker;
  }

  /** The one whose task calls, for a parameter of its method. */
  static LiveFixture current() {
    return CURRENT.get();
  }

  void needs(LiveFixture other) {
    needs.add(other);
  }

  /** The value, of one that is standing. */
  Object value() {
    return Objects.requireNonNull(value, "the fixture is not standing");
  }

  boolean isStanding() {
    return standing;
  }

  // ---- for the main task

  void awaitSettled() throws InterruptedException {
    settled.await();
  }

  /** Another one has failed: if this one is not standing yet, it never will. */
  void giveUpSetUp() {
    if (!standing) {
      skipped = true;
      scope.cancel("another fixture failed");
    }
  }

  /** Nobody uses it any more. */
  void tearDown() throws InterruptedException {
    if (method.form() == FixtureMethod.Form.SERVICE) {
      scope.cancel("the test is over");
    }
    release.set();
    over.await();
  }

  // ---- its own task

  void live() throws InterruptedException {
    CURRENT.set(this);
    try {
      for (LiveFixture need : needs) {
        need.awaitSettled();
        skipped |= !need.standing;
      }
      if (!skipped) {
        scope.run(this::inNursery);
        ensureItWasTime();
      }
    } catch (Throwable error) {
      if (hasCancelled(error)) { // the run is being cancelled: it is for the scopes around
        throw Failures.<InterruptedException>sneaky(error);
      }
      all.failed(this, error);
    } finally {
      settled.set();
      over.set();
    }
  }

  private void inNursery() throws Exception {
    if (!takesNursery()) {
      perform();
      return;
    }
    Nursery.run(open -> {
      nursery = open;
      perform();
      open.cancel();
    });
  }

  private boolean takesNursery() {
    return List.of(method.method().getParameterTypes()).contains(Nursery.class);
  }

  @SuppressWarnings("try") // what closing throws goes where all errors go
  private void perform() throws Exception {
    Object made = invoker.invoke(method);
    switch (method.form()) {
      case VALUE -> {
        if (made == null) {
          throw new IllegalStateException("@Fixture " + method + " returned null.");
        }
        try (AutoCloseable _ = made instanceof AutoCloseable toClose ? toClose : () -> {}) {
          stand(made);
        }
      }
      case NOTHING -> stand(NOTHING);
      case BLOCK, SERVICE -> ensureStood();
    }
  }

  private void ensureStood() {
    if (!standing) {
      throw new IllegalStateException(
          "@Fixture "
              + method
              + " has ended without giving its value: call "
              + (method.form() == FixtureMethod.Form.BLOCK
                  ? "Provider.provide"
                  : "TaskStatus.started")
              + " once on every path.");
    }
  }

  /** A block that was cancelled from inside, and made no error of it. */
  private void ensureItWasTime() {
    boolean mayEnd = skipped || release.isSet() || method.form() == FixtureMethod.Form.SERVICE;
    if (!mayEnd) {
      throw new IllegalStateException(
          "@Fixture "
              + method
              + " has ended while the test still needed it: its block was cancelled.");
    }
  }

  private void given(Object given) {
    if (standing) {
      throw new IllegalStateException(
          "@Fixture " + method + " gave a value before. Each fixture gives one, once.");
    }
    value = given;
    standing = true;
    all.stands(this);
    settled.set();
  }

  private void stand(Object given) throws InterruptedException {
    given(given);
    release.await();
  }

  // ---- parameters of its method

  Nursery nursery() {
    return Objects.requireNonNull(nursery);
  }

  Fixtures all() {
    return all;
  }

  /** What the method gives its value to. */
  Object receiver() {
    return method.form() == FixtureMethod.Form.BLOCK ? new Provision<>(this) : new Status<>(this);
  }

  /** The provider of a block. */
  static final class Provision<T> implements Provider<T> {
    private final LiveFixture fixture;

    private Provision(LiveFixture fixture) {
      this.fixture = fixture;
    }

    @Override
    public void provide(T value) throws InterruptedException {
      Objects.requireNonNull(value, "Provider.provide: the value is null");
      fixture.stand(value);
    }
  }

  /** The status of a service. */
  private static final class Status<T> implements TaskStatus<T> {
    private final LiveFixture fixture;

    private Status(LiveFixture fixture) {
      this.fixture = fixture;
    }

    @Override
    public void started(T value) {
      boolean nothing = value == null && fixture.method.provided() == Void.class;
      fixture.given(
          nothing
              ? NOTHING
              : Objects.requireNonNull(value, "TaskStatus.started: the value is null"));
    }
  }

  // ---- errors

  private static boolean hasCancelled(Throwable error) {
    return error instanceof ExceptionGroup group
        ? group.leaves().anyMatch(LiveFixture::isCancelled)
        : isCancelled(error);
  }

  private static boolean isCancelled(Throwable error) {
    return error instanceof Cancelled || error instanceof SwallowedCancellationError;
  }
}
