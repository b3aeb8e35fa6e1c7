package dev.roost.testing;

import static dev.roost.testing.ErrorShape.error;
import static dev.roost.testing.ErrorShape.group;
import static dev.roost.testing.RoostAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskTree;
import dev.roost.junit.RoostTest;
import java.io.IOException;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Assertions about groups and trees: when they hold, and what they say when they do not. */
class AssertionsTest {

  private final IOException refused = new IOException("refused");
  private final ExceptionGroup inner =
      new ExceptionGroup("inner", List.of(new IllegalStateException(), new IOException("reset")));
  private final ExceptionGroup outer = new ExceptionGroup("outer", List.of(refused, inner));

  private static AbstractThrowableAssert<?, ?> assertFails(ThrowingCallable assertion) {
    return assertThatThrownBy(assertion).isInstanceOf(AssertionError.class);
  }

  @Test
  void what_holds_holds() {
    assertThat(outer)
        .hasMessageContaining("outer")
        .hasErrors(2)
        .hasLeaves(3)
        .hasLeaf(RuntimeException.class)
        .hasLeaf(IOException.class, "res")
        .hasNoLeaf(Error.class)
        .hasExactlyLeaves(IOException.class, IOException.class, Exception.class)
        .hasShape(
            group(error(IOException.class), error(Exception.class)),
            error(IOException.class, "refused"));
    assertThat(outer).leaf(IOException.class).isSameAs(refused);
    assertThat(outer).error(1).isSameAs(inner);
    assertThat(outer).group(1).hasErrors(2).leaves().hasSize(2);
    assertThat((Throwable) outer).asInstanceOf(ExceptionGroupAssert.GROUP).hasErrors(2);
  }

  @Test
  void shapes_are_given_to_errors_wherever_there_is_a_way() {
    var errors = new ExceptionGroup("g", List.of(new IOException("a"), new IOException("b")));

    assertThat(errors).hasShape(error(IOException.class), error(IOException.class, "a"));
    assertFails(() ->
        assertThat(errors).hasShape(error(IOException.class, "a"), error(IOException.class, "a")));
    assertFails(() -> assertThat(errors).hasShape(error(IOException.class)));
    assertThatCode(
            () -> assertThat(outer).hasShape(error(IOException.class), error(ExceptionGroup.class)))
        .doesNotThrowAnyException();
  }

  @Test
  void failures_show_the_group() {
    String all = "[IOException(\"refused\"), [IllegalStateException, IOException(\"reset\")]]";

    assertFails(() -> assertThat(outer).hasErrors(3)).hasMessageContainingAll("3 errors", all);
    assertFails(() -> assertThat(outer).hasLeaves(2)).hasMessageContaining("2 leaves");
    assertFails(() -> assertThat(outer).hasLeaf(Error.class)).hasMessageContaining("a leaf Error");
    assertFails(() -> assertThat(outer).hasLeaf(IOException.class, "lost"))
        .hasMessageContaining("a leaf IOException(\"…lost…\")");
    assertFails(() -> assertThat(outer).hasNoLeaf(IOException.class))
        .hasMessageContaining("no leaf IOException");
    assertFails(() -> assertThat(outer).hasExactlyLeaves(IOException.class))
        .hasMessageContaining("exactly these leaves: IOException");
    assertFails(() -> assertThat(outer).hasExactlyLeaves()).hasMessageContaining(all);
    assertFails(() -> assertThat(outer).error(2)).hasMessageContaining("an error at index 2");
    assertFails(() -> assertThat(outer).group(0));
    assertFails(() -> assertThat((ExceptionGroup) null).hasErrors(1));
    assertFails(() -> assertThat(outer).hasShape(error(Error.class), error(IOException.class)))
        .hasMessageContainingAll(
            "a group like",
            "[Error, IOException]",
            all,
            "no error is Error",
            "nobody expected [IllegalStateException");
  }

  @RoostTest
  void failures_show_the_tree(Nursery nursery) throws InterruptedException {
    nursery.start("child", Roost::sleepForever);
    Testing.waitAllTasksBlocked();
    var tree = TaskTree.current();

    assertFails(() -> assertThat(tree).hasTask("other"))
        .hasMessageContainingAll("a task called \"other\"", "└─ child: waiting for");
    assertFails(() -> assertThat(tree).hasNoTask("child")).hasMessageContaining("no task called");
    assertFails(() -> assertThat(tree).hasTasks(3)).hasMessageContaining("3 tasks");
    assertFails(() -> assertThat(tree).isWaiting("main", "child"))
        .hasMessageContaining("\"main\" waiting for child");
    assertFails(() -> assertThat(tree).hasStatus("child", "running"))
        .hasMessageContaining("\"child\": running");
    assertFails(() -> assertThat(tree).hasChildren("main"))
        .hasMessageContaining("having the children []");
  }
}
