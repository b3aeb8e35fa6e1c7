package dev.roost.net;

import dev.roost.Roost;
import dev.roost.io.Listener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Gives streams and errors as it was told, and then nothing more. */
final class FakeListener implements Listener<FakeStream> {

  private final Deque<Object> next;
  boolean closed;

  FakeListener(List<?> next) {
    this.next = new ArrayDeque<>(next);
  }

  @Override
  public FakeStream accept() throws IOException, InterruptedException {
    Roost.checkpoint();
    if (next.isEmpty()) {
      Roost.sleepForever();
    }
    if (next.peek() instanceof IOException error) {
      next.pop();
      throw error;
    }
    return (FakeStream) next.pop();
  }

  @Override
  public void close() {
    closed = true;
  }
}
