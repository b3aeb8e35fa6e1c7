package dev.roost;

import java.util.List;
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
    for (E leaf : take(type)) {
      handler.accept(leaf);
    }
    return this;
  }

  @Override
  public <E extends Throwable, X extends Exception> ExceptionGroup.Handling on(
      Class<E> type, ExceptionGroup.Handler<? super E, X> handler) throws X {
    Objects.requireNonNull(handler, "ExceptionGroup.on: the handler is null");
    for (E leaf : take(type)) {
      handler.handle(leaf);
    }
    return this;
  }

  @Override
  public <E extends Throwable, X extends Exception> ExceptionGroup.Handling on(
      Class<E> type, AsyncConsumer<? super E, X> handler) throws X, InterruptedException {
    Objects.requireNonNull(handler, "ExceptionGroup.on: the handler is null");
    for (E leaf : take(type)) {
      handler.accept(leaf);
    }
    return this;
  }

  @Override
  public <E extends Throwable, X extends Exception> ExceptionGroup.Handling onThrowing(
      Class<E> type, AsyncConsumer<? super E, X> handler) throws X, InterruptedException {
    return on(type, handler);
  }

  /** Takes the leaves of a type out of what is left. */
  private <E extends Throwable> List<E> take(Class<E> type) {
    Objects.requireNonNull(type, "ExceptionGroup.on: the type is null");
    if (rest.isEmpty()) {
      return List.of();
    }
    ExceptionGroup.Split split = rest.get().split(type::isInstance);
    rest = split.rest();
    return split.matching().stream().flatMap(ExceptionGroup::leaves).map(type::cast).toList();
  }

  @Override
  public void orThrow() throws InterruptedException {
    if (rest.isPresent()) {
      throw Cancellations.aloneOr(rest.get());
    }
  }
}
