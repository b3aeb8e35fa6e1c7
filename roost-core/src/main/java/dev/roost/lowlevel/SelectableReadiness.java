package dev.roost.lowlevel;

import dev.roost.internal.Channels;
import dev.roost.internal.Fiber;
import dev.roost.internal.Poller;
import dev.roost.internal.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * The readiness of a channel, as one of several things that a task waits for. That it is ready is
 * found out in the middle of a scheduling step, so the choice is made in a posted action; what is
 * withdrawn between the two is not served.
 */
final class SelectableReadiness implements Selectable<SelectableChannel> {

  private final SelectableChannel channel;
  private final boolean reading;

  SelectableReadiness(SelectableChannel channel, boolean reading) {
    this.channel = channel;
    this.reading = reading;
  }

  /** Something that is done with the poller. */
  private interface Use<T> {
    T with(Fiber me, Poller poller) throws IOException;
  }

  /** Does it; {@code closed} is the result if the channel is closed. */
  private <T> T use(T closed, Use<T> what) {
    Fiber me = Fiber.currentFiber();
    try {
      return what.with(me, me.scheduler().poller());
    } catch (Poller.Busy busy) {
      throw Readiness.busy(me, reading, busy);
    } catch (ClosedChannelException e) {
      return closed;
    } catch (IOException e) {
      throw new UncheckedIOException("Readiness: the system refused to wait for " + channel, e);
    }
  }

  @Override
  public @Nullable SelectableChannel poll() {
    return use(true, (me, poller) -> poller.isReady(me, channel, reading)) ? channel : null;
  }

  @Override
  public Runnable enlist(Slot<? super SelectableChannel> slot) {
    Watch watch = new Watch(Fiber.currentFiber().scheduler(), slot);
    Runnable callOff =
        use(() -> {}, (me, poller) -> poller.watch(me, channel, reading, watch::isReady));
    return () -> {
      watch.over = true;
      callOff.run();
    };
  }

  private final class Watch {
    private final Scheduler run;
    private final Slot<? super SelectableChannel> slot;
    private boolean over;

    Watch(Scheduler run, Slot<? super SelectableChannel> slot) {
      this.run = run;
      this.slot = slot;
    }

    void isReady() {
      run.post(() -> {
        if (!over) {
          over = true;
          var _ = slot.complete(channel); // it stays ready for whoever asks next
        }
      });
    }
  }

  /** What the task tree says. */
  @Override
  public String toString() {
    return Channels.awaited(channel, reading);
  }
}
