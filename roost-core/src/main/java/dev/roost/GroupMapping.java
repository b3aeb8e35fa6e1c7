package dev.roost;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns the first leaf that matches into a value. */
final class GroupMapping<R extends @Nullable Object> implements ExceptionGroup.Mapping<R> {

  private final ExceptionGroup group;
  private boolean matched;
  private @Nullable R value;

  GroupMapping(ExceptionGroup group) {
    this.group = group;
  }

  @Override
  public <E extends Throwable> ExceptionGroup.Mapping<R> map(
      Class<E> type, Function<? super E, ? extends R> f) {
    Objects.requireNonNull(f, "ExceptionGroup.map: the function is null");
    Optional<E> found = group.find(type);
    if (!matched && found.isPresent()) {
      matched = true;
      value = f.apply(found.get());
    }
    return this;
  }

  @Override
  @SuppressWarnings("NullAway") // R itself says whether the value may be null
  public R orThrow() throws InterruptedException {
    if (!matched) {
      throw Cancellations.aloneOr(group);
    }
    return value;
  }
}
