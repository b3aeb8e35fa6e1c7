package dev.roost.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ByteStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The samples in the documentation of memory streams and of the checks. */
class StreamTestingSamples {

  /** What is tested in the samples. */
  private static void shout(ByteStream stream) throws IOException, InterruptedException {
    for (byte[] some; (some = stream.receiveSome(100)).length > 0; ) {
      stream.sendAll(new String(some).toUpperCase());
    }
  }

  @Test
  void pair() throws Exception {
    Roost.run(() -> {
      // @start region="pair"
      var pair = MemoryStreams.pair();
      Nursery.run(nursery -> {
        nursery.start(() -> shout(pair.right()));
        pair.left().sendAll("hello");
        assertThat(pair.left().receiveSome(100)).asString().isEqualTo("HELLO");
        pair.left().sendEof(); // and that is the end of the other side's loop
      });
      // @end
    });
  }

  @Test
  void sent_data() throws Exception {
    Roost.run(() -> {
      // @start region="getData"
      var stream = new MemorySendStream();
      stream.sendAll("GET / HTTP/1.1\r\n");
      assertThat(stream.getData()).asString().startsWith("GET");
      // @end
    });
  }

  @Test
  void data_to_receive() throws Exception {
    Roost.run(() -> {
      // @start region="putData"
      var stream = new MemoryReceiveStream();
      stream.putData("HTTP/1.1 200 OK\r\n");
      stream.putEof();
      assertThat(stream.receiveSome(4)).asString().isEqualTo("HTTP");
      // @end
    });
  }

  @Test
  void pieces() throws Exception {
    Roost.run(() -> {
      // @start region="pump"
      var pair = MemoryStreams.oneWayPair();
      pair.sender()
          .sendAllHook(() -> { // byte by byte, as a bad network does
            while (MemoryStreams.pump(pair.sender(), pair.receiver(), 1)) {
              Testing.waitAllTasksBlocked();
            }
          });
      // @end
      Nursery.run(nursery -> {
        nursery.start(() -> pair.sender().sendAll("abc"));
        assertThat(pair.receiver().receiveSome(100)).asString().isEqualTo("a");
        assertThat(pair.receiver().receiveSome(100)).asString().isEqualTo("b");
      });
    });
  }

  @Test
  void checks() throws Exception {
    Roost.run(() -> {
      // @start region="checks"
      StreamChecks.halfCloseable(MemoryStreams::lockstepPair, MemoryStreams::lockstepPair);
      // @end
    });
  }
}
