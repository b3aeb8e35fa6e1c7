package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.sync.Event;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Calls through a portal from threads outside the run. */
class PortalTest {

  private final List<String> log = new ArrayList<>();

  /** Runs the body on a foreign thread while the run serves it, and gives what it returned. */
  private static <T> T fromOutside(AsyncFunction<Portal, T, Exception> body) throws Exception {
    AtomicReference<T> result = new AtomicReference<>();
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          Foreign<T> foreign = Foreign.start(() -> body.apply(portal));
          result.set(Blocking.call(foreign::result));
        }));
    return result.get();
  }

  @Test
  void current_outsideARun_isRefused() {
    assertThatThrownBy(Portal::current).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void current_isTheSame_inEachTaskAndInBlockingSections() throws Exception {
    Roost.run(() -> {
      Portal portal = Portal.current();
      assertThat(Portal.current()).isSameAs(portal);
      Nursery.run(nursery -> nursery.start(() -> assertThat(Portal.current()).isSameAs(portal)));
      assertThat(Blocking.call(Portal::current)).isSameAs(portal);
      assertThat(portal).hasToString("Portal[into the run run]");
    });
  }

  @Test
  void current_inANestedRun_isThatRuns() throws Exception {
    Roost.run(() -> {
      Portal outer = Portal.current();
      Portal inner = Blocking.call(() -> Roost.call(Portal::current));
      assertThat(inner).isNotSameAs(outer);
    });
  }

  @Test
  void call_runsATaskOfTheRun_andGivesItsResult() throws Exception {
    String result =
        fromOutside(portal ->
            portal.call(() -> {
              Roost.checkpoint();
              Event event = new Event();
              Nursery.run(nursery -> nursery.start(event::set));
              event.await();
              return Task.current().name();
            }));
    assertThat(result).startsWith("PortalTest#");
  }

  @Test
  void call_nullResult_isNull() throws Exception {
    Object result = fromOutside(portal -> portal.call(() -> null));
    assertThat(result).isNull();
  }

  @Test
  void run_runsATask_namedAfterItsBody() throws Exception {
    fromOutside(portal -> {
      portal.run(() -> log.add(Task.current().name()));
      return null;
    });
    assertThat(log).singleElement().asString().startsWith("PortalTest#");
  }

  @Test
  void call_taskThrows_callerGetsItAsItIs_andTheRunGoesOn() throws Exception {
    IOException error = new IOException("no");
    AssertionError worse = new AssertionError("worse");
    fromOutside(portal -> {
      assertThat(catchThrowable(() -> portal.run(() -> fail(error)))).isSameAs(error);
      assertThat(catchThrowable(() -> portal.run(() -> fail(worse)))).isSameAs(worse);
      assertThat(portal.<Integer, RuntimeException>call(() -> 1)).isEqualTo(1);
      return null;
    });
  }

  private static void fail(Throwable error) throws IOException {
    if (error instanceof IOException io) {
      throw io;
    }
    throw (Error) error;
  }

  @Test
  void call_isOneAtATimeWithTheOtherTasks() throws Exception {
    int[] count = {0};
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          List<Foreign<Boolean>> threads = new ArrayList<>();
          for (int t = 0; t < 4; t++) {
            threads.add(
                Foreign.start(() -> {
                  for (int n = 0; n < 500; n++) {
                    portal.run(() -> count[0]++);
                  }
                  return true;
                }));
          }
          for (Foreign<Boolean> thread : threads) {
            Blocking.run(thread::result);
          }
        }));
    assertThat(count[0]).isEqualTo(2000);
  }

  @Test
  void calls_ofOneThread_areStartedInOrder() throws Exception {
    fromOutside(portal -> {
      portal.post(() -> log.add("1"));
      portal.run(() -> log.add("2"));
      portal.post(() -> log.add("3"));
      portal.run(() -> log.add("4"));
      return null;
    });
    assertThat(log).containsExactly("1", "2", "3", "4");
  }

  @Test
  void call_carriesTheContextOfTheCallingThread() throws Exception {
    ThreadLocal<String> context = new ThreadLocal<>();
    ContextCarrier carrier =
        () -> {
          String captured = context.get();
          return child -> {
            context.set(captured);
            child.run();
          };
        };
    Hang.fails(() ->
        Roost.with()
            .contextCarrier(carrier)
            .run(() -> {
              Portal portal = Portal.current();
              Foreign<String> foreign =
                  Foreign.start(() -> {
                    context.set("of the caller");
                    return portal.call(context::get);
                  });
              assertThat(Blocking.call(foreign::result)).isEqualTo("of the caller");
            }));
  }

  // ---- interruption

  @Test
  void call_callerInterrupted_taskIsCancelledAndAwaited_andTheRunGoesOn() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          Foreign<Object> foreign =
              Blocking.call(() ->
                  Foreign.waiting(
                      portal,
                      () -> {
                        try {
                          Roost.sleepForever();
                        } catch (Cancelled e) {
                          log.add(e.reason().orElseThrow());
                          CancelScope.create().shielded().run(Roost::checkpoint);
                          log.add("cleaned up");
                          throw e;
                        }
                        return "never";
                      }));
          foreign.thread.interrupt();
          Throwable error = Blocking.call(foreign::error);
          assertThat(error)
              .isExactlyInstanceOf(InterruptedException.class)
              .hasMessageContaining("Portal.call: the thread was interrupted");
          assertThat(log)
              .containsExactly("the thread that waits for it was interrupted", "cleaned up");
        }));
  }

  @Test
  void call_callerInterrupted_errorOfTheUnwindingIsSuppressed() throws Exception {
    IllegalStateException late = new IllegalStateException("late");
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          Foreign<Object> foreign =
              Blocking.call(() ->
                  Foreign.waiting(
                      portal,
                      () -> {
                        try {
                          Roost.sleepForever();
                        } catch (InterruptedException e) {
                          throw late;
                        }
                        return "never";
                      }));
          foreign.thread.interrupt();
          Throwable error = Blocking.call(foreign::error);
          assertThat(error)
              .isExactlyInstanceOf(InterruptedException.class)
              .hasSuppressedException(late);
        }));
  }

  @Test
  void call_callerInterruptedTwice_stillAwaitsTheTask() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          CountDownLatch cancelled = new CountDownLatch(1);
          Event goOn = new Event();
          Foreign<Object> foreign =
              Blocking.call(() ->
                  Foreign.waiting(
                      portal,
                      () -> {
                        try {
                          Roost.sleepForever();
                        } finally {
                          cancelled.countDown();
                          CancelScope.create().shielded().run(goOn::await);
                          log.add("task");
                        }
                        return "never";
                      }));
          foreign.thread.interrupt();
          Blocking.run(cancelled::await);
          foreign.thread.interrupt();
          Testing.waitAllTasksBlocked();
          assertThat(foreign.thread.isAlive()).isTrue();
          goOn.set();
          assertThat(Blocking.call(foreign::error)).isExactlyInstanceOf(InterruptedException.class);
          assertThat(log).containsExactly("task");
        }));
  }

  @Test
  void call_callerInterruptedBefore_startsNothing() throws Exception {
    fromOutside(portal -> {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> portal.run(() -> log.add("started")))
          .isExactlyInstanceOf(InterruptedException.class)
          .hasMessageContaining("Nothing was started");
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
      return null;
    });
    assertThat(log).isEmpty();
  }

  // ---- wrong worlds

  @Test
  void call_byATaskOfTheRun_isRefusedWithTheRemedy() throws Exception {
    Roost.run(() -> {
      Portal portal = Portal.current();
      assertThatThrownBy(() -> portal.call(() -> 1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Portal.call was called by Task[main] of the run run itself")
          .hasMessageContaining("Call the function directly, or start it in a Nursery");
      assertThatThrownBy(() -> portal.run(() -> {}))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Portal.run was called");
    });
  }

  @Test
  void call_byATaskOfAnotherRun_isRefusedWithTheRemedy_butAllowedInABlockingSection()
      throws Exception {
    String result =
        fromOutside(portal ->
            Roost.with()
                .name("other")
                .call(() -> {
                  assertThatThrownBy(() -> portal.call(() -> 1))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("by Task[main] of the run other")
                      .hasMessageContaining("Call it inside Blocking.run");
                  return Blocking.call(() -> portal.call(() -> "from another run"));
                }));
    assertThat(result).isEqualTo("from another run");
  }

  @Test
  void call_inAPostedAction_isRefused() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Roost.run(() -> {
      Portal portal = Portal.current();
      Event done = new Event();
      portal.post(() -> {
        thrown.set(catchThrowable(() -> portal.run(() -> {})));
        done.set();
      });
      done.await();
    });
    assertThat(thrown.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("would wait for itself");
  }

  @Test
  void nulls_areRefused() throws Exception {
    Roost.run(() -> {
      Portal portal = Portal.current();
      assertThatThrownBy(() -> portal.call(null)).hasMessage("Portal.call: the task is null");
      assertThatThrownBy(() -> portal.run(null)).hasMessage("Portal.run: the task is null");
      assertThatThrownBy(() -> portal.post(null)).hasMessage("Portal.post: the action is null");
    });
  }

  // ---- what can be seen of them

  @Test
  void task_livesBesideMain_andItsNurseryIsHidden() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          Event stop = new Event();
          Foreign<Boolean> foreign =
              Blocking.call(() ->
                  Foreign.waiting(
                      portal,
                      () -> {
                        stop.await();
                        return Task.current().parentNursery().isEmpty();
                      }));
          Testing.waitAllTasksBlocked();
          assertThat(TaskTree.current().toString().lines())
              .hasSize(2)
              .first()
              .asString()
              .startsWith("main: running");
          assertThat(Task.current().childNurseries()).isEmpty();
          stop.set();
          assertThat(Blocking.call(foreign::result)).isTrue();
          assertThat(TaskTree.current().toString().lines()).hasSize(1);
        }));
  }
}
