package dev.roost.channel;

import dev.roost.lowlevel.Selectable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Receiving from a channel between runs, as one of several things that a task waits for.
 *
 * @param <V> what the select gets of an item: the item, or an Optional
 */
final class SelectCrossReceive<T, V> implements Selectable<V> {

  private final CrossReceiveEnd<T> end;
  private final Function<T, V> wrap;
  private final @Nullable V atEnd;

  /** {@code atEnd} is given at the end of the channel; if it is null, the end is an error. */
  SelectCrossReceive(CrossReceiveEnd<T> end, Function<T, V> wrap, @Nullable V atEnd) {
    this.end = end;
    this.wrap = wrap;
    this.atEnd = atEnd;
  }

  @Override
  public @Nullable V poll() {
    CrossChannel<T> channel = end.channel;
    channel.lock.lock();
    try {
      end.ensureOpen("Select.receive");
      T item = channel.poll(null);
      if (item != null) {
        return wrap.apply(item);
      }
      if (channel.sendEnds > 0) {
        return null;
      }
    } finally {
      channel.lock.unlock();
    }
    if (atEnd == null) {
      throw CrossReceiveEnd.ended("Select.receive");
    }
    return atEnd;
  }

  /** Things may have changed since {@link #poll}: other threads use the channel too. */
  @Override
  public Runnable enlist(Slot<? super V> slot) {
    Selecting.Place<? super V> place = (Selecting.Place<? super V>) slot;
    Choice choice = place.choice();
    CrossChannel<T> channel = end.channel;
    CrossSelect<T> waiter =
        new CrossSelect<>(channel, channel.receivers, end, null, choice, new Received(place));
    channel.lock.lock();
    try {
      end.ensureOpen("Select.receive");
      T item = channel.poll(choice);
      if (item != null) {
        waiter.serve(item);
      } else if (channel.sendEnds > 0) {
        channel.receivers.add(waiter);
      } else if (choice.make()) {
        waiter.serve(null);
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

  private final class Received implements CrossSelect.Outcome<T> {
    private final Selecting.Place<? super V> place;

    Received(Selecting.Place<? super V> place) {
      this.place = place;
    }

    @Override
    public void served(@Nullable T item) {
      if (item != null) {
        place.chosen(wrap.apply(item));
      } else if (atEnd != null) {
        place.chosen(atEnd);
      } else {
        place.failed(CrossReceiveEnd.ended("Select.receive"));
      }
    }

    @Override
    public void failed(RuntimeException error) {
      place.failed(error);
    }
  }
}
