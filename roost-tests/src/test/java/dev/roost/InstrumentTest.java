package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.lowlevel.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What instruments hear. */
class InstrumentTest {

  private static final class Recorder implements Instrument {
    final List<String> events = new ArrayList<>();

    @Override
    public void runStarted(String run) {
      events.add("run started " + run);
    }

    @Override
    public void taskSpawned(Task task) {
      events.add("spawned " + task.name());
    }

    @Override
    public void taskScheduled(Task task) {
      events.add("scheduled " + task.name());
    }

    @Override
    public void beforeStep(Task task) {
      events.add("before " + task.name());
    }

    @Override
    public void afterStep(Task task) {
      events.add("after " + task.name());
    }

    @Override
    public void taskEnded(Task task) {
      events.add("ended " + task.name());
    }

    @Override
    public void taskFailed(Task task, Throwable error) {
      events.add("failed " + task.name() + " " + error.getMessage());
    }

    @Override
    public void scopeCancelled(CancelScope scope) {
      events.add("scope cancelled " + scope.reason().orElse("-"));
    }

    @Override
    public void cancelDelivered(Task task, Cancelled cancelled) {
      events.add("delivered " + task.name());
    }

    @Override
    public void beforeIoWait(@Nullable Duration timeout) {
      events.add("before wait " + (timeout == null ? "for ever" : "bounded"));
    }

    @Override
    public void afterIoWait(@Nullable Duration timeout) {
      events.add("after wait");
    }

    @Override
    public void errorDropped(Throwable error, String where) {
      events.add("dropped " + error.getMessage() + " from " + where);
    }

    @Override
    public void leftOpen(String what, @Nullable Throwable openedAt) {
      events.add("left open " + what);
    }

    @Override
    public void runEnded(String run) {
      events.add("run ended " + run);
    }
  }

  @Test
  void lifeOfATask_isTold() throws Exception {
    Recorder recorder = new Recorder();
    World.options()
        .name("told")
        .instrument(recorder)
        .run(() -> Nursery.run(nursery -> nursery.start("child", () -> {})));
    assertThat(recorder.events)
        .containsExactly(
            "run started told",
            "spawned main",
            "scheduled main",
            "before main",
            "spawned child",
            "scheduled child",
            "after main",
            "before child",
            "ended child",
            "scheduled main",
            "after child",
            "before main",
            "ended main",
            "after main",
            "run ended told");
  }

  @Test
  void stepsNest_inEveryCase() throws Exception {
    Recorder recorder = new Recorder();
    Roost.with()
        .instrument(recorder)
        .run(() -> {
          CountDownLatch slept = new CountDownLatch(1);
          Nursery.run(nursery -> {
            nursery.start("blocks", () -> Blocking.run(slept::await));
            nursery.start(
                "sleeps",
                () -> {
                  Roost.sleep(Duration.ofMillis(1));
                  slept.countDown();
                });
            Roost.checkpoint();
          });
          Roost.sleep(Duration.ofMillis(5));
        });
    String running = "";
    for (String event : recorder.events) {
      if (event.startsWith("before ") && !event.startsWith("before wait")) {
        assertThat(running).as("two steps at once").isEmpty();
        running = event.substring("before ".length());
      } else if (event.startsWith("after ") && !event.equals("after wait")) {
        assertThat(event).isEqualTo("after " + running);
        running = "";
      }
    }
    assertThat(running).isEmpty();
    assertThat(recorder.events).contains("before wait bounded", "after wait");
  }

  @Test
  void cancellationAndFailure_areTold() throws Exception {
    Recorder recorder = new Recorder();
    assertThatThrownBy(() ->
            World.options()
                .instrument(recorder)
                .run(() ->
                    Nursery.run(nursery -> {
                      nursery.start("waits", Roost::sleepForever);
                      nursery.start(
                          "fails",
                          () -> {
                            throw new IOException("boom");
                          });
                    })))
        .isInstanceOf(ExceptionGroup.class);
    assertThat(recorder.events)
        .containsSubsequence(
            "failed fails boom",
            "ended fails",
            "scope cancelled task fails failed: java.io.IOException: boom",
            "delivered waits",
            "ended waits",
            "ended main");
  }

