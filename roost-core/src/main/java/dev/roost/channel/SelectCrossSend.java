package dev.roost.channel;

import dev.roost.lowlevel.Selectable;
import org.jspecify.annotations.Nullable;

/** Sending an item to a channel between runs, as one of several things that a task waits for. */
final class SelectCrossSend<T> implements Selectable<T> {

  private final CrossSendEnd<T> end;
  private final T item;

  SelectCrossSend(CrossSendEnd<T> end, T item) {
    this.end = end;
    this.item = item;
  }

  @Override
  public @Nullable T poll() {
    CrossChannel<T> channel = end.channel;
    channel.lock.lock();
    try {
      end.ensureUsable("Select.send");
      return channel.offer(item, null) ? item : null;
    } finally {
      channel.lock.unlock();
    }
  }

  /** Things may have changed since {@link #poll}: other threads use the channel too. */
  @Override
  public Runnable enlist(Slot<? super T> slot) {
    Selecting.Place<? super T> place = (Selecting.Place<? super T>) slot;
    Choice choice = place.choice();
    CrossChannel<T> channel = end.channel;
    CrossSelect<T> waiter =
        new CrossSelect<>(channel, channel.senders, end, item, choice, new Sent(place));
    channel.lock.lock();
    try {
      end.ensureUsable("Select.send");
      if (channel.offer(item, choice)) {
        waiter.serve(item);
      } else {
        channel.senders.add(waiter);
      }
    } catch (Throwable refused) {
      waiter.callOff();
      throw refused;
    } finally {
      channel.lock.unlock();
    }
    return waiter::callOff;
  }

  @Override
  public String toString() {
    return end.toString();
  }

  private final class Sent implements CrossSelect.Outcome<T> {
    private final Selecting.Place<? super T> place;

    Sent(Selecting.Place<? super T> place) {
      this.place = place;
    }

    @Override
    public void served(@Nullable T result) {
      place.chosen(item);
    }

    @Override
    public void failed(RuntimeException error) {
      place.failed(error);
    }
  }
}
