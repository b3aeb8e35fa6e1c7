package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.TaskStatus;
import dev.roost.io.BufferedStream;
import dev.roost.io.ByteStream;
import dev.roost.io.LimitExceededException;
import dev.roost.io.StapledStream;
import dev.roost.junit.RoostTest;
import dev.roost.net.HostResolver;
import dev.roost.net.Readiness;
import dev.roost.net.Serve;
import dev.roost.net.TcpConnector;
import dev.roost.net.TcpListener;
import dev.roost.net.TcpStream;
import dev.roost.net.UnixListener;
import dev.roost.net.UnixStream;
import dev.roost.sync.CapacityLimiter;
import dev.roost.testing.MemoryReceiveStream;
import dev.roost.testing.MemorySendStream;
import dev.roost.testing.MemoryStreams;
import dev.roost.testing.StreamChecks;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The samples in docs/streams.md. */
class StreamsTest {

  // @start region="ask"
  /** Sends a question and receives the answer, until the other side has no more to say. */
  static String ask(TcpStream stream, String question) throws IOException, InterruptedException {
    stream.sendAll(question); // returns when the system has taken every byte
    stream.sendEof(); // "that was all from me"; receiving goes on
    var answer = new StringBuilder();
    for (byte[] some; (some = stream.receiveSome(8_192)).length > 0; ) {
      answer.append(new String(some));
    }
    return answer.toString();
  }

  // @end

  // @start region="protocol"
  /** Each line is a sum; the answer is a line, too. */
  static void calculate(ByteStream stream) throws IOException, InterruptedException {
    var input = new BufferedStream(stream);
    for (var line = input.readLineOrEnd(100); line.isPresent(); line = input.readLineOrEnd(100)) {
      int sum = 0;
      for (String number : line.get().split("\\+")) {
        sum += Integer.parseInt(number.strip());
      }
      stream.sendAll(sum + "\n");
    }
  }

  // @end

  @RoostTest
  void questions_are_answered(Nursery nursery) throws Exception {
    List<TcpListener> listeners =
        nursery.startAndWait(
            (TaskStatus<List<TcpListener>> status) -> Serve.tcp(0, StreamsTest::calculate, status));
    try (var stream =
        TcpStream.connect("127.0.0.1", listeners.getFirst().localAddress().getPort())) {
      assertThat(ask(stream, "1 + 2\n20 + 22\n")).isEqualTo("3\n42\n");
    }
  }

  // @start region="test"
  @RoostTest
  void sums_are_right(Nursery nursery) throws Exception {
    var pair = MemoryStreams.lockstepPair();
    nursery.start(() -> calculate(pair.right()));
    pair.left().sendAll("1 + 2\n");
    assertThat(pair.left().receiveSome(100)).asString().isEqualTo("3\n");
  }

  // @end

  @RoostTest
  void lines_are_a_channel() throws Exception {
    var stream = new MemoryReceiveStream();
    stream.putData("a\nb\n");
    stream.putEof();
    var seen = new ArrayList<String>();
    // @start region="lines"
    new BufferedStream(stream)
        .lines(1_000) // the longest line that we accept
        .run(lines -> lines.forEach(line -> seen.add(line)));
    // @end
    assertThat(seen).containsExactly("a", "b");
  }

  @RoostTest
  void lines_without_end_are_refused() {
    var stream = new MemoryReceiveStream();
    assertThatThrownBy(
            () -> {
              stream.putData("x".repeat(101));
              new BufferedStream(stream).readLine(100);
            })
        .isInstanceOf(LimitExceededException.class);
  }

  @RoostTest
  void two_are_stapled() throws Exception {
    var toProcess = new MemorySendStream();
    var fromProcess = new MemoryReceiveStream();
    // @start region="stapled"
    var both = new StapledStream<>(toProcess, fromProcess);
    // @end
    both.sendAll("x");
    assertThat(toProcess.getData()).asString().isEqualTo("x");
  }

  @RoostTest
  @DisabledOnOs(OS.WINDOWS)
  void unix_sockets_are_listened_at(@TempDir Path folder, Nursery nursery) throws Exception {
    var path = folder.resolve("sums.socket");
    // @start region="unix"
    var listener = UnixListener.open(path, PosixFilePermissions.fromString("rw-rw----"));
    nursery.start(() -> Serve.listeners(List.of(listener), StreamsTest::calculate));
    try (var stream = UnixStream.connect(path)) {
      stream.sendAll("2 + 2\n");
      assertThat(stream.receiveSome(100)).asString().isEqualTo("4\n");
    }
    // @end
  }

  @RoostTest
  void servers_are_stopped(Nursery nursery) throws Exception {
    var ended = new ArrayList<String>();
    // @start region="serve"
    var scope = CancelScope.create();
    nursery.start(() -> {
      scope.run(() ->
          Serve.limitedBy(new CapacityLimiter(1_000))
              .onHandlerError(error -> System.err.println("lost a client: " + error))
              .tcp(0, StreamsTest::calculate));
      ended.add("every handler has ended");
    });
    Testing.waitAllTasksBlocked();
    scope.softCancel(Duration.ofSeconds(10)); // no new ones; those that are here have 10 seconds
    // @end
    Testing.waitAllTasksBlocked();
    assertThat(ended).hasSize(1);
  }

  @RoostTest
  void streams_are_checked() throws Exception {
    // @start region="checks"
    StreamChecks.halfCloseable(MemoryStreams::lockstepPair, MemoryStreams::lockstepPair);
    // @end
  }

  @RoostTest
  void connections_are_made_with_names_of_ones_own(Nursery nursery) throws Exception {
    HostResolver table = host -> List.of(InetAddress.ofLiteral("127.0.0.1"));
    // @start region="listen"
    try (TcpListener listener = TcpListener.open(0)) { // any free port, IPv6 and IPv4
      int port = listener.localAddress().getPort();
      nursery.start(() -> {
        TcpConnector connector =
            TcpStream.connector().resolver(table).happyEyeballsDelay(Duration.ofMillis(100));
        try (TcpStream stream = connector.connect("calculator", port)) {
          stream.sendAll("20 + 22\n");
        }
      });
      try (TcpStream stream = listener.accept()) {
        String line = new BufferedStream(stream).readLine(100);
        assertThat(line).isEqualTo("20 + 22");
      }
    }
    // @end
  }

  // @start region="readiness"
  /** Reads from a channel of the JDK; at least one byte, or -1 at the end. */
  static int read(Pipe.SourceChannel channel, ByteBuffer into)
      throws IOException, InterruptedException {
    int count;
    while ((count = channel.read(into)) == 0) {
      Readiness.waitReadable(channel);
    }
    return count;
  }

  static void close(Pipe.SourceChannel channel) throws IOException {
    Readiness.notifyClosing(channel); // whoever waits in it gets ClosedChannelException
    channel.close();
  }

  // @end

  @RoostTest
  void channels_of_the_jdk_can_be_waited_for(Nursery nursery) throws Exception {
    var pipe = Pipe.open();
    pipe.source().configureBlocking(false);
    var into = ByteBuffer.allocate(10);
    nursery.start(() -> {
      assertThat(read(pipe.source(), into)).isOne();
      assertThatThrownBy(() -> read(pipe.source(), into))
          .isInstanceOf(ClosedChannelException.class);
    });
    Testing.waitAllTasksBlocked();
    pipe.sink().write(ByteBuffer.wrap(new byte[] {1}));
    while (into.position() == 0) {
      Roost.checkpoint();
    }
    close(pipe.source());
    pipe.sink().close();
  }
}
