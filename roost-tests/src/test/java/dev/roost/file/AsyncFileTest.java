package dev.roost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.roost.BusyResourceException;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.testing.Testing;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Open files. */
@Timeout(60)
class AsyncFileTest {

  private static final StandardOpenOption[] READ_AND_WRITE = {
    StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE
  };

  @TempDir Path folder;

  @Test
  void reads_and_writes_go_on_at_the_position() throws Exception {
    Roost.run(() -> {
      try (var file = AsyncFile.open(folder.resolve("file"), READ_AND_WRITE)) {
        file.write("hello ");
        file.write(new byte[] {'w'});
        file.write(ByteBuffer.wrap("orld".getBytes()));
        assertThat(file.position()).isEqualTo(11);
        assertThat(file.read(5)).isEmpty(); // the end
        assertThat(new String(file.position(6).read(2))).isEqualTo("wo");
        var buffer = ByteBuffer.allocate(100);
        assertThat(file.read(buffer)).isEqualTo(3);
        assertThat(file.read(buffer)).isEqualTo(-1);
        assertThat(file.size()).isEqualTo(11);
        file.truncate(5);
        file.force(true);
        assertThat(folder.resolve("file")).hasContent("hello");
      }
    });
  }

  @Test
  void reads_and_writes_elsewhere_do_not_move_the_position() throws Exception {
    Roost.run(() -> {
      try (var file = AsyncFile.open(folder.resolve("file"), READ_AND_WRITE)) {
        var big = new byte[3 * AsyncFile.CHUNK + 1];
        big[3 * AsyncFile.CHUNK] = 7;
        file.write(ByteBuffer.wrap(big), 10);
        assertThat(file.position()).isZero();
        assertThat(file.size()).isEqualTo(big.length + 10);
        var one = ByteBuffer.allocate(2);
        assertThat(file.read(one, 10 + 3 * AsyncFile.CHUNK)).isEqualTo(1);
        assertThat(one.get(0)).isEqualTo((byte) 7);
        assertThat(file.read(one, 1L << 40)).isEqualTo(-1);
        Nursery.run(nursery -> {
          for (int i = 0; i < 4; i++) {
            nursery.start(() -> file.read(ByteBuffer.allocate(100), 0));
          }
        });
        assertThat(file.position()).isZero();
      }
    });
  }

  @Test
  void appending_writes_at_the_end() throws Exception {
    Roost.run(() -> {
      var path = Files.writeString(folder.resolve("file"), "abc");
      try (var file = AsyncFile.open(path, StandardOpenOption.APPEND)) {
        file.write("def");
        assertThat(file.position()).isEqualTo(3); // that many were written
        assertThatExceptionOfType(UnsupportedOperationException.class)
            .isThrownBy(() -> file.position(0))
            .withMessageContaining("was opened for appending");
      }
      assertThat(path).hasContent("abcdef");
    });
  }

  @Test
  void calls_are_checkpoints() throws Exception {
    Roost.run(() -> {
      try (var file = AsyncFile.open(folder.resolve("file"), READ_AND_WRITE)) {
        Testing.assertCheckpoints(() -> file.write(""));
        Testing.assertCheckpoints(() -> file.write("x"));
        Testing.assertCheckpoints(() -> file.read(1));
        Testing.assertCheckpoints(file::size);
        Testing.assertCheckpoints(() -> file.force(false));
        Testing.assertNoCheckpoints(() -> file.position(0));
        Testing.assertNoCheckpoints(file::close);
      }
    });
  }

  @Test
  void cancelling_does_no_harm() throws Exception {
    Roost.run(() -> {
      try (var file = AsyncFile.open(folder.resolve("file"), READ_AND_WRITE)) {
        var src = ByteBuffer.allocate(64 * AsyncFile.CHUNK);
        Nursery.run(nursery -> {
          nursery.start(() -> file.write(src));
          nursery.start(nursery::cancel);
        });
        assertThat(src.position()).isLessThan(src.capacity());
        assertThat(file.position()).isEqualTo(src.position());
        assertThat(file.size()).isEqualTo(src.position());
        file.write(src); // the rest
        assertThat(file.size()).isEqualTo(src.capacity());
        file.position(0);
        int[] read = {0}; // the disk may be faster than the cancellation
        Nursery.run(nursery -> {
          nursery.start(() -> read[0] = file.read(ByteBuffer.allocate(100)));
          nursery.start(nursery::cancel);
        });
        assertThat(file.position()).isEqualTo(read[0]);
        assertThat(file.read(10)).hasSize(10);
      }
    });
  }

  @Test
  void two_tasks_at_the_position_are_refused() throws Exception {
    Roost.run(() -> {
      try (var file = AsyncFile.open(folder.resolve("file"), READ_AND_WRITE)) {
        Nursery.run(nursery -> {
          nursery.start(() -> file.write(new byte[AsyncFile.CHUNK]));
          Roost.checkpoint();
          assertThatExceptionOfType(BusyResourceException.class)
              .isThrownBy(() -> file.read(1))
              .withMessageContaining("reading or writing at the position of AsyncFile[");
          assertThatExceptionOfType(BusyResourceException.class).isThrownBy(() -> file.position(1));
        });
      }
    });
  }

