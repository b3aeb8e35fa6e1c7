package dev.roost;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells what a thread is stuck at. The lock that it is parked for is known at once. For which
 * monitor a virtual thread waits, and who has it, stands in a thread dump alone, so one is made for
 * that: it costs a while, on the thread of the stall watch.
 */
final class Contention {

  private static final Pattern HEAD = Pattern.compile("#(\\d+) \"(.*)\".*");
  private static final Pattern AT_CHECKPOINT =
      Pattern.compile("dev\\.roost\\.internal\\.Fiber\\.(?!run\\()");
  private static final Pattern WANTED = Pattern.compile("\\s*- waiting to lock <(.+)>");

  private Contention() {}

  /** What the thread waits for, empty if the JVM does not tell. */
  static String of(Thread thread) {
    Object blocker = LockSupport.getBlocker(thread);
    if (blocker != null) {
      return Texts.of(blocker);
    }
    return thread.getState() == Thread.State.BLOCKED
        ? monitorOf(thread.threadId(), Contention::dump)
        : "";
  }

  /** Makes a thread dump. */
  interface Dump {
    List<String> lines() throws IOException;
  }

  static String monitorOf(long threadId, Dump dump) {
    try {
      return monitorOf(threadId, dump.lines());
    } catch (IOException | RuntimeException | LinkageError e) { // or a JDK without these modules
      System.getLogger("dev.roost")
          .log(System.Logger.Level.DEBUG, "Roost: this JVM does not tell who has a monitor", e);
      return "a monitor";
    }
  }

  private static List<String> dump() throws IOException {
    Path folder = Files.createTempDirectory("roost");
    Path file = folder.resolve("threads.txt");
    try {
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
          .dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
      return Files.readAllLines(file);
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /** Finds in a dump what the thread waits for, and the thread that has it. */
  static String monitorOf(long threadId, List<String> dump) {
    String wanted = null;
    long at = 0;
    for (String line : dump) {
      Matcher head = HEAD.matcher(line);
      Matcher found = WANTED.matcher(line);
      if (head.matches()) {
        at = Long.parseLong(head.group(1));
      } else if (at == threadId && found.matches()) {
        wanted = found.group(1);
      }
    }
    if (wanted == null) {
      return "a monitor"; // it has got it meanwhile
    }
    Owner owner = ownerOf(wanted, dump);
    return "the monitor of " + wanted + (owner == null ? "" : ", which " + owner.inWords());
  }

  /** Who has a monitor, and whether it is a task that waits at a checkpoint meanwhile. */
  private record Owner(String thread, boolean atCheckpoint) {

    String inWords() {
      return "the thread "
          + thread
          + " has"
          + (atCheckpoint
              ? " over a checkpoint: if that is a task of this run, neither of them can ever go on, and a"
                  + " dev.roost.sync.Lock is what to hold there"
              : "");
    }
  }

  private static @Nullable Owner ownerOf(String monitor, List<String> dump) {
    String owned = "- locked <" + monitor + ">";
    String at = null;
    boolean atCheckpoint = false;
    for (String line : dump) {
      Matcher head = HEAD.matcher(line);
      if (head.matches()) {
        String name = head.group(2);
        at = name.isEmpty() ? "#" + head.group(1) : name;
        atCheckpoint = false;
      } else if (at != null && line.strip().equals(owned)) {
        return new Owner(at, atCheckpoint);
      } else { // the innermost frames come first
        atCheckpoint |= AT_CHECKPOINT.matcher(line).find();
      }
    }
    return null;
  }
}
