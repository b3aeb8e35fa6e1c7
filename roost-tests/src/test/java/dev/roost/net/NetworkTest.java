package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.Nursery;
import dev.roost.junit.RoostTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {

  private final List<String> opened = new ArrayList<>();
  private final Network network = new Network(new Recorder(), host -> List.of(loopback()));

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }

  @RoostTest
  void tasks_are_in_the_network_of_the_system_unless_told() {
    assertThat(Network.current()).isSameAs(Network.system());
  }

  @RoostTest
  void sockets_are_made_in_the_network_of_the_task() throws Exception {
    network.run(() -> {
      try (var listener = TcpListener.open(new InetSocketAddress(loopback(), 0));
          var client = TcpStream.connect(listener.localAddress());
          var server = listener.accept()) {
        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
      }
    });

    assertThat(opened).containsExactly("server INET", "socket INET");
  }

  @RoostTest
  void names_are_those_of_the_network() throws Exception {
    network.run(() -> {
      try (var listener = TcpListener.openAll("home", 0).getFirst();
          var client = TcpStream.connect("anything", listener.localAddress().getPort())) {
        assertThat(client.remoteAddress().getAddress()).isEqualTo(loopback());
      }
    });
  }

  @RoostTest
  void wildcards_are_bound_in_the_network_of_the_task() throws Exception {
    network.run(() -> TcpListener.open(0).close());

    assertThat(opened).containsExactly("server");
  }

  @RoostTest
  void port_in_use_is_an_error_whatever_the_families_of_the_machine() throws Exception {
    network.run(() -> {
      try (var listener = TcpListener.open(new InetSocketAddress(loopback(), 0))) {
        assertThatThrownBy(() -> TcpListener.openAll("home", listener.localAddress().getPort()))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("Cannot listen on 127.0.0.1");
      }
    });
  }

  @RoostTest
  void children_are_in_the_network_that_they_were_started_in() throws Exception {
    var inside = new Network[2];
    Nursery.run(nursery -> {
      network.run(() -> nursery.start(() -> inside[0] = Network.current()));
      nursery.start(() -> inside[1] = Network.current());
    });

    assertThat(inside).containsExactly(network, Network.system());
  }

  @RoostTest
  void call_gives_the_result_of_its_body() throws Exception {
    assertThat(network.call(Network::current)).isSameAs(network);
    assertThat(Network.current()).isSameAs(Network.system());
  }

  @Test
  void network_is_asked_for_inside_a_run_only() {
    assertThatThrownBy(Network::current).isInstanceOf(IllegalStateException.class);
  }

  @RoostTest
  void channel_that_knows_itself_when_it_is_ready_is_asked() throws Exception {
    try (var channel = new Knowing()) {
      Readiness.waitReadable(channel);
      Readiness.waitWritable(channel);

      assertThat(channel.asked).containsExactly(true, false);
    }
  }

  /** Opens the system's channels, and remembers that it was asked. */
  private final class Recorder extends SelectorProvider {

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
      opened.add("socket " + family.name());
      return SocketChannel.open(family);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
      opened.add("server " + family.name());
      return ServerSocketChannel.open(family);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
      opened.add("server");
      return ServerSocketChannel.open();
    }

    @Override
    public SocketChannel openSocketChannel() {
      throw new AssertionError("not asked for");
    }

    @Override
    public DatagramChannel openDatagramChannel() {
      throw new AssertionError("not asked for");
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) {
      throw new AssertionError("not asked for");
    }

    @Override
    public Pipe openPipe() {
      throw new AssertionError("not asked for");
    }

    @Override
    public AbstractSelector openSelector() {
      throw new AssertionError("not asked for");
    }
  }

  /** Is always ready, and remembers for what it was asked. */
  private static final class Knowing extends AbstractSelectableChannel
      implements dev.roost.lowlevel.Readiness.Own {

    final List<Boolean> asked = new ArrayList<>();

    Knowing() {
      super(SelectorProvider.provider());
    }

    @Override
    public void awaitReady(boolean reading) {
      asked.add(reading);
    }

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
