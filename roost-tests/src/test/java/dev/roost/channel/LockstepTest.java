package dev.roost.channel;

import static dev.roost.sync.Blocked.untilAllBlocked;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roost.CancelScope;
import dev.roost.Cancelled;
import dev.roost.ExceptionGroup;
import dev.roost.Roost;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LockstepTest {

  private final List<Object> log = new ArrayList<>();

  private void numbers(Lockstep.Outlet<Integer> out) throws InterruptedException {
    try {
      for (int i = 0; i < 3; i++) {
        log.add("makes " + i);
        out.send(i);
      }
      log.add("done");
    } catch (Cancelled cancelled) {
      log.add("cancelled");
      throw cancelled;
    } finally {
      log.add("cleans up");
    }
  }

  @Test
  void items_areMadeOnlyWhenAskedFor() throws Exception {
    Roost.run(() ->
        Lockstep.of(this::numbers)
            .run(items -> {
              untilAllBlocked();
              assertThat(log).isEmpty();
              assertThat(items.receive()).isZero();
              untilAllBlocked();
              assertThat(log).containsExactly("makes 0");
              assertThat(items.receiveNow()).isEmpty();
              assertThat(items.receive()).isEqualTo(1);
              assertThat(items.receive()).isEqualTo(2);
              untilAllBlocked();
              assertThat(log).containsExactly("makes 0", "makes 1", "makes 2");
              assertThat(items.receiveOrEnd()).isEmpty();
              assertThat(log).containsExactly("makes 0", "makes 1", "makes 2", "done", "cleans up");
            }));
  }

  @Test
  void consumerLeavesEarly_producerCleansUpBeforeTheBlockEnds() throws Exception {
    Roost.run(() -> {
      Lockstep<Integer, RuntimeException> numbers = Lockstep.of(this::numbers);
      for (int round = 0; round < 2; round++) {
        int first = numbers.call(items -> items.receive());
        assertThat(first).isZero();
        assertThat(log).containsExactly("makes 0", "cancelled", "cleans up");
        log.clear();
      }
      numbers.run(items -> {});
      assertThat(log).isEmpty();
    });
  }

  @Test
  void producerFails_itsErrorComesOutAsItIs() throws Exception {
    IOException boom = new IOException("boom");
    Lockstep<Integer, IOException> failing =
        Lockstep.of(out -> {
          out.send(1);
          throw boom;
        });
    Roost.run(() -> {
      assertThatThrownBy(() -> failing.run(items -> items.forEach(log::add))).isSameAs(boom);
      assertThat(log).containsExactly(1);
    });
  }

  @Test
  void consumerFails_itsErrorComesOutAsItIs() throws Exception {
    IOException boom = new IOException("boom");
    AssertionError bug = new AssertionError("bug");
    Roost.run(() -> {
      assertThatThrownBy(() ->
              Lockstep.of(this::numbers)
                  .run(items -> {
                    items.receive();
                    throw boom;
                  }))
          .isSameAs(boom);
      assertThat(log).containsExactly("makes 0", "cancelled", "cleans up");
      assertThatThrownBy(() ->
              Lockstep.of(this::numbers)
                  .run(_ -> {
                    throw bug;
                  }))
          .isSameAs(bug);
    });
  }

  @Test
  void bothFail_theErrorsComeOutInAGroup() throws Exception {
    Lockstep<Integer, IOException> failing =
        Lockstep.of(out -> {
          try {
            out.send(1);
          } finally {
            throwIt(new IOException("in cleanup"));
          }
        });
    Roost.run(() ->
        assertThatThrownBy(() ->
                failing.run(items -> {
                  items.receive();
                  throw new IllegalArgumentException("consumer");
                }))
            .isInstanceOfSatisfying(
                ExceptionGroup.class, group -> assertThat(group.errors()).hasSize(2)));
  }

  private static void throwIt(IOException error) throws IOException {
    throw error;
  }

  @Test
  void afterTheBlock_theChannelIsClosed() throws Exception {
    List<ReceiveChannel<Integer>> kept = new ArrayList<>();
    Roost.run(() -> {
      Lockstep.of(this::numbers).run(kept::add);
      assertThatThrownBy(() -> kept.getFirst().receive())
          .isInstanceOf(ChannelClosedException.class);
    });
  }

  @Test
  void cancelledFromOutside_bothUnwind() throws Exception {
    Roost.run(() -> {
      CancelScope scope = CancelScope.create();
      boolean done =
          scope.run(() ->
              Lockstep.of(this::numbers)
                  .run(items -> {
                    items.receive();
                    scope.cancel();
                    items.receive();
                  }));
      assertThat(done).isFalse();
      assertThat(log).contains("cleans up");
    });
  }
}
