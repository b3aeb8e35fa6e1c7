package dev.roost.testing;

import static dev.roost.testing.ErrorShape.error;
import static dev.roost.testing.ErrorShape.group;
import static dev.roost.testing.RoostAssertions.assertThat;
import static dev.roost.testing.RoostAssertions.assertThatGroupThrownBy;

import dev.roost.Nursery;
import dev.roost.TaskTree;
import dev.roost.junit.RoostTest;
import dev.roost.sync.Event;
import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** Samples for the Javadoc of the assertions. */
class AssertionsSamplesTest {

  private static void fetchAll() throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start(() -> {
        throw new IOException("refused by a");
      });
      nursery.start(() -> {
        throw new TimeoutException("no answer from b");
      });
    });
  }

  @RoostTest
  void both_errors_are_reported() {
    // @start region="group"
    assertThatGroupThrownBy(() -> fetchAll())
        .hasExactlyLeaves(IOException.class, TimeoutException.class)
        .hasLeaf(IOException.class, "refused")
        .leaf(TimeoutException.class)
        .hasMessage("no answer from b");
    // @end
    // @start region="shape"
    assertThatGroupThrownBy(() ->
            Nursery.run(nursery -> {
              nursery.start(() -> fetchAll());
              nursery.start(() -> {
                throw new IllegalStateException("closed");
              });
            }))
        .hasShape(
            error(IllegalStateException.class, "closed"),
            group(error(IOException.class), error(TimeoutException.class)));
    // @end
  }

  @RoostTest
  void consumers_wait(Nursery nursery) throws InterruptedException {
    // @start region="tree"
    var full = new Event();
    nursery.start(
        "consumers", () -> Nursery.run(inner -> inner.start("consumer", () -> full.await())));
    Testing.waitAllTasksBlocked();

    assertThat(TaskTree.current())
        .hasTasks(3)
        .hasChildren("main", "consumers")
        .hasChildren("consumers", "consumer")
        .isWaiting("consumer", "an event")
        .hasStatus("main", "running");
    // @end
    assertThat(TaskTree.current())
        .hasTask("consumer")
        .hasNoTask("producer")
        .hasChildren("consumer");
  }
}
