package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.sync.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Stacks that are too deep: an error of the task that has it, and nothing else. The other tasks,
 * and the same task after it has caught the error, go on as if nothing had been.
 */
class DeepStackTest {

  /** Does something at each depth, for ever deeper. */
  @SuppressWarnings("InfiniteRecursion") // which is the point
  private static void deeper(AsyncRunnable<InterruptedException> step) throws InterruptedException {
    step.run();
    deeper(step);
  }

  private static void deeperScopes() throws InterruptedException {
    CancelScope.moveOnAfter(Duration.ofHours(1)).run(DeepStackTest::deeperScopes);
  }

  @SuppressWarnings("InfiniteRecursion") // which is the point
  private static void checkpointAtTheBottom() throws InterruptedException {
    try {
      checkpointAtTheBottom();
    } finally {
      Roost.checkpoint();
    }
  }

  @Test
  void stackOverflowInAStep_isTheTasksOwnError() throws Exception {
    Event set = new Event();
    List<AsyncRunnable<InterruptedException>> bodies =
        List.of(
            () -> deeper(Roost::checkpoint),
            () -> deeper(set::await),
            () -> deeper(() -> CancelScope.create().cancel()),
            DeepStackTest::deeperScopes);
    Hang.fails(() ->
        Roost.run(() -> {
          set.set();
          for (AsyncRunnable<InterruptedException> body : bodies) {
            amongOthers(body, true);
          }
        }));
  }

