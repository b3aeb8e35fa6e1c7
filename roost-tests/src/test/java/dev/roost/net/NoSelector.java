package dev.roost.net;

import dev.roost.Carrier;
import dev.roost.Roost;
import dev.roost.internal.Fiber;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A program to be run where descriptors are few: uses up all of them before a virtual thread waits
 * in a selector for the first time, for which the JDK needs some more. That it does not get them is
 * something that it never gets over, so there is a JVM for this alone.
 */
final class NoSelector {

  private NoSelector() {}

  public static void main(String[] args) throws Exception {
    FewDescriptors.loadClasses();
    Roost.with()
        .carrier(Carrier.SHARED)
        .run(() -> {
          Pipe pipe = Pipe.open();
          pipe.source().configureBlocking(false);
          Fiber me = Fiber.currentFiber();
          boolean ready = me.scheduler().poller().isReady(me, pipe.source(), true);
          System.out.println("the run has a selector, and the pipe is ready: " + ready);
          List<AutoCloseable> hoard = hoard();
          try {
            Readiness.waitReadable(pipe.source());
          } catch (IOException e) {
            for (var one : hoard) {
              one.close();
            }
            System.out.println(e.getMessage());
          }
          Roost.sleep(Duration.ofMillis(1));
          System.out.println("timers still work");
          Readiness.closed();
        });
  }

  private static List<AutoCloseable> hoard() {
    List<AutoCloseable> hoard = new ArrayList<>();
    try {
      while (true) {
        hoard.add(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      return hoard;
    }
  }
}
