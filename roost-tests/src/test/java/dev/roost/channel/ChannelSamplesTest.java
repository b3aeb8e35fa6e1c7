package dev.roost.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Nursery;
import dev.roost.Roost;
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
}
