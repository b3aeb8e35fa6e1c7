package dev.roost.testing;

import static java.util.stream.Collectors.joining;

import dev.roost.ExceptionGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.InstanceOfAssertFactory;
import org.assertj.core.api.ListAssert;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions about an {@link ExceptionGroup}, for AssertJ, which must be on the class path.
 *
 * {@snippet file="dev/roost/testing/AssertionsSamplesTest.java" region="group"}
 *
 * <p>Begin with {@link RoostAssertions#assertThat(ExceptionGroup)}, or on the way with {@code
 * asInstanceOf(ExceptionGroupAssert.GROUP)}. "Leaves" are the errors at any depth that are no
 * groups.
 */
@SuppressWarnings("exports") // who calls these has AssertJ
public final class ExceptionGroupAssert
    extends AbstractThrowableAssert<ExceptionGroupAssert, ExceptionGroup> {

  /** Turns an assertion about something that is a group into one about a group. */
  public static final InstanceOfAssertFactory<ExceptionGroup, ExceptionGroupAssert> GROUP =
      new InstanceOfAssertFactory<>(ExceptionGroup.class, ExceptionGroupAssert::new);

  ExceptionGroupAssert(@Nullable ExceptionGroup actual) {
    super(actual, ExceptionGroupAssert.class);
  }

  private ExceptionGroup group() {
    isNotNull();
    return Objects.requireNonNull(actual);
  }

  private List<Throwable> leafList() {
    return group().leaves().toList();
  }

  private void require(boolean holds, String expected) {
    if (!holds) {
      throw failure("Expected a group with %s, but it is%n  %s", expected, describe(group()));
    }
  }

  /** An error as text, in the form of a shape. */
  private static String describe(Throwable error) {
    return error instanceof ExceptionGroup group
        ? group.errors().stream()
            .map(ExceptionGroupAssert::describe)
            .collect(joining(", ", "[", "]"))
        : error.getClass().getSimpleName()
            + Stream.ofNullable(error.getMessage()).map(m -> "(\"" + m + "\")").collect(joining());
  }

  /**
   * It has that many errors directly in it.
   *
   * @param count the number
   * @return this
   */
  public ExceptionGroupAssert hasErrors(int count) {
    require(group().errors().size() == count, count + " errors");
    return this;
  }

  /**
   * It has that many leaves.
   *
   * @param count the number
   * @return this
   */
  public ExceptionGroupAssert hasLeaves(int count) {
    require(leafList().size() == count, count + " leaves");
    return this;
  }

  /**
   * There is a leaf of a type, or of a subtype.
   *
   * @param type the type
   * @return this
   */
  public ExceptionGroupAssert hasLeaf(Class<? extends Throwable> type) {
    return hasLeafOf(ErrorShape.error(type));
  }

  /**
   * There is a leaf of a type, or of a subtype, with a text in its message.
   *
   * @param type the type
   * @param messagePart what the message contains
   * @return this
   */
  public ExceptionGroupAssert hasLeaf(Class<? extends Throwable> type, String messagePart) {
    return hasLeafOf(ErrorShape.error(type, messagePart));
  }

  private ExceptionGroupAssert hasLeafOf(ErrorShape shape) {
    require(leafList().stream().anyMatch(shape::matches), "a leaf " + shape);
    return this;
  }

  /**
   * There is no leaf of a type, nor of a subtype.
   *
   * @param type the type
   * @return this
   */
  public ExceptionGroupAssert hasNoLeaf(Class<? extends Throwable> type) {
    require(leafList().stream().noneMatch(type::isInstance), "no leaf " + ErrorShape.error(type));
    return this;
  }

  /**
   * The leaves are of these types or their subtypes, one each, in any order.
   *
   * @param types the types
   * @return this
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // only read
  public final ExceptionGroupAssert hasExactlyLeaves(Class<? extends Throwable>... types) {
    ErrorShape[] shapes = Stream.of(types).map(ErrorShape::error).toArray(ErrorShape[]::new);
    List<Throwable> leaves = leafList();
    boolean holds =
        leaves.size() == shapes.length
            && (shapes.length == 0
                || ErrorShape.group(shapes).matches(new ExceptionGroup("the leaves", leaves)));
    require(
        holds,
        "exactly these leaves: " + Stream.of(shapes).map(Object::toString).collect(joining(", ")));
    return this;
  }

  /**
   * The errors directly in it have these shapes, one each, in any order.
   *
   * @param errors the shapes
   * @return this
   */
  public ExceptionGroupAssert hasShape(ErrorShape... errors) {
    ErrorShape shape = ErrorShape.group(errors);
    if (!shape.matches(group())) {
      throw failure(
          "Expected a group like%n  %s%nbut it is%n  %s%s",
          shape, describe(group()), unmatched(List.of(errors)));
    }
    return this;
  }

  /** What has nothing that it could be; the rest may be a matter of how many there are. */
  private String unmatched(List<ErrorShape> shapes) {
    List<String> lines = new ArrayList<>();
    for (ErrorShape shape : shapes) {
      if (group().errors().stream().noneMatch(shape::matches)) {
        lines.add("no error is " + shape);
      }
    }
    for (Throwable error : group().errors()) {
      if (shapes.stream().noneMatch(shape -> shape.matches(error))) {
        lines.add("nobody expected " + describe(error));
      }
    }
    return lines.stream().map(line -> String.format("%n%s", line)).collect(joining());
  }

  /**
   * Goes on with the first leaf of a type, which there must be.
   *
   * @param type the type
   * @return assertions about that leaf
   */
  public ThrowableAssert<Throwable> leaf(Class<? extends Throwable> type) {
    hasLeaf(type);
    return new ThrowableAssert<>((Throwable) group().find(type).orElseThrow());
  }

  /**
   * Goes on with all leaves.
   *
   * @return assertions about their list
   */
  public ListAssert<Throwable> leaves() {
    return Assertions.assertThat(leafList());
  }

  /**
   * Goes on with one of the errors directly in it.
   *
   * @param index which one, from 0
   * @return assertions about that error
   */
  public ThrowableAssert<Throwable> error(int index) {
    require(index >= 0 && index < group().errors().size(), "an error at index " + index);
    return new ThrowableAssert<>(group().errors().get(index));
  }

  /**
   * Goes on with one of the errors directly in it, which must be a group itself.
   *
   * @param index which one, from 0
   * @return assertions about that group
   */
  public ExceptionGroupAssert group(int index) {
    return error(index).asInstanceOf(GROUP);
  }
}
