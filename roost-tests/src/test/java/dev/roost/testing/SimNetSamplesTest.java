package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.TaskStatus;
import dev.roost.junit.RoostTest;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.time.Duration;
import java.util.List;

/** The sample in the Javadoc of {@link SimNet}. */
class SimNetSamplesTest {

  // @start region="simnet"
  @RoostTest(autojump = true)
  void greeting_comes_from_far_away() throws Exception {
    SimNet.<Exception>run(
        42,
        net -> {
          var client = net.host("client");
          var server = net.host("server");
          net.link(client, server).latency(Duration.ofMillis(80)).loss(0.01);
          Nursery.run(nursery -> {
            var _ =
                nursery.startAndWait((TaskStatus<List<TcpListener>> status) ->
                    server.run(() -> Serve.tcp(7, stream -> stream.sendAll("hello"), status)));
            client.run(() -> {
              try (var stream = TcpStream.connect("server", 7)) {
                assertThat(new String(stream.receiveSome(100))).isEqualTo("hello");
              }
            });
            nursery.cancel();
          });
        });
  }
  // @end
}
