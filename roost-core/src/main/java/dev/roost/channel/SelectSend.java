package dev.roost.channel;

import dev.roost.lowlevel.Selectable;
import org.jspecify.annotations.Nullable;

/** Sending an item to a channel in memory, as one of several things that a task waits for. */
final class SelectSend<T> implements Selectable<T> {

  private final SendEnd<T> end;
  private final T item;

  SelectSend(SendEnd<T> end, T item) {
    this.end = end;
    this.item = item;
  }

  @Override
  public @Nullable T poll() {
    end.channel.binding.check("Select.send");
    end.ensureUsable("Select.send");
    return end.channel.offer(item) ? item : null;
  }

  @Override
  public Runnable enlist(Slot<? super T> slot) {
    Waiter waiter = new Waiter(slot);
    end.channel.senders.add(waiter);
    return () -> end.channel.senders.remove(waiter);
  }

  @Override
  public String toString() {
    return end.toString();
  }

  private final class Waiter extends SendWaiter<T> {
    private final Slot<? super T> slot;

    Waiter(Slot<? super T> slot) {
      super(SelectSend.this.end);
      this.slot = slot;
    }

    @Override
    @Nullable T take() {
      return slot.complete(item) ? item : null;
    }

    @Override
    void fail(RuntimeException error) {
      slot.fail(error);
    }
  }
}
