package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.sync.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What becomes of calls and posts when the run ends. */
class PortalEndTest {

  private final List<String> log = Collections.synchronizedList(new ArrayList<>());

  @Test
  void afterTheRun_everythingIsRefused() throws Exception {
    Portal portal = Roost.with().name("short").call(Portal::current);
    assertThatThrownBy(() -> portal.call(() -> 1))
        .isInstanceOf(RunFinishedException.class)
        .hasMessageContaining("Portal.call: the run short has ended");
    assertThatThrownBy(() -> portal.run(() -> {})).isInstanceOf(RunFinishedException.class);
    assertThatThrownBy(() -> portal.post(() -> {}))
        .isInstanceOf(RunFinishedException.class)
        .hasMessageContaining("The action is not done");
  }

  @Test
  void mainEnds_callsAreCancelledAndAwaited_andCallersAreTold() throws Exception {
    Hang.fails(() -> {
      AtomicReference<Foreign<Object>> foreign = new AtomicReference<>();
      String result =
          Roost.call(() -> {
            Portal portal = Portal.current();
            foreign.set(
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
                        })));
            return "of main";
          });
      assertThat(log).containsExactly("the main task has ended", "cleaned up");
      assertThat(result).isEqualTo("of main");
      assertThat(foreign.get().error()).isInstanceOf(RunFinishedException.class);
    });
  }

  @Test
  void mainFails_callsAreAwaited_andTheErrorIsMains() throws Exception {
    IOException error = new IOException("main");
    Hang.fails(() -> {
      AtomicReference<Foreign<Object>> foreign = new AtomicReference<>();
      assertThatThrownBy(() ->
              Roost.run(() -> {
                Portal portal = Portal.current();
                foreign.set(
                    Blocking.call(() ->
                        Foreign.waiting(
                            portal,
                            () -> {
                              Roost.sleepForever();
                              return "never";
                            })));
                throw error;
              }))
          .isSameAs(error);
      assertThat(foreign.get().error()).isInstanceOf(RunFinishedException.class);
    });
  }

  /** Runs main to its end while a call is going on that does this once it is cancelled. */
  private static Foreign<Object> cutShort(AsyncFunction<Cancelled, Object, Exception> atTheEnd)
      throws InterruptedException {
    return Roost.call(() -> {
      Portal portal = Portal.current();
      return Blocking.call(() ->
          Foreign.<Object>waiting(
              portal,
              () -> {
                try {
                  Roost.sleepForever();
                  return "never";
                } catch (Cancelled e) {
                  return atTheEnd.apply(e);
                }
              }));
    });
  }

  @Test
  void mainEnds_callThatSucceedsAllTheSame_givesItsResult() throws Exception {
    Hang.fails(() -> assertThat(cutShort(e -> "saved").result()).isEqualTo("saved"));
  }

  @Test
  void mainEnds_callThatFailsInstead_givesItsError() throws Exception {
    IOException error = new IOException("while it ended");
    Hang.fails(() ->
        assertThat(
                cutShort(
                        e -> {
                          throw error;
                        })
                    .error())
            .isSameAs(error));
  }

  @Test
  void mainEnds_errorsBesidesTheCancellation_areSuppressed() throws Exception {
    IOException error = new IOException("close");
    Hang.fails(() -> {
      Throwable thrown =
          cutShort(
                  e -> {
                    e.addSuppressed(error);
                    throw e;
                  })
              .error();
      assertThat(thrown).isInstanceOf(RunFinishedException.class);
      assertThat(thrown.getSuppressed())
          .singleElement()
          .satisfies(group -> assertThat(((ExceptionGroup) group).errors()).containsExactly(error));
    });
  }

  @Test
  void runIsInterrupted_callsAreCancelled_andCallersAreTold() throws Exception {
    Hang.fails(() -> {
      AtomicReference<Foreign<Object>> foreign = new AtomicReference<>();
      Thread host = Thread.currentThread();
      assertThatThrownBy(() ->
              Roost.run(() -> {
                Portal portal = Portal.current();
                foreign.set(
                    Blocking.call(() ->
                        Foreign.waiting(
                            portal,
                            () -> {
                              Roost.sleepForever();
                              return "never";
                            })));
                host.interrupt();
                Roost.sleepForever();
              }))
          .isInstanceOf(InterruptedException.class);
      assertThat(foreign.get().error())
          .isInstanceOf(RunFinishedException.class)
          .hasMessageContaining("the thread that called Roost.run was interrupted");
    });
  }

  @Test
  void callThatArrivesWhileTheRunEnds_isRefused_butPostsAreDone() throws Exception {
    Hang.fails(() -> {
      CountDownLatch ending = new CountDownLatch(1);
      AtomicReference<Foreign<Object>> late = new AtomicReference<>();
      Roost.run(() -> {
        Portal portal = Portal.current();
        late.set(
            Foreign.start(() -> {
              ending.await();
              try {
                return portal.call(() -> "started");
              } finally {
                portal.post(() -> log.add("posted"));
              }
            }));
        Blocking.run(() ->
            Foreign.waiting(
                portal,
                () -> {
                  try {
                    Roost.sleepForever();
                  } finally {
                    ending.countDown();
                    CancelScope.create()
                        .shielded()
                        .run(() -> Blocking.run(late.get().thread::join));
                  }
                  return "never";
                }));
      });
      assertThat(late.get().error()).isInstanceOf(RunFinishedException.class);
      assertThat(log).containsExactly("posted");
    });
  }

  @Test
  void schedulerBrokeDown_callersAreTold() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          Foreign<Object> foreign =
              Blocking.call(() ->
                  Foreign.waiting(
                      portal,
                      () -> {
                        Roost.sleepForever();
                        return "never";
                      }));
          TaskFiber.current().run.portals.abandon(); // what the host does then
          assertThat(Blocking.call(foreign::error)).isInstanceOf(RunFinishedException.class);
        }));
  }

  /** Posts race with the end of the run: each is either done or refused. */
  @Test
  void postsAtTheEnd_areDoneOrRefused_neverBothOrNeither() throws Exception {
    Hang.fails(() -> {
      int rounds = World.rounds(30);
      for (int round = 0; round < rounds; round++) {
        int[] done = {0};
        int[] accepted = {0};
        AtomicReference<Thread> poster = new AtomicReference<>();
        Roost.run(() -> {
          Portal portal = Portal.current();
          Event posted = new Event();
          poster.set(
              Thread.ofPlatform()
                  .start(() -> {
                    try {
                      portal.post(posted::set);
                      while (true) {
                        portal.post(() -> done[0]++);
                        accepted[0]++;
                      }
                    } catch (RunFinishedException e) {
                      log.add("refused");
                    }
                  }));
          posted.await();
        });
        poster.get().join();
        assertThat(done[0]).isEqualTo(accepted[0]);
      }
      assertThat(log).hasSize(rounds);
    });
  }
}
