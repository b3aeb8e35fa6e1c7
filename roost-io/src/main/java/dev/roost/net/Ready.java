package dev.roost.net;

import dev.roost.lowlevel.Readiness;
import dev.roost.lowlevel.Selectable;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * That a stream or a listener is ready, as one of several things that a task waits for: the next
 * call will not wait, because there is something, or because it is closed.
 *
 * @param <S> the stream or the listener
 */
final class Ready<S> implements Selectable<S> {

  private final S owner;
  private final OpenChannel<?> open;
  private final Selectable<SelectableChannel> channel;

  private Ready(S owner, OpenChannel<?> open, Selectable<SelectableChannel> channel) {
    this.owner = owner;
    this.open = open;
    this.channel = channel;
  }

  static <S> Ready<S> toRead(S owner, OpenChannel<?> open) {
    return new Ready<>(owner, open, Readiness.readable(open.channel()));
  }

  static <S> Ready<S> toWrite(S owner, OpenChannel<?> open) {
    return new Ready<>(owner, open, Readiness.writable(open.channel()));
  }

  @Override
  public @Nullable S poll() {
    open.ensureInRun("Select.on");
    return open.isClosed() || channel.poll() != null ? owner : null;
  }

  @Override
  public Runnable enlist(Slot<? super S> slot) {
    return channel.enlist(
        new Slot<>() {
          @Override
          public boolean complete(SelectableChannel value) {
            return slot.complete(owner);
          }

          @Override
          public void fail(RuntimeException error) {
            slot.fail(error);
          }
        });
  }

  @Override
  public String toString() {
    return channel.toString();
  }
}
