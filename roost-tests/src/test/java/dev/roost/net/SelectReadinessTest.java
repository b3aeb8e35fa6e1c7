package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.channel.MemoryChannel;
import dev.roost.channel.Select;
import dev.roost.testing.Testing;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Select over streams that become ready: takes exactly one, and receives nothing by itself. */
@Timeout(30)
class SelectReadinessTest {

  @Test
  void streamThatHasBytes_isTaken_andTheBytesAreStillThere() throws Exception {
    Tcp.withPair(pair -> {
      var channel = MemoryChannel.<String>open(1);
      pair.client().sendAll("hello");
      String taken =
          Select.call(
              Select.receive(channel.receiver()).call(item -> item),
              Select.on(pair.server().readable()).call(stream -> Tcp.text(stream.receiveSome(9))));

      assertThat(taken).isEqualTo("hello");
    });
  }

  @Test
  void streamThatGetsBytesLater_isTaken_andTheChannelIsLeftAsItWas() throws Exception {
    Tcp.withPair(pair -> {
      var channel = MemoryChannel.<String>open(0);
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        nursery.start(() ->
            Select.run(
                Select.receive(channel.receiver()).run(log::add),
                Select.on(pair.server().readable())
                    .run(stream -> log.add(Tcp.text(stream.receiveSome(9))))));
        Testing.waitAllTasksBlocked();
        assertThat(channel.receiver().statistics().tasksWaitingToReceive()).isOne();
        pair.client().sendAll("late");
      });

      assertThat(log).containsExactly("late");
      assertThat(channel.receiver().statistics().tasksWaitingToReceive()).isZero();
    });
  }

  @Test
  void channelThatIsServedFirst_leavesTheStreamToTheNextOne() throws Exception {
    Tcp.withPair(pair -> {
      var channel = MemoryChannel.<String>open(0);
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        nursery.start(() -> {
          Select.run(
              Select.receive(channel.receiver()).run(log::add),
              Select.on(pair.server().readable()).run(() -> log.add("stream")));
          log.add(Tcp.text(pair.server().receiveSome(9)));
        });
        Testing.waitAllTasksBlocked();
        channel.sender().send("item");
        Testing.waitAllTasksBlocked();
        pair.client().sendAll("bytes");
      });

      assertThat(log).containsExactly("item", "bytes");
    });
  }

  /**
   * Two streams become ready in one look at the selector: one is taken, the other is still ready.
   */
  @Test
  void streamsThatAreReadyAtOnce_areTakenOneByOne() throws Exception {
    Tcp.withPair(one -> {
      try (var two = Tcp.pair()) {
        List<String> log = new ArrayList<>();
        Nursery.run(nursery -> {
          nursery.start(() -> {
            for (int i = 0; i < 2; i++) {
              Select.run(
                  Select.on(one.server().readable())
                      .run(stream -> log.add(Tcp.text(stream.receiveSome(9)))),
                  Select.on(two.server().readable())
                      .run(stream -> log.add(Tcp.text(stream.receiveSome(9)))));
            }
          });
          Testing.waitAllTasksBlocked();
          one.client().sendAll("one");
          two.client().sendAll("two");
        });

        assertThat(log).containsExactlyInAnyOrder("one", "two");
      }
    });
  }

  @Test
  void noneIsPreferred_ifAllAreAlwaysReady() throws Exception {
    Tcp.withPair(pair -> {
      var channel = MemoryChannel.<Integer>unbounded();
      pair.client().sendAll("always ready, because nobody receives it");
      int[] taken = new int[3];
      for (int i = 0; i < 150; i++) {
        channel.sender().send(i);
        Select.run(
            Select.receive(channel.receiver()).run(() -> taken[0]++),
            Select.on(pair.server().readable()).run(() -> taken[1]++),
            Select.on(pair.server().writable()).run(() -> taken[2]++));
      }

      assertThat(taken[0]).isBetween(20, 90);
      assertThat(taken[1]).isBetween(20, 90);
      assertThat(taken[2]).isBetween(20, 90);
    });
  }

  @Test
  void deadlineComesLast() throws Exception {
    Tcp.withPair(pair -> {
      String quiet =
          Select.call(
              Select.on(pair.server().readable()).call(() -> "bytes"),
              Select.after(Duration.ZERO).call(() -> "nothing"));
      assertThat(quiet).isEqualTo("nothing");
      pair.client().sendAll("x");
      Select.run(Select.on(pair.server().readable()).run(() -> {})); // it has arrived
      String ready =
          Select.call(
              Select.after(Duration.ZERO).call(() -> "nothing"),
              Select.on(pair.server().readable()).call(() -> "bytes"));
      assertThat(ready).isEqualTo("bytes");
      boolean inTime =
          CancelScope.moveOnAfter(Duration.ofMillis(1))
              .run(() -> Select.run(Select.on(pair.client().readable()).run(() -> {})));
      assertThat(inTime).isFalse();
      pair.server().sendAll("y");
      assertThat(Tcp.text(pair.client().receiveSome(1))).isEqualTo("y");
    });
  }

  @Test
  void streamThatIsClosedMeanwhile_isTaken() throws Exception {
    Tcp.withPair(pair -> {
      List<String> log = new ArrayList<>();
      Nursery.run(nursery -> {
        nursery.start(() ->
            Select.run(
                Select.on(pair.server().readable())
                    .run(stream -> {
                      log.add("taken");
                      assertThatThrownBy(() -> stream.receiveSome(1))
                          .isInstanceOf(ClosedChannelException.class);
                    })));
        Testing.waitAllTasksBlocked();
        pair.server().close();
      });
      Select.run(Select.on(pair.server().readable()).run(() -> log.add("closed before")));

      assertThat(log).containsExactly("taken", "closed before");
    });
  }

  @Test
  void directionThatAnotherTaskUses_isBusy_andWaitersAreTold() throws Exception {
    Tcp.withPair(pair -> {
      Nursery.run(nursery -> {
        nursery.start("reader", () -> pair.server().receiveSome(1));
        Testing.waitAllTasksBlocked();
        assertThatThrownBy(() -> Select.run(Select.on(pair.server().readable()).run(() -> {})))
            .isInstanceOf(BusyResourceException.class)
            .hasMessageContaining("reader");
        nursery.cancel();
      });
      Nursery.run(nursery -> {
        nursery.start(
            "selector", () -> Select.run(Select.on(pair.server().readable()).run(() -> {})));
        Testing.waitAllTasksBlocked();
        assertThat(dev.roost.TaskTree.current().toString())
            .contains("selector: waiting for input from 127.0.0.1");
        assertThatThrownBy(() -> pair.server().receiveSome(1))
            .isInstanceOf(BusyResourceException.class)
            .hasMessageContaining("selector");
        nursery.cancel();
      });
    });
  }

  @Test
  void selectThatIsCancelled_forgetsTheStream() throws Exception {
    Tcp.withPair(pair -> {
      Nursery.run(nursery -> {
        nursery.start(() -> Select.run(Select.on(pair.server().readable()).run(() -> {})));
        Testing.waitAllTasksBlocked();
        pair.client().sendAll("x");
        nursery.cancel();
      });

      assertThat(Tcp.text(pair.server().receiveSome(1))).isEqualTo("x");
    });
  }

  @Test
  void listenerAndChannels_canBeSelected() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(Tcp.ANY_PORT);
          var channel = DatagramChannel.open().bind(Tcp.ANY_PORT)) {
        channel.configureBlocking(false);
        List<Object> log = new ArrayList<>();
        Select.run(Select.on(Readiness.writable(channel)).run(log::add));
        Nursery.run(nursery -> {
          nursery.start(() -> {
            for (int i = 0; i < 2; i++) {
              Select.run(
                  Select.on(listener.acceptable())
                      .run(ready -> {
                        log.add(ready);
                        ready.accept().close();
                      }),
                  Select.on(Readiness.readable(channel))
                      .run(ready -> {
                        log.add(ready);
                        channel.receive(ByteBuffer.allocate(1));
                      }));
            }
          });
          Testing.waitAllTasksBlocked();
          TcpStream.connect(listener.localAddress()).close();
          channel.send(ByteBuffer.allocate(1), channel.getLocalAddress());
        });

        assertThat(log).containsExactlyInAnyOrder(channel, listener, channel);
      }
    });
  }

  @Test
  void channelOfItsOwnKind_mayRefuse_andClosedChannelsAreReady() throws Exception {
    Roost.run(() -> {
      assertThatThrownBy(() -> Readiness.readable(new Odd()))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("Odd");
      var closed = DatagramChannel.open();
      closed.configureBlocking(false);
      closed.close();
      var source = Readiness.readable(closed);
      assertThat(source.poll()).isSameAs(closed);
    });
  }

  /** Knows itself when it is ready. */
  private static final class Odd extends AbstractSelectableChannel
      implements dev.roost.lowlevel.Readiness.Own {

    Odd() {
      super(SelectorProvider.provider());
    }

    @Override
    public void awaitReady(boolean reading) {}

    @Override
    public int validOps() {
      return 0;
    }

    @Override
    protected void implCloseSelectableChannel() {}

    @Override
    protected void implConfigureBlocking(boolean block) {}
  }
}
