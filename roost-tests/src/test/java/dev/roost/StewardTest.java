package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.lowlevel.Suspension;
import dev.roost.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * What runs between the tasks: abort handlers of deadlines, posted actions, instruments, on
 * whichever thread it is.
 */
class StewardTest {

  private static final Duration SOON = Duration.ofMillis(1);

  @Test
  void abortHandlerOfADeadline_mayUseTheRunsObjects_whileOnlyTheHostIsUp() throws Exception {
    Roost.run(() -> {
      CountDownLatch called = new CountDownLatch(1);
      Event told = new Event();
      Nursery.run(nursery -> {
        nursery.start(() -> CancelScope.moveOnAfter(SOON).run(() -> awaitAndTell(told, called)));
        Roost.checkpoint();
        Blocking.run(called::await); // nobody can run but the host
      });
      assertThat(told.isSet()).isTrue();
    });
  }

  private static void awaitAndTell(Event told, CountDownLatch called) throws InterruptedException {
    Suspension.create()
        .await(cancellation -> {
          told.set();
          called.countDown();
          return true;
        });
  }

  @Test
  void abortHandlerOfADeadline_isNotTakenForTheTaskWhoseThreadRunsIt() throws Exception {
    List<String> names = new ArrayList<>();
    Roost.run(() ->
        CancelScope.moveOnAfter(SOON)
            .run(() ->
                Suspension.create()
                    .await(cancellation -> {
                      names.add(Task.current().name());
                      return true;
                    })));
    assertThat(names).containsExactly("of the run itself");
  }

  @Test
  void postedAction_mayUseTheRunsObjects() throws Exception {
    Roost.run(() -> {
      Event posted = new Event();
      Run run = TaskFiber.current().run;
      Thread.startVirtualThread(() -> run.scheduler.post(posted::set));
      posted.await();
    });
  }

  @Test
  void postedAction_mayNotWait() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Roost.run(() -> {
      Event posted = new Event();
      Run run = TaskFiber.current().run;
      run.scheduler.post(() -> {
        try {
          Roost.checkpoint();
        } catch (IllegalStateException | InterruptedException e) {
          thrown.set(e);
        }
        posted.set();
      });
      posted.await();
    });
    assertThat(thrown.get())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("posted action")
        .hasMessageContaining("must not wait");
  }

  @Test
  void runInsideAPostedAction_isRefused() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Roost.run(() -> {
      Event posted = new Event();
      TaskFiber.current()
          .run
          .scheduler
          .post(() -> {
            try {
              Roost.run(() -> {});
            } catch (IllegalStateException | InterruptedException e) {
              thrown.set(e);
            }
            posted.set();
          });
      posted.await();
    });
    assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void instrument_canLookAtTheTree_onTheHostToo() throws Exception {
    List<String> trees = new ArrayList<>();
    Instrument looks =
        new Instrument() {
          @Override
          public void scopeCancelled(CancelScope scope) {
            trees.add(TaskTree.current().toString());
          }
        };
    Roost.with()
        .instrument(looks)
        .run(() -> {
          CountDownLatch called = new CountDownLatch(1);
          Nursery.run(nursery -> {
            nursery.start(
                "overdue",
                () -> CancelScope.moveOnAfter(SOON).run(() -> awaitAndTell(new Event(), called)));
            Roost.checkpoint();
            Blocking.run(called::await);
          });
        });
    assertThat(trees).singleElement().asString().contains("main: ", "└─ overdue: ");
  }

  @Test
  void otherThreads_areStillRefused() throws Exception {
    Roost.run(() -> {
      Event event = new Event();
      Blocking.run(() ->
          assertThatThrownBy(event::set)
              .isInstanceOf(IllegalStateException.class)
              .hasMessageContaining("blocking section"));
    });
  }
}
