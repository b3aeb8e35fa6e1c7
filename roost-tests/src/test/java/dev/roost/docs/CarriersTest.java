package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Carrier;
import dev.roost.Roost;
import dev.roost.Runs;
import dev.roost.channel.CrossRunChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The samples in docs/carriers.md. */
class CarriersTest {

  private static int answer() {
    return 42;
  }

  @Test
  void carrier_is_asked_for() throws Exception {
    // @start region="carrier"
    int result = Roost.with().carrier(Carrier.SHARED).call(() -> answer());
    // @end
    assertThat(result).isEqualTo(42);
  }

  @Test
  void own_says_what_is_missing() throws Exception {
    String said = "";
    // @start region="own"
    try {
      Roost.with().carrier(Carrier.OWN).run(() -> answer());
    } catch (IllegalStateException noFlag) {
      said = noFlag.getMessage(); // names the flag
    }
    // @end
    assertThat(said)
        .satisfiesAnyOf(
            text -> assertThat(text).isEmpty(), text -> assertThat(text).contains("--add-opens"));
  }

  @Test
  void several_runs() throws Exception {
    List<String> log = new ArrayList<>();
    int cores = 2;
    // @start region="parallel"
    var jobs = CrossRunChannel.<Integer>open(16);
    var results = CrossRunChannel.<Integer>open(16);
    Runs.parallel(
        cores + 1,
        index -> {
          if (index < cores) { // the workers, one to a core
            jobs.receiver().forEach(job -> results.sender().send(job * job));
          } else {
            for (int job = 1; job <= 3; job++) {
              jobs.sender().send(job);
            }
            jobs.sender().close();
            for (int i = 0; i < 3; i++) {
              log.add("got " + results.receiver().receive());
            }
          }
        });
    // @end
    assertThat(log).containsExactlyInAnyOrder("got 1", "got 4", "got 9");
  }
}
