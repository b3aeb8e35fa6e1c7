package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
import dev.roost.sync.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples in the documentation of this package. */
class ChannelSamplesTest {

  @Test
  void channel() throws Exception {
    List<String> saved = new ArrayList<>();
    Roost.run(() -> {
      // @start region="channel"
      var pages = MemoryChannel.<String>open(10);
      Nursery.run(nursery -> {
        nursery.start(() -> {
          try (var sender = pages.sender()) {
            for (int i = 1; i <= 3; i++) {
              sender.send("page " + i);
            }
          } // the last send end is closed: the channel ends
        });
        try (var receiver = pages.receiver()) {
          receiver.forEach(page -> saved.add(page));
        }
      });
      // @end
    });
    assertThat(saved).containsExactly("page 1", "page 2", "page 3");
  }

  @Test
  void select() throws Exception {
    List<String> log = new ArrayList<>();
    var orders = MemoryChannel.<String>open(1);
    var replies = MemoryChannel.<String>open(0);
    Event closing = new Event();
    Roost.run(() -> {
      orders.sender().send("tea");
      // @start region="select"
      String news =
          Select.call(
              Select.receive(orders.receiver()).call(order -> "an order: " + order),
              Select.send(replies.sender(), "still here").call(() -> "somebody took the reply"),
              Select.on(closing).call(() -> "we are closing"),
              Select.after(Duration.ofSeconds(5)).call(() -> "nothing for five seconds"));
      // @end
      log.add(news);
    });
    assertThat(log).containsExactly("an order: tea");
  }

  // @start region="lockstep"
  private void powersOfTwo(Lockstep.Outlet<Integer> out) throws InterruptedException {
    for (int power = 1; ; power *= 2) {
      out.send(power);
    }
  }

  private int firstAbove(int limit) throws InterruptedException {
    return Lockstep.of(this::powersOfTwo)
        .call(powers -> {
          while (true) {
            int power = powers.receive();
            if (power > limit) {
              return power; // powersOfTwo is cancelled and gone when the block ends
            }
          }
        });
  }

  // @end

  @Test
  void lockstep() throws Exception {
    assertThat(Roost.<Integer, RuntimeException>call(() -> firstAbove(1000))).isEqualTo(1024);
  }
}
