package dev.roost.bench.soak;

import dev.roost.TaskTree;
import dev.roost.internal.Fiber;
import dev.roost.internal.Poller;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What a run still holds when only its main task is left, and has nothing more to do. */
record Leftovers(long otherTasks, int selectorKeys, int waiters) {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

  static Leftovers ofThisRun() {
    Poller poller = Fiber.currentFiber().scheduler().poller();
    poller.flush();
    return new Leftovers(
        TaskTree.current().toString().lines().count() - 1, poller.registered(), poller.waiters());
  }

  void check() {
    if (otherTasks != 0 || selectorKeys != 0 || waiters != 0) {
      throw new IllegalStateException("Something is left in a run: " + this);
    }
  }

  /**
   * What the descriptors that this process has open stand for; empty where the system does not
   * tell.
   */
  static Map<String, String> descriptors() throws IOException {
    Map<String, String> open = new TreeMap<>();
    if (Files.isDirectory(DESCRIPTORS)) {
      try (DirectoryStream<Path> links = Files.newDirectoryStream(DESCRIPTORS)) {
        for (Path link : links) {
          try {
            open.put(link.getFileName().toString(), Files.readSymbolicLink(link).toString());
          } catch (NoSuchFileException e) {
            // It was that of the folder itself, or has just been closed.
          }
        }
      }
    }
    return open;
  }
}
