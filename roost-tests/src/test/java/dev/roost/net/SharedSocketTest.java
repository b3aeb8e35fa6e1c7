package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Runs;
import dev.roost.channel.CrossRunChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.channel.SendChannel;
import dev.roost.sync.CapacityLimiter;
import dev.roost.sync.Event;
import java.io.IOException;
import java.net.BindException;
import java.net.ProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several runs that serve one port where the system does not spread its connections. */
@Timeout(30)
class SharedSocketTest {

  private static TcpListener share(int port) throws IOException {
    return Binding.sharedByRuns(SelectorProvider.provider(), port);
  }

  /**
   * Each run handles one connection and keeps a second one waiting. So of four that stay, two are
   * with each run, and one of each is answered.
   */
  @Test
  void connectionsGoToTheRunsThatHaveTime() throws Exception {
    var forSecond = CrossRunChannel.<Integer>open(1);
    var forClient = CrossRunChannel.<Integer>open(1);
    var done = CrossRunChannel.<String>open(2);
    Set<String> answered = new TreeSet<>();
    Runs.parallel(
        3,
        index -> {
          if (index == 0) {
            serveOneAtATime("run 0", share(0), forSecond.sender(), done.receiver());
          } else if (index == 1) {
            int port = forSecond.receiver().receive();
            serveOneAtATime("run 1", share(port), forClient.sender(), done.receiver());
          } else {
            int port = forClient.receiver().receive();
            Nursery.run(nursery -> {
              for (int n = 0; n < 4; n++) {
                nursery.start(() -> {
                  try (var stream = TcpStream.connect("127.0.0.1", port)) {
                    answered.add(Tcp.text(Tcp.receiveExactly(stream, 5)));
                    if (answered.size() == 2) {
                      nursery.cancel();
                    }
                    Roost.sleepForever();
                  }
                });
              }
            });
            done.sender().send("done");
            done.sender().send("done");
          }
        });

    assertThat(answered).containsExactly("run 0", "run 1");
  }

  private static void serveOneAtATime(
      String name, TcpListener listener, SendChannel<Integer> next, ReceiveChannel<String> done)
      throws InterruptedException {
    Nursery.run(nursery -> {
      nursery.start(() ->
          Serve.limitedBy(new CapacityLimiter(1))
              .listeners(
                  List.of(listener),
                  (TcpStream stream) -> {
                    stream.sendAll(name);
                    new Event().await();
                  }));
      next.send(listener.localAddress().getPort());
      assertThat(done.receive()).isEqualTo("done");
      nursery.cancel();
    });
  }

  @Test
  void portIsOpen_untilTheLastListenerIsClosed() throws Exception {
    Roost.run(() -> {
      TcpListener first = share(0);
      int port = first.localAddress().getPort();
      TcpListener second = share(port);
      first.close();
      first.close();
      assertThatThrownBy(first::accept).isInstanceOf(ClosedChannelException.class);
      try (second;
          var client = TcpStream.connect("127.0.0.1", port);
          var server = second.accept()) {
        assertThat(server.remoteAddress().getPort()).isEqualTo(client.localAddress().getPort());
        assertThatThrownBy(() -> TcpListener.open(port)).isInstanceOf(BindException.class);
      }
      TcpListener.open(port).close();
    });
  }

  @Test
  void closingOneThatWaits_leavesTheOthers() throws Exception {
    var ports = CrossRunChannel.<Integer>open(0);
    var closed = CrossRunChannel.<String>open(0);
    Runs.parallel(
        2,
        index -> {
          if (index == 0) {
            try (TcpListener listener = share(0)) {
              int port = listener.localAddress().getPort();
              ports.sender().send(port);
              assertThat(closed.receiver().receive()).isEqualTo("closed");
              Nursery.run(nursery -> {
                nursery.start(() -> listener.accept().close());
                Roost.checkpoint();
                TcpStream.connect("127.0.0.1", port).close();
              });
            }
          } else {
            TcpListener listener = share(ports.receiver().receive());
            Nursery.run(nursery -> {
              nursery.start(() ->
                  assertThatThrownBy(listener::accept).isInstanceOf(ClosedChannelException.class));
              Roost.checkpoint();
              listener.close();
            });
            closed.sender().send("closed");
          }
        });
  }

  /** Knows no SO_REUSEPORT. */
  private static final class Plain extends SelectorProvider {

    final List<FakeServerChannel> opened = new ArrayList<>();
    boolean failsToTell;

    @Override
    public FakeServerChannel openServerSocketChannel() {
      FakeServerChannel channel = new FakeServerChannel();
      channel.failsToTell = failsToTell;
      opened.add(channel);
      return channel;
    }

    @Override
    public DatagramChannel openDatagramChannel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Pipe openPipe() {
      throw new UnsupportedOperationException();
    }

    @Override
    public AbstractSelector openSelector() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SocketChannel openSocketChannel() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void whereTheSystemDoesNotShare_thereIsOneSocketForAll() throws Exception {
    Plain provider = new Plain();
    Roost.run(() ->
        new Network(provider, HostResolver.standard())
            .run(() -> {
              TcpListener first = TcpListener.openShared(0);
              TcpListener second = TcpListener.openShared(first.localAddress().getPort());
              List<FakeServerChannel> left =
                  provider.opened.stream().filter(FakeServerChannel::isOpen).toList();
              assertThat(left).hasSize(1);
              first.close();
              assertThat(left.getFirst().isOpen()).isTrue();
              second.close();
              assertThat(left.getFirst().isOpen()).isFalse();
            }));
  }

  @Test
  void socketThatDoesNotTellItsPort_isClosed() throws Exception {
    Plain provider = new Plain();
    provider.failsToTell = true;
    Roost.run(() ->
        assertThatThrownBy(() -> Binding.sharedByRuns(provider, 0))
            .isInstanceOf(IOException.class)
            .hasMessage("no address"));

    assertThat(provider.opened).singleElement().matches(channel -> !channel.isOpen());
  }
}
