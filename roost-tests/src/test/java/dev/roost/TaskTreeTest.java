package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.lowlevel.AllTasksBlocked;
import dev.roost.lowlevel.Suspension;
import dev.roost.sync.Event;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What can be asked about tasks, and the picture of all. */
class TaskTreeTest {

  @Test
  void main_isTheRoot() throws Exception {
    World.run(() -> {
      Task main = Task.current();
      assertThat(main.name()).isEqualTo("main");
      assertThat(main.id()).isEqualTo(1);
      assertThat(main.parentNursery()).isEmpty();
      assertThat(main.childNurseries()).isEmpty();
      assertThat(main.status()).isEqualTo("running");
      assertThat(main).hasToString("Task[main]");
      assertThat(TaskTree.current()).hasToString("main: running\n");
      assertThat(Task.current()).isSameAs(main);
      assertThat(main.stackTrace()).isNotEmpty();
    });
  }

  @Test
  void childNurseries_areListedOuterFirst() throws Exception {
    World.run(() ->
        Nursery.run(outer ->
            Nursery.run(inner -> {
              assertThat(Task.current().childNurseries()).containsExactly(outer, inner);
              inner.start(() -> assertThat(Task.current().childNurseries()).isEmpty());
            })));
  }

  @Test
  void unnamedTasks_areNamedAfterTheClassTheyWereWrittenIn() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start(() -> assertThat(Task.current().name()).isEqualTo("TaskTreeTest#2"));
          nursery.start(new Named());
        }));
    Roost.with()
        .contextCarrier(() -> AsyncRunnable::run)
        .run(() ->
            Nursery.run(nursery ->
                nursery.start(
                    () -> assertThat(Task.current().name()).isEqualTo("TaskTreeTest#2"))));
  }

  private static final class Named implements AsyncRunnable<RuntimeException> {
    @Override
    public void run() {
      assertThat(Task.current().name()).isEqualTo("TaskTreeTest$Named#3");
    }
  }

  @Test
  void tree_showsEveryTask_andWhatItWaitsFor() throws Exception {
    World.inOrder()
        .run(() -> {
          CountDownLatch release = new CountDownLatch(1);
          Task[] ended = new Task[1];
          Nursery.run(nursery -> {
            nursery.start("ended", () -> ended[0] = Task.current());
            nursery.start("event", () -> new Event().await());
            nursery.start("for ever", Roost::sleepForever);
            nursery.start("sleeper", () -> World.sleep(1_000_000));
            nursery.start(
                "parent",
                () ->
                    Nursery.run(children -> {
                      children.start("first", () -> Suspension.create().await(_ -> true));
                      children.start("second", Roost::sleepForever);
                    }));
            nursery.start("blocking", () -> Blocking.run(release::await));
            nursery.start("abandonable", () -> Blocking.abandoning().run(release::await));
            nursery.start("idler", () -> AllTasksBlocked.await(Duration.ofHours(1)));
            Roost.checkpoint();
            Roost.checkpoint();
            nursery.start("new", () -> {});
            assertThat(TaskTree.current().toString().lines())
                .containsExactly(
                    "main: running",
                    "├─ event: waiting for an event",
                    "├─ for ever: " + statusOf(nursery, "for ever"),
                    "├─ sleeper: " + statusOf(nursery, "sleeper"),
                    "├─ parent: waiting for 2 children",
                    "│  ├─ first: waiting for a suspension to be resumed",
                    "│  └─ second: " + statusOf(nursery, "for ever"),
                    "├─ blocking: in a blocking section",
                    "├─ abandonable: waiting for blocking code on a helper thread",
                    "├─ idler: waiting for all other tasks to be blocked",
                    "└─ new: ready");
            assertThat(statusOf(nursery, "for ever")).startsWith("waiting for ");
            assertThat(statusOf(nursery, "sleeper")).startsWith("waiting for ");
            assertThat(ended[0].status()).isEqualTo("ended");
            assertThat(ended[0].stackTrace()).isEmpty();
            release.countDown();
            nursery.cancel();
          });
        });
  }

  private static String statusOf(Nursery nursery, String name) {
    return nursery.children().stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow()
        .status();
  }

  @Test
  void taskThatHasNotBegun_hasNoStack() throws Exception {
    World.run(() ->
        Nursery.run(nursery -> {
          nursery.start("new", () -> {});
          for (Task task : nursery.children()) {
            assertThat(task.stackTrace()).isEmpty();
            assertThat(task.status()).isEqualTo("ready");
          }
        }));
  }

  @Test
  void stackOfAWaitingTask_showsWhereItWaits() throws Exception {
    World.inOrder()
        .run(() ->
            Nursery.run(nursery -> {
              nursery.start("waiter", TaskTreeTest::waitHere);
              Roost.checkpoint();
              Task waiter = nursery.children().iterator().next();
              assertThat(List.of(waiter.stackTrace()))
                  .anyMatch(frame -> frame.getMethodName().equals("waitHere"));
              nursery.cancel();
            }));
  }

  private static void waitHere() throws InterruptedException {
    Roost.sleepForever();
  }

  @Test
  void treeOfThousandsOfGenerations_isDrawnWithoutRecursion() throws Exception {
    World.run(() -> {
      CancelScope scope = CancelScope.create();
      scope.run(() ->
          Nursery.run(nursery -> {
            nursery.start(() -> generation(200));
            AllTasksBlocked.await(Duration.ZERO);
            assertThat(TaskTree.current().toString().lines()).hasSize(201);
            scope.cancel();
          }));
    });
  }

  private static void generation(int left) throws InterruptedException {
    if (left == 1) {
      Roost.sleepForever();
    } else {
      Nursery.run(nursery -> nursery.start(() -> generation(left - 1)));
    }
  }
}