  @Test
  void firstSwitchOfAll_mayBeAtTheBottom() throws Exception {
    var program =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xss400k", // the bottom is sooner there
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Droost.carrier=" + System.getProperty("roost.carrier", "AUTO"),
                "-cp",
                System.getProperty("java.class.path"),
                BottomFirst.class.getName())
            .redirectErrorStream(true)
            .start();
    var output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(output).isEqualToIgnoringNewLines("has been at the bottom\nand back\n");
  }

  @Test
  void checkpointsOnTheWayUp_areNoDanger() throws Exception {
    Hang.fails(() -> Roost.run(() -> amongOthers(DeepStackTest::checkpointAtTheBottom, true)));
  }

  /**
   * Deeper than what the JDK can take off a carrier at once: the thread stays mounted, and waits.
   */
  @Test
  void taskThatWaitsFarDown_waitsForItsTurn() throws Exception {
    Hang.fails(() ->
        Roost.run(() ->
            amongOthers(
                () ->
                    atDepth(
                        6_000,
                        () -> {
                          for (int n = 0; n < 20; n++) {
                            Roost.checkpoint();
                            Roost.sleep(Duration.ofNanos(1_000));
                            Blocking.run(() -> LockSupport.parkNanos(1_000));
                            Nursery.run(nursery -> nursery.start(Roost::checkpoint));
                          }
                        }),
                false)));
  }

  /** Each keeps the thread below it, on OWN one after the other that of the host. */
  @Test
  void severalTasksThatWaitFarDown_doNotHoldUpTheRun() throws Exception {
    Hang.fails(() ->
        Roost.run(() ->
            Nursery.run(nursery -> {
              for (int n = 0; n < 3; n++) {
                int millis = n;
                nursery.start(() ->
                    atDepthIfItGoes(
                        6_000,
                        () -> {
                          for (int round = 0; round < 3; round++) {
                            Roost.sleep(Duration.ofMillis(millis));
                            Roost.checkpoint();
                          }
                        }));
              }
            })));
  }

  @Test
  void scopesAndNurseriesInsideEachOther_canWait() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          atTheBottom(1_300, DeepStackTest::inScopes, () -> Roost.sleep(Duration.ofMillis(1)));
          atTheBottom(
              950,
              DeepStackTest::inNurseries,
              () -> {
                Blocking.run(Thread::onSpinWait); // parking there would be the JDK's own overflow
                Roost.sleep(Duration.ofMillis(1));
              });
          CancelScope scope = CancelScope.create();
          assertThat(
                  scope.run(() ->
                      atTheBottom(
                          950,
                          DeepStackTest::inNurseries,
                          () -> {
                            scope.setTimeout(Duration.ofMillis(1));
                            Roost.sleepForever();
                          })))
              .isFalse();
        }));
  }

  /** Goes down so many levels, and runs the body there. */
  private interface Descent {
    void to(int depth, AsyncRunnable<InterruptedException> body) throws InterruptedException;
  }

  /**
   * Runs the body as far down as that, or less far where the stack does not go so deep: while
   * nothing is compiled yet. The body has room for what it does, but the JDK has not for taking all
   * these frames off the carrier.
   */
  private static void atTheBottom(
      int depth, Descent descent, AsyncRunnable<InterruptedException> body)
      throws InterruptedException {
    boolean[] there = {false};
    try {
      descent.to(
          depth,
          () -> {
            inScopes(100, () -> {});
            there[0] = true;
            body.run();
          });
    } catch (StackOverflowError | ExceptionGroup tooDeep) {
      if (there[0]) {
        throw tooDeep;
      }
      atTheBottom(depth * 3 / 4, descent, body);
    }
  }

  private static void inScopes(int depth, AsyncRunnable<InterruptedException> body)
      throws InterruptedException {
    if (depth == 0) {
      body.run();
    } else {
      CancelScope.create().run(() -> inScopes(depth - 1, body));
    }
  }

  private static void inNurseries(int depth, AsyncRunnable<InterruptedException> body)
      throws InterruptedException {
    if (depth == 0) {
      body.run();
    } else {
      Nursery.run(_ -> inNurseries(depth - 1, body));
    }
  }

  /** The thread that called {@code run} is not the one that does its work then. */
  @Test
  void interruptOfARunWhoseTaskWaitsFarDown_cancelsIt() throws Exception {
    Hang.fails(() -> {
      Thread caller = Thread.currentThread();
      assertThatThrownBy(() ->
              Roost.run(() ->
                  Nursery.run(nursery -> {
                    nursery.start(() -> {
                      Roost.sleep(Duration.ofMillis(2));
                      Blocking.run(caller::interrupt);
                    });
                    atDepthIfItGoes(6_000, Roost::sleepForever);
                  })))
          .isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
    });
  }

  @Test
  void taskThatWaitsFarDownAlone_isWokenByItsTimer() throws Exception {
    Hang.fails(
        () -> Roost.run(() -> atDepthIfItGoes(6_000, () -> Roost.sleep(Duration.ofMillis(2)))));
  }

  @Test
  void runThatIsCalledFarDownOnAVirtualThread_works() throws Exception {
    Hang.fails(
        Thread.ofVirtual(),
        () -> atDepthIfItGoes(6_000, () -> Roost.run(() -> Roost.sleep(Duration.ofMillis(2)))));
  }

  private static void atDepth(int depth, AsyncRunnable<InterruptedException> body)
      throws InterruptedException {
    if (depth == 0) {
      body.run();
    } else {
      atDepth(depth - 1, body);
    }
  }

  /** As deep as that, or as deep as a stack goes that nobody has compiled yet. */
  private static void atDepthIfItGoes(int depth, AsyncRunnable<InterruptedException> body)
      throws InterruptedException {
    try {
      atDepth(depth, body);
    } catch (StackOverflowError shallow) {
      assertThat(shallow).isNotNull();
    }
  }

  /**
   * Runs the body beside tasks that step, sleep and block, whose plain counter must not lose a
   * count.
   */
  private static void amongOthers(AsyncRunnable<InterruptedException> body, boolean overflows)
      throws InterruptedException {
    boolean[] stop = {false};
    int[] shared = {0};
    int[] own = {0, 0};
    Nursery.run(nursery -> {
      for (int n = 0; n < own.length; n++) {
        int number = n;
        nursery.start(
            "other",
            () -> {
              while (!stop[0]) {
                int seen = shared[0];
                own[number]++;
                Thread.onSpinWait();
                shared[0] = seen + 1;
                Roost.checkpoint();
                if (own[number] % 50 == 0) {
                  Roost.sleep(Duration.ofNanos(1_000));
                } else if (own[number] % 97 == 0) {
                  Blocking.run(() -> LockSupport.parkNanos(1_000));
                }
              }
            });
      }
      nursery.start(
          "deep",
          () -> {
            boolean overflowed = false;
            try {
              body.run();
            } catch (StackOverflowError e) {
              overflowed = true;
            }
            if (overflows) { // else it may: how deep a stack goes depends on what is compiled
              assertThat(overflowed).isTrue();
            }
            shared[0]++;
            Roost.checkpoint();
            Nursery.run(children -> children.start(() -> Roost.sleep(Duration.ofNanos(1_000))));
            stop[0] = true;
          });
    });
    assertThat(shared[0]).isEqualTo(own[0] + own[1] + 1);
  }
}
