package dev.roost.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.channel.MemoryChannel;
import dev.roost.net.Serve;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;

// @start region="class"
/** A server, and a client that is connected to it, for every test that asks. */
@RoostTest
class FixtureSampleTest {

  @Fixture
  void server(TaskStatus<List<TcpListener>> status) throws IOException, InterruptedException {
    Serve.tcp(0, connection -> connection.sendAll("welcome"), status);
  }

  @Fixture
  TcpStream client(List<TcpListener> server) throws IOException, InterruptedException {
    return TcpStream.connect("localhost", server.getFirst().localAddress().getPort());
  }

  @RoostTest
  void a_client_is_welcomed(TcpStream client) throws IOException, InterruptedException {
    assertThat(client.receiveSome(100)).asString().isEqualTo("welcome");
  }

  // @end

  // @start region="block"
  @Fixture
  void queue(Provider<MemoryChannel.Ends<String>> provider) throws InterruptedException {
    var ends = MemoryChannel.<String>open(10);
    try (var _ = ends.sender();
        var receiver = ends.receiver()) {
      provider.provide(ends); // the test runs meanwhile
      assertThat(receiver.receiveNow()).isEmpty();
    }
  }

  @RoostTest
  void what_is_sent_is_received(MemoryChannel.Ends<String> queue) throws InterruptedException {
    queue.sender().send("one");
    assertThat(queue.receiver().receive()).isEqualTo("one");
  }

  // @end

  // @start region="seed"
  @RoostTest(schedules = 3)
  void sums_are_right(@Seed long seed) throws InterruptedException {
    var random = new Random(seed); // the same when the schedule is replayed
    int a = random.nextInt(100);
    int b = random.nextInt(100);
    Roost.checkpoint();
    assertThat(a + b).isBetween(0, 198);
  }
  // @end
}
