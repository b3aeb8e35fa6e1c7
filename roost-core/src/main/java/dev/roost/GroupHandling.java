package dev.roost;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Hands the leaves of a group to handlers by type. */
final class GroupHandling implements ExceptionGroup.Handling {

  private Optional<ExceptionGroup> rest;

  GroupHandling(ExceptionGroup group) {
    rest = Optional.of(group);
  }

  @Override
  public <E extends Throwable> ExceptionGroup.Handling on(
      Class<E> type, Consumer<? super E> handler) {
    Objects.requireNonNull(handler, "ExceptionGroup.on: the handler is null");
    take(type).ifPresent(taken -> taken.leaves().map(type::cast).forEach(handler));
    return this;
  }

  @Override
  public <E extends Throwable, X extends Exception> ExceptionGroup.Handling onThrowing(
      Class<E> type, AsyncConsumer<? super E, X> handler) throws X, InterruptedException {
    Objects.requireNonNull(handler, "ExceptionGroup.onThrowing: the handler is null");
    Optional<ExceptionGroup> taken = take(type);
    if (taken.isPresent()) {
      for (Throwable leaf : taken.get().leaves().toList()) {
        handler.accept(type.cast(leaf));
      }
    }
    return this;
  }

  private <E extends Throwable> Optional<ExceptionGroup> take(Class<E> type) {
    Objects.requireNonNull(type, "ExceptionGroup.on: the type is null");
    if (rest.isEmpty()) {
      return rest;
    }
    ExceptionGroup.Split split = rest.get().split(type::isInstance);
    rest = split.rest();
    return split.matching();
  }

  @Override
  public void orThrow() throws InterruptedException {
    if (rest.isPresent()) {
      throw Cancellations.aloneOr(rest.get());
    }
  }
}
