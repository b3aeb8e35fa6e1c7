package dev.roost.channel;

import dev.roost.lowlevel.Line;
import dev.roost.lowlevel.OutsideWakeup;
import org.jspecify.annotations.Nullable;

/**
 * A task that waits at a channel between runs and for other things. Whoever serves it makes its
 * choice, on any thread; the task hears of it by a post to its run.
 */
final class CrossSelect<T> extends CrossWaiter<T> {

  /** Told, with the baton held, that the choice was made here. */
  interface Outcome<T> {
    /** It was served; for a receiver, with null at the end of the channel. */
    void served(@Nullable T result);

    /** It can never be served. */
    void failed(RuntimeException error);
  }

  private final OutsideWakeup wakeup = OutsideWakeup.expect();
  private final Outcome<T> outcome;

  CrossSelect(
      CrossChannel<T> channel,
      Line<CrossWaiter<T>> line,
      Object end,
      @Nullable T item,
      Choice choice,
      Outcome<T> outcome) {
    super(channel, line, end, item, choice);
    this.outcome = outcome;
  }

  @Override
  void wake() {
    var _ = wakeup.post(this::tell); // the run cannot have ended: this task waits in it
  }

  private void tell() {
    RuntimeException error = error();
    if (error == null) {
      outcome.served(result());
    } else {
      outcome.failed(error);
    }
  }

  /** Is no longer in line; with the baton held. */
  void callOff() {
    var _ = withdraw();
    wakeup.close();
  }
}
