package dev.roost;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Splits a group by its leaves, without recursion: groups can be nested thousands deep. */
final class GroupSplitter {

  private final ExceptionGroup group;
  private final @Nullable GroupSplitter outer;
  private final List<Throwable> matching = new ArrayList<>();
  private final List<Throwable> rest = new ArrayList<>();
  private int next;

  private GroupSplitter(ExceptionGroup group, @Nullable GroupSplitter outer) {
    this.group = group;
    this.outer = outer;
  }

  static ExceptionGroup.Split split(ExceptionGroup whole, Predicate<? super Throwable> predicate) {
    GroupSplitter at = new GroupSplitter(whole, null);
    for (; ; ) {
      if (at.next < at.group.errors().size()) {
        Throwable error = at.group.errors().get(at.next++);
        if (error instanceof ExceptionGroup inner) {
          at = new GroupSplitter(inner, at);
        } else {
          (predicate.test(error) ? at.matching : at.rest).add(error);
        }
      } else {
        Optional<ExceptionGroup> matched = at.groupOf(at.matching);
        Optional<ExceptionGroup> left = at.groupOf(at.rest);
        GroupSplitter up = at.outer;
        if (up == null) {
          return new ExceptionGroup.Split(matched, left);
        }
        matched.ifPresent(up.matching::add);
        left.ifPresent(up.rest::add);
        at = up;
      }
    }
  }

  /**
   * The group itself where everything in it is the same as before: nothing is copied without need.
   */
  private Optional<ExceptionGroup> groupOf(List<Throwable> errors) {
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    List<Throwable> before = group.errors();
    if (errors.size() != before.size()) {
      return Optional.of(group.derive(errors));
    }
    for (int i = 0; i < errors.size(); i++) {
      if (errors.get(i) != before.get(i)) {
        return Optional.of(group.derive(errors));
      }
    }
    return Optional.of(group);
  }
}
