package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.AsyncRunnable;
import dev.roost.CancelScope;
import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * A resource goes through a channel while somebody cancels or closes: in each order of events it is
 * with the sender, in the buffer or with the receiver, in one of these places.
 */
class HandOverTest {

  private static final int ORDERS = 5;

  private enum Trouble {
    NONE,
    CANCEL_SENDER,
    CANCEL_RECEIVER,
    CANCEL_BOTH,
    CLOSE_SENDER,
    CLOSE_RECEIVER
  }

  private final Set<String> seen = new HashSet<>();

  /** All that happens to one resource. */
  private final class Journey {
    private final MemoryChannel.Ends<Object> ends;
    private final Object resource = new Object();
    private final CancelScope sending = CancelScope.create();
    private final CancelScope receiving = CancelScope.create();
    private final boolean select;
    private final List<String> places = new ArrayList<>();

    Journey(MemoryChannel.Ends<Object> ends, boolean select) {
      this.ends = ends;
      this.select = select;
    }

    void send() throws InterruptedException {
      boolean[] sent = {false};
      try {
        var unused =
            sending.run(() -> {
              if (select) {
                Select.run(
                    Select.send(ends.sender(), resource).run(() -> sent[0] = true),
                    Select.on(new Event()).run(() -> {}));
              } else {
                ends.sender().send(resource);
                sent[0] = true;
              }
            });
      } catch (ChannelClosedException | BrokenChannelException e) {
        assertThat(sent[0]).isFalse();
      }
      if (!sent[0]) {
        places.add("sender");
      }
    }

    void receive() throws InterruptedException {
      try {
        var unused =
            receiving.run(() -> {
              if (select) {
                Select.run(
                    Select.on(new Event()).run(() -> {}),
                    Select.receive(ends.receiver()).run(this::received));
              } else {
                received(ends.receiver().receive());
              }
            });
      } catch (ChannelClosedException | EndOfChannelException e) {
        return;
      }
    }

    private void received(Object got) {
      assertThat(got).isSameAs(resource);
      places.add("receiver");
    }

    void trouble(Trouble what) {
      switch (what) {
        case NONE -> {}
        case CANCEL_SENDER -> sending.cancel();
        case CANCEL_RECEIVER -> receiving.cancel();
        case CANCEL_BOTH -> {
          receiving.cancel();
          sending.cancel();
        }
        case CLOSE_SENDER -> ends.sender().close();
        case CLOSE_RECEIVER -> ends.receiver().close();
        default -> throw new AssertionError(what);
      }
    }

    void check(String order) {
      ChannelStatistics left = ends.sender().statistics();
      for (int i = 0; i < left.bufferUsed() + left.itemsDropped(); i++) {
        places.add("buffer");
      }
      assertThat(places).as(order).hasSize(1);
      seen.add(places.getFirst());
    }
  }

  private static AsyncRunnable<RuntimeException> after(
      int checkpoints, AsyncRunnable<RuntimeException> action) {
    return () -> {
      for (int i = 0; i < checkpoints; i++) {
        Roost.checkpoint();
      }
      action.run();
    };
  }

  private void enumerate(Supplier<MemoryChannel.Ends<Object>> opener, boolean select)
      throws InterruptedException {
    for (Trouble trouble : Trouble.values()) {
      for (int order = 0; order < ORDERS * ORDERS * ORDERS; order++) {
        int s = order % ORDERS;
        int r = order / ORDERS % ORDERS;
        int t = order / ORDERS / ORDERS;
        String name = trouble + " after " + t + ", send after " + s + ", receive after " + r;
        Journey journey = new Journey(opener.get(), select);
        Nursery.run(nursery -> {
          nursery.start(after(s, journey::send));
          nursery.start(after(r, journey::receive));
          nursery.start(after(t, () -> journey.trouble(trouble)));
          for (int i = 0; i < 3 * ORDERS; i++) {
            Roost.checkpoint();
          }
          journey.sending.cancel();
          journey.receiving.cancel();
        });
        journey.check(name);
      }
    }
  }

  @Test
  void rendezvous_inEachOrder_resourceIsInOnePlace() throws Exception {
    Roost.with().checkpointBudget(1).run(() -> enumerate(() -> MemoryChannel.open(0), false));
    assertThat(seen).containsExactlyInAnyOrder("sender", "receiver");
  }

  @Test
  void buffer_inEachOrder_resourceIsInOnePlace() throws Exception {
    Roost.with().checkpointBudget(1).run(() -> enumerate(() -> MemoryChannel.open(1), false));
    assertThat(seen).containsExactlyInAnyOrder("sender", "receiver", "buffer");
  }

  @Test
  void select_inEachOrder_resourceIsInOnePlace() throws Exception {
    Roost.with().checkpointBudget(1).run(() -> enumerate(() -> MemoryChannel.open(0), true));
    assertThat(seen).containsExactlyInAnyOrder("sender", "receiver");
  }

  /** Whoever is served hears of it a step later, and much may happen in between. */
  @Test
  void selectBetweenRuns_inEachOrder_resourceIsInOnePlace() throws Exception {
    Roost.with()
        .checkpointBudget(1)
        .run(() -> {
          enumerate(() -> CrossRunChannel.open(0), true);
          assertThat(seen).containsExactlyInAnyOrder("sender", "receiver");
          enumerate(() -> CrossRunChannel.open(1), true);
        });
    assertThat(seen).containsExactlyInAnyOrder("sender", "receiver", "buffer");
  }
}
