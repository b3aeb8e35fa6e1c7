package dev.roost.file;

import dev.roost.channel.ChannelStatistics;
import dev.roost.channel.EndOfChannelException;
import dev.roost.lowlevel.RunBinding;
import dev.roost.sync.Lock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;

/** What the ends of a {@link PullChannel} share. Touched by the tasks of its run. */
final class Pulling<T> {

  final String name;
  final RunBinding binding = new RunBinding();
  final ArrayDeque<T> items = new ArrayDeque<>();
  boolean atEnd;
  int openEnds;

  private final Producer<T> producer;

  /** Held by the task that fetches. */
  private final Lock fetching = new Lock();

  private int peak;
  private int waiting;
  private int dropped;

  Pulling(String name, Producer<T> producer) {
    this.name = name;
    this.producer = producer;
  }

  /** Waits until there is an item, or the end has come. A checkpoint. */
  void fetch() throws InterruptedException {
    waiting++;
    try (var _ = fetching.acquire()) {
      while (items.isEmpty() && !atEnd) {
        List<T> more = producer.next();
        atEnd = more.isEmpty();
        items.addAll(more);
        peak = Math.max(peak, items.size());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Receiving " + name + " failed: " + e.getMessage(), e);
    } finally {
      waiting--;
    }
  }

  /** Another end was closed; with the last one goes what was fetched and not received. */
  void endClosed() {
    openEnds--;
    if (openEnds == 0) {
      dropped = items.size();
      items.clear();
      atEnd = true;
      producer.close();
    }
  }

  EndOfChannelException ended(String operation) {
    return new EndOfChannelException(
        operation + ": there is no more of " + name + ". receiveOrEnd and forEach expect the end.");
  }

  ChannelStatistics statistics() {
    binding.check("ReceiveChannel.statistics");
    return new ChannelStatistics(
        items.size(), peak, Integer.MAX_VALUE, atEnd ? 0 : 1, openEnds, 0, waiting, dropped);
  }
}
