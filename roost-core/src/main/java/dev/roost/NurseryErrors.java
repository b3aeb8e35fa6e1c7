package dev.roost;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What went wrong in one nursery, and what its block throws of it. */
final class NurseryErrors {

  /**
   * Errors of the body and the children in the order in which they came, without plain
   * cancellations.
   */
  private @Nullable List<Throwable> errors;

  /** All plain cancellations as one: a hundred thousand cancelled children need no list. */
  private @Nullable Throwable cancellation;

  /**
   * Whether the body threw a group, whose stack trace covers the one that this block's group would
   * have.
   */
  private boolean groupFromBody;

  void bodyThrew(Throwable error) {
    groupFromBody = error instanceof ExceptionGroup;
    add(error);
  }

  void add(Throwable error) {
    if (Cancellations.is(error)) {
      cancellation = cancellation == null ? error : Cancellations.merge(cancellation, error);
      return;
    }
    if (errors == null) {
      errors = new ArrayList<>(2);
    }
    errors.add(error);
  }

  /**
   * All that went wrong as one throwable, without what the scope {@code by} catches; null if
   * nothing is left. Errors come in a group of the task {@code grouped}, or a single one as it is
   * if that is null.
   */
  @Nullable Throwable outcome(Scope by, @Nullable TaskFiber grouped) {
    List<Throwable> left = new ArrayList<>(2);
    Throwable cancelled = cancellation;
    boolean absorbs = (cancelled != null || errors != null) && by.absorbs();
    if (cancelled != null && absorbs) {
      cancelled = by.strip(cancelled);
    }
    if (errors == null) {
      return cancelled;
    }
    for (Throwable error : errors) {
      Throwable rest = absorbs ? by.strip(error) : error;
      if (rest != null) {
        left.add(rest);
      }
    }
    if (absorbs && cancelled instanceof ExceptionGroup suppressed) {
      left.addAll(suppressed.errors());
    } else if (cancelled != null) {
      left.add(cancelled);
    }
    if (left.isEmpty()) {
      return null;
    }
    if (grouped == null && left.size() == 1) {
      return left.getFirst();
    }
    // A group that only wraps another one from the same stack needs no trace of its own: thousands
    // of nested nurseries would
    // otherwise copy thousands of ever longer traces.
    boolean covered =
        groupFromBody && left.size() == 1 && left.getFirst() instanceof ExceptionGroup;
    String where =
        grouped == null
            ? "Failure while starting a task"
            : "Failure in a nursery of task " + grouped.name();
    return new ExceptionGroup(where, left, !covered);
  }
}
