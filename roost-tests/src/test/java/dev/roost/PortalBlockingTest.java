package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.sync.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Calls through a portal from blocking sections of the same run. */
class PortalBlockingTest {

  private static final TaskLocal<String> LOCAL = TaskLocal.withDefault("none");

  private final List<String> log = new ArrayList<>();

  @Test
  void call_runsInTheRun() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Event event = new Event();
          Portal portal = Portal.current();
          int result =
              Blocking.call(() -> {
                int first = portal.call(() -> 40);
                portal.run(event::set);
                return first + 2;
              });
          assertThat(result).isEqualTo(42);
          assertThat(event.isSet()).isTrue();
        }));
  }

  /** The section waits for the run, so that a virtual clock has to jump. */
  @Test
  void call_mayWaitForTheVirtualClock() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          Blocking.run(() -> portal.run(() -> World.sleep(3600)));
          assertThat(World.elapsed()).isEqualTo(3600);
        }));
  }

  @Test
  void task_livesInTheScopesOfTheBlockingTask() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
          boolean done =
              scope.run(() ->
                  Blocking.run(() ->
                      portal.run(() -> {
                        log.add("left " + CancelScope.timeLeft().orElseThrow());
                        try {
                          Roost.sleepForever();
                        } finally {
                          World.sleepShielded(1);
                          log.add("cancelled after " + World.elapsed());
                        }
                      })));
          assertThat(done).isFalse();
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(log).containsExactly("left PT5S", "cancelled after 6");
        }));
  }

  @Test
  void task_inASectionThatIsNotInterrupted_isCancelledAllTheSame() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
          scope.run(() -> Blocking.uninterrupted().run(() -> portal.run(Roost::sleepForever)));
          assertThat(scope.cancelledCaught()).isTrue();
        }));
  }

  @Test
  void task_doesNotSeeScopesInsideOther() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          CancelScope.moveOnAfter(World.seconds(1))
              .run(() -> {
                Foreign<Boolean> foreign =
                    Foreign.start(
                        () -> portal.call(() -> CancelScope.currentEffectiveDeadline().isEmpty()));
                assertThat(Blocking.call(foreign::result)).isTrue();
              });
        }));
  }

  @Test
  void task_inACancelledSection_isShieldedIfItSaysSo() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          CancelScope.moveOnAfter(World.seconds(1))
              .run(() ->
                  Blocking.uninterrupted()
                      .run(() ->
                          log.add(
                              portal.call(() -> {
                                World.sleepShielded(10);
                                return "committed";
                              }))));
          assertThat(log).containsExactly("committed");
          assertThat(World.elapsed()).isEqualTo(10);
        }));
  }

  @Test
  void call_taskThrows_sectionGetsItAsItIs() throws Exception {
    IOException error = new IOException("no");
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          assertThatThrownBy(() ->
                  Blocking.run(() ->
                      portal.run(() -> {
                        throw error;
                      })))
              .isSameAs(error);
        }));
  }

  @Test
  void task_hasTheTaskLocalsOfTheBlockingTask_andChangesStayThere() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          LOCAL
              .where("of the task")
              .run(() -> {
                Blocking.run(() ->
                    portal.run(() -> {
                      log.add(LOCAL.get());
                      LOCAL.set("changed");
                    }));
                log.add(LOCAL.get());
              });
          assertThat(log).containsExactly("of the task", "of the task");
        }));
  }

  @Test
  void taskTree_showsTheTaskBelowTheOneThatWaitsForIt() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          Event inside = new Event();
          Event stop = new Event();
          AsyncRunnable<InterruptedException> body =
              () -> {
                inside.set();
                stop.await();
              };
          Nursery.run(nursery -> {
            nursery.start("blocking", () -> Blocking.run(() -> portal.run(body)));
            inside.await();
            assertThat(TaskTree.current().toString().lines())
                .satisfiesExactly(
                    main -> assertThat(main).startsWith("main: "),
                    blocking -> assertThat(blocking).startsWith("└─ blocking: in a blocking"),
                    task -> assertThat(task).startsWith("   └─ PortalBlockingTest#"));
            stop.set();
          });
        }));
  }

  @Test
  void nested_sectionOfATaskFromASection_inheritsInTurn() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          CancelScope scope = CancelScope.moveOnAfter(World.seconds(5));
          scope.run(() ->
              Blocking.run(
                  () -> portal.run(() -> Blocking.run(() -> portal.run(Roost::sleepForever)))));
          assertThat(scope.cancelledCaught()).isTrue();
          assertThat(World.elapsed()).isEqualTo(5);
        }));
  }

  @Test
  void abandonedCode_isAForeignThread() throws Exception {
    Hang.fails(() ->
        World.run(() -> {
          Portal portal = Portal.current();
          CancelScope.moveOnAfter(World.seconds(100))
              .run(() ->
                  assertThat(
                          Blocking.abandoning()
                              .call(() ->
                                  portal.call(
                                      () -> CancelScope.currentEffectiveDeadline().isEmpty())))
                      .isTrue());
        }));
  }

  /** A section in a task that a foreign thread started, while main's end cancels that task. */
  @Test
  void sectionOfAPortalTask_mayCallWhileMainEnds() throws Exception {
    Hang.fails(() -> {
      List<String> seen = new ArrayList<>();
      Foreign<?>[] foreign = new Foreign<?>[1];
      Roost.run(() -> {
        Portal portal = Portal.current();
        foreign[0] =
            Blocking.call(() ->
                Foreign.waiting(
                    portal,
                    () -> {
                      try {
                        Roost.sleepForever();
                      } finally {
                        CancelScope.create()
                            .shielded()
                            .run(
                                () -> Blocking.run(() -> portal.run(() -> seen.add("cleaned up"))));
                      }
                      return "never";
                    }));
      });
      assertThat(foreign[0].error()).isInstanceOf(RunFinishedException.class);
      assertThat(seen).containsExactly("cleaned up");
    });
  }
}
