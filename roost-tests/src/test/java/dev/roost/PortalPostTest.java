package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.roost.sync.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Posted actions. */
class PortalPostTest {

  private final List<String> log = new ArrayList<>();

  @Test
  void tenThreadsAndAMillionPosts_loseNothing_andKeepEachThreadsOrder() throws Exception {
    int threads = 10;
    int each = 100_000;
    int[] next = new int[threads];
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          Event all = new Event();
          int[] left = {threads * each};
          int[] outOfOrder = {0};
          for (int t = 0; t < threads; t++) {
            int thread = t;
            Thread.ofPlatform()
                .daemon()
                .start(() -> {
                  for (int n = 0; n < each; n++) {
                    int number = n;
                    portal.post(() -> {
                      if (next[thread]++ != number) {
                        outOfOrder[0]++;
                      }
                      if (--left[0] == 0) {
                        all.set();
                      }
                    });
                  }
                });
          }
          all.await();
          assertThat(outOfOrder[0]).isZero();
        }));
    assertThat(next).containsOnly(each);
  }

  @Test
  void post_byATaskOfTheRun_isDoneAtItsNextCheckpoint() throws Exception {
    Roost.run(() -> {
      Portal.current().post(() -> log.add("posted"));
      log.add("before");
      Roost.checkpoint();
      log.add("after");
    });
    assertThat(log).containsExactly("before", "posted", "after");
  }

  @Test
  void post_inTheLastMoment_isDone() throws Exception {
    Roost.run(() -> Portal.current().post(() -> log.add("posted")));
    assertThat(log).containsExactly("posted");
  }

  @Test
  void post_fromABlockingSection_isDone() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          Event posted = new Event();
          Blocking.run(() -> Portal.current().post(posted::set));
          posted.await();
        }));
  }

  @Test
  void post_mayStartChildrenInAnOpenNursery() throws Exception {
    Hang.fails(() ->
        Roost.run(() -> {
          Portal portal = Portal.current();
          Event done = new Event();
          Nursery.run(nursery -> {
            Thread.startVirtualThread(() -> portal.post(() -> nursery.start("child", done::set)));
            done.await();
          });
        }));
  }

  @Test
  void post_throws_runIsCancelledAndThrowsThatError() throws Exception {
    IllegalArgumentException error = new IllegalArgumentException("posted");
    Hang.fails(() ->
        assertThatThrownBy(() ->
                Roost.run(() -> {
                  Portal portal = Portal.current();
                  Thread.startVirtualThread(() ->
                      portal.post(() -> {
                        throw error;
                      }));
                  try {
                    Roost.sleepForever();
                  } catch (Cancelled e) {
                    log.add(e.getMessage());
                    throw e;
                  }
                }))
            .isSameAs(error));
    assertThat(log).singleElement().asString().contains("an action posted to the run failed");
  }

  @Test
  void post_throwsAnError_isThrownAsItIs() {
    AssertionError error = new AssertionError("posted");
    assertThatThrownBy(() ->
            Roost.run(() -> {
              Portal.current()
                  .post(() -> {
                    throw error;
                  });
              Roost.sleepForever();
            }))
        .isSameAs(error);
  }

  @Test
  void post_throwsAfterMainSucceeded_errorComesHomeAllTheSame() {
    IllegalArgumentException error = new IllegalArgumentException("posted");
    assertThatThrownBy(() ->
            Roost.call(() -> {
              Portal.current()
                  .post(() -> {
                    throw error;
                  });
              return "result";
            }))
        .isSameAs(error);
  }

  @Test
  void post_severalThrow_andMainToo_nothingIsLost_andLaterPostsAreDone() {
    IllegalArgumentException first = new IllegalArgumentException("first");
    IllegalArgumentException second = new IllegalArgumentException("second");
    IOException main = new IOException("main");
    Throwable thrown =
        catchThrowable(() ->
            Roost.run(() -> {
              Portal portal = Portal.current();
              portal.post(() -> {
                throw first;
              });
              portal.post(() -> {
                throw second;
              });
              portal.post(() -> {
                throw first;
              });
              portal.post(() -> log.add("later"));
              try {
                Roost.sleepForever();
              } catch (InterruptedException e) {
                throw main;
              }
            }));
    assertThat(thrown).isSameAs(first);
    assertThat(thrown.getSuppressed()).containsExactly(second, main);
    assertThat(log).containsExactly("later");
  }

  @Test
  void post_reachesACheckpoint_isAnErrorOfTheRun() {
    assertThatThrownBy(() ->
            Roost.run(() -> {
              Portal.current()
                  .post(() -> {
                    try {
                      Roost.checkpoint();
                    } catch (InterruptedException e) {
                      log.add("cancelled");
                    }
                  });
              Roost.sleepForever();
            }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must not wait");
    assertThat(log).isEmpty();
  }
}
