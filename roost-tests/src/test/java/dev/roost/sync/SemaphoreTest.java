package dev.roost.sync;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Limiter;
import dev.roost.Nursery;
import dev.roost.Roost;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SemaphoreTest {

  private final List<String> log = new ArrayList<>();

  @Test
  void acquire_asManyAsThereAre_needsNoWaiting() throws Exception {
    Semaphore semaphore = new Semaphore(2);
    Roost.run(() -> {
      try (var _ = semaphore.acquire();
          var second = semaphore.acquire()) {
        assertThat(semaphore.available()).isZero();
        assertThat(semaphore.tryAcquire()).isEmpty();
        assertThat(second).hasToString("Permit[Semaphore[0 free]]");
      }
      assertThat(semaphore.available()).isEqualTo(2);
      semaphore.tryAcquire().orElseThrow().close();
      assertThat(semaphore.available()).isEqualTo(2);
    });
  }

  @Test
  void release_whileTasksWait_goesToTheFirst() throws Exception {
    Semaphore semaphore = new Semaphore(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          for (String name : List.of("a", "b")) {
            nursery.start(() -> {
              var unused = semaphore.acquire();
              log.add(name);
            });
            untilAllBlocked();
          }
          assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(0, 2));
          semaphore.release();
          assertThat(semaphore.available()).isZero();
          assertThat(semaphore.tryAcquire()).isEmpty();
          untilAllBlocked();
          assertThat(log).containsExactly("a");
          semaphore.release();
        }));
    assertThat(log).containsExactly("a", "b");
  }

  @Test
  void release_byAnotherTask_isFine() throws Exception {
    Semaphore semaphore = new Semaphore(1, 1);
    Roost.run(() -> {
      Limiter.Permit permit = semaphore.acquire();
      Nursery.run(nursery -> nursery.start(permit::close));
      assertThat(semaphore.available()).isEqualTo(1);
    });
  }

  @Test
  void release_withoutMaximum_addsAPermit() throws Exception {
    Semaphore semaphore = new Semaphore(0);
    Roost.run(semaphore::release);
    assertThat(semaphore.available()).isEqualTo(1);
  }

  @Test
  void release_beyondTheMaximum_isRefused() throws Exception {
    Semaphore semaphore = new Semaphore(1, 1);
    Roost.run(() ->
        assertThatThrownBy(semaphore::release)
            .isInstanceOf(IllegalStateException.class)
            .hasMessage(
                "Semaphore.release: all 1 permits are free already. Something was released that was not acquired, or"
                    + " was released twice."));
    assertThat(semaphore.available()).isEqualTo(1);
  }

  @Test
  void close_twice_releasesOnce() throws Exception {
    Semaphore semaphore = new Semaphore(1);
    Roost.run(() -> {
      Limiter.Permit permit = semaphore.acquire();
      permit.close();
      permit.close();
      assertThat(permit).hasToString("Permit[closed]");
    });
    assertThat(semaphore.available()).isEqualTo(1);
  }

  @Test
  void acquire_cancelled_takesNothing() throws Exception {
    Semaphore semaphore = new Semaphore(0);
    Roost.run(() ->
        Nursery.run(nursery -> {
          CancelScope scope = CancelScope.create();
          nursery.start(() -> assertThat(scope.run(() -> semaphore.acquire().close())).isFalse());
          untilAllBlocked();
          scope.cancel();
          untilAllBlocked();
          assertThat(semaphore.statistics()).isEqualTo(new Semaphore.Statistics(0, 0));
          semaphore.release();
          assertThat(semaphore.available()).isEqualTo(1);
        }));
  }

  @Test
  void constructor_nonsense_isRefused() {
    assertThatThrownBy(() -> new Semaphore(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Semaphore: the number of permits is negative (-1).");
    assertThatThrownBy(() -> new Semaphore(2, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Semaphore: there are more permits (2) than the maximum (1).");
  }

  @Test
  void use_outsideOfTheRun_isRefused() throws Exception {
    Semaphore semaphore = new Semaphore(1);
    assertThatThrownBy(semaphore::release)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("This needs a task of a run");
    Roost.run(() -> semaphore.acquire().close());
    assertThatThrownBy(semaphore::release)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Semaphore.release: this belongs to the run");
  }

  @Test
  void toString_saysHowManyAreFreeAndWait() throws Exception {
    Semaphore semaphore = new Semaphore(0, 3);
    Roost.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> semaphore.acquire().close());
          untilAllBlocked();
          assertThat(semaphore).hasToString("Semaphore[0 of 3 free, 1 waiting]");
          semaphore.release();
        }));
    assertThat(semaphore).hasToString("Semaphore[1 of 3 free]");
  }
}