  @Test
  void closed_file_is_of_no_use() throws Exception {
    Roost.run(() -> {
      var file = AsyncFile.open(folder.resolve("file"), READ_AND_WRITE);
      assertThat(file).hasToString("AsyncFile[" + folder.resolve("file") + "]");
      file.close();
      file.close();
      assertThat(file).asString().endsWith(", closed]");
      assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.read(1));
      assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(() -> file.write("x"));
      assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(file::size);
    });
  }

  @Test
  void misuse_is_refused() throws Exception {
    AsyncFile[] left = new AsyncFile[1];
    Roost.run(() -> {
      var file = AsyncFile.open(folder.resolve("file"), READ_AND_WRITE);
      left[0] = file;
      assertThatIllegalArgumentException().isThrownBy(() -> file.read(0));
      assertThatIllegalArgumentException().isThrownBy(() -> file.position(-1));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> file.read(ByteBuffer.allocate(0)))
          .withMessageContaining("no room");
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> AsyncFile.open(folder.resolve("none")));
    });
    assertThat(left[0]).asString().endsWith(", closed]"); // by the run
    assertThatIllegalStateException().isThrownBy(() -> left[0].read(1));
    assertThatIllegalStateException().isThrownBy(() -> AsyncFile.open(folder.resolve("file")));
  }

  @Test
  void opening_a_fifo_stops_nobody_and_can_be_cancelled() throws Exception {
    Roost.run(() -> {
      var fifo = Fifo.make(folder, "fifo");
      int[] steps = {0};
      Nursery.run(nursery -> {
        for (int i = 0; i < 8; i++) { // more than there are carriers
          nursery.start(() -> AsyncFile.open(fifo).close());
          nursery.start(() -> AsyncFiles.readString(fifo));
        }
        for (int i = 0; i < 1000; i++) {
          Roost.checkpoint();
          steps[0]++;
        }
        assertThat(
                CancelScope.moveOnAfter(Duration.ofMillis(1))
                    .run(() -> AsyncFile.open(fifo).close()))
            .isFalse();
        assertThat(AsyncFiles.exists(fifo)).isTrue(); // the file system is there for others
        nursery.cancel();
      });
      assertThat(steps[0]).isEqualTo(1000);
      releaseReaders(fifo);
    });
  }

  /**
   * Those left behind wait for a writer: gives them one, and sees that what they opened is closed.
   */
  private static void releaseReaders(Path fifo) throws Exception {
    AsyncFile.open(fifo, StandardOpenOption.WRITE).close();
    while (isOpen(fifo)) {
      Roost.checkpoint();
    }
  }

  private static boolean isOpen(Path file) throws Exception {
    var descriptors = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(descriptors), "there is no /proc/self/fd");
    try (var all = Files.newDirectoryStream(descriptors)) {
      for (var descriptor : all) {
        try {
          if (Files.readSymbolicLink(descriptor).equals(file.toRealPath())) {
            return true;
          }
        } catch (NoSuchFileException gone) {
          continue; // it was closed just now
        }
      }
    }
    return false;
  }

  @Test
  void fifo_loses_nothing_that_a_cancelled_read_brings() throws Exception {
    Roost.run(() -> {
      var fifo = Fifo.make(folder, "fifo");
      Nursery.run(nursery -> {
        var ends = new AsyncFile[2];
        nursery.start(() -> ends[0] = AsyncFile.open(fifo));
        ends[1] = AsyncFile.open(fifo, StandardOpenOption.WRITE);
        while (ends[0] == null) {
          Roost.checkpoint();
        }
        try (var in = ends[0];
            var out = ends[1]) {
          for (int i = 0; i < 10; i++) {
            assertThat(CancelScope.moveOnAfter(Duration.ofMillis(1)).run(() -> in.read(100)))
                .isFalse();
            out.write("line " + i);
            assertThat(new String(in.read(2))).isEqualTo("li");
            assertThat(new String(in.read(100))).isEqualTo("ne " + i);
          }
          assertThat(in.position()).isEqualTo(60);
        }
      });
    });
  }

  @Test
  void full_fifo_keeps_nobody() throws Exception {
    Roost.run(() -> {
      var fifo = Fifo.make(folder, "fifo");
      Nursery.run(nursery -> {
        var ends = new AsyncFile[1];
        nursery.start(() -> ends[0] = AsyncFile.open(fifo));
        try (var out = AsyncFile.open(fifo, StandardOpenOption.WRITE)) {
          while (ends[0] == null) {
            Roost.checkpoint();
          }
          var src = ByteBuffer.allocate(1 << 20);
          Nursery.run(writers -> {
            writers.start(() -> out.write(src));
            while (src.position() == 0) {
              Roost.checkpoint();
            }
            writers.cancel();
          });
          assertThat(src.position()).isPositive().isLessThan(src.capacity());
          try (var in = ends[0]) {
            int count = 0;
            while (count < src.position()) {
              count += in.read(1 << 20).length;
            }
            assertThat(count).isEqualTo(src.position());
          }
        }
      });
    });
  }

  @Test
  @SuppressWarnings("try") // closes before the end of the block
  void closing_ends_a_read_of_a_fifo() throws Exception {
    Roost.run(() -> {
      var fifo = Fifo.make(folder, "fifo");
      Nursery.run(nursery -> {
        var ends = new AsyncFile[1];
        nursery.start(() -> ends[0] = AsyncFile.open(fifo));
        try (var _ = AsyncFile.open(fifo, StandardOpenOption.WRITE)) {
          while (ends[0] == null) {
            Roost.checkpoint();
          }
          nursery.start(() ->
              assertThatExceptionOfType(ClosedChannelException.class)
                  .isThrownBy(() -> ends[0].read(1)));
          Testing.waitAllTasksBlocked(Duration.ofNanos(1));
          ends[0].close();
        }
      });
    });
  }
}
