package dev.roost.channel;

import dev.roost.AsyncConsumer;
import java.util.Optional;

/**
 * A receive end that hands on what another one gives, and adds something of its own: what happens
 * when it is closed, a name, a count. {@link Select} waits for the other one in its place. Whoever
 * implements it says how it is copied and closed.
 *
 * @param <T> what is received
 */
public interface ForwardingReceiveChannel<T> extends ReceiveChannel<T> {

  /**
   * The end that gives the items. Not a checkpoint.
   *
   * @return always the same one
   */
  ReceiveChannel<T> target();

  @Override
  default T receive() throws InterruptedException {
    return target().receive();
  }

  @Override
  default Optional<T> receiveOrEnd() throws InterruptedException {
    return target().receiveOrEnd();
  }

  @Override
  default Optional<T> receiveNow() {
    return target().receiveNow();
  }

  @Override
  default <X extends Exception> void forEach(AsyncConsumer<? super T, X> action)
      throws X, InterruptedException {
    target().forEach(action);
  }

  @Override
  default ChannelStatistics statistics() {
    return target().statistics();
  }
}
