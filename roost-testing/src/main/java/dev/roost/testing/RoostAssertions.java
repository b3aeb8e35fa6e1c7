package dev.roost.testing;

import dev.roost.ExceptionGroup;
import dev.roost.TaskTree;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/**
 * Where assertions about things of Roost begin, for AssertJ, which must be on the class path.
 * Import its methods statically beside those of AssertJ.
 */
@SuppressWarnings("exports") // who calls these has AssertJ
public final class RoostAssertions {

  private RoostAssertions() {}

  /**
   * Begins assertions about a group.
   *
   * @param actual the group
   * @return assertions
   */
  public static ExceptionGroupAssert assertThat(@Nullable ExceptionGroup actual) {
    return new ExceptionGroupAssert(actual);
  }

  /**
   * Begins assertions about a tree of tasks.
   *
   * @param actual the tree
   * @return assertions
   */
  public static TaskTreeAssert assertThat(@Nullable TaskTree actual) {
    return new TaskTreeAssert(actual);
  }

  /**
   * Calls something that must throw a group, and goes on with that.
   *
   * @param call what throws
   * @return assertions about the group
   */
  public static ExceptionGroupAssert assertThatGroupThrownBy(ThrowingCallable call) {
    return Assertions.assertThatThrownBy(call).asInstanceOf(ExceptionGroupAssert.GROUP);
  }
}
