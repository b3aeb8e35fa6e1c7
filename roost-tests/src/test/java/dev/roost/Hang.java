package dev.roost;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns a run that hangs into a failure that shows all threads, the virtual ones too. */
public final class Hang {

  private static final int LIMIT_SECONDS = 30;

  private Hang() {}

  /** What may hang. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  /** Runs the body on a platform thread of its own; what it throws is thrown here. */
  public static void fails(Body body) throws Exception {
    fails(Thread.ofPlatform().daemon().name("may-hang"), body);
  }

  /** Runs the body on a thread of that kind. */
  public static void fails(Thread.Builder threads, Body body) throws Exception {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    threads.start(() -> {
      try {
        body.run();
        ended.complete(null);
      } catch (Throwable t) {
        ended.completeExceptionally(t);
      }
    });
    try {
      ended.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("It hangs. All threads:\n" + dump(), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) e.getCause();
    }
  }

  private static String dump() throws IOException {
    Path file = Files.createTempDirectory("roost").resolve("threads.txt");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(file.toString(), HotSpotDiagnosticMXBean.ThreadDumpFormat.TEXT_PLAIN);
    return Files.readString(file);
  }
}
