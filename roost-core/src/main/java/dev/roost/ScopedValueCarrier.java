package dev.roost;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes scoped values along to children. */
record ScopedValueCarrier(List<ScopedValue<?>> keys) implements ContextCarrier {

  @Override
  public Captured capture() {
    ScopedValue.@Nullable Carrier bindings = null;
    for (ScopedValue<?> key : keys) {
      if (key.isBound()) {
        bindings = bind(bindings, key);
      }
    }
    ScopedValue.Carrier captured = bindings;
    if (captured == null) {
      return AsyncRunnable::run;
    }
    return child ->
        captured.call(() -> {
          child.run();
          return true;
        });
  }

  private static <T> ScopedValue.Carrier bind(
      ScopedValue.@Nullable Carrier before, ScopedValue<T> key) {
    return before == null ? ScopedValue.where(key, key.get()) : before.where(key, key.get());
  }
}
