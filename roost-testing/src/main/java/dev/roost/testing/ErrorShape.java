package dev.roost.testing;

import static java.util.stream.Collectors.joining;

import dev.roost.ExceptionGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an error is expected to look like: of a type, or a group of others. For {@link
 * ExceptionGroupAssert#hasShape}.
 *
 * {@snippet file="dev/roost/testing/AssertionsSamplesTest.java" region="shape"}
 */
public sealed interface ErrorShape {

  /**
   * An error of a type, or of a subtype; not a group, unless the type says so.
   *
   * @param type the type
   * @return the shape
   */
  static ErrorShape error(Class<? extends Throwable> type) {
    return new Leaf(Objects.requireNonNull(type, "ErrorShape.error: the type is null"), null);
  }

  /**
   * An error of a type, or of a subtype, with a text in its message.
   *
   * @param type the type
   * @param messagePart what the message contains
   * @return the shape
   */
  static ErrorShape error(Class<? extends Throwable> type, String messagePart) {
    return new Leaf(
        Objects.requireNonNull(type, "ErrorShape.error: the type is null"),
        Objects.requireNonNull(messagePart, "ErrorShape.error: the part of the message is null"));
  }

  /**
   * A group of as many errors as there are shapes, each of one of the shapes, in any order.
   *
   * @param errors what is in it
   * @return the shape
   */
  static ErrorShape group(ErrorShape... errors) {
    return new Group(List.of(errors));
  }

  /**
   * Whether an error looks like this.
   *
   * @param error the error
   * @return true if it does
   */
  boolean matches(Throwable error);

  /**
   * One error.
   *
   * @param type its type
   * @param messagePart what its message contains, null if that does not matter
   */
  record Leaf(Class<? extends Throwable> type, @Nullable String messagePart) implements ErrorShape {

    @Override
    public boolean matches(Throwable error) {
      String message = error.getMessage();
      return type.isInstance(error)
          && (!(error instanceof ExceptionGroup) || type == ExceptionGroup.class)
          && (messagePart == null || (message != null && message.contains(messagePart)));
    }

    /** The type, and the text. */
    @Override
    public String toString() {
      return type.getSimpleName() + (messagePart == null ? "" : "(\"…" + messagePart + "…\")");
    }
  }

  /**
   * A group.
   *
   * @param errors what is in it
   */
  record Group(List<ErrorShape> errors) implements ErrorShape {

    @Override
    public boolean matches(Throwable error) {
      return error instanceof ExceptionGroup group && fit(group.errors(), errors);
    }

    /** Whether there is a way to give each error a shape of its own. */
    private static boolean fit(List<Throwable> errors, List<ErrorShape> shapes) {
      if (errors.isEmpty() || errors.size() != shapes.size()) {
        return errors.size() == shapes.size();
      }
      Throwable first = errors.getFirst();
      for (int i = 0; i < shapes.size(); i++) {
        if (shapes.get(i).matches(first)) {
          List<ErrorShape> others = new ArrayList<>(shapes);
          others.remove(i);
          if (fit(errors.subList(1, errors.size()), others)) {
            return true;
          }
        }
      }
      return false;
    }

    /** The shapes, in brackets. */
    @Override
    public String toString() {
      return errors.stream().map(Object::toString).collect(joining(", ", "[", "]"));
    }
  }
}
