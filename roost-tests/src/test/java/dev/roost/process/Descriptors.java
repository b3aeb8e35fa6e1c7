package dev.roost.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Assumptions;

/** What this JVM has open and has started. */
final class Descriptors {

  private Descriptors() {}

  /** How many pipes are open; skips the test where the system does not tell. */
  static long pipes() throws IOException {
    var descriptors = Path.of("/proc/self/fd");
    Assumptions.assumeTrue(Files.isDirectory(descriptors), "there is no /proc/self/fd");
    long count = 0;
    try (var all = Files.newDirectoryStream(descriptors)) {
      for (var descriptor : all) {
        try {
          if (Files.readSymbolicLink(descriptor).toString().startsWith("pipe:")) {
            count++;
          }
        } catch (NoSuchFileException gone) {
          continue; // the stream over this folder itself, or what another thread has just closed
        }
      }
    }
    return count;
  }

  /** Whether the system has a process of that number, a zombie counting as one. */
  static boolean isThere(long pid) {
    return Files.exists(Path.of("/proc/" + pid));
  }

  /** Waits, without a run, until a number that other threads change is what it should be. */
  static void await(LongSupplier number, long expected) {
    while (number.getAsLong() != expected) {
      Thread.onSpinWait();
    }
  }
}
