package dev.roost.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which signals this JVM hears: those that were not ignored when it was started. */
public final class Heard {

  /** What {@code nohup} has programs ignore. */
  public static final int HUP = 1;

  static final int INT = 2;

  private Heard() {}

  public static boolean isHeard(int number) throws IOException {
    var status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return true;
    }
    for (var line : Files.readAllLines(status)) {
      if (line.startsWith("SigIgn:")) {
        long ignored = Long.parseUnsignedLong(line.substring(7).strip(), 16);
        return (ignored & (1L << (number - 1))) == 0;
      }
    }
    return true;
  }
}
