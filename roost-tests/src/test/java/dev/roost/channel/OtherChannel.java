package dev.roost.channel;

import dev.roost.AsyncConsumer;
import java.util.Optional;

/** A channel that MemoryChannel did not make. */
final class OtherChannel<T> implements SendChannel<T>, ReceiveChannel<T> {

  @Override
  public void send(T item) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean sendNow(T item) {
    return false;
  }

  @Override
  public T receive() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<T> receiveOrEnd() {
    return Optional.empty();
  }

  @Override
  public Optional<T> receiveNow() {
    return Optional.empty();
  }

  @Override
  public <X extends Exception> void forEach(AsyncConsumer<? super T, X> action) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OtherChannel<T> copy() {
    return this;
  }

  @Override
  public ChannelStatistics statistics() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
