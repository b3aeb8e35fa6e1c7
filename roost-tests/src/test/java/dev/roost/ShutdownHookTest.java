package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the JVM's shutdown does to a run; with real signals the tests of the examples do it. */
class ShutdownHookTest {

  private static final Duration GRACE = Duration.ofMillis(20);

  /** Has the hook of the current run do what the JVM would have it do, on a thread of its own. */
  private static Thread shutDown(Duration grace) {
    ShutdownHook hook =
        ShutdownHook.install(TaskFiber.current().run, grace, Thread.currentThread());
    return Thread.ofPlatform()
        .start(() -> {
          hook.shutDown();
          hook.remove();
        });
  }

  @Test
  void shutdown_stopsTheUnitsThatWaitForMore_andLetsTheRestGoOn() throws InterruptedException {
    List<String> log = new ArrayList<>();
    Roost.with()
        .cancelOnShutdown(Duration.ofMinutes(1))
        .run(() -> {
          Event accepted = new Event();
          Nursery.run(nursery -> {
            nursery.start(() -> {
              CancelScope.untilStopping().run(Roost::sleepForever);
              log.add("accepts no more: " + CancelScope.stopping());
              accepted.set();
            });
            nursery.start(() -> {
              accepted.await();
              Roost.checkpoint();
              log.add("finished its work");
            });
            Thread hook = shutDown(Duration.ofMinutes(1));
            accepted.await();
            hook.interrupt();
          });
        });

    assertThat(log).containsExactly("accepts no more: true", "finished its work");
  }

  @Test
  void graceThatIsOver_endsRunQuietly() throws InterruptedException {
    List<String> log = new ArrayList<>();
    Roost.with()
        .cancelOnShutdown(GRACE)
        .run(() -> {
          shutDown(GRACE);
          try {
            Roost.sleepForever();
          } finally {
            log.add("unwound");
          }
        });

    assertThat(log).containsExactly("unwound");
  }

  @Test
  void graceThatIsOver_leavesCallWithoutAResult() {
    assertThatThrownBy(() ->
            Roost.with()
                .cancelOnShutdown(GRACE)
                .call(() -> {
                  shutDown(GRACE);
                  Roost.sleepForever();
                  return "never";
                }))
        .isExactlyInstanceOf(InterruptedException.class)
        .hasMessageContaining("shut down before it had a result");
  }

  @Test
  void taskThatDoesNotEnd_doesNotHoldTheJvmForEver() throws InterruptedException {
    Roost.run(() -> {
      Thread hook = shutDown(Duration.ofMillis(1));
      hook.join(); // holds the baton, as a System.exit inside a task does: nothing can unwind
      assertThat(hook.isAlive()).isFalse();
      assertThatThrownBy(Roost::sleepForever)
          .isInstanceOf(Cancelled.class)
          .hasMessageContaining(
              "the grace of PT0.001S after a soft cancel by the shutdown of the JVM");
    });
  }

  @Test
  void runThatEnded_isNotWaitedFor() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    ShutdownHook[] hook = new ShutdownHook[1];
    Thread caller = Thread.currentThread(); // will wait, which is as good as having ended
    Roost.run(() ->
        hook[0] =
            ShutdownHook.install(
                TaskFiber.current().run, Duration.ofSeconds(Long.MAX_VALUE), caller));
    hook[0].remove();
    Thread.ofVirtual()
        .start(() -> {
          hook[0].shutDown();
          over.countDown();
        });

    over.await();
    assertThat(over.getCount()).isZero();
  }
}
