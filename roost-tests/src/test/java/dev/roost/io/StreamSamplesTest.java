package dev.roost.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.BusyResourceException;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.lowlevel.Checkpoints;
import dev.roost.testing.MemoryReceiveStream;
import dev.roost.testing.MemorySendStream;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The samples in the documentation of streams. */
@Timeout(30)
class StreamSamplesTest {

  @Test
  void staples() throws Exception {
    Roost.run(() -> {
      var standardInput = new MemorySendStream();
      var standardOutput = new MemoryReceiveStream();
      standardOutput.putData("42\n");
      // @start region="stapled"
      try (var calculator = new StapledStream<>(standardInput, standardOutput)) {
        calculator.sendAll("6 * 7\n");
        calculator.sendEof(); // it reads until the end
        assertThat(calculator.receiveSome(100)).asString().isEqualTo("42\n");
      }
      // @end
    });
  }

  // @start region="direction"
  /** Counts what goes through it. */
  static final class Counter {
    private final Direction sending = new Direction("sending to");
    private final SendStream stream;
    long count;

    Counter(SendStream stream) {
      this.stream = stream;
    }

    void send(ByteBuffer src) throws IOException, InterruptedException {
      Checkpoints.throwIfCancelled();
      sending.enter(this); // a second task fails here until the first one is through
      try {
        int before = src.remaining();
        stream.sendAll(src);
        count += before - src.remaining();
      } finally {
        sending.leave();
      }
    }
  }

  // @end

  @Test
  void takes_one_task_at_a_time() throws Exception {
    Roost.run(() -> {
      var hanging = new MemorySendStream().sendAllHook(Roost::sleepForever);
      var counter = new Counter(hanging);
      Nursery.run(nursery -> {
        assertThat(counter.sending).hasToString("Direction[free]");
        nursery.start("the first", () -> counter.send(ByteBuffer.allocate(1)));
        Testing.waitAllTasksBlocked();
        assertThat(counter.sending).hasToString("Direction[the first is sending to it]");
        assertThatThrownBy(() -> counter.send(ByteBuffer.allocate(1)))
            .isInstanceOf(BusyResourceException.class)
            .hasMessageContaining("while the first was at it");
        nursery.cancel();
      });
      assertThat(counter.count).isZero();
    });
  }

  @Test
  void reads() throws Exception {
    Roost.run(() -> {
      var stream = new MemoryReceiveStream();
      stream.putData("Content-Length: 5\r\n\r\nhello");
      // @start region="buffered"
      BufferedStream input = new BufferedStream(stream);
      int length = 0;
      for (String line; !(line = input.readLine(1000)).isEmpty(); ) {
        if (line.startsWith("Content-Length: ")) {
          length = Math.min(Integer.parseInt(line.substring(16)), 1_000_000);
        }
      }
      byte[] body = input.readExactly(length);
      // @end
      assertThat(body).asString().isEqualTo("hello");
    });
  }

  @Test
  void reads_lines() throws Exception {
    Roost.run(() -> {
      var stream = new MemoryReceiveStream();
      stream.putData("one\ntwo\nquit\nnever read\n");
      var seen = new ArrayList<String>();
      // @start region="lines"
      new BufferedStream(stream)
          .lines(1000)
          .run(lines -> {
            for (String line; !(line = lines.receive()).equals("quit"); ) {
              seen.add(line);
            }
          });
      // @end
      assertThat(seen).containsExactly("one", "two");
    });
  }
}
