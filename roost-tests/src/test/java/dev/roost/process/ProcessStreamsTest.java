package dev.roost.process;

import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.io.ReceiveStream;
import dev.roost.io.SendStream;
import dev.roost.testing.OneWayPair;
import dev.roost.testing.StreamChecks;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipes of a process keep what streams have to keep: what goes into cat comes out of it. */
@Timeout(120)
class ProcessStreamsTest {

  /** What a writer hands over at once, and what a pipe of the system holds. */
  private static final int PIPE = 64 * 1024;

  private final List<RunningProcess> processes = new ArrayList<>();

  private OneWayPair<SendStream, ReceiveStream> pair(String script) throws Exception {
    var process = Processes.open("sh", "-c", script);
    processes.add(process);
    return new OneWayPair<>(process.stdin(), process.stdout());
  }

  private OneWayPair<SendStream, ReceiveStream> cat() throws Exception {
    return pair("exec cat");
  }

  /** It does not listen before somebody has taken what it has to say, which is more than fits. */
  private OneWayPair<SendStream, ReceiveStream> clogged() throws Exception {
    var pair = pair("head -c 1000000 /dev/zero; exec cat");
    var much = ByteBuffer.allocate(4 * PIPE);
    var scope = CancelScope.create();
    Nursery.run(nursery -> {
      nursery.start(() -> scope.run(() -> pair.sender().sendAll(much)));
      while (much.position() < 2 * PIPE) { // one is in the pipe then, and one does not get in
        Roost.sleep(Duration.ofMillis(1));
      }
      scope.cancel();
    });
    return pair;
  }

  @Test
  void pipes_pass_the_checks() throws Exception {
    Roost.run(() -> {
      StreamChecks.oneWay(this::cat, this::clogged);
      processes.forEach(RunningProcess::close);
    });
  }
}
