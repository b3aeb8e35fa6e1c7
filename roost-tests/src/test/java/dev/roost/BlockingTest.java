package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.sync.Event;
import dev.roost.testing.MockClock;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Blocking sections in place. */
class BlockingTest {

  private static final ThreadLocal<String> LOCAL = new ThreadLocal<>();
  private static final ScopedValue<String> SCOPED = ScopedValue.newInstance();

  @Test
  void code_runsOnTheTasksOwnThread() throws Exception {
    Roost.run(() -> {
      LOCAL.set("mine");
      Thread mine = Thread.currentThread();
      ScopedValue.where(SCOPED, "bound")
          .call(() -> {
            Blocking.run(() -> {
              assertThat(Thread.currentThread()).isSameAs(mine);
              assertThat(LOCAL.get()).isEqualTo("mine");
              assertThat(SCOPED.get()).isEqualTo("bound");
            });
            return null;
          });
    });
  }

  @Test
  void otherTasks_runMeanwhile_onTheirOwnClock() throws Exception {
    Roost.run(() -> {
      List<String> log = new ArrayList<>();
      CountDownLatch slept = new CountDownLatch(1);
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Roost.sleep(Duration.ofMillis(1));
          log.add("slept");
          slept.countDown();
        });
        String value =
            Blocking.call(() -> {
              slept.await();
              return "value";
            });
        log.add(value);
      });
      assertThat(log).containsExactly("slept", "value");
    });
  }

  @Test
  void valueAndErrors_comeOutAsTheyAre() throws Exception {
    Roost.run(() -> {
      Object nothing = Blocking.call(() -> null);
      assertThat(nothing).isNull();
      IOException original = new IOException("mine");
      assertThatThrownBy(() ->
              Blocking.run(() -> {
                throw original;
              }))
          .isSameAs(original);
      assertThatThrownBy(() ->
              Blocking.call(() -> {
                throw new AssertionError("mine");
              }))
          .isInstanceOf(AssertionError.class);
      assertThatThrownBy(() ->
              Blocking.run(() -> {
                throw new InterruptedException("of its own making");
              }))
          .isExactlyInstanceOf(InterruptedException.class);
    });
  }

  @Test
  void cancelledTask_doesNotEnter() throws Exception {
    World.run(() -> {
      boolean[] entered = {false};
      CancelScope scope = CancelScope.create();
      scope.cancel();
      assertThat(scope.run(() -> Blocking.run(() -> entered[0] = true))).isFalse();
      assertThat(entered[0]).isFalse();
    });
  }

  @Test
  void limiter_boundsTheSections_andGetsItsPermitsBack() throws Exception {
    World.run(() -> {
      int[] now = {0};
      int[] most = {0};
      int[] given = {0};
      Event free = new Event();
      Limiter limiter =
          () -> {
            if (now[0] == 1) {
              free.await();
            }
            now[0]++;
            most[0] = Math.max(most[0], now[0]);
            given[0]++;
            return () -> {
              now[0]--;
              free.set();
            };
          };
      Nursery.run(nursery -> {
        nursery.start(() -> Blocking.limitedBy(limiter).run(() -> {}));
        nursery.start(() -> Blocking.limitedBy(limiter).abandoning().run(() -> {}));
      });
      assertThat(most[0]).isOne();
      assertThat(given[0]).isEqualTo(2);
      assertThat(now[0]).isZero();
      assertThatThrownBy(() ->
              Blocking.uninterrupted()
                  .limitedBy(limiter)
                  .onCancel(() -> {})
                  .run(() -> {
                    throw new IOException("x");
                  }))
          .isInstanceOf(IOException.class);
      assertThat(now[0]).isZero();
    });
  }

  @Test
  void virtualClock_doesNotJump_whileASectionRuns() throws Exception {
    MockClock clock = new MockClock().autojump();
    Roost.with()
        .clock(clock)
        .run(() -> {
          for (Blocking.Section section : List.of(Sections.PLAIN, Blocking.abandoning())) {
            CountDownLatch blocked = new CountDownLatch(1);
            List<String> log = new ArrayList<>();
            Nursery.run(nursery -> {
              nursery.start(() -> {
                World.sleep(1);
                log.add("slept");
              });
              Roost.checkpoint();
              long before = World.elapsed();
              section.run(() -> {
                Thread.ofPlatform().start(blocked::countDown);
                blocked.await();
              });
              assertThat(World.elapsed()).isEqualTo(before);
              log.add("blocked");
            });
            assertThat(log).containsExactly("blocked", "slept");
          }
        });
  }

  @Test
  void shieldedSection_isNotInterrupted() throws Exception {
    Roost.run(() -> {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      boolean[] whole = {false};
      Nursery.run(nursery -> {
        nursery.start(() ->
            CancelScope.create()
                .shielded()
                .run(() ->
                    Blocking.run(() -> {
                      inside.countDown();
                      release.await();
                      whole[0] = true;
                    })));
        Roost.checkpoint();
        Blocking.run(inside::await);
        nursery.cancel();
        release.countDown();
      });
      assertThat(whole[0]).isTrue();
    });
  }
}
