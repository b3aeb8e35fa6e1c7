package dev.roost.channel;

import dev.roost.AsyncCallable;
import dev.roost.AsyncConsumer;
import dev.roost.AsyncFunction;
import dev.roost.AsyncRunnable;
import dev.roost.CheckReturnValue;
import dev.roost.lowlevel.Selectable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits for several things, takes exactly one of them, and runs what belongs to it. Whatever is not
 * taken is left as if nobody had asked.
 *
 * {@snippet file="dev/roost/channel/ChannelSamplesTest.java" region="select"}
 *
 * <p>If several can be taken at once, one is drawn: none of them is preferred, whatever the order
 * in which they stand. What is waited for is served in turn with the tasks that wait for it alone.
 * Deadlines come last: they are taken only if nothing else can be.
 *
 * <p>The action runs after the choice was made, in the same task and outside the wait, and may wait
 * itself.
 */
public final class Select {

  private Select() {}

  /**
   * Takes one of the cases, and waits until one can be taken. A checkpoint. If it is cancelled
   * before the choice is made, nothing was taken.
   *
   * @param cases what to wait for, and what to do with it
   * @param <X> what the actions may throw
   * @throws X what the action of the case throws that was taken
   * @throws InterruptedException if cancelled
   * @throws EndOfChannelException if a channel to receive from has ended, see {@link #receiveOrEnd}
   * @throws BrokenChannelException if nobody can receive any more what is to be sent
   * @throws ChannelClosedException if an end of a channel is closed, also while the task waits
   * @throws IllegalArgumentException if there are no cases
   * @throws IllegalStateException outside a run, or in another run than that of the channels
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <X extends Exception> void run(Case<?, ? extends X>... cases)
      throws X, InterruptedException {
    var _ = choose("Select.run", cases);
  }

  /**
   * Like {@link #run}, with the result of the action that was run. A checkpoint.
   *
   * @param cases what to wait for, and what to make of it
   * @param <R> the result
   * @param <X> what the actions may throw
   * @return what the action of the case returned that was taken
   * @throws X what the action of the case throws that was taken
   * @throws InterruptedException if cancelled
   * @throws EndOfChannelException as for {@link #run}
   * @throws BrokenChannelException as for {@link #run}
   * @throws ChannelClosedException as for {@link #run}
   * @throws IllegalArgumentException if there are no cases
   * @throws IllegalStateException as for {@link #run}
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public static <R extends @Nullable Object, X extends Exception> R call(
      Case<? extends R, ? extends X>... cases) throws X, InterruptedException {
    return Select.<R, X>choose("Select.call", cases);
  }

  private static <R extends @Nullable Object, X extends Exception> R choose(
      String operation, Case<? extends R, ? extends X>[] cases) throws X, InterruptedException {
    if (cases.length == 0) {
      throw new IllegalArgumentException(
          operation
              + ": there is nothing to wait for. To wait for ever, call Roost.sleepForever().");
    }
    List<Selectable<?>> sources = new ArrayList<>(cases.length);
    List<Case<? extends R, ? extends X>> waiting = new ArrayList<>(cases.length);
    Instant deadline = null;
    Case<? extends R, ? extends X> late = cases[0];
    for (Case<? extends R, ? extends X> each : cases) {
      if (each.deadline == null) {
        sources.add(Objects.requireNonNull(each.source));
        waiting.add(each);
      } else {
        Instant moment = each.deadline.get();
        if (deadline == null || moment.isBefore(deadline)) {
          deadline = moment;
          late = each;
        }
      }
    }
    Selecting.Chosen chosen = Selecting.choose(sources, deadline);
    Case<? extends R, ? extends X> taken = chosen.index() < 0 ? late : waiting.get(chosen.index());
    return taken.act(chosen.value());
  }

  /**
   * To receive an item. If the channel has ended, the whole select throws {@link
   * EndOfChannelException}.
   *
   * @param channel a channel in memory or between runs, or one that {@linkplain
   *     ForwardingReceiveChannel hands on} what such a channel gives, as that of signals does
   * @param <T> what is received
   * @return a source, to be given an action
   * @throws IllegalArgumentException if it is a channel of another kind
   */
  @CheckReturnValue
  public static <T> Source<T> receive(ReceiveChannel<T> channel) {
    return new Source<>(receiving(channel, item -> item, null), null);
  }

  /**
   * To receive an item or to be told that the channel has ended.
   *
   * @param channel a channel in memory or between runs, or one that {@linkplain
   *     ForwardingReceiveChannel hands on} what such a channel gives, as that of signals does
   * @param <T> what is received
   * @return a source, to be given an action
   * @throws IllegalArgumentException if it is a channel of another kind
   */
  @CheckReturnValue
  public static <T> Source<Optional<T>> receiveOrEnd(ReceiveChannel<T> channel) {
    return new Source<>(receiving(channel, Optional::of, Optional.empty()), null);
  }

  private static <T, V> Selectable<V> receiving(
      ReceiveChannel<T> channel, Function<T, V> wrap, @Nullable V atEnd) {
    ReceiveChannel<T> at = Objects.requireNonNull(channel, "Select.receive: the channel is null");
    while (at instanceof ForwardingReceiveChannel<T> forwarding) {
      at = forwarding.target();
    }
    if (at instanceof ReceiveEnd<T> end) {
      return new SelectReceive<>(end, wrap, atEnd);
    }
    if (at instanceof CrossReceiveEnd<T> end) {
      return new SelectCrossReceive<>(end, wrap, atEnd);
    }
    throw otherKind("Select.receive", at);
  }

