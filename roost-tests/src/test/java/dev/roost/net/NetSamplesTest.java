package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.channel.MemoryChannel;
import dev.roost.channel.Select;
import dev.roost.io.ByteStream;
import dev.roost.sync.CapacityLimiter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples in the documentation of streams and networking. */
@Timeout(30)
class NetSamplesTest {

  // @start region="receive"
  static long copy(ByteStream from, ByteStream to) throws IOException, InterruptedException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(16 * 1024);
    long count = 0;
    while (from.receiveSome(buffer.clear()) >= 0) {
      count += buffer.flip().remaining();
      to.sendAll(buffer);
    }
    return count;
  }

  // @end

  static void echo(ByteStream stream) throws IOException, InterruptedException {
    copy(stream, stream);
  }

  @Test
  void serves_and_connects() throws Exception {
    Roost.run(() -> {
      // @start region="serve-started"
      Nursery.run(nursery -> {
        List<TcpListener> listeners =
            nursery.startAndWait((TaskStatus<List<TcpListener>> status) ->
                Serve.tcp(0, NetSamplesTest::echo, status));
        int port = listeners.getFirst().localAddress().getPort();
        talkTo(port);
        nursery.cancel();
      });
      // @end
    });
  }

  private static void talkTo(int port) throws Exception {
    var answers = new ArrayList<String>();
    // @start region="connect"
    boolean inTime =
        CancelScope.moveOnAfter(Duration.ofSeconds(10))
            .run(() -> {
              try (TcpStream stream = TcpStream.connect("localhost", port)) {
                stream.sendAll("hello");
                stream.sendEof();
                answers.add(new String(stream.receiveSome(1000)));
              }
            });
    // @end
    assertThat(inTime).isTrue();
    assertThat(answers).containsExactly("hello");
    try (var stream = TcpStream.connect("localhost", port)) {
      // @start region="send"
      stream.sendAll("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
      stream.sendAll(new byte[] {1, 2, 3});
      // @end
      stream.sendEof();
      assertThat(Tcp.receiveAll(stream)).hasSize(40);
    }
  }

  @Test
  void listens() throws Exception {
    Roost.run(() -> {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      Nursery.run(nursery -> {
        // @start region="listen"
        try (TcpListener listener = TcpListener.open(address)) {
          nursery.start(() -> callOn(listener.localAddress()));
          try (TcpStream first = listener.accept()) {
            first.sendAll("welcome");
          }
        }
        // @end
      });
    });
  }

  private static void callOn(InetSocketAddress address) throws IOException, InterruptedException {
    try (var stream = TcpStream.connect("127.0.0.1", address.getPort())) {
      assertThat(Tcp.text(Tcp.receiveAll(stream))).isEqualTo("welcome");
    }
  }

  @Test
  void serves_until_it_is_stopped() throws Exception {
    Roost.run(() -> {
      var stop = CancelScope.create();
      stop.softCancel(Duration.ofSeconds(1));
      stop.run(() -> {
        survive(0);
        // @start region="serve"
        Serve.tcp(
            0,
            stream -> {
              while (true) {
                byte[] some = stream.receiveSome(1000);
                if (some.length == 0) {
                  return;
                }
                stream.sendAll(some);
              }
            });
        // @end
      });
    });
  }

  private static void survive(int port) throws IOException, InterruptedException {
    var log = System.getLogger("sample");
    // @start region="limited"
    Serve.limitedBy(new CapacityLimiter(1_000)).tcp(port, NetSamplesTest::echo);
    // @end
    // @start region="on-handler-error"
    Serve.onHandlerError(
            error -> log.log(System.Logger.Level.WARNING, "A connection failed", error))
        .tcp(port, NetSamplesTest::echo);
    // @end
  }

  @Test
  void connects_with_options() throws Exception {
    Roost.run(() -> {
      try (var listener = TcpListener.open(Tcp.ANY_PORT)) {
        int port = listener.localAddress().getPort();
        // @start region="resolver"
        Map<String, InetAddress> table = Map.of("db.test", InetAddress.ofLiteral("127.0.0.1"));
        HostResolver resolver =
            host ->
                table.containsKey(host)
                    ? List.of(table.get(host))
                    : HostResolver.system().resolve(host);
        // @end
        // @start region="connector"
        TcpConnector connector =
            TcpStream.connector().happyEyeballsDelay(Duration.ofMillis(100)).resolver(resolver);
        try (TcpStream stream = connector.connect("db.test", port)) {
          stream.sendAll("select 1");
        }
        // @end
      }
    });
  }

  @Test
  void waits_for_channels() throws Exception {
    Roost.run(() -> {
      try (var channel = DatagramChannel.open().bind(Tcp.ANY_PORT)) {
        channel.configureBlocking(false);
        channel.send(ByteBuffer.allocate(5), channel.getLocalAddress());
        var buffer = ByteBuffer.allocate(100);
        // @start region="readiness"
        while (channel.receive(buffer) == null) {
          Readiness.waitReadable(channel);
        }
        // @end
        assertThat(buffer.position()).isEqualTo(5);
      }
    });
  }

  @Test
  void selects_between_a_stream_and_a_channel() throws Exception {
    Tcp.withPair(pair -> {
      var orders = MemoryChannel.<String>open(1);
      var log = new ArrayList<String>();
      TcpStream stream = pair.server();
      pair.client().sendAll("hello");
      // @start region="select"
      Select.run(
          Select.on(stream.readable()).run(_ -> log.add(Tcp.text(stream.receiveSome(100)))),
          Select.receive(orders.receiver()).run(order -> log.add("order " + order)));
      // @end
      assertThat(log).containsExactly("hello");
    });
  }
}
