package dev.roost.channel;

import dev.roost.lowlevel.Selectable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Receiving from a channel in memory, as one of several things that a task waits for.
 *
 * @param <V> what the select gets of an item: the item, or an Optional
 */
final class SelectReceive<T, V> implements Selectable<V> {

  private final ReceiveEnd<T> end;
  private final Function<T, V> wrap;
  private final @Nullable V atEnd;

  /** {@code atEnd} is given at the end of the channel; if it is null, the end is an error. */
  SelectReceive(ReceiveEnd<T> end, Function<T, V> wrap, @Nullable V atEnd) {
    this.end = end;
    this.wrap = wrap;
    this.atEnd = atEnd;
  }

  @Override
  public @Nullable V poll() {
    end.channel.binding.check("Select.receive");
    end.ensureOpen("Select.receive");
    T item = end.channel.poll();
    if (item != null) {
      return wrap.apply(item);
    }
    if (end.channel.sendEnds > 0) {
      return null;
    }
    if (atEnd == null) {
      throw end.channel.ended("Select.receive");
    }
    return atEnd;
  }

  @Override
  public Runnable enlist(Slot<? super V> slot) {
    Waiter waiter = new Waiter(slot);
    end.channel.await(waiter);
    return () -> end.channel.receivers.remove(waiter);
  }

  @Override
  public String toString() {
    return end.toString();
  }

  private final class Waiter extends ReceiveWaiter<T> {
    private final Slot<? super V> slot;

    Waiter(Slot<? super V> slot) {
      super(SelectReceive.this.end);
      this.slot = slot;
    }

    @Override
    boolean give(T item) {
      return slot.complete(wrap.apply(item));
    }

    @Override
    void end() {
      if (atEnd == null) {
        slot.fail(end.channel.ended("Select.receive"));
      } else {
        var _ = slot.complete(atEnd);
      }
    }

    @Override
    void fail(RuntimeException error) {
      slot.fail(error);
    }
  }
}