  /**
   * To send an item; the item is sent only if this case is taken.
   *
   * @param channel a channel in memory or between runs
   * @param item what to send
   * @param <T> what is sent
   * @return a source, to be given an action
   * @throws IllegalArgumentException if it is a channel of another kind
   */
  @CheckReturnValue
  public static <T> Source<T> send(SendChannel<T> channel, T item) {
    Objects.requireNonNull(item, "Select.send: the item is null; a channel carries no nulls");
    Objects.requireNonNull(channel, "Select.send: the channel is null");
    if (channel instanceof SendEnd<T> end) {
      return new Source<>(new SelectSend<>(end, item), null);
    }
    if (channel instanceof CrossSendEnd<T> end) {
      return new Source<>(new SelectCrossSend<>(end, item), null);
    }
    throw otherKind("Select.send", channel);
  }

  private static IllegalArgumentException otherKind(String operation, Object channel) {
    return new IllegalArgumentException(
        operation
            + ": "
            + channel.getClass().getName()
            + " is not a channel made by MemoryChannel or CrossRunChannel. Forward its items to one, or let it implement"
            + " Selectable and use Select.on.");
  }

  /**
   * To take anything else that can be selected, such as an {@code Event}, or that a stream of
   * {@code roost-io} has something to receive.
   *
   * @param source what to wait for
   * @param <V> what taking it gives
   * @return a source, to be given an action
   */
  @CheckReturnValue
  public static <V> Source<V> on(Selectable<V> source) {
    return new Source<>(Objects.requireNonNull(source, "Select.on: the source is null"), null);
  }

  /**
   * To go on if nothing else could be taken for so long, counted from the start of the select.
   *
   * @param timeout how long; zero or less: do not wait
   * @return a source, to be given an action; its value is the deadline
   */
  @CheckReturnValue
  public static Source<Instant> after(Duration timeout) {
    Objects.requireNonNull(timeout, "Select.after: the timeout is null");
    return new Source<>(null, () -> Selecting.fromNow(timeout));
  }

  /**
   * To go on if nothing else could be taken until then.
   *
   * @param deadline a moment of the run's clock; it may have passed
   * @return a source, to be given an action; its value is the deadline
   */
  @CheckReturnValue
  public static Source<Instant> at(Instant deadline) {
    Objects.requireNonNull(deadline, "Select.at: the deadline is null");
    return new Source<>(null, () -> deadline);
  }

  /**
   * What to wait for, still without an action. Immutable.
   *
   * @param <V> what taking it gives
   */
  public static final class Source<V> {

    private final @Nullable Selectable<V> source;
    private final @Nullable Supplier<Instant> deadline;

    private Source(@Nullable Selectable<V> source, @Nullable Supplier<Instant> deadline) {
      this.source = source;
      this.deadline = deadline;
    }

    /**
     * With an action that has no result.
     *
     * @param action what to do with what was taken
     * @param <X> what it may throw
     * @return a case
     */
    @CheckReturnValue
    public <X extends Exception> Case<@Nullable Void, X> run(AsyncConsumer<? super V, X> action) {
      Objects.requireNonNull(action, "Select: the action is null");
      return new Case<>(
          source,
          deadline,
          value -> {
            action.accept(cast(value));
            return null;
          });
    }

    /**
     * With an action that has no result and does not look at what was taken.
     *
     * @param action what to do
     * @param <X> what it may throw
     * @return a case
     */
    @CheckReturnValue
    public <X extends Exception> Case<@Nullable Void, X> run(AsyncRunnable<X> action) {
      Objects.requireNonNull(action, "Select: the action is null");
      return new Case<>(
          source,
          deadline,
          _ -> {
            action.run();
            return null;
          });
    }

    /**
     * With an action that has a result.
     *
     * @param action what to make of what was taken
     * @param <R> its result
     * @param <X> what it may throw
     * @return a case
     */
    @CheckReturnValue
    public <R extends @Nullable Object, X extends Exception> Case<R, X> call(
        AsyncFunction<? super V, R, X> action) {
      Objects.requireNonNull(action, "Select: the action is null");
      return new Case<>(source, deadline, value -> action.apply(cast(value)));
    }

    /**
     * With an action that has a result and does not look at what was taken.
     *
     * @param action what to do
     * @param <R> its result
     * @param <X> what it may throw
     * @return a case
     */
    @CheckReturnValue
    public <R extends @Nullable Object, X extends Exception> Case<R, X> call(
        AsyncCallable<R, X> action) {
      Objects.requireNonNull(action, "Select: the action is null");
      return new Case<>(source, deadline, _ -> action.call());
    }

    @SuppressWarnings("unchecked") // a source gives what it says, and a deadline an Instant
    private V cast(Object value) {
      return (V) value;
    }
  }

  /**
   * What to wait for, and what to do with it. Immutable: it can be used again and again.
   *
   * @param <R> the result of the action
   * @param <X> what the action may throw
   */
  public static final class Case<R extends @Nullable Object, X extends Exception> {

    private final @Nullable Selectable<?> source;
    private final @Nullable Supplier<Instant> deadline;
    private final AsyncFunction<Object, R, X> action;

    private Case(
        @Nullable Selectable<?> source,
        @Nullable Supplier<Instant> deadline,
        AsyncFunction<Object, R, X> action) {
      this.source = source;
      this.deadline = deadline;
      this.action = action;
    }

    private R act(Object value) throws X, InterruptedException {
      return action.apply(value);
    }
  }
}
