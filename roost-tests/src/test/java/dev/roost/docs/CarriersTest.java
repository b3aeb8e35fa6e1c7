package dev.roost.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roost.Carrier;
import dev.roost.Roost;
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
}
