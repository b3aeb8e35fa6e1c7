package dev.roost.channel;

import dev.roost.AsyncConsumer;
import dev.roost.AsyncFunction;
import dev.roost.CheckReturnValue;
import dev.roost.ExceptionGroup;
import dev.roost.Nursery;
import dev.roost.lowlevel.RunBinding;
import dev.roost.lowlevel.Suspension;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A function that produces items one after another, as a channel to receive them from. The function
 * runs in a task of its own, but in lockstep: it goes on to the next item only when somebody asks
 * for it. When the consumer is done, the function is cancelled and has cleaned up before the block
 * ends.
 *
 * {@snippet file="dev/roost/channel/ChannelSamplesTest.java" region="lockstep"}
 *
 * <p>Immutable: each {@link #run} or {@link #call} starts the function anew.
 *
 * @param <T> what is produced
 * @param <Y> what the function may throw
 */
public final class Lockstep<T, Y extends Exception> {

  /**
   * Where the function hands out its items.
   *
   * @param <T> what is produced
   */
  public interface Outlet<T> {

    /**
     * Hands out an item, and waits until the next one is asked for. A checkpoint. If it is
     * cancelled, the item may have been received: it was the next one that nobody asked for.
     *
     * @param item the item
     * @throws InterruptedException if cancelled, as it is when the consumer is done
     */
    void send(T item) throws InterruptedException;
  }

  private final AsyncConsumer<? super Outlet<T>, Y> producer;

  private Lockstep(AsyncConsumer<? super Outlet<T>, Y> producer) {
    this.producer = producer;
  }

  /**
   * Makes a source of a function. Not a checkpoint; the function is not run yet.
   *
   * @param producer sends one item after another, and returns when there are no more
   * @param <T> what is produced
   * @param <Y> what the function may throw
   * @return the source
   */
  @CheckReturnValue
  public static <T, Y extends Exception> Lockstep<T, Y> of(
      AsyncConsumer<? super Outlet<T>, Y> producer) {
    return new Lockstep<>(Objects.requireNonNull(producer, "Lockstep.of: the producer is null"));
  }

  /**
   * Starts the function and hands what it produces to {@code consumer}. When that returns or
   * throws, the function is cancelled and awaited. Assume that it is a checkpoint.
   *
   * @param consumer receives as many items as it likes; the channel ends when the function returns
   * @param <X> what the consumer may throw
   * @throws X what the consumer throws, as it is
   * @throws Y what the function throws, as it is; the consumer is cancelled then
   * @throws ExceptionGroup if both throw
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  public <X extends Exception> void run(AsyncConsumer<? super ReceiveChannel<T>, X> consumer)
      throws X, Y, InterruptedException {
    Objects.requireNonNull(consumer, "Lockstep.run: the consumer is null");
    var _ =
        call(items -> {
          consumer.accept(items);
          return Boolean.TRUE;
        });
  }

  /**
   * Like {@link #run}, with a result.
   *
   * @param consumer receives as many items as it likes, and makes something of them
   * @param <R> its result
   * @param <X> what the consumer may throw
   * @return the result of the consumer
   * @throws X what the consumer throws, as it is
   * @throws Y what the function throws, as it is; the consumer is cancelled then
   * @throws ExceptionGroup if both throw
   * @throws InterruptedException if cancelled
   * @throws IllegalStateException outside a run
   */
  @SuppressWarnings("unchecked") // what comes out of the nursery was thrown by the one or the other
  public <R extends @Nullable Object, X extends Exception> R call(
      AsyncFunction<? super ReceiveChannel<T>, R, X> consumer) throws X, Y, InterruptedException {
    Objects.requireNonNull(consumer, "Lockstep.call: the consumer is null");
    Channel<T> channel = new Channel<>(0);
    Stepper<T> stepper = new Stepper<>(channel);
    ReceiveEnd<T> items = new ReceiveEnd<>(channel);
    try {
      return Nursery.call(nursery -> {
        nursery.start("producer", () -> stepper.produce(producer));
        try {
          return consumer.apply(items);
        } finally {
          nursery
              .cancel(); // first, so that the function sees a cancellation and not a broken channel
          items.close();
        }
      });
    } catch (ExceptionGroup group) {
      if (group.errors().size() > 1) {
        throw group;
      }
      if (group.errors().getFirst() instanceof Error error) {
        throw error;
      }
      throw (Y) group.errors().getFirst();
    }
  }

  /** The function's side of one run: makes it wait until somebody asks. */
  private static final class Stepper<T> implements Outlet<T> {

    private final RunBinding binding = new RunBinding();
    private final Channel<T> channel;
    private final SendEnd<T> sender;
    private @Nullable Suspension<@Nullable Void> waiting;

    Stepper(Channel<T> channel) {
      this.channel = channel;
      this.sender = new SendEnd<>(channel);
      channel.onDemand = this::wake;
    }

    <Y extends Exception> void produce(AsyncConsumer<? super Outlet<T>, Y> producer)
        throws Y, InterruptedException {
      try (sender) {
        awaitDemand();
        producer.accept(this);
      }
    }

    @Override
    public void send(T item) throws InterruptedException {
      sender.send(item);
      awaitDemand();
    }

    private void awaitDemand() throws InterruptedException {
      binding.startCheckpoint("Lockstep.Outlet.send");
      if (!channel.receivers.isEmpty()) {
        binding.endCheckpoint();
        return;
      }
      Suspension<@Nullable Void> wait = Suspension.create("the next item to be asked for");
      waiting = wait;
      wait.await(cancellation -> {
        waiting = null;
        return true;
      });
    }

    private void wake() {
      Suspension<@Nullable Void> wait = waiting;
      if (wait != null) {
        waiting = null;
        wait.resume(null);
      }
    }
  }
}
