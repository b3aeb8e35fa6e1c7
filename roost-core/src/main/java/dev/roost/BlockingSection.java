package dev.roost;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How one kind of blocking section is run. */
record BlockingSection(
    @Nullable Limiter limiter,
    @Nullable SyncRunnable<?> instead,
    boolean uninterruptible,
    boolean abandoned)
    implements Blocking.Section {

  @Override
  public BlockingSection limitedBy(Limiter by) {
    Objects.requireNonNull(by, "Blocking.limitedBy: the limiter is null");
    return new BlockingSection(by, instead, uninterruptible, abandoned);
  }

  @Override
  public BlockingSection abandoning() {
    return new BlockingSection(limiter, instead, uninterruptible, true);
  }

  @Override
  public BlockingSection onCancel(SyncRunnable<?> action) {
    Objects.requireNonNull(action, "Blocking.onCancel: the action is null");
    return new BlockingSection(limiter, action, uninterruptible, abandoned);
  }

  @Override
  public BlockingSection uninterrupted() {
    return new BlockingSection(limiter, instead, true, abandoned);
  }

  @Override
  public <X extends Exception> void run(AsyncRunnable<X> code) throws X, InterruptedException {
    Objects.requireNonNull(code, "Blocking.run: the code is null");
    call(() -> {
      code.run();
      return true;
    });
  }

  @Override
  public <T extends @Nullable Object, X extends Exception> T call(AsyncCallable<T, X> code)
      throws X, InterruptedException {
    Objects.requireNonNull(code, "Blocking.call: the code is null");
    TaskFiber me = TaskFiber.current();
    me.checkCancelled();
    if (limiter == null) {
      return inside(me, code, null);
    }
    Limiter.Permit permit = limiter.acquireFor(borrower(me));
    checkCancelled(me, permit);
    if (abandoned) {
      return inside(
          me, code,
          permit); // which gives the permit back when the code has ended, abandoned or not
    }
    try (permit) {
      return inside(me, code, null);
    }
  }

  /** The task may have been cancelled after it was given the permit, and before it went on. */
  private static void checkCancelled(TaskFiber me, Limiter.Permit permit)
      throws InterruptedException {
    try {
      me.checkCancelled();
    } catch (Throwable cancelled) {
      permit.close();
      throw cancelled;
    }
  }

  /** Who has the permit: not the task, for code that it abandoned may have one still. */
  private static Object borrower(TaskFiber me) {
    return new Object() {
      @Override
      public String toString() {
        return "a blocking section of " + me;
      }
    };
  }

  private <T extends @Nullable Object, X extends Exception> T inside(
      TaskFiber me, AsyncCallable<T, X> code, Limiter.@Nullable Permit permit)
      throws X, InterruptedException {
    return abandoned
        ? new AbandonableCall<T>(me, permit).call(code)
        : new BlockingCall(me, this).call(code);
  }
}
