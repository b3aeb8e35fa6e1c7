package dev.roost.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.Runs;
import dev.roost.TaskStatus;
import dev.roost.channel.CrossRunChannel;
import dev.roost.channel.ReceiveChannel;
import dev.roost.channel.SendChannel;
import java.net.BindException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several runs that serve one port. */
@Timeout(30)
class SharedPortTest {

  @BeforeEach
  void systemCanShare() throws Exception {
    try (var channel = ServerSocketChannel.open()) {
      assumeTrue(channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT));
    }
  }

  /** Connects until each run has answered, which the system decides by drawing lots. */
  @Test
  void connectionsAreSpreadOverTheRuns() throws Exception {
    Set<String> answered = ConcurrentHashMap.newKeySet();
    var forSecond = CrossRunChannel.<Integer>open(1);
    var forClient = CrossRunChannel.<Integer>open(1);
    var done = CrossRunChannel.<String>open(2);
    Runs.parallel(
        3,
        index -> {
          if (index == 0) {
            serve("run 0", 0, forSecond.sender(), done.receiver());
          } else if (index == 1) {
            serve("run 1", forSecond.receiver().receive(), forClient.sender(), done.receiver());
          } else {
            int port = forClient.receiver().receive();
            while (answered.size() < 2) {
              try (var stream = TcpStream.connect("127.0.0.1", port)) {
                answered.add(Tcp.text(Tcp.receiveAll(stream)));
              }
            }
            done.sender().send("done");
            done.sender().send("done");
          }
        });

    assertThat(answered).containsExactlyInAnyOrder("run 0", "run 1");
  }

  private static void serve(
      String name, int port, SendChannel<Integer> next, ReceiveChannel<String> done)
      throws InterruptedException {
    Nursery.run(nursery -> {
      List<TcpListener> listeners =
          nursery.startAndWait((TaskStatus<List<TcpListener>> status) ->
              Serve.sharingPort().tcp(port, stream -> stream.sendAll(name), status));
      next.send(listeners.getFirst().localAddress().getPort());
      assertThat(done.receive()).isEqualTo("done");
      nursery.cancel();
    });
  }

  @Test
  void portThatIsNotShared_isInUse() throws Exception {
    Roost.run(() -> {
      try (var alone = TcpListener.open(0)) {
        int port = alone.localAddress().getPort();
        assertThatThrownBy(() -> TcpListener.openShared(port)).isInstanceOf(BindException.class);
      }
      assertThatThrownBy(() -> TcpListener.openShared(70_000))
          .isInstanceOf(IllegalArgumentException.class);
    });
  }
}
