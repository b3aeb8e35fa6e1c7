package dev.roost.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a process goes on that is not a child of this one. */
final class Liveness {

  private Liveness() {}

  /**
   * False also for a zombie, which the JDK counts as alive: whoever adopted it has not looked at
   * its exit code yet, and perhaps never will.
   */
  static boolean goesOn(ProcessHandle process) {
    return process.isAlive() && !isZombie(process.pid());
  }

  /** Linux tells: the state comes after the name, which is in parentheses. */
  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) { // another system, or it is gone: its handle knows
      return false;
    }
  }
}
