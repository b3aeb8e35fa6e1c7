package dev.roost.process;

import dev.roost.CancelScope;
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

  private final List<RunningProcess> cats = new ArrayList<>();

  private OneWayPair<SendStream, ReceiveStream> cat() throws Exception {
    var cat = Processes.open("cat");
    cats.add(cat);
    return new OneWayPair<>(cat.stdin(), cat.stdout());
  }

  private OneWayPair<SendStream, ReceiveStream> clogged() throws Exception {
    var pair = cat();
    var much = ByteBuffer.allocate(16 * 1024 * 1024);
    int before;
    do { // until it gets no further
      before = much.position();
      CancelScope.moveOnAfter(Duration.ofMillis(50)).run(() -> pair.sender().sendAll(much));
    } while (before == 0 || much.position() > before);
    return pair;
  }

  @Test
  void pipes_pass_the_checks() throws Exception {
    Roost.run(() -> {
      StreamChecks.oneWay(this::cat, this::clogged);
      cats.forEach(RunningProcess::close);
    });
  }
}
