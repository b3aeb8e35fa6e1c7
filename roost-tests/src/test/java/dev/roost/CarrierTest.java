package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.internal.Scheduler;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Where the tasks' threads are mounted. One execution of the suite has java.lang open to Roost, the
 * other has not.
 */
class CarrierTest {

  /**
   * The JDK names a virtual thread with the thread that it is mounted on:
   * VirtualThread[#7]/runnable@the-carrier.
   */
  private static String mountedOn() {
    String text = Thread.currentThread().toString();
    return text.substring(text.indexOf('@') + 1);
  }

  @Test
  void ownCarrier_mountsEveryTaskOnTheCallingThread_orSaysWhatFlagItNeeds() throws Exception {
    RunOptions own = Roost.with().carrier(Carrier.OWN);
    Set<String> seen = new HashSet<>();
    AsyncRunnable<RuntimeException> main =
        () ->
            Nursery.run(nursery -> {
              for (int i = 0; i < 10; i++) {
                nursery.start(() -> {
                  seen.add(mountedOn());
                  Roost.checkpoint();
                  seen.add(mountedOn());
                  Blocking.run(() -> new CountDownLatch(0).await());
                  seen.add(mountedOn());
                  Roost.sleep(Duration.ofMillis(1));
                  seen.add(mountedOn());
                });
              }
            });
    if (!Scheduler.ownThreadsAvailable()) {
      assertThatThrownBy(() -> own.run(main))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("--add-opens java.base/java.lang=ALL-UNNAMED");
      return;
    }
    Throwable[] failed = new Throwable[1];
    Thread host =
        Thread.ofPlatform()
            .name("the-host")
            .start(() -> {
              try {
                own.run(main);
              } catch (Throwable t) {
                failed[0] = t;
              }
            });
    host.join();
    assertThat(failed[0]).isNull();
    assertThat(seen).containsExactly("the-host");
  }

  /** On OWN its continuation is then to be run by a host that waits for a timer. */
  @Test
  void taskWokenForNothing_goesOnWaiting_andDoesNotKeepTheHostBusy() throws Exception {
    int[] waits = {0};
    Thread[] sleeper = {null};
    Instrument waker =
        new Instrument() {
          @Override
          public void beforeIoWait(@Nullable Duration timeout) {
            waits[0]++;
            LockSupport.unpark(sleeper[0]);
            sleeper[0] = null;
          }
        };
    Roost.with()
        .instrument(waker)
        .run(() -> {
          for (int round = 0; round < 4; round++) { // the first may be over before anything is warm
            sleeper[0] = Thread.currentThread();
            Roost.sleep(Duration.ofMillis(2));
          }
        });
    assertThat(waits[0]).isLessThan(40);
  }

  @Test
  void auto_takesTheBestThereIs() throws InterruptedException {
    boolean platform = !Thread.currentThread().isVirtual();
    String host = Thread.currentThread().getName();

    String mounted = Roost.with().carrier(Carrier.AUTO).call(CarrierTest::mountedOn);

    assertThat(mounted.equals(host)).isEqualTo(platform && Scheduler.ownThreadsAvailable());
  }

  @Test
  void runCalledOnAVirtualThread_isShared() throws InterruptedException {
    Carrier carrier = Scheduler.ownThreadsAvailable() ? Carrier.OWN : Carrier.AUTO;
    String[] mounted = new String[1];
    Thread.ofVirtual()
        .start(() -> {
          try {
            mounted[0] = Roost.with().carrier(carrier).call(CarrierTest::mountedOn);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        })
        .join();

    assertThat(mounted[0]).startsWith("ForkJoinPool");
  }

  @Test
  void threadStartedInsideATask_isNotMountedByTheRun() throws Exception {
    Roost.run(() -> {
      String[] mounted = new String[1];
      Blocking.run(() -> Thread.ofVirtual().start(() -> mounted[0] = mountedOn()).join());
      assertThat(mounted[0]).startsWith("ForkJoinPool");
    });
  }

  @Test
  void helpersOfARun_areGoneWhenItReturns() throws InterruptedException {
    var before = helpers(); // a test of a run that never ends leaves its own behind

    Roost.run(() -> Blocking.run(() -> new CountDownLatch(0).await()));

    assertThat(before).containsAll(helpers());
  }

  private static Set<Thread> helpers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("roost-blocking"))
        .collect(Collectors.toSet());
  }
}