  @Test
  void instrumentThatThrows_isDropped_andTheOthersGoOn() throws Exception {
    Recorder recorder = new Recorder();
    int[] calls = {0};
    Instrument broken =
        new Instrument() {
          @Override
          public void beforeStep(Task task) {
            calls[0]++;
            throw new IllegalStateException("broken instrument");
          }
        };
    quietly(() ->
        World.options()
            .instrument(broken)
            .instrument(recorder)
            .run(() -> {
              Roost.checkpoint();
              Roost.checkpoint();
            }));
    assertThat(calls[0]).isOne();
    assertThat(recorder.events).contains("before main", "run ended run");
  }

  @Test
  void whatWasLeftOpen_isClosedAndTold_newestFirst() throws Exception {
    Recorder recorder = new Recorder();
    record Thing(String name, List<String> closed) implements AutoCloseable {
      @Override
      public void close() throws IOException {
        closed.add(name);
        if (name.equals("second")) {
          throw new IOException("stuck");
        }
      }

      @Override
      public String toString() {
        return name;
      }
    }

    List<String> closed = new ArrayList<>();
    quietly(() ->
        World.options()
            .instrument(recorder)
            .run(() -> {
              Readiness.opened(new Thing("first", closed));
              Readiness.opened(new Thing("second", closed));
              Readiness.Opened third = Readiness.opened(new Thing("third", closed));
              third.closed();
              third.closed();
            }));
    assertThat(closed).containsExactly("second", "first");
    assertThat(recorder.events)
        .containsSubsequence(
            "left open second",
            "dropped stuck from closing second at the end of the run",
            "left open first",
            "run ended run");
  }

  @Test
  void methodsOfAnInstrument_doNothingByThemselves() throws Exception {
    Instrument silent = new Instrument() {};
    quietly(() ->
        World.options()
            .instrument(silent)
            .run(() -> {
              Readiness.opened(() -> {});
              CancelScope scope = CancelScope.moveOnAfter(World.seconds(1));
              scope.run(Roost::sleepForever);
              Nursery.run(nursery -> {
                nursery.start(() -> Blocking.run(() -> {}));
                nursery.start(() ->
                    CancelScope.moveOnAfter(Duration.ZERO)
                        .run(() -> {
                          for (int n = 0; n < 100; n++) {
                            assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
                          }
                        }));
              });
              TaskFiber.current().run.report(new IOException("x"), "the test");
              Roost.checkpoint();
              Roost.checkpoint();
              silent.stalled(Task.current(), Duration.ZERO, new StackTraceElement[0]);
              silent.taskFailed(Task.current(), new IOException());
            }));
  }

  static void quietly(Hang.Body body) throws Exception {
    Logger logger = Logger.getLogger("dev.roost");
    Level before = logger.getLevel();
    logger.setLevel(Level.OFF);
    try {
      body.run();
    } finally {
      logger.setLevel(before);
    }
  }

  /** What the program makes of the log is the program's; here, nothing good. */
  private static void withALoggerThatThrows(Hang.Body body) throws Exception {
    Logger logger = Logger.getLogger("dev.roost");
    logger.setFilter(_ -> {
      throw new IllegalStateException("the log is full");
    });
    try {
      body.run();
    } finally {
      logger.setFilter(null);
    }
  }

  @Test
  void loggerThatThrows_endsNoRun_andInstrumentsHearOfIt() throws Exception {
    Recorder recorder = new Recorder();
    Instrument broken =
        new Instrument() {
          @Override
          public void runStarted(String run) {
            throw new IllegalStateException("broken instrument");
          }
        };
    AutoCloseable unspeakable =
        new AutoCloseable() {
          @Override
          public void close() throws IOException {
            throw new IOException("stuck");
          }

          @Override
          public String toString() {
            throw new IllegalStateException("no words");
          }
        };
    withALoggerThatThrows(() ->
        World.options()
            .instrument(recorder)
            .instrument(broken)
            .run(() -> {
              Readiness.opened(unspeakable);
              CancelScope scope = CancelScope.create();
              scope.cancel();
              scope.run(() -> {
                for (int n = 0; n < 100; n++) {
                  assertThatThrownBy(Roost::checkpoint).isInstanceOf(Cancelled.class);
                }
              });
            }));

    assertThat(recorder.events)
        .contains("dropped the log is full from the system's logger", "run ended run")
        .anyMatch(event ->
            event.startsWith("left open ")
                && event.endsWith("(whose toString threw java.lang.IllegalStateException)"))
        .anyMatch(event -> event.startsWith("dropped stuck from closing "));
  }
}
