package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.lowlevel.AllTasksBlocked;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.lowlevel.ParkingLot;
import dev.roost.lowlevel.Suspension;
import dev.roost.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * R13: calls from the wrong world fail loudly, say what is wrong and what to do, and corrupt
 * nothing.
 */
class MisuseTest {

  private static final Duration NEGATIVE = Duration.ofSeconds(-1);

  private static void refuses(ThrowingCallable call, String... words) {
    assertThatThrownBy(call).isInstanceOf(IllegalStateException.class).message().contains(words);
  }

  private static void nullRefused(ThrowingCallable call, String word) {
    assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessageContaining(word);
  }

  private static void negativeRefused(ThrowingCallable call, String word) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(word)
        .hasMessageContaining("negative")
        .hasMessageContaining("PT-1S");
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullBodies_areRefused_byName() throws Exception {
    nullRefused(() -> Roost.run(null), "main body is null");
    nullRefused(() -> Roost.call(null), "main body is null");
    nullRefused(() -> CancelScope.create().run(null), "CancelScope.run");
    nullRefused(() -> CancelScope.create().call(null), "CancelScope.call");
    nullRefused(() -> CancelScope.failAfter(Duration.ZERO).run(null), "FailScope.run");
    nullRefused(() -> CancelScope.failAfter(Duration.ZERO).call(null), "FailScope.call");
    nullRefused(() -> Nursery.run(null), "Nursery.run");
    nullRefused(() -> Nursery.call(null), "Nursery.call");
    nullRefused(() -> Nursery.runServices(null), "Nursery.runServices");
    nullRefused(() -> Nursery.callServices(null), "Nursery.callServices");
    nullRefused(() -> Blocking.run(null), "Blocking.run");
    nullRefused(() -> Blocking.call(null), "Blocking.call");
    nullRefused(() -> Blocking.onCancel(null), "onCancel");
    nullRefused(() -> Blocking.limitedBy(null), "limitedBy");
    nullRefused(() -> Roost.atomically(null), "atomically");
    nullRefused(() -> TaskLocal.withDefault("x").where("y").run(null), "body is null");
    nullRefused(() -> TaskLocal.withDefault("x").where("y").call(null), "body is null");
    Roost.run(() -> {
      nullRefused(() -> Roost.sleep(null), "Roost.sleep");
      nullRefused(() -> Roost.sleepUntil(null), "Roost.sleepUntil");
      Nursery.run(nursery -> {
        nullRefused(() -> nursery.start(null), "Nursery.start: the child is null");
        nullRefused(() -> nursery.start(null, () -> {}), "the name is null");
        nullRefused(() -> nursery.start("x", null), "the child is null");
        nullRefused(() -> nursery.startAndWait(null), "startAndWait: the child is null");
        nullRefused(() -> nursery.startAndWait(null, (TaskStatus<Integer> _) -> {}), "the name");
        assertThat(nursery.children()).isEmpty();
      });
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void otherNulls_areRefused_byName() {
    nullRefused(() -> CancelScope.moveOnAfter(null), "CancelScope.moveOnAfter");
    nullRefused(() -> CancelScope.moveOnAt(null), "CancelScope.moveOnAt");
    nullRefused(() -> CancelScope.failAfter(null), "CancelScope.failAfter");
    nullRefused(() -> CancelScope.failAt(null), "CancelScope.failAt");
    nullRefused(() -> CancelScope.cleanup(null), "CancelScope.cleanup");
    nullRefused(() -> CancelScope.create().cancel(null), "reason");
    nullRefused(() -> CancelScope.create().setDeadline(null), "clearDeadline()");
    nullRefused(() -> CancelScope.create().setTimeout(null), "setTimeout");
    nullRefused(() -> CancelScope.create().softCancel(null), "softCancel");
    nullRefused(() -> Roost.with().name(null), "name");
    nullRefused(() -> Roost.with().clock(null), "clock");
    nullRefused(() -> Roost.with().instrument(null), "instrument");
    nullRefused(() -> Roost.with().carrier(null), "carrier");
    nullRefused(() -> Roost.with().contextCarrier(null), "carrier");
    nullRefused(() -> Roost.with().cancelOnShutdown(null), "cancelOnShutdown");
    nullRefused(() -> TaskLocal.withDefault(null), "default");
    nullRefused(() -> TaskLocal.create().where(null), "TaskLocal.where");
    nullRefused(() -> RunLocal.withDefault(null), "default");
    nullRefused(() -> RunLocal.withInitial(null), "supplier");
    nullRefused(() -> new ParkingLot(null), "ParkingLot");
  }

  @Test
  void negativeTimes_areRefused() {
    negativeRefused(() -> CancelScope.moveOnAfter(NEGATIVE), "moveOnAfter");
    negativeRefused(() -> CancelScope.failAfter(NEGATIVE), "failAfter");
    negativeRefused(() -> CancelScope.cleanup(NEGATIVE), "cleanup");
    negativeRefused(() -> CancelScope.create().setTimeout(NEGATIVE), "setTimeout");
    negativeRefused(() -> CancelScope.create().softCancel(NEGATIVE), "softCancel");
    negativeRefused(() -> Roost.with().cancelOnShutdown(NEGATIVE), "cancelOnShutdown");
    assertThatThrownBy(() -> Roost.run(() -> AllTasksBlocked.await(NEGATIVE)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("negative");
  }

  @Test
  void badOptions_areRefused() {
    assertThatThrownBy(() -> Roost.with().checkpointBudget(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1")
        .hasMessageContaining("it is 0");
  }

  @Test
  void everythingThatNeedsATask_isRefusedOutsideARun() {
    Event event = new Event();
    List<ThrowingCallable> calls =
        List.of(
            Roost::checkpoint,
            Roost::now,
            Roost::sleepForever,
            () -> World.sleep(1),
            () -> Roost.sleepUntil(java.time.Instant.now()),
            () -> Roost.atomically(() -> {}),
            () -> Nursery.run(_ -> {}),
            () -> Nursery.call(_ -> 1),
            () -> Nursery.runServices(_ -> {}),
            () -> CancelScope.create().run(() -> {}),
            () -> CancelScope.create().call(() -> 1),
            () -> CancelScope.failAfter(Duration.ZERO).run(() -> {}),
            CancelScope::currentEffectiveDeadline,
            CancelScope::timeLeft,
            CancelScope::stopping,
            Task::current,
            TaskTree::current,
            () -> TaskLocal.withDefault(1).get(),
            () -> TaskLocal.withDefault(1).set(2),
            () -> TaskLocal.withDefault(1).isSet(),
            () -> TaskLocal.withDefault(1).where(2).run(() -> {}),
            () -> RunLocal.withDefault(1).get(),
            () -> RunLocal.withDefault(1).set(2),
            () -> RunLocal.withDefault(1).isSet(),
            () -> RunLocal.withDefault(1).clear(),
            () -> Blocking.run(() -> {}),
            () -> Blocking.abandoning().run(() -> {}),
            event::set,
            event::await,
            Suspension::create,
            Checkpoints::throwIfCancelled,
            Checkpoints::letOthersRun,
            Checkpoints::counts,
            () -> new ParkingLot("x").park());
    for (ThrowingCallable call : calls) {
      refuses(call, "outside a run", "Roost.run");
    }
  }

  @Test
  void everythingThatNeedsATask_isRefusedInABlockingSection() throws Exception {
    Roost.run(() -> {
      Event event = new Event();
      event.set();
      CancelScope scope = CancelScope.create();
      scope.run(() ->
          Nursery.run(nursery -> {
            Blocking.run(() -> {
              refuses(Roost::checkpoint, "blocking section", "after the section");
              refuses(() -> Blocking.run(() -> {}), "blocking section");
              refuses(() -> Nursery.run(_ -> {}), "blocking section");
              refuses(event::set, "blocking section of Task[main]");
              refuses(event::await, "blocking section");
              refuses(scope::cancel, "CancelScope.cancel", "blocking section");
              refuses(() -> scope.setShield(true), "CancelScope.setShield");
              refuses(() -> nursery.start(() -> {}), "Nursery.start");
              refuses(nursery::cancel, "blocking section");
            });
            assertThat(nursery.children()).isEmpty();
          }));
      assertThat(scope.cancelCalled()).isFalse();
      assertThat(scope.shield()).isFalse();
    });
  }

  @Test
  void changesFromAForeignThread_areRefused_andChangeNothing() throws Exception {
    Roost.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(Duration.ofHours(1));
      Event event = new Event();
      event.set();
      scope.run(() ->
          Nursery.run(nursery -> {
            List<Throwable> failures = new ArrayList<>();
            Thread foreign =
                Thread.ofPlatform()
                    .name("foreigner")
                    .start(() -> {
                      try {
                        refuses(scope::cancel, "foreigner", "Portal");
                        refuses(() -> scope.cancel("x"), "CancelScope.cancel");
                        refuses(
                            () -> scope.setDeadline(java.time.Instant.now()),
                            "CancelScope.setDeadline");
                        refuses(() -> scope.setTimeout(Duration.ZERO), "setTimeout");
                        refuses(scope::clearDeadline, "clearDeadline");
                        refuses(() -> scope.softCancel(Duration.ZERO), "softCancel");
                        refuses(() -> nursery.start(() -> {}), "Nursery.start");
                        refuses(
                            () -> nursery.startAndWait((TaskStatus<Integer> _) -> {}),
                            "Nursery.startAndWait");
                        refuses(nursery::cancel, "foreigner");
                        refuses(event::set, "foreigner");
                      } catch (Throwable t) {
                        failures.add(t);
                      }
                    });
            Blocking.run(foreign::join);
            assertThat(failures).isEmpty();
            Roost.checkpoint();
            assertThat(CancelScope.timeLeft()).isPresent();
          }));
      assertThat(scope.cancelCalled()).isFalse();
    });
  }

  @Test
  void objectOfAnotherRun_isRefused() throws Exception {
    Roost.with()
        .name("first")
        .run(() -> {
          Event event = new Event();
          event.set();
          CancelScope scope = CancelScope.create();
          scope.run(() ->
              Nursery.run(nursery ->
                  Blocking.run(() ->
                      Roost.with()
                          .name("second")
                          .run(() -> {
                            refuses(event::set, "the run first", "(second)");
                            refuses(event::await, "the run first");
                            refuses(scope::cancel, "the run first", "(second)");
                            refuses(() -> nursery.start(() -> {}), "the run first");
                            Roost.checkpoint();
                          }))));
          assertThat(scope.cancelCalled()).isFalse();
        });
  }

  @Test
  void objectOfARunThatHasEnded_isRefused() throws Exception {
    Event event = new Event();
    Nursery[] nursery = new Nursery[1];
    Roost.with()
        .name("gone")
        .run(() -> {
          event.set();
          Nursery.run(n -> nursery[0] = n);
        });
    refuses(event::set, "gone");
    Roost.run(() -> refuses(event::await, "gone"));
    Roost.run(() -> refuses(() -> nursery[0].start(() -> {}), "gone"));
  }

  @Test
  void secondEntryOfAScope_isRefused_andTheFirstGoesOn() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
      boolean whole =
          scope.run(() -> {
            refuses(() -> scope.run(() -> {}), "entered before", "one block");
            refuses(() -> scope.call(() -> 1), "entered before");
            Roost.sleepForever();
          });
      assertThat(whole).isFalse();
      assertThat(World.elapsed()).isEqualTo(5);
      refuses(() -> scope.run(() -> {}), "entered before");
      FailScope fail = CancelScope.failAfter(World.seconds(1));
      fail.run(() -> {});
      refuses(() -> fail.run(() -> {}), "entered before");
      Nursery.run(
          nursery -> refuses(() -> nursery.cancelScope().run(() -> {}), "the nursery", "before"));
    });
  }

  @Test
  @SuppressWarnings("NullAway")
  void nullValueOfAScope_isRefused() throws Exception {
    Roost.run(() ->
        assertThatThrownBy(() -> CancelScope.create().call(() -> null))
            .isInstanceOf(NullPointerException.class)
            .hasMessageContaining("Use run"));
  }

  @Test
  void startedFromAForeignThread_isRefused() throws Exception {
    Roost.run(() ->
        Nursery.run(nursery -> {
          Integer value =
              nursery.startAndWait((TaskStatus<Integer> status) -> {
                Blocking.run(() -> refuses(() -> status.started(1), "TaskStatus.started"));
                status.started(2);
              });
          assertThat(value).isEqualTo(2);
        }));
  }

  @Test
  void misuse_corruptsNothing() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.run(() -> refuses(() -> scope.run(() -> {}), "before"));
      refuses(() -> Roost.run(() -> {}), "inside a task");
      Nursery.run(nursery -> nursery.start(() -> World.sleep(1)));
      assertThat(World.elapsed()).isEqualTo(1);
      assertThat(TaskFiber.current().node())
          .isNotNull()
          .satisfies(n -> assertThat(n.parent()).isNull());
    });
  }
}
