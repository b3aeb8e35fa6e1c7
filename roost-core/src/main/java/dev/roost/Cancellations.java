package dev.roost;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells cancellations from errors, and takes the ones out from among the others (R7). */
final class Cancellations {

  private Cancellations() {}

  /**
   * Whether it is a cancellation itself. What user code wrapped in another exception is an ordinary
   * error.
   */
  static boolean is(Throwable error) {
    return error instanceof Cancelled || error instanceof SwallowedCancellationError;
  }

  /** Whether it is a cancellation or a group with one in it. */
  static boolean holds(Throwable error) {
    return is(error) || (error instanceof ExceptionGroup group && group.holdsCancellation());
  }

  /**
   * What is left of an error when its cancellations are taken out: nothing, or what a group held
   * besides, or what hung on a cancellation as suppressed (a {@code close()} that failed while it
   * unwound).
   */
  static @Nullable Throwable strip(Throwable error) {
    if (!holds(error)) {
      return error;
    }
    List<Throwable> rest = new ArrayList<>();
    if (error instanceof ExceptionGroup group) {
      ExceptionGroup.Split split = group.split(Cancellations::is);
      split
          .matching()
          .ifPresent(cancelled -> cancelled.leaves().forEach(leaf -> addSuppressedOf(leaf, rest)));
      ExceptionGroup left = split.rest().orElse(null);
      if (rest.isEmpty()) {
        return left;
      }
      if (left != null) {
        rest.addAll(0, left.errors());
      }
    } else {
      addSuppressedOf(error, rest);
    }
    return rest.isEmpty()
        ? null
        : new ExceptionGroup("Errors while a cancelled block was left", rest);
  }

  private static void addSuppressedOf(Throwable cancellation, List<Throwable> into) {
    for (Throwable suppressed : cancellation.getSuppressed()) {
      Throwable left = strip(suppressed);
      if (left != null) {
        into.add(left);
      }
    }
  }

  /** Two cancellations as one that loses nothing of what hangs on either. */
  static Throwable merge(Throwable first, Throwable second) {
    if (first != second) {
      for (Throwable suppressed : second.getSuppressed()) {
        first.addSuppressed(suppressed);
      }
    }
    return first;
  }

  /** What to throw of a group: if there is nothing but cancellations in it, one of them alone. */
  static RuntimeException aloneOr(ExceptionGroup group) {
    if (group.holdsCancellation() && group.leaves().allMatch(Cancellations::is)) {
      Throwable alone = group.leaves().reduce(Cancellations::merge).orElseThrow();
      return Bodies.rethrow(alone);
    }
    return group;
  }
}
