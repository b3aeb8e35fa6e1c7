package dev.roost;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns the first leaf that matches into a value; what no function takes is not lost. */
final class GroupMapping<R extends @Nullable Object> implements ExceptionGroup.Mapping<R> {

  private Optional<ExceptionGroup> rest;
  private boolean matched;
  private @Nullable R value;

  GroupMapping(ExceptionGroup group) {
    rest = Optional.of(group);
  }

  @Override
  public <E extends Throwable> ExceptionGroup.Mapping<R> map(
      Class<E> type, Function<? super E, ? extends R> f) {
    Objects.requireNonNull(f, "ExceptionGroup.map: the function is null");
    Objects.requireNonNull(type, "ExceptionGroup.map: the type is null");
    if (rest.isPresent()) {
      ExceptionGroup.Split split = rest.get().split(type::isInstance);
      rest = split.rest();
      Optional<E> found = split.matching().flatMap(taken -> taken.find(type));
      if (!matched && found.isPresent()) {
        matched = true;
        value = f.apply(found.get());
      }
    }
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // R itself says whether the value may be null
  public R orThrow() throws InterruptedException {
    if (rest.isPresent()) {
      throw Cancellations.aloneOr(rest.get());
    }
    return value;
  }
}
