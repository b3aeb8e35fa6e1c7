package dev.roost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends a JVM that is asked a second time; that it does, the tests of the examples show. */
class SecondSignalTest {

  private static final int STATUS_OF_USR2 = 128 + 12;

  @Test
  @Timeout(30)
  void signal_givesTheStatusOfItsKind() throws Exception {
    assumeTrue(System.getProperty("os.name").equals("Linux"), "the number of the signal");
    CompletableFuture<Integer> status = new CompletableFuture<>();
    SecondSignal.arm("USR2", status::complete);
    String pid = Long.toString(ProcessHandle.current().pid());
    assertThat(new ProcessBuilder("kill", "-USR2", pid).start().waitFor()).isZero();

    assertThat(status.get()).isEqualTo(STATUS_OF_USR2);
  }

  @Test
  void signalThatCannotBeHandled_isLeftAlone() {
    SecondSignal.arm(
        "NO_SUCH",
        _ -> {
          throw new AssertionError("it came all the same");
        });
  }
}
