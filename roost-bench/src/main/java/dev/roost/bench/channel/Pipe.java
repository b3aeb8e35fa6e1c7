package dev.roost.bench.channel;

import com.softwaremill.jox.Channel;
import dev.roost.channel.MemoryChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.SynchronousQueue;

/**
 * A channel of one of the contenders, so that all do the same work. With capacity 0 a sender waits
 * for its receiver.
 */
interface Pipe {

  void send(Object item) throws InterruptedException;

  Object receive() throws InterruptedException;

  static Pipe roost(int capacity) {
    MemoryChannel.Ends<Object> ends = MemoryChannel.open(capacity);
    return new Pipe() {
      @Override
      public void send(Object item) throws InterruptedException {
        ends.sender().send(item);
      }

      @Override
      public Object receive() throws InterruptedException {
        return ends.receiver().receive();
      }
    };
  }

  static Pipe queue(int capacity) {
    BlockingQueue<Object> queue =
        capacity == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(capacity);
    return new Pipe() {
      @Override
      public void send(Object item) throws InterruptedException {
        queue.put(item);
      }

      @Override
      public Object receive() throws InterruptedException {
        return queue.take();
      }
    };
  }

  static Pipe jox(int capacity) {
    Channel<Object> channel =
        capacity == 0 ? Channel.newRendezvousChannel() : Channel.newBufferedChannel(capacity);
    return new Pipe() {
      @Override
      public void send(Object item) throws InterruptedException {
        channel.send(item);
      }

      @Override
      public Object receive() throws InterruptedException {
        return channel.receive();
      }
    };
  }
}
