package dev.roost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.channel.ChannelClosedException;
import dev.roost.channel.EndOfChannelException;
import dev.roost.channel.ReceiveChannel;
import dev.roost.testing.Testing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lines, folders, trees and changes as channels. */
@Timeout(60)
class FileChannelsTest {

  @TempDir Path folder;

  private static <T> List<T> all(ReceiveChannel<T> channel) throws InterruptedException {
    var all = new ArrayList<T>();
    channel.forEach(all::add);
    return all;
  }

  /** Receives, and is cancelled while it waits for what the system brings. */
  private static void cancelWhileReceiving(ReceiveChannel<?> channel) throws InterruptedException {
    var scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() -> assertThat(scope.run(channel::receive)).isFalse());
      Testing.waitAllTasksBlocked();
      assertThat(channel.statistics().tasksWaitingToReceive()).isOne();
      scope.cancel();
    });
  }

  @Test
  void lines_come_in_order_and_end() throws Exception {
    var expected = IntStream.range(0, 10_000).mapToObj(i -> "line " + i).toList();
    var file = Files.write(folder.resolve("file"), expected);
    Roost.run(() -> {
      try (var lines = AsyncFiles.lines(file)) {
        assertThat(lines.receiveNow()).isEmpty(); // none was fetched yet
        assertThat(lines.receive()).isEqualTo("line 0");
        assertThat(lines.receiveNow()).hasValue("line 1");
        assertThat(lines.receiveOrEnd()).hasValue("line 2");
        assertThat(lines.statistics().bufferUsed()).isBetween(1, 1000); // by no means all
        assertThat(lines.statistics().openSendEnds()).isEqualTo(1);
        assertThat(lines).hasToString("ReceiveChannel[the lines of " + file + "]");
        assertThat(all(lines)).isEqualTo(expected.subList(3, expected.size()));
        assertThat(lines.receiveOrEnd()).isEmpty();
        assertThat(lines.statistics().openSendEnds()).isZero();
        assertThatExceptionOfType(EndOfChannelException.class)
            .isThrownBy(lines::receive)
            .withMessageContaining("there is no more of the lines of " + file);
        assertThatExceptionOfType(EndOfChannelException.class).isThrownBy(lines::receiveNow);
      }
    });
  }

  @Test
  void receiving_is_a_checkpoint() throws Exception {
    var file = Files.write(folder.resolve("file"), List.of("a", "b"));
    Roost.run(() -> {
      try (var lines = AsyncFiles.lines(file)) {
        Testing.assertCheckpoints(lines::receive); // fetches
        Testing.assertCheckpoints(lines::receive); // is there
        Testing.assertCheckpoints(lines::receiveOrEnd); // the end
        Testing.assertCheckpoints(lines::receiveOrEnd);
        Testing.assertNoCheckpoints(lines::close);
      }
    });
  }

  @Test
  void errors_are_unchecked() throws Exception {
    var file = Files.write(folder.resolve("file"), new byte[] {-1, -1});
    Roost.run(() -> {
      assertThatExceptionOfType(NoSuchFileException.class)
          .isThrownBy(() -> AsyncFiles.lines(folder.resolve("none")));
      try (var lines = AsyncFiles.lines(file)) {
        for (int i = 0; i < 2; i++) { // for ever
          assertThatExceptionOfType(UncheckedIOException.class)
              .isThrownBy(lines::receive)
              .withMessageStartingWith("Receiving the lines of " + file + " failed: ")
              .withCauseInstanceOf(MalformedInputException.class);
        }
      }
    });
  }

  @Test
  void line_that_is_there_need_not_wait_for_the_next() throws Exception {
    Roost.run(() -> {
      var fifo = Fifo.make(folder, "fifo");
      Nursery.run(nursery -> {
        nursery.start(() -> {
          try (var lines = AsyncFiles.lines(fifo)) {
            assertThat(lines.receive()).isEqualTo("one");
            cancelWhileReceiving(lines);
            nursery.start(() -> AsyncFiles.writeString(fifo, "two\n", StandardOpenOption.APPEND));
            assertThat(lines.receive()).isEqualTo("two"); // what the cancelled one has brought
            nursery.cancel();
          }
        });
        try (var out = AsyncFile.open(fifo, StandardOpenOption.WRITE)) {
          out.write("one\n");
          Roost.sleepForever();
        }
      });
    });
  }

  @Test
  void closing_wakes_who_waits() throws Exception {
    Roost.run(() -> {
      var fifo = Fifo.make(folder, "fifo");
      Nursery.run(nursery -> {
        var opened = new ArrayList<ReceiveChannel<String>>();
        nursery.start(() -> opened.add(AsyncFiles.lines(fifo)));
        try (var _ = AsyncFile.open(fifo, StandardOpenOption.WRITE)) {
          while (opened.isEmpty()) {
            Roost.checkpoint();
          }
          var lines = opened.getFirst();
          for (int i = 0; i < 2; i++) {
            nursery.start(() ->
                assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(lines::receive));
          }
          Testing.waitAllTasksBlocked(Duration.ofNanos(1));
          assertThat(lines.statistics().tasksWaitingToReceive()).isEqualTo(2);
          lines.close();
          lines.close();
        }
        assertThat(opened.getFirst()).asString().startsWith("ReceiveChannel[closed, the lines of");
        assertThatExceptionOfType(ChannelClosedException.class)
            .isThrownBy(() -> opened.getFirst().receive());
      });
    });
  }

  @Test
  void copies_compete_for_the_items() throws Exception {
    var expected = IntStream.range(0, 1000).mapToObj(i -> "line " + i).toList();
    var file = Files.write(folder.resolve("file"), expected);
    Roost.run(() -> {
      var received = new ArrayList<String>();
      try (var lines = AsyncFiles.lines(file)) {
        Nursery.run(nursery -> {
          for (int i = 0; i < 3; i++) {
            var copy = lines.copy();
            nursery.start(() -> {
              try (copy) {
                copy.forEach(received::add);
              }
            });
          }
        });
        assertThat(lines.statistics().openReceiveEnds()).isEqualTo(1);
      }
      assertThat(received).containsExactlyInAnyOrderElementsOf(expected);
    });
  }

  @Test
  void what_was_not_received_is_counted_as_dropped() throws Exception {
    var file = Files.write(folder.resolve("file"), List.of("a", "b", "c"));
    Roost.run(() -> {
      var lines = AsyncFiles.lines(file);
      assertThat(lines.receive()).isEqualTo("a");
      lines.close();
      assertThat(lines.statistics().itemsDropped()).isEqualTo(2);
      assertThat(lines.statistics().peakBufferUsed()).isEqualTo(3);
    });
  }

  @Test
  void folders_and_trees_come_as_channels() throws Exception {
    for (int i = 0; i < 200; i++) {
      Files.createDirectories(folder.resolve("sub/" + i));
    }
    Roost.run(() -> {
      try (var listed = AsyncFiles.list(folder.resolve("sub"));
          var walked = AsyncFiles.walk(folder);
          var shallow = AsyncFiles.walk(folder, 1);
          var found = AsyncFiles.find(folder, 9, (path, _) -> path.endsWith("17"))) {
        assertThat(all(listed)).hasSize(200);
        assertThat(walked.receive()).isEqualTo(folder);
        assertThat(walked.statistics().bufferUsed()).isLessThan(100);
        assertThat(all(walked)).hasSize(201);
        assertThat(all(shallow)).containsExactly(folder, folder.resolve("sub"));
        assertThat(all(found)).containsExactly(folder.resolve("sub/17"));
      }
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> AsyncFiles.list(folder.resolve("none")));
    });
  }

  @Test
  void tree_that_vanishes_meanwhile_is_an_error() throws Exception {
    for (int i = 0; i < 200; i++) {
      Files.createDirectories(folder.resolve("sub/" + i + "/x"));
    }
    Roost.run(() -> {
      try (var walked = AsyncFiles.walk(folder.resolve("sub"))) {
        assertThat(walked.receive()).isEqualTo(folder.resolve("sub"));
        AsyncFiles.deleteTree(folder.resolve("sub"));
        assertThatExceptionOfType(UncheckedIOException.class)
            .isThrownBy(() -> all(walked))
            .withCauseInstanceOf(NoSuchFileException.class);
      }
    });
  }

  @Test
  void changes_of_a_folder_come_until_it_is_gone() throws Exception {
    var watched = Files.createDirectory(folder.resolve("watched"));
    Roost.run(() -> {
      try (var changes = AsyncFiles.watch(watched)) {
        cancelWhileReceiving(changes);
        Files.createFile(watched.resolve("a"));
        assertThat(changes.receive())
            .isEqualTo(new FileChange(FileChange.Kind.CREATED, watched.resolve("a")));
        Files.writeString(watched.resolve("a"), "x");
        assertThat(changes.receive())
            .isEqualTo(new FileChange(FileChange.Kind.MODIFIED, watched.resolve("a")));
        Files.delete(watched.resolve("a"));
        FileChange last = changes.receive();
        while (last.kind() == FileChange.Kind.MODIFIED) { // as often as the system likes
          last = changes.receive();
        }
        assertThat(last).isEqualTo(new FileChange(FileChange.Kind.DELETED, watched.resolve("a")));
        Files.delete(watched);
        assertThat(changes.receiveOrEnd()).isEmpty();
      }
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> AsyncFiles.watch(folder.resolve("none")));
    });
  }

  @Test
  void channel_left_open_is_closed_by_the_run() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "x");
    var left = Roost.call(() -> AsyncFiles.lines(file));
    assertThat(left).asString().startsWith("ReceiveChannel[closed, ");
  }
}
