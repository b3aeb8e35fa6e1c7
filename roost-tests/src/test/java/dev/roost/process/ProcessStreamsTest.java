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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pipes of a process keep what streams have to keep: what goes into cat comes out of it. */
@Timeout(120)
class ProcessStreamsTest {

  /** So many pairs are clogged at once, for it takes a while to see that nothing moves. */
  private static final int AT_ONCE = 12;

  private static final byte[] MUCH = new byte[4 * 1024 * 1024];

  private final List<RunningProcess> cats = new ArrayList<>();
  private final Deque<OneWayPair<SendStream, ReceiveStream>> clogged = new ArrayDeque<>();

  private OneWayPair<SendStream, ReceiveStream> cat() throws Exception {
    var cat = Processes.open("cat");
    cats.add(cat);
    return new OneWayPair<>(cat.stdin(), cat.stdout());
  }

  private OneWayPair<SendStream, ReceiveStream> clogged() throws Exception {
    if (clogged.isEmpty()) {
      Nursery.run(nursery -> {
        for (int i = 0; i < AT_ONCE; i++) {
          nursery.start(() -> clogged.add(clog(cat())));
        }
      });
    }
    return clogged.remove();
  }

  private static OneWayPair<SendStream, ReceiveStream> clog(
      OneWayPair<SendStream, ReceiveStream> pair) throws Exception {
    var much = ByteBuffer.wrap(MUCH);
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
